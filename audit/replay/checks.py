"""What entries name outside themselves, and what is sealed: there, unaltered, and opening."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Protocol
from uuid import UUID

import msgspec

from audit.blobs.chunked import BlobDamaged
from audit.blobs.store import BlobMissing
from audit.replay.examine import Named, Summary
from audit.replay.faults import Fault
from audit.replay.source import Snapshot
from audit.vault.keys import KeyUnusable
from workflows.handlers.documents import DocumentDamaged, open_document

REMEMBERED = 50_000
"""A document is named when submitted and again when delivered; it is hashed once where those are near."""

BODIES_AT_ONCE = 1000
"""Keys are released for so many bodies together: each release is a durable commit."""

Fetch = Callable[[list[int]], Iterator[bytes]]
"""Gets some entries of a run again, by offset."""


class Bodies(Protocol):
    """Opens what is sealed; the events that release the keys are recorded before."""

    unreachable: set[UUID]
    """Documents and attachments whose content key is gone, though the citizen's key is there."""

    def release(self, entries: Iterable[bytes]) -> None:
        """Have the keys of these entries' bodies released together."""

    def __call__(self, entry: bytes) -> bool:
        """Whether an entry's body opens under its header."""

    def content_key(self, document: UUID, key_id: str, known: Container[str]) -> bytes | None:
        """A document's content key; None when a key is gone. Raises KeyUnusable."""

    def destroyed(self, key_ids: Iterable[str]) -> set[str]:
        """Those of the citizens' keys that do not exist."""


class Attachments(Protocol):
    """Sealed attachments as files; `audit.blobs.store.BlobStore` is one."""

    def verify(self, blob_id: UUID, sha256: str) -> int:
        """Compare with a hash. Raises BlobMissing, BlobDamaged."""

    def open(self, blob_id: UUID, key: bytes, associated_data: bytes) -> Iterable[bytes]:
        """The plaintext, chunk by chunk. Raises BlobMissing, BlobDamaged."""


class Checks:
    """What the entries name outside themselves, and what is sealed in them."""

    def __init__(
        self, snapshot: Snapshot | None, attachments: Attachments | None, bodies: Bodies | None
    ) -> None:
        self.snapshot = snapshot
        self.attachments = attachments
        self.documents = self.files = self.opened = self.contents = 0
        self._bodies = bodies
        self._hashed = _Remembered()
        self._opened = _Remembered()

    def take(self, summary: Summary, fetch: Fetch, known: Container[str]) -> Iterator[Fault]:
        """The first fault of each kind in a run. `known` are the key ids that the log has named so far."""
        if self.snapshot is not None:
            for named in summary.named:
                code = self._stands(self.snapshot, named) or self._opens(self.snapshot, named, known)
                if code is not None:
                    yield Fault(code=code, position=summary.first + named.offset)
                    break
        if self._bodies is not None:
            for offset in self._unopened(self._bodies, summary.bodies, fetch):
                yield Fault(code="body-unopened", position=summary.first + offset)
                break

    def _unopened(self, bodies: Bodies, offsets: list[int], fetch: Fetch) -> Iterator[int]:
        """The offsets of bodies that do not open."""
        for first in range(0, len(offsets), BODIES_AT_ONCE):
            some = offsets[first : first + BODIES_AT_ONCE]
            entries = list(fetch(some))
            bodies.release(entries)
            for offset, entry in zip(some, entries, strict=True):
                if not bodies(entry):
                    yield offset
                self.opened += 1

    def _stands(self, snapshot: Snapshot, named: Named) -> str | None:
        """Whether the ciphertext is there as it was hashed; the code of the fault."""
        if (named.id, named.sha256) in self._hashed:
            return None
        code = self._document(snapshot, named) if named.kind == "document" else self._attachment(named)
        if code is None:
            self._hashed.add((named.id, named.sha256))
        return code

    def _document(self, snapshot: Snapshot, named: Named) -> str | None:
        ciphertext = snapshot.document(named.id)
        if ciphertext is None:
            return "document-missing"
        if hashlib.sha256(ciphertext).hexdigest() != named.sha256:
            return "document-hash"
        self.documents += 1
        return None

    def _attachment(self, named: Named) -> str | None:
        if self.attachments is None:
            return None
        try:
            self.attachments.verify(named.id, named.sha256)
        except BlobMissing:
            return "attachment-missing"
        except BlobDamaged:
            return "attachment-hash"
        self.files += 1
        return None

    def _opens(self, snapshot: Snapshot, named: Named, known: Container[str]) -> str | None:
        """Whether it opens under every key that reaches it; the code of the fault."""
        if self._bodies is None or (named.id, named.key_id) in self._opened:
            return None
        fault = f"{named.kind}-unopened"
        try:
            key = self._bodies.content_key(named.id, named.key_id, known)
        except KeyUnusable:
            return fault
        if key is None:
            return None
        if named.kind == "document":
            ciphertext = snapshot.document(named.id)
            opened = ciphertext is not None and _document_opens(named.id, ciphertext, key)
        elif self.attachments is None:
            return None
        else:
            opened = _attachment_opens(self.attachments, named.id, key)
        if not opened:
            return fault
        self._opened.add((named.id, named.key_id))
        self.contents += 1
        return None


class _Remembered:
    """The newest of what has been seen."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[UUID, str], None] = OrderedDict()

    def __contains__(self, one: tuple[UUID, str]) -> bool:
        return one in self._seen

    def add(self, one: tuple[UUID, str]) -> None:
        self._seen[one] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def _document_opens(document: UUID, ciphertext: bytes, key: bytes) -> bool:
    try:
        open_document(document, ciphertext, key)
    except (DocumentDamaged, ValueError, msgspec.MsgspecError):
        return False
    return True


def _attachment_opens(attachments: Attachments, attachment: UUID, key: bytes) -> bool:
    """Read to the end: only there is it known that nothing was cut off."""
    try:
        for _ in attachments.open(attachment, key, attachment.bytes):
            pass
    except (BlobDamaged, BlobMissing):
        return False
    return True
