"""Complaints (klager): received, reconsidered, forwarded, upheld, decided (RSL §§66-67, RSB §§11-14, KEL)."""

from uuid import UUID

from domain.events.model import Code
from domain.rights.model import Day, RightsEvent, SealedLetter


class ComplaintReceived(RightsEvent, frozen=True, kw_only=True):
    """She complained, in writing or orally. A late complaint is never refused here (RSB §13(1))."""

    NAME = "complaint-received"

    complaint: UUID
    decision: UUID
    track: Code
    urgent: bool
    late: bool
    means: Code


class ComplaintDelayNotified(RightsEvent, frozen=True, kw_only=True):
    """She was told that the reconsideration takes longer, and until when (RSB §11(2))."""

    NAME = "complaint-delay-notified"

    complaint: UUID
    reason: Code
    promised_on: Day
    written: SealedLetter | None = None


class ComplaintReconsidered(RightsEvent, frozen=True, kw_only=True):
    """The authority reconsidered: full, partial or upheld (genvurdering; RSL §66, RSB §11(1)).

    What she hears of it is the new decision, or that the complaint was sent on.
    """

    NAME = "complaint-reconsidered"

    complaint: UUID
    outcome: Code


class ComplaintForwarded(RightsEvent, frozen=True, kw_only=True):
    """Sent on to the appeal body or the supervision, and she was told at the same time."""

    NAME = "complaint-forwarded"

    complaint: UUID
    to: Code
    lateness_noted: bool
    citizen_told: bool
    written: SealedLetter | None = None


class ComplaintUpheld(RightsEvent, frozen=True, kw_only=True):
    """After a partial success she holds on to the rest (RSB §12)."""

    NAME = "complaint-upheld"

    complaint: UUID
    means: Code


class ComplaintWithdrawn(RightsEvent, frozen=True, kw_only=True):
    """She took the complaint back."""

    NAME = "complaint-withdrawn"

    complaint: UUID
    means: Code


class DialogueOpened(RightsEvent, frozen=True, kw_only=True):
    """The region has the agency's letter, or the complaint itself: it offers a dialogue (KEL §1(3)-(4))."""

    NAME = "dialogue-opened"

    complaint: UUID


class DialogueReported(RightsEvent, frozen=True, kw_only=True):
    """The region told the agency what came of the dialogue."""

    NAME = "dialogue-reported"

    complaint: UUID
    outcome: Code


class AppealDecided(RightsEvent, frozen=True, kw_only=True):
    """The appeal body decided: affirmed, changed, remitted (hjemvist) or dismissed."""

    NAME = "appeal-decided"

    complaint: UUID
    decision: UUID
    body: Code
    outcome: Code
