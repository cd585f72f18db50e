"""SQLite: WAL, `synchronous=FULL`, one writer thread with group commit, a pool of read connections.

The writer takes what waits, runs each piece of work under a savepoint in one `BEGIN IMMEDIATE`
transaction and commits once: under load several commands share one fsync, and a failing one
takes only its own savepoint back. Nobody gets an answer before the commit has returned.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from audit.database.port import Rows

T = TypeVar("T")

MAX_GROUP = 64
"""At most this many pieces of work share one commit."""

BUSY_TIMEOUT_SECONDS = 30.0

# `secure_delete`: a destroyed key is overwritten in its page, not only unlinked.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "trusted_schema=OFF",
)


class DatabaseClosed(Exception):
    """The database was closed while work was waiting."""


class SqliteRows:
    """A thin cursor with the port's methods."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        """Run one statement."""
        self._cursor.execute(sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Rows:
        """Run one statement for each row of parameters."""
        self._cursor.executemany(sql, parameters)
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""
        row: tuple[Any, ...] | None = self._cursor.fetchone()
        return row

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        return self._cursor.fetchall()


_Job = tuple[Callable[[Rows], Any], "Future[Any]"]


class SqliteDatabase:
    """One SQLite file with one writer."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        # A pool, not a connection a thread: worker threads of a server come and go, and each
        # would leave its connection behind.
        self._idle: list[sqlite3.Connection] = []
        self._gate = threading.Lock()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed = False
        self._writer = self._connect()
        self._thread = threading.Thread(target=self._run, name=f"writer-{path.name}", daemon=True)
        self._thread.start()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_TIMEOUT_SECONDS,
            cached_statements=256,
        )
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    @contextmanager
    def read(self) -> Iterator[Rows]:
        """A consistent snapshot for reading, on a connection of its own."""
        connection = self._reader()
        cursor = connection.cursor()
        try:
            cursor.execute("BEGIN")
            yield SqliteRows(cursor)
        finally:
            if connection.in_transaction:
                cursor.execute("COMMIT")
            cursor.close()
            self._put_back(connection)

    def _reader(self) -> sqlite3.Connection:
        with self._gate:
            if self._closed:
                raise DatabaseClosed("the database is closed")
            if self._idle:
                return self._idle.pop()
        connection = self._connect()
        connection.execute("PRAGMA query_only=ON")
        return connection

    def _put_back(self, connection: sqlite3.Connection) -> None:
        with self._gate:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def write(self, work: Callable[[Rows], T]) -> T:
        """Run `work` on the writer thread; returns after the commit is on disk."""
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise DatabaseClosed("the database is closed")
            self._jobs.put((work, future))
        return future.result()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            group: list[_Job] = [job]
            stop = False
            while len(group) < MAX_GROUP and not self._jobs.empty():
                following = self._jobs.get()
                if following is None:
                    stop = True
                    break
                group.append(following)
            self._commit(group)
            if stop:
                break

    def _commit(self, group: list[_Job]) -> None:
        done: list[tuple[Future[Any], Any]] = []
        failed: list[tuple[Future[Any], BaseException]] = []
        cursor = self._writer.cursor()
        rows = SqliteRows(cursor)
        try:
            cursor.execute("BEGIN IMMEDIATE")
            for work, future in group:
                cursor.execute("SAVEPOINT work")
                try:
                    done.append((future, work(rows)))
                except BaseException as fault:  # noqa: BLE001 - whoever waits gets it
                    cursor.execute("ROLLBACK TO work")
                    failed.append((future, fault))
                cursor.execute("RELEASE work")
            cursor.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            if self._writer.in_transaction:
                self._writer.rollback()
            for _, future in group:
                future.set_exception(error)
            return
        finally:
            cursor.close()
        for future, result in done:
            future.set_result(result)
        for future, refusal in failed:
            future.set_exception(refusal)

    def close(self) -> None:
        """Finish what waits, then close every connection."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            # Under the gate, so that no work can be queued behind the end mark.
            self._jobs.put(None)
            idle, self._idle = self._idle, []
        self._thread.join()
        self._writer.close()
        for connection in idle:
            connection.close()
