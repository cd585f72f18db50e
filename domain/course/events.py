"""Facts about the citizen's course that lie outside the document, each with its own time (law.md 9.4).

Either party records them, at any time; nothing forbids one (design section 3, idea 2). `occurred_at` in
the header is the legal moment. A fact that was wrong is retracted by another one; both stay readable.
"""

from uuid import UUID

from domain.events.instant import Instant
from domain.events.model import AuthorityCode, Code, Count, Facts, UnitId


class CaseFact(Facts, frozen=True, kw_only=True):
    """Base of the facts: each names the handover it was recorded on."""

    handover: UUID


class InquiryReceived(CaseFact, frozen=True, kw_only=True):
    """The citizen's own contact with the municipality (henvendelse; SEL §101(4), SUL §141(2), §142(6))."""

    NAME = "inquiry-received"

    channel: Code
    wishes_treatment: bool


class ReferralReceived(CaseFact, frozen=True, kw_only=True):
    """The region received a henvisning (SUL §82c(1), RSY §§11-12).

    `counts` says whether this referrer might refer there at that time, and `rule` by which setting.
    """

    NAME = "referral-received"

    region: AuthorityCode
    referrer: Code
    counts: bool
    rule: Code


class VisitationStarted(CaseFact, frozen=True, kw_only=True):
    """The citizen is visited to integrated treatment: the duty is the region's (SUL §82c; SEL §101(1))."""

    NAME = "visitation-started"

    region: AuthorityCode


class VisitationEnded(CaseFact, frozen=True, kw_only=True):
    """The citizen is no longer visited: the municipality's duty revives (SEL §101(1), SUL §§141-142)."""

    NAME = "visitation-ended"

    reason: Code


class CitizenAdmitted(CaseFact, frozen=True, kw_only=True):
    """The citizen is in hospital: the municipality's duty rests (SEL §101(1), SUL §§141-142)."""

    NAME = "citizen-admitted"


class CitizenDischarged(CaseFact, frozen=True, kw_only=True):
    """The citizen left hospital: the municipality's duty revives."""

    NAME = "citizen-discharged"


class ActingMunicipalityChanged(CaseFact, frozen=True, kw_only=True):
    """Another municipality acts from now on, and why (handlekommune; RSL §9)."""

    NAME = "acting-municipality-changed"

    municipality: AuthorityCode
    basis: Code


class TreatmentStarted(CaseFact, frozen=True, kw_only=True):
    """Treatment began (påbegyndt); it may be provisional until the assessment is done (AFD §1(3))."""

    NAME = "treatment-started"

    authority: AuthorityCode
    provisional: bool


class TreatmentEnded(CaseFact, frozen=True, kw_only=True):
    """Treatment ended; the follow-ups count from here (AFD §4(2))."""

    NAME = "treatment-ended"

    authority: AuthorityCode
    status: Code


class FollowUpDone(CaseFact, frozen=True, kw_only=True):
    """The municipality followed up one or six months after treatment ended (AFD §4(2))."""

    NAME = "follow-up-done"

    after_months: Count
    status: Code


class ReferredElsewhere(CaseFact, frozen=True, kw_only=True):
    """The citizen goes to another place of treatment; by her own choice the deadline is departed from
    (SEL §101(6), SUL §141(6))."""

    NAME = "referred-elsewhere"

    place: Code
    citizens_choice: bool


class CitizenMoved(CaseFact, frozen=True, kw_only=True):
    """The citizen moved. That alone does not change who acts (RSL §9(3))."""

    NAME = "citizen-moved"

    municipality: AuthorityCode | None


class CitizenDeceased(CaseFact, frozen=True, kw_only=True):
    """The citizen died."""

    NAME = "citizen-deceased"


class TelephoneContactMade(CaseFact, frozen=True, kw_only=True):
    """The sender spoke with the receiver by telephone; an urgent handover needs it (design section 5)."""

    NAME = "telephone-contact-made"

    unit: UnitId | None


class CaseFactRetracted(CaseFact, frozen=True, kw_only=True):
    """A fact recorded earlier does not hold; `position` names it, `retracts` is its event."""

    NAME = "case-fact-retracted"

    position: Count
    retracts: Code
    reason: Code


class BreachAssessmentOpened(CaseFact, frozen=True, kw_only=True):
    """A document was with a wrong receiver: each controller assesses the breach within 72 hours
    (GDPR art. 33)."""

    NAME = "breach-assessment-opened"

    cause: Code
    aware_at: Instant
    due: Instant


class BreachAssessed(CaseFact, frozen=True, kw_only=True):
    """A controller assessed the breach: notified to Datatilsynet or not, the citizen told or not."""

    NAME = "breach-assessed"

    outcome: Code
    citizen_informed: bool


class HandoverEscalated(CaseFact, frozen=True, kw_only=True):
    """Nobody settled the responsibility in time; the next in line was told, by case number only (design
    section 5).

    `about_position` is the event that left it unresolved. `decides_by`: until when an answer is expected.
    `health_council`: which one, where one is told (BEK 1208/2025).
    """

    NAME = "handover-escalated"

    cause: Code
    to: Code
    health_council: Code | None
    decides_by: Instant
    about_position: Count
