"""Hearing of the party (partshøring; FVL §§19-21)."""

from uuid import UUID

from domain.events.model import Code
from domain.rights.model import Day, RightsEvent, SealedLetter


class HearingSent(RightsEvent, frozen=True, kw_only=True):
    """She was asked to comment on assertions before a decision; until `answer_by` (FVL §19(1))."""

    NAME = "hearing-sent"

    hearing: UUID
    decision: UUID
    assertions: tuple[Code, ...]
    answer_by: Day
    written: SealedLetter | None = None


class HearingExtended(RightsEvent, frozen=True, kw_only=True):
    """She got more time to comment."""

    NAME = "hearing-extended"

    hearing: UUID
    decision: UUID
    answer_by: Day


class HearingAnswered(RightsEvent, frozen=True, kw_only=True):
    """She commented, or said that she has no comments."""

    NAME = "hearing-answered"

    hearing: UUID
    decision: UUID
    means: Code


class HearingAssessed(RightsEvent, frozen=True, kw_only=True):
    """The four conditions of FVL §19(1) were assessed: a hearing is due only where all of them are met.

    `factual`: fact or external expert assessment; `unaware`: she is not known to be aware that the authority
    holds it; `detrimental`: it speaks against her; `essential`: it weighs in the decision.
    """

    NAME = "hearing-assessed"

    decision: UUID
    factual: bool
    unaware: bool
    detrimental: bool
    essential: bool
    required: bool


class HearingOmitted(RightsEvent, frozen=True, kw_only=True):
    """A hearing that was due is left out, on a named ground: FVL §19(2) nos. 1-6, or the path of §20."""

    NAME = "hearing-omitted"

    decision: UUID
    ground: Code


class StatementDemanded(RightsEvent, frozen=True, kw_only=True):
    """She demanded that the decision waits until she has made a statement (FVL §21(1)).

    `answer_by`: by when, where she says so or the authority sets it at once; otherwise it waits for her.
    """

    NAME = "statement-demanded"

    decision: UUID
    answer_by: Day | None = None


class StatementLimitSet(RightsEvent, frozen=True, kw_only=True):
    """The authority set, or moved, the day by which she makes the statement (FVL §21(1))."""

    NAME = "statement-limit-set"

    decision: UUID
    answer_by: Day


class StatementMade(RightsEvent, frozen=True, kw_only=True):
    """She made the statement that the decision waits for."""

    NAME = "statement-made"

    decision: UUID
    means: Code


class StatementRefused(RightsEvent, frozen=True, kw_only=True):
    """The decision will not wait, on a ground of FVL §21(2) nos. 1-3."""

    NAME = "statement-refused"

    decision: UUID
    ground: Code


class CitizenCommented(RightsEvent, frozen=True, kw_only=True):
    """She commented on what is said of her without being asked to (RSL §4, FVL §21).

    `assertions`: those of the document that she comments on, where she names any.
    """

    NAME = "citizen-commented"

    means: Code
    assertions: tuple[Code, ...] = ()
