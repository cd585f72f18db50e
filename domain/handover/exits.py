"""The ways a handover leaves the first line: returned, declined, forwarded, withdrawn, misdirected, in error.

*Returned* is formal (wrong recipient), *declined* is substantive and stays with the receiver, *forwarded*
leaves the authority (design section 5). Which of them stops a clock that the document itself has started
is a setting (`domain.course.clocks`).
"""

from uuid import UUID

from domain.events.instant import Instant
from domain.events.model import AuthorityCode, Code, Count, Facts, UnitId
from domain.handover.steps import Note


class HandoverReturned(Facts, frozen=True, kw_only=True):
    """The receiver sent it back: wrong recipient (FVL §7(2)). `suggested` is where it seems to belong."""

    NAME = "handover-returned"

    reason: Code
    suggested: AuthorityCode | None
    note: Note | None = None


class HandoverDeclined(Facts, frozen=True, kw_only=True):
    """The receiver cannot take the citizen: not the target group, or at capacity; opens the decision lane."""

    NAME = "handover-declined"

    reason: Code
    note: Note | None = None


class HandoverInsisted(Facts, frozen=True, kw_only=True):
    """The sender holds that the citizen belongs with the receiver: both have now said no."""

    NAME = "handover-insisted"

    note: Note | None = None


class HandoverResponsibilityUnresolved(Facts, frozen=True, kw_only=True):
    """Nobody says yes. Both leaders decide by `leaders_by`; then the case number goes on up.

    Between municipalities the one where the citizen is registered acts meanwhile (RSL §9(8)); where that is
    not known, the sender does, without a `basis`.
    """

    NAME = "handover-responsibility-unresolved"

    reason: Code
    leaders_by: Instant
    acting_meanwhile: AuthorityCode | None
    basis: Code | None


class HandoverResponsibilityResolved(Facts, frozen=True, kw_only=True):
    """A leader registered who has the responsibility, and who settled it."""

    NAME = "handover-responsibility-resolved"

    authority: AuthorityCode
    decided_by: Code
    note: Note | None = None


class HandoverRedirected(Facts, frozen=True, kw_only=True):
    """The sender addresses it to another receiver; `leg` counts from 1."""

    NAME = "handover-redirected"

    receiver_authority: AuthorityCode
    receiver_unit: UnitId | None
    leg: Count


class HandoverForwarded(Facts, frozen=True, kw_only=True):
    """The receiver passed it on to another authority that the basis covers (videresendt; FVL §7(2))."""

    NAME = "handover-forwarded"

    from_authority: AuthorityCode
    receiver_authority: AuthorityCode
    receiver_unit: UnitId | None
    leg: Count
    note: Note | None = None


class HandoverWithdrawalRequested(Facts, frozen=True, kw_only=True):
    """The sender asks to take it back after it was delivered; the receiver answers."""

    NAME = "handover-withdrawal-requested"

    reason: Code
    note: Note | None = None


class HandoverWithdrawalConfirmed(Facts, frozen=True, kw_only=True):
    """The receiver confirmed the withdrawal."""

    NAME = "handover-withdrawal-confirmed"


class HandoverWithdrawalRefused(Facts, frozen=True, kw_only=True):
    """The receiver goes on with it, for instance because the citizen has come herself."""

    NAME = "handover-withdrawal-refused"

    reason: Code
    note: Note | None = None


class HandoverWithdrawn(Facts, frozen=True, kw_only=True):
    """The sender took it back where there is nobody to confirm. No clock of the citizen's own stops."""

    NAME = "handover-withdrawn"

    reason: Code
    note: Note | None = None


class HandoverMisdirected(Facts, frozen=True, kw_only=True):
    """It was found to be with a wrong receiver after a positive receipt; quarantined at once."""

    NAME = "handover-misdirected"

    found_by: Code
    note: Note | None = None


class HandoverWrongPerson(Facts, frozen=True, kw_only=True):
    """The document is about another citizen; quarantined at once and kept out of every package."""

    NAME = "handover-wrong-person"

    found_by: Code
    documents: tuple[UUID, ...]


class HandoverEnteredInError(Facts, frozen=True, kw_only=True):
    """It should never have been made (FHIR entered-in-error); it does not count."""

    NAME = "handover-entered-in-error"

    reason: Code


class HandoverCompletedOtherwise(Facts, frozen=True, kw_only=True):
    """The sender handed over by other means and registered it afterwards; the header has both times."""

    NAME = "handover-completed-otherwise"

    means: Code
    authority: AuthorityCode
    note: Note | None = None
