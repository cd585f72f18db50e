"""Rates of replay: states from header and facts, bodies opened, an exported log verified.

By hand: `python -m tests.bench.replay --help`. A log is made once, by real handovers (each submitted,
opened and acknowledged). Every measurement runs in a fresh process on a quarter of the log and on all of
it, so that a peak that grows with the log shows; the log has been read once before (warm).
"""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from audit.exports.export import ExportAbout, export
from audit.replay.readonly import ReadOnlySqlite
from audit.replay.source import StoredLog
from tests.bench import replays
from tests.bench.contender import work_folder
from tests.bench.memory import peak_rss_mib
from tests.bench.report import machine, table
from tests.bench.server import BenchError
from tests.bench.store import fill

EVENTS_PER_HANDOVER = 7


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
            ("states from header and facts, one core", replays.fold_one, 1, None, False),
            ("states from header and facts", replays.fold_two, 2, None, False),
            ("audit replay (states, conformance, rights)", replays.audit_replay, 1, 150_000, False),
            ("bodies decrypted and decoded", replays.bodies, 1, 80_000, False),
            ("stored log verified, bodies opened", replays.verified_with_bodies, cores, 80_000, False),
            ("exported log verified", replays.verified_export, cores, 400_000, True),
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


def text(found: list[Pace], part: str = "replay") -> str:
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
    return table([part, "entries", "cores", "events/s", "target", "MiB at 1/4", "MiB"], rows)


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
