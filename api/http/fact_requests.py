"""Facts of the citizen's course, as the API takes them: one body for each, told apart by `event`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from api.http import fields as f
from api.http.codes import NEWEST, OneOf
from api.http.requests import Request, examples
from domain.course import events as e

RETRACTABLE = tuple(fact.event for fact in NEWEST.facts if fact.event != e.CaseFactRetracted.NAME)
_AT = "2026-11-20T09:00:00.000000Z"


class Fact(Request):
    """Base: when it happened, which may be long before it is recorded."""

    occurred_at: f.Instant

    def fact(self, handover: UUID) -> e.CaseFact:
        """The fact of the course."""
        kind: type[e.CaseFact] = _KINDS[self.__class__.__name__]
        return kind(handover=handover, **self.model_dump(exclude={"occurred_at", "event"}))


class InquiryReceived(Fact):
    """The citizen's own contact with the municipality (henvendelse)."""

    model_config = examples(
        {"event": "inquiry-received", "occurred_at": _AT, "channel": "telephone", "wishes_treatment": True}
    )

    event: Literal["inquiry-received"]
    channel: Annotated[str, OneOf("inquiry-received", "channel")]
    wishes_treatment: bool


class ReferralReceived(Fact):
    """The region received a henvisning; whether it counts follows from what the region has published."""

    event: Literal["referral-received"]
    region: f.AuthorityCode
    referrer: Annotated[str, OneOf("referral-received", "referrer")]


class VisitationStarted(Fact):
    """Visited to integrated treatment."""

    event: Literal["visitation-started"]
    region: f.AuthorityCode


class VisitationEnded(Fact):
    """No longer visited to integrated treatment."""

    event: Literal["visitation-ended"]
    reason: Annotated[str, OneOf("visitation-ended", "reason")]


class CitizenAdmitted(Fact):
    """In hospital."""

    event: Literal["citizen-admitted"]


class CitizenDischarged(Fact):
    """Out of hospital."""

    event: Literal["citizen-discharged"]


class ActingMunicipalityChanged(Fact):
    """Another municipality acts (RSL §9)."""

    event: Literal["acting-municipality-changed"]
    municipality: f.AuthorityCode
    basis: Annotated[str, OneOf("acting-municipality-changed", "basis")]


class TreatmentStarted(Fact):
    """Treatment began, perhaps provisionally."""

    event: Literal["treatment-started"]
    authority: f.AuthorityCode
    provisional: bool = False


class TreatmentEnded(Fact):
    """Treatment ended."""

    event: Literal["treatment-ended"]
    authority: f.AuthorityCode
    status: Annotated[str, OneOf("treatment-ended", "status")]


class FollowUpDone(Fact):
    """A follow-up after treatment ended (AFD §4(2))."""

    event: Literal["follow-up-done"]
    after_months: Literal[1, 6]
    status: Annotated[str, OneOf("follow-up-done", "status")]


class ReferredElsewhere(Fact):
    """To another place of treatment."""

    event: Literal["referred-elsewhere"]
    place: Annotated[str, OneOf("referred-elsewhere", "place")]
    citizens_choice: bool


class CitizenMoved(Fact):
    """Moved; None: abroad or not known."""

    event: Literal["citizen-moved"]
    municipality: f.AuthorityCode | None = None


class CitizenDeceased(Fact):
    """Died."""

    event: Literal["citizen-deceased"]


class TelephoneContactMade(Fact):
    """The sender spoke with the receiver."""

    event: Literal["telephone-contact-made"]
    unit: f.UnitId | None = None


class CaseFactRetracted(Fact):
    """A fact recorded earlier does not hold."""

    event: Literal["case-fact-retracted"]
    position: int = Field(ge=0, le=f.MAX_POSITION)
    retracts: Annotated[str, AfterValidator(f.listed(RETRACTABLE))] = Field(
        json_schema_extra=f.enum(RETRACTABLE), description="The event of the fact at that position."
    )
    reason: Annotated[str, OneOf("case-fact-retracted", "reason")]


_MODELS: tuple[type[Fact], ...] = (
    InquiryReceived,
    ReferralReceived,
    VisitationStarted,
    VisitationEnded,
    CitizenAdmitted,
    CitizenDischarged,
    ActingMunicipalityChanged,
    TreatmentStarted,
    TreatmentEnded,
    FollowUpDone,
    ReferredElsewhere,
    CitizenMoved,
    CitizenDeceased,
    TelephoneContactMade,
    CaseFactRetracted,
)
_KINDS: dict[str, Any] = {model.__name__: getattr(e, model.__name__) for model in _MODELS}

AnyFact = Annotated[
    InquiryReceived
    | ReferralReceived
    | VisitationStarted
    | VisitationEnded
    | CitizenAdmitted
    | CitizenDischarged
    | ActingMunicipalityChanged
    | TreatmentStarted
    | TreatmentEnded
    | FollowUpDone
    | ReferredElsewhere
    | CitizenMoved
    | CitizenDeceased
    | TelephoneContactMade
    | CaseFactRetracted,
    Field(discriminator="event"),
]


class BreachAssessment(Request):
    """What came of a controller's assessment of a breach (GDPR art. 33 and 34)."""

    model_config = examples({"outcome": "not-required", "citizen_informed": True})

    outcome: Literal["notified", "not-required"]
    citizen_informed: bool
