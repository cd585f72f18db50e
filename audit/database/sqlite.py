"""SQLite: WAL, `synchronous=FULL`, one writer at a time with group commit, a pool of read connections.

Whoever writes first leads: it takes what waits, runs each piece of work under a savepoint in one
`BEGIN IMMEDIATE` transaction and commits once, then wakes those it served and hands the lead to
the first that waits. Under load several commands share one fsync, and a failing one takes only
its own savepoint back; a command alone pays no change of thread, which costs more than its
statements. Nobody gets an answer before the commit has returned.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
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


class _Job:
    """A piece of work that waits; `wake` is held until it is done, or until it is its turn to lead."""

    __slots__ = ("done", "durable", "fault", "result", "wake", "work")

    def __init__(self, work: Callable[[Rows], Any], durable: bool) -> None:
        self.work = work
        self.durable = durable
        self.wake = threading.Lock()
        self.wake.acquire()
        self.done = False
        self.result: Any = None
        self.fault: BaseException | None = None


class SqliteDatabase:
    """One SQLite file with one writer."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        # A pool, not a connection a thread: worker threads of a server come and go, and each
        # would leave its connection behind.
        self._idle: list[sqlite3.Connection] = []
        self._gate = threading.Lock()
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._led = False
        self._closed = False
        self._writer = self._connect()
        self._durable = True

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

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement."""
        connection = self._reader()
        try:
            return connection.execute(sql, parameters).fetchall()
        finally:
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

    def write(self, work: Callable[[Rows], T], *, durable: bool = True) -> T:
        """Run `work` with nobody else writing; returns after the commit is on disk, if `durable`.

        See `audit.database.port.Database.write`.
        """
        job = _Job(work, durable)
        with self._gate:
            if self._closed:
                raise DatabaseClosed("the database is closed")
            leads = self._enter(job)
        result: T = self._finish(job, leads)
        return result

    def _enter(self, job: _Job) -> bool:
        """Under the gate: lead when nobody does, else join those that wait."""
        if self._led:
            self._jobs.put(job)
            return False
        self._led = True
        return True

    def _finish(self, job: _Job, leads: bool) -> Any:
        if not leads:
            job.wake.acquire()
        if not job.done:
            self._lead(job)
        if job.fault is not None:
            raise job.fault
        return job.result

    def _lead(self, job: _Job) -> None:
        """Commit this work and what waits behind it, wake those it was done for, pass the lead on."""
        group = [job]
        try:
            while len(group) < MAX_GROUP and not self._jobs.empty():
                group.append(self._jobs.get_nowait())
            self._commit(group)
        finally:
            following = None
            with self._gate:
                try:
                    following = self._jobs.get_nowait()
                except Empty:
                    self._led = False
            if following is not None:
                following.wake.release()
            for served in group[1:]:
                served.wake.release()

    def _commit(self, group: list[_Job]) -> None:
        alone = len(group) == 1  # then the transaction itself is what a fault takes back
        cursor = self._writer.cursor()
        rows = SqliteRows(cursor)
        try:
            self._synchronise(any(job.durable for job in group))
            cursor.execute("BEGIN IMMEDIATE")
            if alone:
                group[0].result = group[0].work(rows)
            else:
                for job in group:
                    _under_savepoint(cursor, rows, job)
            cursor.execute("COMMIT")
        except BaseException as error:
            if self._writer.in_transaction:
                self._writer.rollback()
            for job in group:
                job.result, job.fault = None, error
        finally:
            cursor.close()
            for job in group:
                job.done = True

    def _synchronise(self, durable: bool) -> None:
        """Whether the next commit waits for the disk. In WAL mode one that does takes with it all before."""
        if durable is not self._durable:
            self._writer.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._durable = durable

    def close(self) -> None:
        """Finish what waits, then close every connection."""
        last = _Job(lambda rows: None, durable=True)
        with self._gate:
            if self._closed:
                return
            self._closed = True
            # Under the gate, so that no work can be queued behind the last.
            leads = self._enter(last)
            idle, self._idle = self._idle, []
        self._finish(last, leads)
        self._writer.close()
        for connection in idle:
            connection.close()


def _under_savepoint(cursor: sqlite3.Cursor, rows: Rows, job: _Job) -> None:
    """Run one of several pieces of work; its fault takes back only what it wrote."""
    cursor.execute("SAVEPOINT work")
    try:
        job.result = job.work(rows)
    except BaseException as fault:
        cursor.execute("ROLLBACK TO work")
        job.fault = fault
    cursor.execute("RELEASE work")
