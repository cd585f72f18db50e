"""What goes out of the API about the citizen's course, responsibility, breaches and who is told of them."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class CaseFactOut(BaseModel):
    """A fact of the citizen's course."""

    position: int = Field(description="A retraction names the fact by it.")
    event: str
    occurred_at: str
    recorded_at: str
    authority: str
    unit: str | None
    holds: bool = Field(description="False once it was retracted.")
    facts: dict[str, Any]


class CaseFacts(BaseModel):
    """The facts recorded on a handover, by their own time."""

    items: list[CaseFactOut]


class DutySpan(BaseModel):
    """The statutory duty over a time: an authority, nobody (`none`), or `unresolved`, with the reason."""

    start: str
    end: str | None
    kind: str
    authority: str | None
    reason: str
    cause: int | None


class HeldBySpan(BaseModel):
    """Who follows the handover up over a time."""

    start: str
    end: str | None
    authority: str
    cause: int | None


class ClockOut(BaseModel):
    """A 14-day clock to treatment."""

    rule: str
    authority: str
    started_at: str
    because: str
    due: str
    status: str
    ended_at: str | None


class FollowUpOut(BaseModel):
    """A follow-up that the municipality owes after treatment (AFD §4(2))."""

    rule: str
    after_months: int
    authority: str
    ended_at: str
    due: str | None
    done_at: str | None
    status: str | None


class ContactOut(BaseModel):
    """Whom the citizen calls now: who has the duty, otherwise who follows the handover up."""

    authority: str
    name: str
    telephone: str | None = Field(description="Of the main mailbox, where the register has one.")


class Responsibility(BaseModel):
    """Both timelines, how long they have differed, the clocks, what is owed afterwards, and whom to call."""

    duty: list[DutySpan]
    held_by: list[HeldBySpan]
    hours_apart: int = Field(description="Whole hours in which the two differ, until it has ended.")
    clocks: list[ClockOut]
    follow_ups: list[FollowUpOut]
    contact: ContactOut | None


class BreachOut(BaseModel):
    """A breach that one's own authority assesses (GDPR art. 33), and what came of it."""

    position: int
    cause: str = Field(
        description="The event that showed it: handover-misdirected, handover-wrong-person, or of what was "
        "read by one whom it was not for: handover-returned, handover-forwarded, handover-import-denied."
    )
    aware_at: str
    due: str = Field(description="72 hours later.")
    assessed_at: str | None
    outcome: str | None = Field(description="notified or not-required; null until it is assessed.")
    citizen_informed: bool | None


class Breaches(BaseModel):
    """The breaches of a case, oldest first."""

    items: list[BreachOut]


class Alert(BaseModel):
    """Something in a case of the unit that its leader must know: read from outside, declined, unresolved, or
    a deadline."""

    position: int
    about_position: int
    about_event: str = Field(description="The name of the event at `about_position`.")
    handover: UUID
    recorded_at: str
    rule: str | None = Field(description="Of a deadline: the rule that it stands under.")
    name: str | None = Field(description="The rule in Danish.")
    level: str | None = Field(description="first-warning, last-warning, strict-passed or lenient-passed.")
    due: str | None = Field(description="The day that it is about.")


class Alerts(BaseModel):
    """A page of alerts to a unit's lead, by position."""

    items: list[Alert]
    next: int | None


class Escalation(BaseModel):
    """A case, by number only, for which nobody took the responsibility in time."""

    position: int
    handover: UUID
    cause: str
    told: str = Field(description="Who was told: the steering group or the sundhedsråd.")
    health_council: str | None
    decides_by: str
    recorded_at: str
    unresolved: bool = Field(description="Whether it stands so still.")


class Escalations(BaseModel):
    """A page of them by position."""

    items: list[Escalation]
    next: int | None
