"""What goes out of the API of an authority's queue."""

from uuid import UUID

from pydantic import BaseModel, Field


class DueOut(BaseModel):
    """Something that one's own authority still has to do on a case."""

    handover: UUID = Field(description="The case's number.")
    authority: str
    unit: str | None = Field(description="That has the case there, where it is known.")
    rule: str
    name: str = Field(description="In Danish.")
    basis: list[str]
    certainty: str
    matter: UUID | None = Field(description="The request, the decision, the question; else the handover.")
    trigger: int | None = Field(description="The position of what it began with.")
    trigger_event: str
    triggered_at: str
    strict: str | None = Field(description="The authority's own last day, or moment.")
    lenient: str | None = Field(description="Only after it has the limit passed for certain.")
    state: str
    state_da: str
    warned: str | None = Field(description="The last reminder that was given of it.")
    warned_da: str | None


class DuePage(BaseModel):
    """A page of the queue."""

    items: list[DueOut]
    next: str | None = Field(description="For `after`; null: that was all.")
