"""Rates of replay: states from header and facts, bodies opened, an exported log verified.

By hand: `python -m tests.bench.replay --help`. A log is made once, by real handovers (each submitted,
opened and acknowledged). Every measurement runs in a fresh process on a quarter of the log and on all of
it, so that a peak that grows with the log shows; the log has been read once before (warm).
"""

import argparse
import multiprocessing
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

import msgspec

from audit.exports.export import ExportAbout, export
from audit.exports.reader import ExportedLog
from audit.log.entry import decode_entry
from audit.replay.bodies import begin
from audit.replay.readonly import ReadOnlySqlite
from audit.replay.replay import replay
from audit.replay.source import StoredLog
from audit.replay.verify import verify
from domain.handover.state import Handover, fold
from tests.bench.contender import work_folder
from tests.bench.memory import peak_rss_mib
from tests.bench.report import machine, table
from tests.bench.server import BenchError
from tests.bench.store import AUDITOR, fill, open_store

EVENTS_PER_HANDOVER = 7
_PAGE = 2000


@dataclass(frozen=True)
class Pace:
    """One measurement: what, over how many entries, on how many processes, and the peaks of memory.

    `peak_mib` is the measuring process's, `peak_quarter_mib` the same on a quarter of the log.
    """

    what: str
    entries: int
    processes: int
    seconds: float
    per_second: float
    peak_mib: float
    peak_quarter_mib: float
    target: int | None


@dataclass(frozen=True)
class Run:
    """What a measuring process reports."""

    entries: int
    seconds: float
    peak_mib: float


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
    if found.rights_violations or getattr(found, "breaches", 0):
        raise BenchError("the replay found a breach in a log made by the real handlers")
    return until, took


def bodies(store: Path, until: int) -> tuple[int, float]:
    """`overgang audit verify --data … ` with bodies: each released, decrypted and decoded."""
    overgang = open_store(store)
    try:
        means = begin(overgang.log, until, overgang.vault, AUDITOR, overgang.ids)
        started = time.perf_counter()
        opened = 0
        for page in _pages(_entries(store, until, None)):
            means.release(page)
            for entry in page:
                if not means(decode_entry(entry)):
                    raise BenchError("a body did not open")
                opened += 1
        return opened, time.perf_counter() - started
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
    if not verdict.holds or not verdict.bodies:
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


Measured = Callable[[Path, int], tuple[int, float]]


def _child(measured: Measured, place: Path, until: int, report: Connection) -> None:
    try:
        entries, seconds = measured(place, until)
        report.send(Run(entries, seconds, peak_rss_mib(os.getpid())))
    except BenchError as fault:
        report.send(str(fault))
    report.close()


def apart(measured: Measured, place: Path, until: int) -> Run:
    """Run in a fresh process, so that its peak is its own. Raises BenchError."""
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_child, args=(measured, place, until, sender))
    process.start()
    sender.close()
    try:
        found = receiver.recv()
    except EOFError:
        found = "a measuring process died"
    process.join()
    if isinstance(found, str):
        raise BenchError(found)
    run: Run = found
    return run


def _export(store: Path, out: Path) -> int:
    database = ReadOnlySqlite(store / "log.db")
    try:
        about = ExportAbout(software="overgang/bench", rules="0" * 64, created=datetime.now(UTC))
        return export(StoredLog(database), out, about).count
    finally:
        database.close()


def run(parent: Path | None, *, handovers: int) -> list[Pace]:
    """Make the log and a quarter of it, then measure."""
    cores = os.cpu_count() or 1
    with work_folder(parent) as folder:
        stores = []
        for part in (handovers // 4, handovers):
            store = folder / f"store-{part}"
            store.mkdir()
            fill(store, part)
            exported = folder / f"export-{part}"
            stores.append((store, exported, _export(store, exported)))
        jobs: list[tuple[str, Measured, int, int | None, bool]] = [
            ("states from header and facts, one core", fold_one, 1, None, False),
            ("states from header and facts", fold_two, 2, None, False),
            ("audit replay (states, conformance, rights)", audit_replay, 1, 150_000, False),
            ("bodies decrypted and decoded", bodies, 1, 80_000, False),
            ("stored log verified, bodies opened", verified_with_bodies, cores, 80_000, False),
            ("exported log verified", verified_export, cores, 400_000, True),
        ]
        found = []
        for what, measured, processes, target, of_export in jobs:
            quarter, whole = [
                apart(measured, exported if of_export else store, length)
                for store, exported, length in stores
            ]
            found.append(
                Pace(
                    what=what,
                    entries=whole.entries,
                    processes=processes,
                    seconds=whole.seconds,
                    per_second=whole.entries / whole.seconds,
                    peak_mib=whole.peak_mib,
                    peak_quarter_mib=quarter.peak_mib,
                    target=target,
                )
            )
    return found


def text(found: list[Pace]) -> str:
    """The table a person reads."""
    rows = [
        [
            one.what,
            str(one.entries),
            str(one.processes),
            f"{one.per_second:,.0f}",
            f"{one.target:,}" if one.target else "",
            f"{one.peak_quarter_mib:.0f}",
            f"{one.peak_mib:.0f}",
        ]
        for one in found
    ]
    return table(["replay", "entries", "cores", "events/s", "target", "MiB at 1/4", "MiB"], rows)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="replay and verification of a log made by real handovers")
    parser.add_argument("--dir", type=Path, help="a folder on the disk to measure (else the temporary one)")
    parser.add_argument("--handovers", type=int, default=12_000, help=f"{EVENTS_PER_HANDOVER} events each")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        found = run(arguments.dir, handovers=arguments.handovers)
    except BenchError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    if arguments.json:
        print(msgspec.json.encode({"machine": machine(), "replay": [asdict(one) for one in found]}).decode())
    else:
        print(text(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
