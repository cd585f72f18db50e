"""What the log, the vault and the views need from a database, in portable SQL.

SQL is written once with `?` and with the type names of `TYPES`; each adapter translates. All
writing goes through `write`, which runs the work in one transaction and commits durably before
it returns.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

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

    def write(self, work: Callable[[Rows], T]) -> T:
        """Run `work` in one transaction and commit it; roll back when it raises."""

    def close(self) -> None:
        """Let go of all connections."""


def create(rows: Rows, dialect: str, statements: Iterable[str]) -> None:
    """Create tables from portable statements, one process at a time.

    `{blob}` is the type of bytes, `{position}` of a dense number that is a primary key, `{keyed}`
    ends a table whose rows stand in the order of its key: SQLite then writes one page where a
    table and the index of its key would be two.
    """
    if dialect == "postgresql":
        rows.execute("SELECT pg_advisory_xact_lock(7203546491)")
    words = _POSTGRESQL if dialect == "postgresql" else _SQLITE
    for statement in statements:
        for word, meaning in words.items():
            statement = statement.replace(word, meaning)
        rows.execute(statement)
