"""Real stores for tests: log and vault on SQLite files or in schemas of a real PostgreSQL."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from audit.database.port import Database
from audit.database.postgres import PostgresDatabase
from audit.database.sqlite import SqliteDatabase
from audit.log.application import EventLog
from audit.log.recorder import InTransaction, Recorder
from audit.vault.vault import Vault
from domain.events.model import Decided, Facts
from workflows.ports.clock import Clock, Ids
from workflows.ports.log import Actor, Append, NewEvent
from workflows.ports.vault import BodyKeys, Person

EPOCH_KEY = bytes(range(32))
SOFTWARE = "0.1.0+test"
RULES = "0" * 64
START = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)

REGION = "1085"
MUNICIPALITY = "0370"


class FrozenClock:
    """A clock that stands still until it is told otherwise; it may also be turned back."""

    def __init__(self, moment: datetime = START) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Turn the clock."""
        self._moment = moment

    def advance(self, **by: float) -> None:
        """Move by a timedelta's arguments; negative turns it back."""
        self._moment += timedelta(**by)


class RandomIds:
    """Ids and key material as in production."""

    def uuid(self) -> UUID:
        """A random UUID."""
        return uuid4()

    def random_bytes(self, length: int) -> bytes:
        """Unpredictable bytes."""
        return os.urandom(length)


class FixedIds:
    """The same ids and bytes each time, for golden files. Never outside tests."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0
        self._lock = Lock()

    def random_bytes(self, length: int) -> bytes:
        """The next bytes of the seed's own sequence (at most 32)."""
        with self._lock:
            self._count += 1
            count = self._count
        return sha256(f"{self._seed}:{count}".encode()).digest()[:length]

    def uuid(self) -> UUID:
        """The next UUID of the seed's own sequence."""
        return UUID(bytes=self.random_bytes(16), version=4)


@dataclass
class Store:
    """A log and a vault on databases of their own, with the clock and ids that drive them."""

    kind: str
    clock: FrozenClock
    ids: Ids
    log_database: Database
    vault_database: Database
    log: EventLog
    vault: Vault
    connect: Callable[[], tuple[Database, Database]]
    place: Any
    """For workers in other processes: how `open_databases` finds the same store."""
    opened: list[Database] = field(default_factory=list)

    @property
    def recorder(self) -> Recorder:
        """The recorder under the log."""
        recorder = self.log.recorder
        assert isinstance(recorder, Recorder)
        return recorder

    def another(self) -> tuple[EventLog, Vault]:
        """A second server process's view: its own connections to the same databases."""
        if self.kind == "sqlite":
            raise AssertionError("one server process on SQLite")
        log_database, vault_database = self.connect()
        self.opened += [log_database, vault_database]
        vault = Vault(vault_database, EPOCH_KEY)
        vault.unlock()
        return make_log(log_database, self.clock, self.ids), vault

    def close(self) -> None:
        """Let go of every connection."""
        for database in (*self.opened, self.log_database, self.vault_database):
            database.close()


def make_log(
    database: Database, clock: Clock, ids: Ids, in_transaction: InTransaction = lambda rows, recorded: None
) -> EventLog:
    """A log over a database that has been migrated."""
    return EventLog(
        Recorder(
            database,
            clock=clock,
            ids=ids,
            software=SOFTWARE,
            rules=RULES,
            in_transaction=in_transaction,
        )
    )


def open_databases(place: Any) -> tuple[Database, Database]:
    """Open the two databases of a store by its (picklable) place."""
    if isinstance(place, Path):
        return SqliteDatabase(place / "log.sqlite"), SqliteDatabase(place / "vault.sqlite")
    log_dsn, vault_dsn, schema = place
    return PostgresDatabase(log_dsn, f"{schema}_log"), PostgresDatabase(vault_dsn, f"{schema}_vault")


def make_store(
    kind: str,
    place: Any,
    clock: FrozenClock | None = None,
    ids: Ids | None = None,
    in_transaction: InTransaction = lambda rows, recorded: None,
) -> Store:
    """Open and migrate a fresh store."""
    clock = clock or FrozenClock()
    ids = ids or RandomIds()
    log_database, vault_database = open_databases(place)
    log = make_log(log_database, clock, ids, in_transaction)
    recorder = log.recorder
    assert isinstance(recorder, Recorder)
    recorder.migrate()
    vault = Vault(vault_database, EPOCH_KEY)
    vault.migrate()
    return Store(
        kind=kind,
        clock=clock,
        ids=ids,
        log_database=log_database,
        vault_database=vault_database,
        log=log,
        vault=vault,
        connect=lambda: open_databases(place),
        place=place,
    )


def create_schemas(dsn: str, schema: str) -> tuple[str, str, str]:
    """Two schemas, each owned by a role of its own that cannot see into the other.

    Returns the place for `make_store`: the log's DSN, the vault's DSN, and the schemas' stem.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        for part in ("log", "vault"):
            name = sql.Identifier(f"{schema}_{part}")
            word = sql.Literal(schema)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, word))
            connection.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(name, name))
    log_dsn, vault_dsn = (
        make_conninfo(dsn, user=f"{schema}_{part}", password=schema) for part in ("log", "vault")
    )
    return log_dsn, vault_dsn, schema


def drop_schemas(dsn: str, schema: str) -> None:
    """Remove what `create_schemas` made."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for part in ("log", "vault"):
            name = sql.Identifier(f"{schema}_{part}")
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))
            connection.execute(sql.SQL("DROP ROLE {}").format(name))


def person(number: str = "7001014321") -> Person:
    """A citizen by an impossible number (day + 60)."""
    return Person(lookup=f"CPR:{number}", sealed=b'{"type":"CPR","value":"' + number.encode() + b'"}')


def actor(authority: str = REGION, role: str = "clinician") -> Actor:
    """Somebody who acts."""
    return Actor(id=uuid4(), role=role, unit="ambulatorium-1", authority=authority)


def new_event(
    event: Facts,
    *,
    stream: UUID | None = None,
    expected_version: int | None = None,
    subjects: Iterable[str] = (),
    keys: BodyKeys | None = None,
    body: Any = None,
    occurred_at: str | None = None,
    controller: str = REGION,
) -> NewEvent:
    """An event with a plain envelope."""
    return NewEvent(
        decided=Decided(event=event, body=body, occurred_at=occurred_at),
        stream=stream or uuid4(),
        expected_version=expected_version,
        controller=controller,
        visible_to=(controller,),
        purpose="handover",
        subjects=tuple(subjects),
        keys=keys,
    )


def append(*events: NewEvent, **more: Any) -> Append:
    """What one command writes."""
    return Append(events=events, actor=more.pop("actor", None) or actor(), correlation_id=uuid4(), **more)
