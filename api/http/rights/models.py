"""What goes out of the API about the citizen's rights."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class RightEventOut(BaseModel):
    """An event of one's own authority's lane, or one that the other party's tells it."""

    position: int = Field(description="A retraction names it by this.")
    event: str
    occurred_at: str
    recorded_at: str
    authority: str
    unit: str | None
    holds: bool = Field(description="False once it was retracted.")
    facts: dict[str, Any]


class VerdictOut(BaseModel):
    """An obligation and what became of it."""

    rule: str
    name: str = Field(description="In Danish.")
    basis: list[str]
    certainty: str
    authority: str
    handover: UUID
    matter: str
    trigger: int | None
    trigger_event: str
    triggered_at: str
    strict: str | None = Field(description="The authority's own last day.")
    lenient: str | None = Field(description="Only after it has the limit passed for certain.")
    told: str | None
    state: str
    state_da: str
    closed_by: int | None
    closing_event: str | None
    closed_at: str | None
    reason: str | None
    opened: list[str]


class Lane(BaseModel):
    """The rights on a case, in one's own authority."""

    version: int
    events: list[RightEventOut]
    verdicts: list[VerdictOut]


class Told(BaseModel):
    """The last date that a letter tells of one way to appeal."""

    track: str
    last_date: str | None


class LetterShown(BaseModel):
    """A letter as the citizen would get it."""

    template: str
    template_version: int
    sha256: str = Field(description="Of its content; it is printed in the letter (FVL §32b).")
    title: str
    text: str
    told: list[Told]


class ExceptionOut(BaseModel):
    """An exception of FVL §19(2), or the path of §20."""

    code: str
    label: str = Field(description="In Danish.")


class HearingQuestionsOut(BaseModel):
    """What is asked before an adverse decision (FVL §19(1)), and the exceptions there are."""

    asked: bool
    because: str = Field(description="not-adverse, copy-given, or adverse-and-not-known-to-be-aware.")
    sections: list[str] = Field(description="Each assertion in them: detriment and weight.")
    exceptions: list[ExceptionOut]
    preselected: None = Field(description="Never: who leaves a hearing out names the ground.")
