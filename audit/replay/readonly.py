"""A log that is read beside a running server, and that reading leaves as it was.

`audit.database.sqlite` makes a database that is not there and keeps a writer; an auditor's
command must do neither. Nothing is written: `query_only` refuses it.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from audit.database.port import Rows
from audit.database.sqlite import BUSY_TIMEOUT_SECONDS, SqliteRows

T = TypeVar("T")


class NoStore(Exception):
    """There is no store where one was looked for."""


class ReadOnly(Exception):
    """Something tried to write through a connection that only reads."""


class ReadOnlySqlite:
    """A SQLite file opened for reading. Satisfies `audit.database.port.Database`."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        """Open an existing file. Raises NoStore."""
        if not path.is_file():
            raise NoStore("no log is stored in this folder")
        self._address = f"{path.resolve().as_uri()}?{_mode(path)}"
        self._connect().close()

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self._address, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_SECONDS
            )
            connection.execute("PRAGMA query_only=ON")
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.Error:
            raise NoStore("the log's file cannot be read as a database") from None
        return connection

    @contextmanager
    def read(self) -> Iterator[Rows]:
        """A consistent snapshot, on a connection of its own."""
        connection = self._connect()
        try:
            cursor = connection.cursor()
            cursor.execute("BEGIN")
            yield SqliteRows(cursor)
        finally:
            connection.close()

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement."""
        with self.read() as rows:
            return rows.execute(sql, parameters).fetchall()

    def write(self, work: Callable[[Rows], T], *, durable: bool = True) -> T:
        """Never. Raises ReadOnly."""
        raise ReadOnly("this connection only reads")

    def close(self) -> None:
        """Nothing is held open between readings."""


def _mode(path: Path) -> str:
    """How to open the file so that the folder is afterwards as it was.

    With `mode=rw` SQLite takes its own `-wal` and `-shm` files away again; with `mode=ro` they
    stay. Where nobody may write (a copy on a read-only disk), there is nobody to share with.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "mode=rw"
    waiting = path.with_name(f"{path.name}-wal")
    return "mode=ro" if waiting.exists() and waiting.stat().st_size else "mode=ro&immutable=1"
