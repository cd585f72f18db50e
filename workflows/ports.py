"""What the workflows need from the outside, as small protocols (design section 2).

The adapters stand in `audit`; tests use the real ones on SQLite and PostgreSQL.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from domain.events.header import WorkflowRef
from domain.events.model import Body, Decided, Recorded
from domain.handover.commands import Rank

S = TypeVar("S")
Place = tuple[str, str | None]
"""An authority and one of its units, or the authority as such."""


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class Ids(Protocol):
    """Where random ids and key material come from."""

    def uuid(self) -> UUID:
        """A random UUID (version 4)."""

    def random_bytes(self, length: int) -> bytes:
        """Unpredictable bytes."""


class Sealer(Protocol):
    """A data key that can only seal."""

    @property
    def key_id(self) -> str:
        """The random id of the key."""

    def seal(self, nonce: bytes, plaintext: bytes, associated_data: bytes) -> bytes:
        """AES-256-GCM ciphertext with tag."""


class Opener(Protocol):
    """A key that was released against a committed event."""

    def open(self, nonce: bytes, ciphertext: bytes, associated_data: bytes) -> bytes:
        """The plaintext. Raises the vault's error when the tag does not hold."""


OpenBody = Callable[[bytes, dict[str, Opener]], Body | None]
"""Opens the body of a stored entry with keys that were released for it; None when it has none."""


class BodyKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Which key seals a body, and which seal the fields about other persons (by pointer)."""

    main: Sealer
    others: dict[str, Sealer] = {}


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


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A citizen as the vault must know her: a lookup key for the index, and what is sealed."""

    lookup: str
    sealed: bytes

    def __repr__(self) -> str:
        return "Person(sealed)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A controller and the retention class under which it holds a citizen's data."""

    controller: str
    retention: str


class Provisioned(msgspec.Struct, frozen=True, kw_only=True):
    """Keys that exist and are committed: data keys by controller, content keys by document."""

    subject: UUID
    keys: dict[str, str]
    content_keys: dict[UUID, bytes]
    sealers: dict[str, Sealer]
    """Each of these keys, by its id, as one that can only seal."""
    other_persons: tuple[str, ...] = ()
    """Keys for other persons in the citizen's case, held by the first holder."""

    def __repr__(self) -> str:
        return f"Provisioned(subject={self.subject}, keys={self.keys})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class Released(Protocol):
    """Keys released against one committed event."""

    def openers(self) -> dict[str, Opener]:
        """Openers of bodies by key id."""

    def content_key(self, document: UUID) -> bytes:
        """The content key of a document. Raises KeyDestroyed when this release does not reach it."""


class Subjects(Protocol):
    """The vault: who a citizen is, and her keys."""

    def provision(
        self,
        *,
        person: Person | None = None,
        key_id: str | None = None,
        holders: tuple[Holder, ...],
        documents: tuple[UUID, ...] = (),
        uploads: tuple[UUID, ...] = (),
        other_persons: int = 0,
    ) -> Provisioned:
        """Find or make a citizen's data keys, and new content keys wrapped for every holder.

        The citizen is given as a person or as one of her key ids. `uploads` are attachments
        that were stored before their citizen was known. Commits before it returns.
        """

    def sealer(self, key_id: str) -> Sealer:
        """A key that can only seal. Raises KeyDestroyed."""

    def release(self, recorded: Recorded, documents: tuple[UUID, ...] = ()) -> Released:
        """Release the keys of the event's subjects; the release names this event for good."""

    def share(self, recorded: Recorded, documents: tuple[UUID, ...], to: str) -> Released:
        """Wrap documents' content keys for another key of the same citizen (a delivery)."""

    def rekey(self, documents: tuple[UUID, ...], key_ids: tuple[str, ...]) -> None:
        """Take documents out of reach, for good, of all the keys that the citizens of these keys have, and
        put them under keys of nobody we know.

        Each holder gets a key of its own; again is harmless.
        """

    def concerns(self, key_id: str, person: Person) -> bool:
        """Whether a key is of this citizen, after all merges. An unknown number concerns nobody."""

    def fingerprint(self, content: bytes) -> bytes:
        """HMAC-SHA-256 of content under the installation's fingerprint key."""

    def propose_alias(self, person: Person, of: Person, by: str) -> UUID:
        """Prepare that a number belongs to the citizen known as `of`; inactive until activated.

        Raises SubjectUnknown when the authority `by` has no key of such a citizen.
        """

    def activate_alias(self, alias: UUID) -> None:
        """Make a proposed alias count; again is harmless."""


class KeyDestroyed(Exception):
    """The key does not exist any more: what it sealed cannot be read by anyone."""


class Uploaded(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment that was uploaded and examined, and waits for its handover."""

    id: UUID
    ciphertext_sha256: str
    media_type: str
    size: int


class Uploads(Protocol):
    """Attachments that wait for their handover, each its owner's only."""

    def waiting(
        self, owner: Actor, ids: tuple[UUID, ...], taken: Collection[Place] = ()
    ) -> dict[UUID, Uploaded]:
        """Those of `ids` that this owner's unit, or one whose place it has `taken`, has uploaded; none of
        them about to expire."""


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


class Worklists(Protocol):
    """The mailbox view, which commits with the events."""

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


class SubjectUnknown(LookupError):
    """The vault does not know this number."""
