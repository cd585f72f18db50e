"""What people ask for in an authority's lane of rights."""

from typing import Any
from uuid import UUID

import msgspec

from domain.handover.commands import Command
from domain.handover.step_commands import WrittenNote
from domain.rights.model import RightsEvent


class RecordRight(Command, frozen=True, kw_only=True):
    """Do something about a right, or record that it was done, with its own time (an instant).

    What Overgang does now happens now; only what happened outside, or was received, has a time of its own.
    """

    event: RightsEvent
    occurred_at: str | None = None
    note: WrittenNote | None = None


class ActHerself(Command, frozen=True, kw_only=True):
    """What the citizen, or who represents her, does in her own view, towards one authority.

    `stated`: the facts of the event that she states; those that follow from the case are read from it.
    """

    handover: UUID
    authority: str
    event: type[RightsEvent]
    stated: dict[str, Any]
    note: WrittenNote | None = None


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A passage of a document that is left out of a package, and on which ground."""

    document: UUID
    pointer: str
    ground: str

    def __repr__(self) -> str:
        return "Passage(sealed)"


class MakePackage(Command, frozen=True, kw_only=True):
    """Make the documents ready that a citizen gets on her request for access.

    `addressee`: who gets them, which decides what a protected address shows. `others_shown`, `working_shown`:
    that the authority has assessed that what is said of other persons, or in its working documents, is given.
    """

    handover: UUID
    request: UUID
    way: str
    addressee: str = "citizen"
    others_shown: bool = False
    working_shown: bool = False
    passages: tuple[Passage, ...] = ()
    withheld_elsewhere: bool = False
    """What the decision withholds does not stand in Overgang, so that nothing of the package is left out."""
    outside_reason: str | None = None


class OpenPackage(Command, frozen=True, kw_only=True):
    """Open the newest package of a request."""

    handover: UUID
    request: UUID
    outside_reason: str | None = None
