"""Facts of the citizen's course, as the API takes them: one body for each, told apart by `event`."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Body
from pydantic import AfterValidator, ConfigDict, Field

from api.http import fields as f
from api.http.codes import NEWEST, OneOf
from api.http.requests import REGION, TODAY, TOWN, Request, examples
from domain.course import events as e

RETRACTABLE = tuple(fact.event for fact in NEWEST.facts if fact.event != e.CaseFactRetracted.NAME)
MONTHS = (1, 6)
"""How long after treatment ended it is followed up (AFD §4(2))."""
YESTERDAY = f"{TODAY - timedelta(days=1)}T09:00:00.000000Z"
"""When what the examples tell of happened."""


def example(event: str, **stated: Any) -> ConfigDict:
    """A fact's example in OpenAPI; a test records each of them."""
    return examples({"event": event, "occurred_at": YESTERDAY, **stated})


class Fact(Request):
    """Base: when it happened, which may be long before it is recorded."""

    occurred_at: f.Instant

    def fact(self, handover: UUID) -> e.CaseFact:
        """The fact of the course."""
        kind: type[e.CaseFact] = _KINDS[self.__class__.__name__]
        return kind(handover=handover, **self.model_dump(exclude={"occurred_at", "event"}))


class InquiryReceived(Fact):
    """The citizen's own contact with the municipality (henvendelse)."""

    model_config = example("inquiry-received", channel="telephone", wishes_treatment=True)

    event: Literal["inquiry-received"]
    channel: Annotated[str, OneOf("inquiry-received", "channel")]
    wishes_treatment: bool


class ReferralReceived(Fact):
    """The region received a henvisning; whether it counts follows from what the region has published."""

    model_config = example("referral-received", region=REGION, referrer="general-practitioner")

    event: Literal["referral-received"]
    region: f.RegionCode
    referrer: Annotated[str, OneOf("referral-received", "referrer")]


class VisitationStarted(Fact):
    """Visited to integrated treatment."""

    model_config = example("visitation-started", region=REGION)

    event: Literal["visitation-started"]
    region: f.RegionCode


class VisitationEnded(Fact):
    """No longer visited to integrated treatment."""

    model_config = example("visitation-ended", reason="goals-met")

    event: Literal["visitation-ended"]
    reason: Annotated[str, OneOf("visitation-ended", "reason")]


class CitizenAdmitted(Fact):
    """In hospital."""

    model_config = example("citizen-admitted")

    event: Literal["citizen-admitted"]


class CitizenDischarged(Fact):
    """Out of hospital."""

    model_config = example("citizen-discharged")

    event: Literal["citizen-discharged"]


class ActingMunicipalityChanged(Fact):
    """Another municipality acts (RSL §9)."""

    model_config = example("acting-municipality-changed", municipality=TOWN, basis="residence")

    event: Literal["acting-municipality-changed"]
    municipality: f.MunicipalityCode
    basis: Annotated[str, OneOf("acting-municipality-changed", "basis")]


class TreatmentStarted(Fact):
    """Treatment began, perhaps provisionally."""

    model_config = example("treatment-started", authority=TOWN, provisional=True)

    event: Literal["treatment-started"]
    authority: f.AuthorityCode
    provisional: bool = False


class TreatmentEnded(Fact):
    """Treatment ended."""

    model_config = example("treatment-ended", authority=TOWN, status="completed")

    event: Literal["treatment-ended"]
    authority: f.AuthorityCode
    status: Annotated[str, OneOf("treatment-ended", "status")]


class FollowUpDone(Fact):
    """A follow-up after treatment ended (AFD §4(2))."""

    model_config = example("follow-up-done", after_months=1, status="well")

    event: Literal["follow-up-done"]
    after_months: Annotated[int, f.Integral, AfterValidator(f.listed(MONTHS))] = Field(
        json_schema_extra=f.enum(MONTHS)
    )
    status: Annotated[str, OneOf("follow-up-done", "status")]


class ReferredElsewhere(Fact):
    """To another place of treatment."""

    model_config = example("referred-elsewhere", place="private-provider", citizens_choice=True)

    event: Literal["referred-elsewhere"]
    place: Annotated[str, OneOf("referred-elsewhere", "place")]
    citizens_choice: bool


class CitizenMoved(Fact):
    """Moved; None: abroad or not known."""

    model_config = example("citizen-moved", municipality=TOWN)

    event: Literal["citizen-moved"]
    municipality: f.MunicipalityCode | None = None


class CitizenDeceased(Fact):
    """Died."""

    model_config = example("citizen-deceased")

    event: Literal["citizen-deceased"]


class TelephoneContactMade(Fact):
    """The sender spoke with the receiver."""

    model_config = example("telephone-contact-made")

    event: Literal["telephone-contact-made"]
    unit: f.UnitId | None = None


class CaseFactRetracted(Fact):
    """A fact recorded earlier does not hold."""

    model_config = example(
        "case-fact-retracted", position=42, retracts="inquiry-received", reason="wrong-time"
    )

    event: Literal["case-fact-retracted"]
    position: Annotated[int, f.Integral] = Field(
        ge=0, le=f.MAX_POSITION, description="The fact's position, as the list of the case's facts has it."
    )
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


def _example(model: type[Fact]) -> dict[str, Any]:
    schema: Any = model.model_config["json_schema_extra"]
    found: dict[str, Any] = schema["examples"][0]
    return found


_EXAMPLES = {one["event"]: one for one in map(_example, _MODELS)}

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
    Body(
        openapi_examples={
            fact.event: {"summary": fact.label, "value": _EXAMPLES[fact.event]} for fact in NEWEST.facts
        }
    ),
]
"""Any of them; OpenAPI shows an example of each under its Danish label."""


class BreachAssessment(Request):
    """What came of a controller's assessment of a breach (GDPR art. 33 and 34)."""

    model_config = examples({"outcome": "not-required", "citizen_informed": True})

    outcome: Literal["notified", "not-required"] = Field(
        description="notified: anmeldt til Datatilsynet; not-required: skal ikke anmeldes."
    )
    citizen_informed: bool = Field(description="Whether the citizen was told (GDPR art. 34).")
