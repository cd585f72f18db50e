"""The vault as the workflows see it: keys that seal, keys that were released, and whose they are."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

import msgspec

from domain.events.model import Body, Recorded


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


class SubjectUnknown(LookupError):
    """The vault does not know this number."""
