"""What people ask for when something has happened outside the document."""

from uuid import UUID

from domain.course.events import CaseFact
from domain.handover.commands import Command


class RecordFact(Command, frozen=True, kw_only=True):
    """Record something that has happened, with its own time (an instant), on a handover."""

    fact: CaseFact
    occurred_at: str


class RecordReferral(Command, frozen=True, kw_only=True):
    """Record that the region received a henvisning; whether it counts follows from the register."""

    handover: UUID
    region: str
    referrer: str
    occurred_at: str


class AssessBreach(Command, frozen=True, kw_only=True):
    """Register a controller's assessment of a breach."""

    handover: UUID
    outcome: str
    citizen_informed: bool
