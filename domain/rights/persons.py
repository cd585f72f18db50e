"""Who acts for the citizen, and who may not act for the authority (FVL §§3-8)."""

from uuid import UUID

from domain.events.model import Code
from domain.rights.model import Day, RightsEvent


class RepresentativeAppointed(RightsEvent, frozen=True, kw_only=True):
    """Somebody acts for her: in what, since when, and whether letters go there (FVL §8(1))."""

    NAME = "representative-appointed"

    representative: UUID
    scope: Code
    letters: bool
    proof: Code
    until: Day | None = None


class RepresentationEnded(RightsEvent, frozen=True, kw_only=True):
    """Nobody acts for her by this appointment any more."""

    NAME = "representation-ended"

    representative: UUID
    reason: Code


class RepresentativeRefused(RightsEvent, frozen=True, kw_only=True):
    """The authority did not accept a representative or companion, on a ground of FVL §8."""

    NAME = "representative-refused"

    representative: UUID
    ground: Code
    reasons_given: bool


class CompanionAttended(RightsEvent, frozen=True, kw_only=True):
    """She had a companion (bisidder) with her (FVL §8(1))."""

    NAME = "companion-attended"

    occasion: Code


class DisqualificationDeclared(RightsEvent, frozen=True, kw_only=True):
    """A person is disqualified (inhabil; FVL §§3-6) and takes no part; `person` is the pseudonymous id."""

    NAME = "disqualification-declared"

    person: UUID
    ground: Code


class CaseworkerReplaced(RightsEvent, frozen=True, kw_only=True):
    """Another person has the case."""

    NAME = "caseworker-replaced"

    person: UUID
    successor: UUID
