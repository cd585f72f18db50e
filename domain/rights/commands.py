"""What people ask for in an authority's lane of rights."""

from typing import Any
from uuid import UUID

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
