"""Does the log hold? Every entry, row, counter, step, document and release, to the first fault.

Runs of entries are judged in several processes (`examine`) and put together in order (`merge`),
so that the first fault is the one at the lowest position.
"""

import hashlib
import os
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from typing import Any, Protocol
from uuid import UUID

import msgspec

from audit.blobs.chunked import BlobDamaged
from audit.blobs.store import BlobMissing
from audit.exports.manifest import ExportDamaged
from audit.exports.reader import ExportedLog, examine_file
from audit.log.entry import decode_entry
from audit.replay.examine import Named, Summary, examine
from audit.replay.faults import Fault
from audit.replay.merge import Merge, first_of
from audit.replay.source import Snapshot, StoredLog
from domain.events.model import Recorded

ALONE_BELOW = 20_000
"""Below this many entries the start of other processes takes longer than they save."""

REMEMBERED = 50_000
"""A document is named when submitted and again when delivered; it is hashed once where those are near."""

Progress = Callable[[int, int], None]
BODIES_AT_ONCE = 1000
"""Keys are released for so many bodies together: each release is a durable commit."""


class Bodies(Protocol):
    """Opens bodies; the event that releases the keys was recorded before."""

    def release(self, entries: Iterable[bytes]) -> None:
        """Have the keys of these entries' bodies released together."""

    def __call__(self, recorded: Recorded) -> bool:
        """Whether an entry's body opens under its header."""


class Attachments(Protocol):
    """Sealed attachments as files; `audit.blobs.store.BlobStore` is one."""

    def verify(self, blob_id: UUID, sha256: str) -> int:
        """Compare with a hash. Raises BlobMissing, BlobDamaged."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. A count is None where the source has nothing of the kind to check."""

    fault: Fault | None
    entries: int
    bytes: int
    root_hash: str | None
    steps: int
    subjects: int
    documents: int | None
    attachments: int | None
    releases: int | None
    bodies: int | None

    @property
    def holds(self) -> bool:
        """Whether no fault was found."""
        return self.fault is None


Call = tuple[Callable[..., Summary], tuple[Any, ...], Callable[[list[int]], Iterator[bytes]]]
"""A run: how to judge it, and how to get some of its entries again."""


def verify(
    source: StoredLog | ExportedLog,
    *,
    releases: Iterable[tuple[int, str]] | None = None,
    attachments: Attachments | None = None,
    bodies: Bodies | None = None,
    jobs: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Verdict:
    """Verify a stored or exported log.

    `releases` are the vault's, by (position, key id) and begun before the log is: a release is
    always younger than its reading. `attachments` are checked for a stored log. `jobs` is the
    number of processes.
    """
    # The first release is fetched here, and with it the vault's snapshot is taken.
    merge = Merge(None if releases is None else iter(releases))
    with ExitStack() as stack:
        snapshot = None
        if isinstance(source, StoredLog):
            snapshot = stack.enter_context(source.snapshot())
            total, calls = snapshot.length(), _stored(snapshot)
        else:
            try:
                manifest = source.manifest()
            except ExportDamaged as damaged:
                return _verdict(Merge(), 0, damaged.fault, None, None, None)
            total, calls = manifest.count, _exported(source)
        checks = _Checks(snapshot, attachments, bodies)
        size, fault = 0, None
        run = stack.enter_context(_runner(jobs, total))
        for summary, fetch in run(calls):
            fault = first_of(
                found for found in (merge.take(summary), *checks.take(summary, fetch)) if found is not None
            )
            size += summary.bytes
            progress(merge.tree.size, total)
            if fault is not None:
                break
        if fault is None:
            fault = merge.end()
        if fault is None:
            if snapshot is not None:
                fault = _ends(snapshot, merge)
            elif merge.tree.root().hex() != manifest.root_hash:
                fault = Fault(code="root-hash", position=None, file="manifest.json")
    return _verdict(merge, size, fault, checks, releases, bodies)


def _verdict(
    merge: Merge, size: int, fault: Fault | None, checks: "_Checks | None", releases: object, bodies: object
) -> Verdict:
    stored = checks is not None and checks.snapshot is not None
    return Verdict(
        fault=fault,
        entries=merge.tree.size,
        bytes=size,
        root_hash=None if fault else merge.tree.root().hex(),
        steps=merge.steps,
        subjects=len(merge.counters),
        documents=checks.documents if checks and stored else None,
        attachments=checks.files if checks and stored and checks.attachments is not None else None,
        releases=None if releases is None else merge.releases,
        bodies=checks.opened if checks and bodies is not None else None,
    )


def _stored(snapshot: Snapshot) -> Iterator[Call]:
    first = 0
    for page in snapshot.pages():
        entries = [row.entry for row in page]
        yield (
            examine,
            (first, entries, page),
            lambda offsets, entries=entries: (entries[offset] for offset in offsets),  # type: ignore[misc]
        )
        first += len(page)


def _exported(source: ExportedLog) -> Iterator[Call]:
    for file in source.manifest().files:
        yield (
            examine_file,
            (source.folder, file),
            lambda offsets, file=file: source.entries(file, offsets),  # type: ignore[misc]
        )


Run = Callable[[Iterator[Call]], Iterator[tuple[Summary, Callable[[list[int]], Iterator[bytes]]]]]


@contextmanager
def _runner(jobs: int | None, total: int) -> Iterator[Run]:
    """Judge runs in order: here, or ahead in other processes."""
    workers = jobs or (1 if total < ALONE_BELOW else os.cpu_count() or 1)
    if workers == 1:
        yield lambda calls: ((judge(*given), fetch) for judge, given, fetch in calls)
        return
    # Spawned, not forked: this process may hold threads and database connections.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield lambda calls: _ahead(pool, calls, 2 * workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _ahead(
    pool: ProcessPoolExecutor, calls: Iterator[Call], most: int
) -> Iterator[tuple[Summary, Callable[[list[int]], Iterator[bytes]]]]:
    waiting: deque[tuple[Future[Summary], Callable[[list[int]], Iterator[bytes]]]] = deque()
    for judge, given, fetch in calls:
        waiting.append((pool.submit(judge, *given), fetch))
        if len(waiting) >= most:
            future, ready = waiting.popleft()
            yield future.result(), ready
    for future, ready in waiting:
        yield future.result(), ready


def _ends(snapshot: Snapshot, merge: Merge) -> Fault | None:
    """The tables beside the log end where it ends."""
    if snapshot.length() != merge.tree.size:
        return Fault(code="head-row", position=min(snapshot.length(), merge.tree.size))
    known = 0
    for key_id, n in snapshot.subject_counters():
        if merge.counters.get(key_id) != n:
            return Fault(code="subject-counter-table", position=None)
        known += 1
    if known != len(merge.counters):
        return Fault(code="subject-counter-table", position=None)
    return None


class _Checks:
    """What the entries name outside themselves, and what is sealed in them."""

    def __init__(
        self, snapshot: Snapshot | None, attachments: Attachments | None, bodies: Bodies | None
    ) -> None:
        self.snapshot = snapshot
        self.attachments = attachments
        self.documents = self.files = self.opened = 0
        self._bodies = bodies
        self._seen: OrderedDict[tuple[UUID, str], None] = OrderedDict()

    def take(self, summary: Summary, fetch: Callable[[list[int]], Iterator[bytes]]) -> Iterator[Fault]:
        """The first fault of each kind in a run."""
        if self.snapshot is not None:
            for named in summary.named:
                if (code := self._named(self.snapshot, named)) is not None:
                    yield Fault(code=code, position=summary.first + named.offset)
                    break
        if self._bodies is not None:
            for offset in self._unopened(self._bodies, summary.bodies, fetch):
                yield Fault(code="body-unopened", position=summary.first + offset)
                break

    def _unopened(
        self, bodies: Bodies, offsets: list[int], fetch: Callable[[list[int]], Iterator[bytes]]
    ) -> Iterator[int]:
        """The offsets of bodies that do not open."""
        for first in range(0, len(offsets), BODIES_AT_ONCE):
            some = offsets[first : first + BODIES_AT_ONCE]
            entries = list(fetch(some))
            bodies.release(entries)
            for offset, entry in zip(some, entries, strict=True):
                if not bodies(decode_entry(entry)):
                    yield offset
                self.opened += 1

    def _named(self, snapshot: Snapshot, named: Named) -> str | None:
        if (named.id, named.sha256) in self._seen:
            return None
        code = (
            self._document(snapshot, named) if named.kind == "document" else self._attachment(named)
        )
        if code is None:
            self._seen[named.id, named.sha256] = None
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
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
