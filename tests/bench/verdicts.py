"""Verdicts of every right on every case of a log, from header and facts alone.

By hand: `python -m tests.bench.verdicts --help`. A log is made once, of cases with lanes of rights
(`tests.bench.lanes`). Each measurement runs in a fresh process on a quarter of the log and on all of it, so
that a peak that grows with the log shows. The verdicts must find the breaches that the log was made with, and
no others.
"""

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from audit.replay.readonly import ReadOnlySqlite
from audit.replay.source import StoredLog
from audit.verdicts.cases import Places, judged
from audit.verdicts.rights import Rights, ask
from audit.verdicts.rows import Row, Summary
from domain.events.instant import to_instant
from domain.rights.verdict import State
from tests.bench import lanes
from tests.bench.contender import work_folder
from tests.bench.replay import Measured, Pace, apart, text
from tests.bench.report import machine
from tests.bench.server import BenchError

TARGET = 150_000
EVENTS_PER_CASE = 27
BREACH = "hearing"


def _wrong(rows: tuple[Row, ...]) -> int:
    """How many rights were broken; any other than the one that the log was made with is a fault."""
    broken = [one.rule for one in rows if one.state is State.VIOLATED]
    if any(rule != BREACH for rule in broken):
        raise BenchError(f"found a breach that is not in the log: {broken}")
    return len(broken)


def _now() -> str:
    return to_instant(datetime.now(UTC))


def _judge(store: Path, until: int, half: int | None) -> tuple[int, int]:
    """Judge every case, or those whose id begins low (0) or high (1); returns cases and breaches."""
    as_of = _now()
    database, cases, broken = ReadOnlySqlite(store / "log.db"), 0, 0
    try:
        with StoredLog(database).snapshot() as log:
            places = Places(lambda stream: log.stream(stream, until - 1), as_of)
            for _, handover in log.cases(until=until - 1):
                if half is None or _half(handover) == half:
                    found = judged(
                        lambda stream: log.stream(stream, until - 1),
                        handover,
                        places,
                        at_index=until - 1,
                        as_of=as_of,
                    )
                    cases, broken = cases + 1, broken + _wrong(found.rows)
    finally:
        database.close()
    return cases, broken


def _half(handover: UUID) -> int:
    return handover.int >> 127


def _checked(cases: int, broken: int, until: int, took: float) -> tuple[int, float]:
    if abs(broken - (cases - 1) / lanes.BROKEN_EVERY) >= 1:
        raise BenchError(f"found {broken} breaches in {cases} cases")
    return until, took


def on_one_core(store: Path, until: int) -> tuple[int, float]:
    """Verdicts of all cases, one after the other."""
    started = time.perf_counter()
    cases, broken = _judge(store, until, None)
    return _checked(cases, broken, until, time.perf_counter() - started)


def _ready(_: int) -> None:
    time.sleep(0.2)  # so that each process takes one


def on_two_cores(store: Path, until: int) -> tuple[int, float]:
    """The same on two processes, half of the cases each."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_ready, range(2)))  # their start is not measured
        started = time.perf_counter()
        found = list(pool.map(_judge, (store, store), (until, until), (0, 1)))
        took = time.perf_counter() - started
    return _checked(sum(one[0] for one in found), sum(one[1] for one in found), until, took)


def whole_answer(store: Path, until: int) -> tuple[int, float]:
    """`overgang audit rights`: the verdicts and what each entry shows by itself, summed."""
    database, counts = ReadOnlySqlite(store / "log.db"), Summary()
    try:
        with StoredLog(database).snapshot() as log:
            started = time.perf_counter()
            for case in Rights(log, ask(log, _now())).cases():
                counts.take(case.rows)
            took = time.perf_counter() - started
    finally:
        database.close()
    if {rule for rule, states in counts.by_rule.items() if State.VIOLATED in states} != {BREACH}:
        raise BenchError("the answer has other breaches than the log")
    return until, took


JOBS: list[tuple[str, Measured, int, int | None]] = [
    ("verdicts, one core", on_one_core, 1, None),
    ("verdicts", on_two_cores, 2, TARGET),
    ("audit rights (verdicts, checks of entries)", whole_answer, 1, None),
]


def run(parent: Path | None, *, events: int) -> list[Pace]:
    """Make the log and a quarter of it, then measure."""
    with work_folder(parent) as folder:
        stores = []
        for part in (events // 4, events):
            store = folder / f"store-{part}"
            store.mkdir()
            stores.append((store, lanes.fill(store, part // EVENTS_PER_CASE)))
        found = []
        for what, measured, processes, target in JOBS:
            quarter, whole = [apart(measured, store, length) for store, length in stores]
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


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="verdicts of every right over a log of many cases")
    parser.add_argument("--dir", type=Path, help="a folder on the disk to measure (else the temporary one)")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        found = run(arguments.dir, events=arguments.events)
    except BenchError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    if arguments.json:
        shown = {"machine": machine(), "verdicts": [asdict(one) for one in found]}
        print(msgspec.json.encode(shown).decode())
    else:
        print(text(found, "verdicts"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
