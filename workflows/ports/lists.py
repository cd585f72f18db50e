"""The work lists as the workflows see them: rows of header and facts, by party, by place, by what waits."""

from typing import Protocol
from uuid import UUID

import msgspec

from domain.handover.commands import Rank

Place = tuple[str, str | None]
"""An authority and one of its units, or the authority as such."""


class MailboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """One handover as a work list has it: header and facts only."""

    handover: UUID
    version: int
    status: str
    sender_authority: str
    sender_unit: str
    receiver_authority: str | None
    receiver_unit: str | None
    mailbox: UUID | None
    receiver_key: str | None
    label_position: int | None
    priority: int
    due: str | None
    rank: Rank
    needs_completion: bool
    submitted_at: str
    position: int
    medicine_until: str | None = None
    urgency: str | None = None
    acknowledge_by: str | None = None
    take_over_by: str | None = None
    questions: int = 0
    withdrawal: bool = False
    unresolved: bool = False
    shut: bool = False
    assignee: str | None = None
    unread: bool = False
    """Taken over, and nobody has opened the document that counts now."""


class SuccessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A succession of an authority, or of one of its units."""

    authority: str
    unit: str | None
    successor_authority: str
    successor_unit: str | None
    valid_from: str
    carried: bool


class ReminderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An obligation of which somebody is to be reminded."""

    next_at: str
    key: str
    handover: UUID


class Worklists(Protocol):
    """The mailbox view, which commits with the events, and what follows them."""

    def mailbox(
        self, mailbox: UUID, statuses: tuple[str, ...], after: Rank | None, limit: int
    ) -> list[MailboxRow]:
        """A mailbox's handovers in the order of the work."""

    def sent_by(self, authority: str, unit: str | None, after: int, limit: int) -> list[MailboxRow]:
        """Handovers that a unit sent, by position."""

    def unit(self, unit: str, after: Rank | None, limit: int) -> list[MailboxRow]:
        """What a unit has on a list of its own, in the order of the work."""

    def all(self, after: int, limit: int) -> list[MailboxRow]:
        """Every handover, by position."""

    def of_party(self, authority: str, unit: str | None, after: int, limit: int) -> list[MailboxRow]:
        """Every handover of an authority, or of one of its units, on either side, by position."""

    def is_party(self, authority: str, unit: str | None) -> bool:
        """Whether an authority, or one of its units, is a party to any handover now."""

    def successions(self, instant: str) -> list[SuccessionRow]:
        """The successions that hold at an instant."""

    def unresolved(self, after: int, limit: int) -> list[MailboxRow]:
        """Handovers for which nobody has the responsibility, by position."""

    def stalled(self, after: int, limit: int) -> list[MailboxRow]:
        """Handovers that are submitted, held, routed or sent but not delivered, by position."""

    def reminders(self, instant: str, after: tuple[str, str], limit: int) -> list[ReminderRow]:
        """Obligations whose next reminder had come at an instant, by (its instant, key)."""
