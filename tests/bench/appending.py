"""The two sides of the append comparison: one command on a fresh store, and a bare INSERT."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from audit.database.port import create
from audit.database.sqlite import PRAGMAS
from audit.log.application import EventLog
from audit.projector.table import apply, index_statements, table_statement
from audit.vault.vault import Vault
from domain.events.model import Decided
from domain.handover.events import HandoverDelivered, LabelBody, PersonLabel
from tests.bench.document import impossible_cpr
from tests.bench.store import AUTHORITY, CASEWORKER, CENTRE_UNIT, MUNICIPALITY, UNIT, written
from tests.stores import make_store
from workflows.handlers.envelope import case_event
from workflows.handlers.submit import holder
from workflows.ports.log import Append, Idempotency, Outcome
from workflows.ports.vault import BodyKeys, Person
from workflows.views.worklist import WORKLIST

Work = Callable[[int], None]


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
        mailbox=UUID(int=1, version=4),
        mailbox_version=1,
        receiver_authority=MUNICIPALITY,
        receiver_unit=CENTRE_UNIT,
        sender_authority=AUTHORITY,
        sender_unit=UNIT,
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
def appender(kind: str, place: object) -> Iterator[Appender]:
    """A fresh store with the mailbox view, on `sqlite` or `postgres`, as `tests.stores` places it."""
    store = make_store(kind, place, in_transaction=lambda rows, events: apply(rows, WORKLIST, events))
    try:
        statements = [table_statement(WORKLIST), *index_statements(WORKLIST)]
        store.log_database.write(lambda rows: create(rows, store.log_database.dialect, statements))
        yield Appender(store.log, store.vault)
    finally:
        store.close()


@contextmanager
def bare_sqlite(folder: Path, entry: bytes) -> Iterator[Work]:
    """INSERT and commit, with the log's own pragmas, in a file of its own."""
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
def bare_postgres(dsn: str, entry: bytes) -> Iterator[Work]:
    """INSERT and commit, durable as the log's."""
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=2) as connection:
        connection.execute("SET synchronous_commit = on")
        connection.execute("CREATE TABLE bare (position BIGSERIAL PRIMARY KEY, state BYTEA NOT NULL)")

        def insert(_: int) -> None:
            connection.execute("INSERT INTO bare (state) VALUES (%s)", (entry,))

        yield insert
        connection.execute("DROP TABLE bare")
