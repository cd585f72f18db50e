"""What people and the system ask for, imperative. A command holds content; events hold facts."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.handover.events import DocumentFacts, OtherPerson, PersonLabel
from domain.identity.person import PersonId


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every command. It never shows its content."""

    def __repr__(self) -> str:
        return type(self).__name__

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class WrittenDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A validated document: its content under its template, and the facts it states."""

    template: str
    template_version: int
    sections: dict[str, Any]
    facts: DocumentFacts
    person_id: PersonId
    label: PersonLabel
    representative: OtherPerson | None = None
    telephoned_at: str | None = None
    """When the sender telephoned the receiver, as the document states it (an instant)."""

    def __repr__(self) -> str:
        return f"WrittenDocument({self.template}-{self.template_version})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class MedComOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """The ids of the MedCom message a handover came in with, and the unit it was addressed to."""

    message: UUID
    envelope: UUID
    thread: UUID
    receiver_sor: str
    receiver_gln: str


class SubmitHandover(Command, frozen=True, kw_only=True):
    """Hand a finished document to Overgang."""

    document: WrittenDocument
    receiver_unit: str | None = None
    attachments: tuple[UUID, ...] = ()
    medcom: MedComOrigin | None = None


class DeliverStalled(Command, frozen=True, kw_only=True):
    """The system tries again to route and deliver a handover that waits."""

    handover: UUID


class OpenDocument(Command, frozen=True, kw_only=True):
    """Read a handover's document, an earlier one, a note, or one of its attachments, for a purpose."""

    handover: UUID
    purpose: str
    document: UUID | None = None
    """An earlier document or a note; the one that counts now unless given."""
    attachment: UUID | None = None
    outside_reason: str | None = None


Rank = tuple[int, str, str, str]
"""Where a row stands in a work list: priority, due, take-over limit, id."""


class ShowMailbox(Command, frozen=True, kw_only=True):
    """Show a page of a mailbox with the citizens' names."""

    mailbox: UUID
    statuses: tuple[str, ...]
    after: Rank | None
    limit: int


class ShowUnitList(Command, frozen=True, kw_only=True):
    """Show a page of a unit's own list with the citizens' names."""

    unit: str
    after: Rank | None
    limit: int


class Acknowledge(Command, frozen=True, kw_only=True):
    """Confirm receipt for the authority (kvittere)."""

    handover: UUID
    expected_version: int


class TakeOver(Command, frozen=True, kw_only=True):
    """Accept the handover for the authority (overtage)."""

    handover: UUID
    expected_version: int


class CompleteHandover(Command, frozen=True, kw_only=True):
    """Give a message that came without one its overgangsdokument."""

    handover: UUID
    expected_version: int
    document: WrittenDocument


class CloseHandover(Command, frozen=True, kw_only=True):
    """End the handover with an outcome."""

    handover: UUID
    expected_version: int
    outcome: str


class ImportCase(Command, frozen=True, kw_only=True):
    """Enter a case that was under way before Overgang, as the authority that imports it describes it."""

    person: PersonId
    label: PersonLabel
    sender_authority: str
    sender_unit: str
    receiver_authority: str
    receiver_unit: str
    move_from: str
    move_to: str
    acting_municipality: str | None
    began_on: date
    claimed: str

    def canonical_row(self) -> bytes:
        """The row as bytes that are the same each time. Holds the number: never log."""
        return msgspec.json.encode(self, order="deterministic")

    def canonical_case(self) -> bytes:
        """The case that the row is about, however the rest is spelled: whose, between whom, from which day.

        Holds the number: never log.
        """
        return msgspec.json.encode(
            (self.person.lookup_key(), self.sender_authority, self.receiver_authority, self.began_on)
        )
