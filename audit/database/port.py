"""What the log, the vault and the views need from a database, in portable SQL.

SQL is written once with `?` and with the type names of `TYPES`; each adapter translates. All
writing goes through `write`, which runs the work in one transaction and commits it, durably unless
it is told that the log can give it again, before it returns.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

_INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX IF NOT EXISTS (\w+) ")

_SQLITE = {"{blob}": "BLOB", "{position}": "INTEGER", "{keyed}": " WITHOUT ROWID"}
_POSTGRESQL = {"{blob}": "BYTEA", "{position}": "BIGINT", "{keyed}": ""}


class Rows(Protocol):
    """A cursor."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Rows":
        """Run one statement."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> "Rows":
        """Run one statement for each row of parameters."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""


class Database(Protocol):
    """A database with durable commits."""

    dialect: str
    """`sqlite` or `postgresql`."""

    def read(self) -> AbstractContextManager[Rows]:
        """A consistent snapshot for reading."""

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement, which is a snapshot by itself and needs no transaction around it."""

    def write(self, work: Callable[[Rows], T], *, durable: bool = True) -> T:
        """Run `work` in one transaction and commit it; roll back when it raises.

        `durable=False` is for what the log gives again (positions of followers, rows of views) or bears
        out by itself (releases): it is atomic and in order, survives a killed process, but the newest
        of it may be gone after a loss of power. It never comes to disk before what committed earlier.
        """

    def close(self) -> None:
        """Let go of all connections."""


def create(rows: Rows, dialect: str, statements: Iterable[str]) -> None:
    """Create tables from portable statements, one process at a time.

    `{blob}` is the type of bytes, `{position}` of a dense number that is a primary key, `{keyed}`
    ends a table whose rows stand in the order of its key: SQLite then writes one page where a
    table and the index of its key would be two. On PostgreSQL an index that is there is left alone
    before it is asked for: `IF NOT EXISTS` locks its table all the same, and a server that starts
    beside others would end in a deadlock with them.
    """
    if dialect == "postgresql":
        rows.execute("SELECT pg_advisory_xact_lock(7203546491)")
    words = _POSTGRESQL if dialect == "postgresql" else _SQLITE
    for statement in statements:
        if dialect == "postgresql" and _stands(rows, statement):
            continue
        for word, meaning in words.items():
            statement = statement.replace(word, meaning)
        rows.execute(statement)


def _stands(rows: Rows, statement: str) -> bool:
    """Whether the index that a statement would make is there already."""
    index = _INDEX.match(statement)
    return index is not None and rows.execute("SELECT to_regclass(?)", (index[1],)).fetchone() != (None,)
