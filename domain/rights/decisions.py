"""Decisions (afgørelser), their reasons, and the guidance on appeal (FVL §§22-25)."""

from uuid import UUID

from domain.events.model import AuthorityCode, Code
from domain.rights.model import Day, RightsEvent, SealedLetter


class ApplicationReceived(RightsEvent, frozen=True, kw_only=True):
    """She applied for something that is decided on; the published time of decision counts (RSL §3(2))."""

    NAME = "application-received"

    decision: UUID
    legal_basis: Code
    means: Code


class ProcessingDelayNotified(RightsEvent, frozen=True, kw_only=True):
    """She was told in writing when the decision is expected instead (RSL §3(2))."""

    NAME = "processing-delay-notified"

    decision: UUID
    reason: Code
    promised_on: Day
    written: SealedLetter | None = None


class DecisionDrafted(RightsEvent, frozen=True, kw_only=True):
    """A decision is being prepared: of what kind, on what basis, and whether it would go against her."""

    NAME = "decision-drafted"

    decision: UUID
    legal_basis: Code
    kind: Code
    adverse: bool


class DecisionMade(RightsEvent, frozen=True, kw_only=True):
    """An authority decided. `outcome`: full (fuldt medhold), partial or refusal.

    `adverse`: it goes against her: a refusal, a limit, or the end of a granted service that she has not
    agreed to. The three parts of the reasons are those of FVL §24. `guidance` are the tracks of appeal that
    she was told of. `access_ground`: why it does not wait for her access (FVL §9b(2)).
    """

    NAME = "decision-made"

    decision: UUID
    legal_basis: Code
    kind: Code
    outcome: Code
    adverse: bool
    agreed: bool = False
    oral: bool
    reasons_rules: bool
    reasons_considerations: bool
    reasons_facts: bool
    guidance: tuple[Code, ...] = ()
    access_ground: Code | None = None
    after: UUID | None = None
    """The decision that this one takes the place of: after reconsideration, remittal, or FVL §20."""
    written: SealedLetter | None = None


class WrittenReasonsRequested(RightsEvent, frozen=True, kw_only=True):
    """She asked for the reasons of an oral decision in writing (FVL §23(1))."""

    NAME = "written-reasons-requested"

    decision: UUID
    means: Code


class WrittenReasonsDelayed(RightsEvent, frozen=True, kw_only=True):
    """She was told why the written reasons take longer, and until when (FVL §23(2))."""

    NAME = "written-reasons-delayed"

    decision: UUID
    reason: Code
    promised_on: Day
    written: SealedLetter | None = None


class WrittenReasonsGiven(RightsEvent, frozen=True, kw_only=True):
    """She got the reasons in writing."""

    NAME = "written-reasons-given"

    decision: UUID
    written: SealedLetter | None = None


class AppealPeriodInterrupted(RightsEvent, frozen=True, kw_only=True):
    """The appeal period stands still: she asked for access (FVL §17) or to reopen (FVL §20(3))."""

    NAME = "appeal-period-interrupted"

    decision: UUID
    cause: Code


class AppealPeriodResumed(RightsEvent, frozen=True, kw_only=True):
    """It runs again; `ends_on` is what she was told."""

    NAME = "appeal-period-resumed"

    decision: UUID
    cause: Code
    ends_on: Day


class EndingNotified(RightsEvent, frozen=True, kw_only=True):
    """The region told the municipality in time that its treatment ends or is refused (law.md 2.4)."""

    NAME = "ending-notified"

    decision: UUID
    municipality: AuthorityCode
