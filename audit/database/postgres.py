"""PostgreSQL through psycopg: a pool, one transaction for each piece of work.

Several server processes may share the database: what must be serial takes the lock of the
head row inside its work. Connections ask for `synchronous_commit=on`, so that a commit has
reached the disk (and the synchronous standby, where one is configured) before it returns.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, LiteralString, TypeVar

from psycopg import Connection, Cursor
from psycopg_pool import ConnectionPool

from audit.database.port import Rows

T = TypeVar("T")


@lru_cache(maxsize=1024)
def _translate(sql: str) -> LiteralString:
    return sql.replace("%", "%%").replace("?", "%s")


class PostgresRows:
    """A thin cursor with the port's methods."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Cursor[tuple[Any, ...]]) -> None:
        self._cursor = cursor

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        """Run one statement."""
        self._cursor.execute(_translate(sql), parameters)
        return self

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Rows:
        """Run one statement for each row of parameters."""
        self._cursor.executemany(_translate(sql), parameters)
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""
        return self._cursor.fetchone()

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        return self._cursor.fetchall()


def _configure(connection: Connection[Any]) -> None:
    connection.execute("SET synchronous_commit = on")
    connection.execute("SET TIME ZONE 'UTC'")
    connection.execute("SET lock_timeout = '30s'")


class PostgresDatabase:
    """A PostgreSQL database reached by a DSN; `schema` keeps installations apart."""

    dialect = "postgresql"

    def __init__(self, dsn: str, schema: str = "public", pool_size: int = 8) -> None:
        self._pool: ConnectionPool[Connection[tuple[Any, ...]]] = ConnectionPool(
            dsn,
            min_size=1,
            max_size=pool_size,
            kwargs={"options": f"-c search_path={schema}", "prepare_threshold": 2, "autocommit": True},
            configure=_configure,
            open=True,
            timeout=30.0,
        )

    @contextmanager
    def read(self) -> Iterator[Rows]:
        """A consistent snapshot for reading."""
        with (
            self._pool.connection() as connection,
            connection.transaction(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield PostgresRows(cursor)

    def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement."""
        with self._pool.connection() as connection:
            return connection.execute(_translate(sql), parameters).fetchall()

    def write(self, work: Callable[[Rows], T], *, durable: bool = True) -> T:
        """Run `work` in one transaction and commit it (see `audit.database.port.Database.write`)."""
        with (
            self._pool.connection() as connection,
            connection.transaction(),
            connection.cursor() as cursor,
        ):
            if not durable:
                cursor.execute("SET LOCAL synchronous_commit = off")
            return work(PostgresRows(cursor))

    def close(self) -> None:
        """Close the pool."""
        self._pool.close()
