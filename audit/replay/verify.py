"""Does the log hold? Every entry, row, counter, step, document and release, to the first fault.

Runs of entries are judged in several processes (`examine`) and put together in order (`merge`),
so that the first fault is the one at the lowest position.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from typing import Any

import msgspec

from audit.exports.manifest import ExportDamaged
from audit.exports.reader import ExportedLog, examine_file
from audit.replay.beside import Beside, beside
from audit.replay.checks import Attachments, Bodies, Checks, Fetch
from audit.replay.examine import Summary, examine
from audit.replay.faults import Fault
from audit.replay.merge import Merge, first_of
from audit.replay.source import Snapshot, StoredLog
from domain.events.model import Recorded

ALONE_BELOW = 20_000
"""Below this many entries the start of other processes takes longer than they save."""

Progress = Callable[[int, int], None]


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
    contents: int | None
    """Documents and attachments that were opened, once for each key that reaches them."""
    rows: int | None
    """Rows of the tables that commit with the log."""
    keys_missing: int | None
    """Keys that are gone without an event that says so."""

    @property
    def holds(self) -> bool:
        """Whether no fault was found."""
        return self.fault is None


Call = tuple[Callable[..., Summary], tuple[Any, ...], Fetch]
"""A run: how to judge it, and how to get some of its entries again."""


def verify(
    source: StoredLog | ExportedLog,
    *,
    releases: Iterable[tuple[int, str]] | None = None,
    attachments: Attachments | None = None,
    bodies: Bodies | None = None,
    tables: bool = False,
    jobs: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Verdict:
    """Verify a stored or exported log.

    `releases` are the vault's, by (position, key id) and begun before the log is: a release is
    always younger than its reading. `attachments` are checked for a stored log, and opened with
    `bodies`, as documents are. `tables`: of an installation's own store, also what commits with the
    log (mailbox view, repeats, claims). `jobs` is the number of processes.
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
                return _verdict(Merge(), 0, damaged.fault, None)
            total, calls = manifest.count, _exported(source)
        checks = Checks(snapshot, attachments, bodies)
        said = stack.enter_context(beside()) if tables and snapshot is not None else None
        size, fault, missing = 0, None, None
        run = stack.enter_context(_runner(jobs, total))
        for summary, fetch in run(calls):
            fault = first_of(
                found
                for found in (merge.take(summary), *checks.take(summary, fetch, merge.counters))
                if found is not None
            )
            if said is not None:
                said.take(summary)
            size += summary.bytes
            progress(merge.tree.size, total)
            if fault is not None:
                break
        if fault is None:
            fault = merge.end()
        if fault is None:
            if snapshot is not None:
                fault = _tables(snapshot, merge, said)
            elif merge.tree.root().hex() != manifest.root_hash:
                fault = Fault(code="root-hash", position=None, file="manifest.json")
        if fault is None and snapshot is not None and bodies is not None:
            missing, fault = _keys(snapshot, merge, bodies)
    return _verdict(
        merge,
        size,
        fault,
        checks,
        releases=None if releases is None else merge.releases,
        bodies=None if bodies is None else checks.opened,
        contents=None if bodies is None or snapshot is None else checks.contents,
        rows=None if said is None else said.compared,
        keys_missing=missing,
    )


def _verdict(
    merge: Merge, size: int, fault: Fault | None, checks: Checks | None, **counts: int | None
) -> Verdict:
    stored = checks is not None and checks.snapshot is not None
    nothing: dict[str, int | None] = dict.fromkeys(("releases", "bodies", "contents", "rows", "keys_missing"))
    return Verdict(
        fault=fault,
        entries=merge.tree.size,
        bytes=size,
        root_hash=None if fault else merge.tree.root().hex(),
        steps=merge.steps,
        subjects=len(merge.counters),
        documents=checks.documents if checks and stored else None,
        attachments=checks.files if checks and stored and checks.attachments is not None else None,
        **(nothing | counts),
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


Run = Callable[[Iterator[Call]], Iterator[tuple[Summary, Fetch]]]


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


def _ahead(pool: ProcessPoolExecutor, calls: Iterator[Call], most: int) -> Iterator[tuple[Summary, Fetch]]:
    waiting: deque[tuple[Future[Summary], Fetch]] = deque()
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


def _tables(snapshot: Snapshot, merge: Merge, tables: Beside | None) -> Fault | None:
    """The tables beside the log end where it ends, and say what it says."""
    return _ends(snapshot, merge) or (tables.judge(snapshot) if tables is not None else None)


def _keys(snapshot: Snapshot, merge: Merge, bodies: Bodies) -> tuple[int, Fault | None]:
    """How many keys are gone that the log still counts on, and the first entry that names one.

    No event says that a citizen's key was destroyed: whatever is gone, is gone without one.
    """
    destroyed, unreachable = bodies.destroyed(merge.counters), bodies.unreachable - merge.shut
    if not (destroyed or unreachable):
        return 0, None

    def concerned(recorded: Recorded) -> bool:
        if any(subject.key_id in destroyed for subject in recorded.header.subjects):
            return True
        attached = (one.id for one in getattr(recorded.event, "attachments", ()))
        return any(one in unreachable for one in (getattr(recorded.event, "document_id", None), *attached))

    first = next(recorded.header.position for recorded in snapshot.events() if concerned(recorded))
    return len(destroyed) + len(unreachable), Fault(code="keys-missing", position=first)
