"""What goes out to a citizen: codes for programs, and plain Danish beside them."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from api.http.course_models import ContactOut


class OwnLineOut(BaseModel):
    """A line of the course."""

    position: int
    event: str
    occurred_at: str
    holds: bool = Field(description="False once it was taken back as wrong.")
    text: str = Field(description="In Danish.")


class OwnClock(BaseModel):
    """A 14-day clock to treatment."""

    rule: str
    authority: str
    due: str
    status: str
    text: str = Field(description="In Danish.")


class OwnRight(BaseModel):
    """One of her rights, and what became of it."""

    rule: str
    name: str = Field(description="In Danish.")
    basis: list[str]
    authority: str
    state: str
    state_da: str
    due: str | None
    text: str = Field(description="In Danish.")


class OwnMatter(BaseModel):
    """Something that she may answer, appeal or take back; the acts name it by its id."""

    kind: str = Field(description="hearing, request, decision, complaint, consent or representative.")
    id: UUID
    authority: str
    since: str
    said: dict[str, Any] = Field(description="What is known of it, in codes.")


class AuthorityOut(BaseModel):
    """An authority that has, or had, a part in the case."""

    authority: str
    name: str


class OwnCase(BaseModel):
    """The case as she sees it: header and facts, no name, no number, no text of a document."""

    handover: UUID
    status: str
    status_da: str
    authorities: list[AuthorityOut]
    contact: ContactOut | None = Field(description="Whom she calls.")
    clocks: list[OwnClock]
    course: list[OwnLineOut]
    rights: list[OwnRight]
    matters: list[OwnMatter]
    questions: bool = Field(description="Whether the three questions after the take-over wait for her.")
    objection_consequences: str = Field(description="What an objection leads to; shown before she makes one.")


class SightingOut(BaseModel):
    """Something of hers was sent, read, listed or taken out. Never who it was."""

    position: int
    at: str
    what: str = Field(
        description="sent, read, listed, disclosed, letter, access, fetched (by herself) or copied."
    )
    authority: str
    unit: str | None
    purpose: str
    outside_reason: str | None = Field(description="Why a unit that does not have the case looked.")
    n: int | None = Field(description="Her own number under the authority's key.")
    text: str = Field(description="In Danish.")


class CountedOut(BaseModel):
    """How many entries an authority has about her, and how many belong to other cases."""

    authority: str
    entries: int
    elsewhere: int
    text: str = Field(description="In Danish.")


class SightingsOut(BaseModel):
    """Every sending and reading, oldest first, and the count that shows the list whole."""

    items: list[SightingOut]
    counted: list[CountedOut]


class ActDone(BaseModel):
    """What she did stands in the authority's lane."""

    id: UUID = Field(description="The handover.")
    version: int
    event: str
    authority: str
    position: int
    matter: UUID | None = Field(description="The id of what it began: a request, a complaint, a consent.")
    receipt: str = Field(description="In Danish; it repeats nothing of what she wrote.")
