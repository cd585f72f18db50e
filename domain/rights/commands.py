"""What people ask for in an authority's lane of rights."""

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
