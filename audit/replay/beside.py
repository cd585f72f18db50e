"""The tables that commit with the log, judged against a fold of it: mailbox view, repeats, claims.

Whoever can write in the database but not forge an entry might still hide a case from its mailbox,
have a create carried out twice, or free a code that is taken. The log's word is folded into a
temporary database on disk, so that memory does not grow with the log.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

from audit.database.port import create
from audit.database.sqlite import SqliteRows
from audit.projector.table import apply, table_of, table_statement
from audit.replay.examine import Summary
from audit.replay.faults import Fault
from audit.replay.source import PAGE, Snapshot
from domain.due.events import DeadlineWarned
from domain.events.model import Facts
from domain.handover import events as h
from domain.register import events as r
from domain.register.mailbox_events import MainMailboxProposed
from workflows.views.worklist import WORKLIST

_STORED = "_stored"
_TABLES = (
    "CREATE TABLE header (id TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE repeat (id TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID",
    ("CREATE TABLE implied (claim TEXT NOT NULL, stream TEXT NOT NULL, position INTEGER NOT NULL,"
    " PRIMARY KEY (claim, stream)) WITHOUT ROWID"),
    "CREATE TABLE claim (claim TEXT PRIMARY KEY, stream TEXT NOT NULL) WITHOUT ROWID",
)  # fmt: skip


def _submitted(event: Any) -> Iterator[str]:
    yield from (f"attachment:{attachment.id}" for attachment in event.attachments)
    if event.medcom_message is not None:
        yield f"medcom-message:{event.medcom_message}"


def _unit(event: Any) -> Iterator[str]:
    yield f"unit:{event.unit}"
    yield from (f"{kind}:{code}" for kind, code in (("sor", event.sor), ("gln", event.gln)) if code)


CLAIMS: Mapping[type[Facts], Callable[[Any], Iterable[str]]] = {
    h.HandoverSubmitted: _submitted,
    h.LeadAlerted: lambda event: [f"alert:{event.about_position}"],
    r.AuthorityRegistered: lambda event: [f"authority:{event.authority}"],
    r.UnitRegistered: _unit,
    r.MainMailboxRegistered: lambda event: [f"mailbox:{event.mailbox}"],
    DeadlineWarned: lambda event: [event.claim],
    MainMailboxProposed: lambda event: [f"mailbox:{event.mailbox}"],
}
"""Event -> the claims that its stream must hold."""

TOPICS = tuple(sorted({event.NAME for event in (*WORKLIST.appliers, *CLAIMS)}))


class Beside:
    """What the log says that the tables beside it must say."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows = SqliteRows(connection.cursor())
        self.compared = 0
        for statement in _TABLES:
            self._rows.execute(statement)
        create(self._rows, "sqlite", [table_statement(WORKLIST), table_statement(WORKLIST, _STORED)])

    def take(self, summary: Summary) -> None:
        """The idempotency ids of a run's headers, in the order of the runs."""
        self._rows.executemany(
            "INSERT OR IGNORE INTO header VALUES (?, ?)",
            [(one, summary.first + offset) for one, offset in summary.idempotent.items()],
        )

    def judge(self, snapshot: Snapshot) -> Fault | None:
        """The first table that says otherwise. The entries themselves must have been found in order."""
        for page in _pages(snapshot.of_topics(TOPICS)):
            apply(self._rows, WORKLIST, page)
            self._rows.executemany(
                "INSERT OR IGNORE INTO implied VALUES (?, ?, ?)",
                [
                    (claim, str(one.header.stream), one.header.position)
                    for one in page
                    for claim in CLAIMS.get(type(one.event), _nothing)(one.event)
                ],
            )
        columns = ("key", *(column.name for column in WORKLIST.columns))
        self._copy(
            f"{table_of(WORKLIST, _STORED)} ({', '.join(columns)})",
            snapshot.keyed(table_of(WORKLIST), *columns),
        )
        self._copy("repeat", snapshot.keyed("idempotency", "id", "position"))
        self._copy("claim", snapshot.keyed("claim", "claim", "stream"))
        return self._view(", ".join(columns)) or self._repeats() or self._claims()

    def _copy(self, into: str, found: Iterator[tuple[Any, ...]]) -> None:
        for page in _pages(found):
            self._rows.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * len(page[0]))})", page)
            self.compared += len(page)

    def _view(self, columns: str) -> Fault | None:
        """The position is that of the last event of the first case whose row differs."""
        said, stored = table_of(WORKLIST), table_of(WORKLIST, _STORED)
        return self._fault(
            "view-differs",
            f"SELECT said.position FROM (SELECT key FROM (SELECT {columns} FROM {said} EXCEPT"
            f" SELECT {columns} FROM {stored}) UNION SELECT key FROM (SELECT {columns} FROM {stored} EXCEPT"
            f" SELECT {columns} FROM {said})) LEFT JOIN {said} AS said USING (key)",
        )

    def _repeats(self) -> Fault | None:
        return self._fault(
            "idempotency-missing",
            "SELECT header.position FROM header LEFT JOIN repeat USING (id) WHERE repeat.id IS NULL",
        ) or self._fault(
            "idempotency-differs",
            "SELECT repeat.position FROM repeat LEFT JOIN header USING (id)"
            " WHERE header.position IS NOT repeat.position",
        )

    def _claims(self) -> Fault | None:
        """Claims that no event implies are not looked for: they free nothing and hide nothing."""
        return self._fault(
            "claim-missing",
            "SELECT implied.position FROM implied LEFT JOIN claim USING (claim)"
            " WHERE claim.stream IS NOT implied.stream",
        )

    def _fault(self, code: str, positions: str) -> Fault | None:
        found = self._rows.execute(f"{positions} ORDER BY 1 LIMIT 1").fetchone()
        return None if found is None else Fault(code=code, position=found[0])


def _nothing(event: Any) -> tuple[str, ...]:
    return ()


def _pages(found: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(found)
    while page := list(islice(rows, PAGE)):
        yield page


@contextmanager
def beside() -> Iterator[Beside]:
    """An empty comparison, on disk where the system keeps temporary files; gone afterwards."""
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-8000", "temp_store=FILE"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        yield Beside(connection)
    finally:
        connection.close()
