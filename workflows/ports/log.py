"""The log as the workflows see it: what one command writes, and why it may not."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from domain.events.header import WorkflowRef
from domain.events.model import Decided, Recorded
from workflows.ports.vault import BodyKeys

S = TypeVar("S")


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts: a pseudonymous id, a role, a unit and an authority; never a name."""

    id: UUID
    role: str
    unit: str | None
    authority: str


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A decided event with its envelope, ready to be appended.

    `expected_version` is the version the event must get in its stream; None lets the log give
    it the next one (readings, refusals: streams that nobody decides on).
    """

    decided: Decided
    stream: UUID
    expected_version: int | None
    controller: str
    visible_to: tuple[str, ...]
    purpose: str
    legal_basis: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    keys: BodyKeys | None = None
    workflow: WorkflowRef | None = None
    actor: Actor | None = None
    """Who acts, where it is not the one who gave the command: the system's own steps."""


class Idempotency(msgspec.Struct, frozen=True, kw_only=True):
    """A create's idempotency: UUIDv5 of client and key, and the fingerprint of its content."""

    id: UUID
    fingerprint: bytes


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a create answered, kept beside its idempotency id and given again on a replay."""

    status: int
    location: str
    resource: UUID
    etag: int | None = None
    position: int | None = None
    """Position of the first event that it wrote; the log fills it in."""


class SealedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed document of at most 1 MiB, stored in the append transaction."""

    id: UUID
    ciphertext: bytes
    ciphertext_sha256: str


class Append(msgspec.Struct, frozen=True, kw_only=True):
    """All that one command writes, in one transaction."""

    events: tuple[NewEvent, ...]
    actor: Actor
    correlation_id: UUID
    causation_id: UUID | None = None
    idempotency: Idempotency | None = None
    outcome: Outcome | None = None
    documents: tuple[SealedDocument, ...] = ()
    claims: tuple[str, ...] = ()


class IdempotentReplay(Exception):
    """The same client has sent the same create before; here is what it got."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("this create was carried out before")
        self.outcome = outcome


class IdempotencyMismatch(Exception):
    """The same key was used before with other content."""


class StreamConflict(Exception):
    """Another command changed the case in between."""


class RegisterClash(Exception):
    """A value that must be unique in the register belongs to another entry."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"the {kind} is registered to another entry")
        self.kind = kind


class Log(Protocol):
    """The event log."""

    def append(self, append: Append) -> tuple[Recorded, ...]:
        """Commit events, documents, idempotency row and mailbox view in one transaction.

        Raises IdempotentReplay, IdempotencyMismatch, StreamConflict or RegisterClash, the three
        conflicts apart; nothing is written then.
        """

    def fold(self, stream: UUID, fold: Callable[[S | None, Iterable[Recorded]], S | None]) -> S | None:
        """Fold a stream's events into a state; None when the stream is empty."""

    def stream(self, stream: UUID) -> list[Recorded]:
        """All events of a stream in order."""

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Events by position, those above `after`, at most `limit`."""

    def at(self, positions: Iterable[int]) -> dict[int, Recorded]:
        """The events at these positions."""

    def document(self, document: UUID) -> bytes | None:
        """The ciphertext of a document, or None."""

    def claimant(self, claim: str) -> UUID | None:
        """The stream that holds a claim (a GLN, a SOR code), or None."""

    def replayed(self, idempotency: Idempotency) -> Outcome | None:
        """What an earlier create with this id answered. Raises IdempotencyMismatch."""


class Cursor(Protocol):
    """How far a follower of the log has come, kept durably."""

    def position(self) -> int:
        """The last position dealt with, -1 at the start."""

    def advance(self, position: int) -> None:
        """Deal with everything up to and including `position`."""

    def failed(self, position: int, error: Exception, *, reading: bool = False) -> bool:
        """Count a failed attempt at the event there; returns whether it has been put aside.

        `reading`: the event itself could not be read. Once put aside, the cursor has advanced past
        it, and it stands among `parked`, in one commit.
        """

    def parked(self) -> list[int]:
        """The positions put aside, oldest first."""

    def unpark(self, position: int) -> None:
        """What was put aside has been dealt with."""
