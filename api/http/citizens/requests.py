"""What a citizen does herself, as the API takes it: one body for each act, told apart by `event`.

Codes are those of the register of rights. What follows from the case is read from it and never asked of her:
which decision a hearing is about, which track a complaint has, whether it is late.
"""

from typing import Annotated, Any, ClassVar, Literal

from fastapi import Body
from pydantic import AfterValidator, Field

from api.http import fields as f
from api.http.requests import TOWN, Request
from api.http.rights.requests import ASSERTION
from domain.document import formats
from domain.rights import access, complaints, decisions, disclosure, duties, hearing, persons
from domain.rights.codes import codes
from domain.rights.model import RightsEvent

MAX_POINTS = 50
_ID = "6d1a4f0e-1c52-4a86-9f0a-0a6b3d9f4c11"


def _code(event: type[RightsEvent], field: str) -> Any:
    """A code that the register knows of an event's field."""
    known = codes(event, field) or {}
    labels = "; ".join(f"{code}: {label}" for code, label in known.items())
    return Annotated[
        str,
        AfterValidator(f.listed(known)),
        Field(json_schema_extra=f.enum(known), description=f"{labels}."),
    ]


_TextId = Annotated[
    str,
    AfterValidator(f.whole(f.UUID_FORM, "not-a-uuid")),
    Field(json_schema_extra={"format": "uuid", "pattern": f.UUID_FORM}),
]
_Words = Annotated[
    str,
    AfterValidator(f.whole(formats.TEXT)),
    Field(
        min_length=1,
        max_length=4_000,
        json_schema_extra={"pattern": formats.TEXT},
        description="In her own words; sealed for the authority.",
    ),
]
_Assertion = Annotated[
    str,
    AfterValidator(f.whole(ASSERTION)),
    Field(max_length=64, json_schema_extra={"pattern": ASSERTION}),
]
_Grade = Annotated[int, Field(ge=1, le=5, description="1 is the least, 5 the most."), f.Integral]


class Point(Request):
    """What she says of one assertion."""

    assertion: _Assertion
    text: _Words


class OwnAct(Request):
    """Base: towards which authority she acts."""

    kind: ClassVar[type[RightsEvent]]
    event: str
    authority: f.AuthorityCode

    def stated(self) -> dict[str, Any]:
        """The facts that she states."""
        return self.model_dump(exclude={"event", "authority", "text", "points"})

    def words(self) -> dict[str, Any]:
        """What is sealed of it."""
        found = self.model_dump(include={"text", "points"}, exclude_none=True)
        return {name: value for name, value in found.items() if value}


class AskForAccess(OwnAct):
    """Ask for access to documents (aktindsigt)."""

    kind = access.AccessRequested
    event: Literal["access-requested"]
    regime: _code(access.AccessRequested, "regime")  # type: ignore[valid-type]
    form: _code(access.AccessRequested, "form")  # type: ignore[valid-type]
    text: _Words | None = None


class WithdrawAccess(OwnAct):
    """Ask for access no more."""

    kind = access.AccessWithdrawn
    event: Literal["access-withdrawn"]
    request: _TextId


class AnswerHearing(OwnAct):
    """Answer a hearing, point by point or as a whole; without words: she has no comments."""

    kind = hearing.HearingAnswered
    event: Literal["hearing-answered"]
    hearing: _TextId
    text: _Words | None = None
    points: list[Point] = Field(default_factory=list, max_length=MAX_POINTS)


class DemandToSpeak(OwnAct):
    """Demand that a decision waits until she has made a statement (FVL §21(1)).

    The authority may set a day for it, or refuse on a ground of FVL §21(2), with its reasons.
    """

    kind = hearing.StatementDemanded
    event: Literal["statement-demanded"]
    decision: _TextId
    text: _Words | None = None


class MakeStatement(OwnAct):
    """Make the statement that a decision waits for (FVL §21)."""

    kind = hearing.StatementMade
    event: Literal["statement-made"]
    decision: _TextId
    text: _Words


class Comment(OwnAct):
    """Comment on the case without being asked."""

    kind = hearing.CitizenCommented
    event: Literal["citizen-commented"]
    text: _Words
    points: list[Point] = Field(default_factory=list, max_length=MAX_POINTS)

    def stated(self) -> dict[str, Any]:
        """Which assertions she comments on stands in the clear, what she says of them does not."""
        return {"assertions": list(dict.fromkeys(point.assertion for point in self.points))}


class AskForReasons(OwnAct):
    """Ask for the reasons of an oral decision in writing (FVL §23)."""

    kind = decisions.WrittenReasonsRequested
    event: Literal["written-reasons-requested"]
    decision: _TextId


class Complain(OwnAct):
    """Appeal a decision or an answer about access, or complain of what was done without one."""

    kind = complaints.ComplaintReceived
    event: Literal["complaint-received"]
    decision: _TextId | None = Field(
        default=None, description="The decision, or the request for access; none for what was done without."
    )
    urgent: bool = False
    text: _Words | None = None


class UpholdComplaint(OwnAct):
    """Hold on to the rest of a complaint after a partial success (RSB §12)."""

    kind = complaints.ComplaintUpheld
    event: Literal["complaint-upheld"]
    complaint: _TextId
    text: _Words | None = None


class WithdrawComplaint(OwnAct):
    """Take a complaint back."""

    kind = complaints.ComplaintWithdrawn
    event: Literal["complaint-withdrawn"]
    complaint: _TextId


class GiveConsent(OwnAct):
    """Consent to disclosure, collection or reporting back, in writing, as of today."""

    kind = disclosure.ConsentGiven
    event: Literal["consent-given"]
    scope: _code(disclosure.ConsentGiven, "scope")  # type: ignore[valid-type]
    basis: _code(disclosure.ConsentGiven, "basis")  # type: ignore[valid-type]


class WithdrawConsent(OwnAct):
    """Take consent back."""

    kind = disclosure.ConsentWithdrawn
    event: Literal["consent-withdrawn"]
    scope: _code(disclosure.ConsentWithdrawn, "scope")  # type: ignore[valid-type]


class Object(OwnAct):
    """Say no to disclosure or look-up (SUL §41(3), §42a(5))."""

    kind = disclosure.ObjectionRegistered
    event: Literal["objection-registered"]
    scope: _code(disclosure.ObjectionRegistered, "scope")  # type: ignore[valid-type]
    consequences_explained: bool = Field(
        description="Whether she was shown the consequences that the case tells (SUL §16)."
    )
    text: _Words | None = None


class LiftObjection(OwnAct):
    """Object no more."""

    kind = disclosure.ObjectionLifted
    event: Literal["objection-lifted"]
    scope: _code(disclosure.ObjectionLifted, "scope")  # type: ignore[valid-type]


class AskForGuidance(OwnAct):
    """Ask to be guided (FVL §7)."""

    kind = duties.GuidanceRequested
    event: Literal["guidance-requested"]
    topic: _code(duties.GuidanceRequested, "topic")  # type: ignore[valid-type]
    text: _Words | None = None


class RateTransition(OwnAct):
    """Three optional questions after the take-over: was it good, meaningful, safe?"""

    kind = duties.TransitionRated
    event: Literal["transition-rated"]
    good: _Grade | None = Field(default=None, description="Var overgangen god?")
    meaningful: _Grade | None = Field(default=None, description="Var overgangen meningsfuld?")
    safe: _Grade | None = Field(default=None, description="Var overgangen tryg?")


class EndRepresentation(OwnAct):
    """Somebody acts for her no more."""

    kind = persons.RepresentationEnded
    event: Literal["representation-ended"]
    representative: _TextId


_WORDS = "Jeg er enig i det meste, men boligen er ikke på plads endnu."
_STATED: dict[str, dict[str, Any]] = {
    "access-requested": {"regime": "fvl", "form": "pdf"},
    "access-withdrawn": {"request": _ID},
    "hearing-answered": {
        "hearing": _ID,
        "points": [{"assertion": "rusmidler.monster", "text": "Det er blevet bedre siden foråret."}],
    },
    "statement-demanded": {"decision": _ID},
    "statement-made": {"decision": _ID, "text": _WORDS},
    "citizen-commented": {"text": _WORDS},
    "written-reasons-requested": {"decision": _ID},
    "complaint-received": {"urgent": True, "text": "Jeg klager over, at jeg skal vente."},
    "complaint-upheld": {"complaint": _ID},
    "complaint-withdrawn": {"complaint": _ID},
    "consent-given": {"scope": "disclosure", "basis": "sul:43"},
    "consent-withdrawn": {"scope": "disclosure"},
    "objection-registered": {"scope": "disclosure", "consequences_explained": True},
    "objection-lifted": {"scope": "disclosure"},
    "guidance-requested": {"topic": "rights", "text": "Hvem skal jeg tale med?"},
    "transition-rated": {"good": 4, "meaningful": 5, "safe": 3},
    "representation-ended": {"representative": _ID},
}
AnyAct = Annotated[
    AskForAccess
    | WithdrawAccess
    | AnswerHearing
    | DemandToSpeak
    | MakeStatement
    | Comment
    | AskForReasons
    | Complain
    | UpholdComplaint
    | WithdrawComplaint
    | GiveConsent
    | WithdrawConsent
    | Object
    | LiftObjection
    | AskForGuidance
    | RateTransition
    | EndRepresentation,
    Field(discriminator="event"),
    Body(
        openapi_examples={
            name: {"value": {"event": name, "authority": TOWN, **stated}} for name, stated in _STATED.items()
        }
    ),
]
"""Any of them; OpenAPI shows an example of each."""
