"""What is measured of replay, each as a function (place, entries) -> (entries, seconds)."""

import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from uuid import UUID

from audit.exports.reader import ExportedLog
from audit.log.entry import decode_entry
from audit.replay.bodies import begin
from audit.replay.readonly import ReadOnlySqlite
from audit.replay.replay import LogReplay, replay
from audit.replay.source import StoredLog
from audit.replay.verify import verify
from domain.handover.fold import fold
from domain.handover.state import Handover
from tests.bench.server import BenchError
from tests.bench.store import AUDITOR, open_store

_PAGE = 2000


def _entries(store: Path, until: int, half: int | None) -> Iterator[bytes]:
    """Stored entries by position; `half` 0 or 1 takes the streams whose id begins low or high."""
    connection = sqlite3.connect(f"file:{store / 'log.db'}?mode=ro", uri=True)
    where = "" if half is None else f" AND originator_id {'<' if half == 0 else '>='} '8'"
    try:
        after = -1
        while found := connection.execute(
            f"SELECT position, state FROM stored_events WHERE position > ? AND position < ?{where}"
            " ORDER BY position LIMIT ?",
            (after, until, _PAGE),
        ).fetchall():
            after = found[-1][0]
            for _, entry in found:
                yield entry
    finally:
        connection.close()


def _fold(store: Path, until: int, half: int | None) -> int:
    """Read header and facts and fold every handover; a state is let go once it is acknowledged."""
    states: dict[UUID, Handover] = {}
    entries = 0
    for entry in _entries(store, until, half):
        recorded = decode_entry(entry)
        entries += 1
        stream = recorded.header.stream
        state = fold(states.get(stream), (recorded,))
        if state is None or state.status == "acknowledged":
            states.pop(stream, None)
        else:
            states[stream] = state
    return entries


def _ready(_: int) -> None:
    time.sleep(0.2)  # so that each process takes one


def fold_one(store: Path, until: int) -> tuple[int, float]:
    """States on one core."""
    started = time.perf_counter()
    return _fold(store, until, None), time.perf_counter() - started


def fold_two(store: Path, until: int) -> tuple[int, float]:
    """States on two cores, half of the streams each."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_ready, range(2)))  # their start is not replay
        started = time.perf_counter()
        entries = sum(pool.map(_fold, (store, store), (until, until), (0, 1)))
        return entries, time.perf_counter() - started


def audit_replay(store: Path, until: int) -> tuple[int, float]:
    """`overgang audit replay`: states, conformance to the workflow version, rights."""
    database = ReadOnlySqlite(store / "log.db")
    try:
        with StoredLog(database).snapshot() as snapshot:
            started = time.perf_counter()
            found = replay(snapshot, at_index=until - 1)
            took = time.perf_counter() - started
    finally:
        database.close()
    if not isinstance(found, LogReplay) or found.rights_violations or found.breaches:
        raise BenchError("the replay found a breach in a log made by the real handlers")
    return until, took


def bodies(store: Path, until: int) -> tuple[int, float]:
    """`overgang audit verify --data … ` with bodies: each released, decrypted and decoded."""
    overgang = open_store(store)
    try:
        means = begin(overgang.log, until, overgang.vault, AUDITOR, overgang.ids)
        started = time.perf_counter()
        entries = 0
        for page in _pages(_entries(store, until, None)):
            means.release(page)
            for entry in page:
                if not means(entry) or means.forgotten:
                    raise BenchError("a body did not open")
                entries += 1
        return entries, time.perf_counter() - started
    finally:
        overgang.close()


def _pages(entries: Iterator[bytes]) -> Iterator[list[bytes]]:
    page: list[bytes] = []
    for entry in entries:
        page.append(entry)
        if len(page) == _PAGE:
            yield page
            page = []
    yield page


def verified_with_bodies(store: Path, until: int) -> tuple[int, float]:
    """The whole verification of a stored log with its bodies, on as many processes as cores."""
    overgang = open_store(store)
    try:
        length = overgang.log.length()
        means = begin(overgang.log, length, overgang.vault, AUDITOR, overgang.ids)
        started = time.perf_counter()
        verdict = verify(StoredLog(overgang.database), bodies=means)
        took = time.perf_counter() - started
    finally:
        overgang.close()
    if not verdict.holds or not verdict.bodies or means.forgotten:
        raise BenchError("the log does not hold")
    return verdict.entries, took


def verified_export(out: Path, _: int) -> tuple[int, float]:
    """`overgang audit verify OUT`, on as many processes as cores."""
    source = ExportedLog(out)
    started = time.perf_counter()
    verdict = verify(source)
    took = time.perf_counter() - started
    if not verdict.holds:
        raise BenchError("the export does not hold")
    return verdict.entries, took
