"""Both databases behind the one seam: durable, all or nothing, consistent snapshots."""

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from audit.database.sqlite import DatabaseClosed, SqliteDatabase


class Fault(Exception):
    """Something goes wrong in the midst of a piece of work."""


@pytest.fixture
def database(store):
    store.log_database.write(lambda rows: rows.execute("CREATE TABLE t (n BIGINT PRIMARY KEY, word TEXT)"))
    return store.log_database


def _add(database, n: int) -> None:
    database.write(lambda rows: rows.execute("INSERT INTO t VALUES (?, ?)", (n, "æøå")))


def _numbers(rows) -> list[int]:
    return [n for (n,) in rows.execute("SELECT n FROM t ORDER BY n").fetchall()]


def test_work_that_fails_leaves_nothing(database):
    def work(rows):
        rows.execute("INSERT INTO t VALUES (?, ?)", (1, "a"))
        raise Fault

    with pytest.raises(Fault):
        database.write(work)
    _add(database, 2)
    with database.read() as rows:
        assert _numbers(rows) == [2]


def test_a_reader_keeps_its_snapshot_while_others_commit(database):
    _add(database, 1)
    with database.read() as rows:
        assert _numbers(rows) == [1]
        _add(database, 2)
        assert _numbers(rows) == [1]
        with database.read() as later:
            assert _numbers(later) == [1, 2]
    with database.read() as rows:
        assert _numbers(rows) == [1, 2]


def test_reading_cannot_write(database):
    with (
        pytest.raises((sqlite3.OperationalError, psycopg.errors.ReadOnlySqlTransaction)),
        database.read() as rows,
    ):
        rows.execute("INSERT INTO t VALUES (1, 'a')")
    with database.read() as rows:
        assert _numbers(rows) == []


def test_a_failed_read_does_not_spoil_the_next(database):
    with pytest.raises(Fault), database.read() as rows:
        _numbers(rows)
        raise Fault
    _add(database, 1)
    with database.read() as rows:
        assert _numbers(rows) == [1]


def test_a_percent_sign_is_a_percent_sign(database):
    _add(database, 1)
    with database.read() as rows:
        assert rows.execute("SELECT '50%' FROM t WHERE word LIKE 'æ%' AND n = ?", (1,)).fetchone() == ("50%",)


def test_work_of_many_threads_is_all_there(database):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: _add(database, n), range(100)))
    with database.read() as rows:
        assert _numbers(rows) == list(range(100))


def test_sqlite_commits_with_synchronous_full_on_the_writer_connection(sqlite_store):
    for database in (sqlite_store.log_database, sqlite_store.vault_database):
        found = database.write(
            lambda rows: {
                name: rows.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("synchronous", "journal_mode", "secure_delete", "foreign_keys", "trusted_schema")
            }
        )
        assert found == {
            "synchronous": 2,
            "journal_mode": "wal",
            "secure_delete": 1,
            "foreign_keys": 1,
            "trusted_schema": 0,
        }


def _synchronous(database, *, durable: bool) -> int:
    return database.write(lambda rows: rows.execute("PRAGMA synchronous").fetchone()[0], durable=durable)


def test_only_what_the_log_can_give_again_does_not_wait_for_the_disk(sqlite_store):
    database = sqlite_store.log_database
    asked = (True, False, False, True, False)
    assert [_synchronous(database, durable=one) for one in asked] == [2, 1, 1, 2, 1]


def test_a_commit_that_several_share_is_durable_when_one_of_them_must_be(sqlite_store):
    database = sqlite_store.log_database
    holding, go = _hold_the_writer(database)
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(_synchronous, database, durable=number == 2) for number in range(4)]
        _wait_for(lambda: database._jobs.qsize() == 4)
        go.set()
        assert {one.result(10) for one in found} == {2}
    holding.join(10)


def test_what_does_not_wait_for_the_disk_is_there_when_the_process_is_killed(tmp_path):
    path = tmp_path / "killed.sqlite"
    program = (
        "import os, sys; from pathlib import Path; from audit.database.sqlite import SqliteDatabase;"
        "database = SqliteDatabase(Path(sys.argv[1]));"
        "database.write(lambda rows: rows.execute('CREATE TABLE t (n INTEGER)') and None, durable=False);"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path)]).returncode == -9
    database = SqliteDatabase(path)
    assert database.fetch("SELECT COUNT(*) FROM t") == [(0,)]
    database.close()


def test_postgres_does_not_wait_for_what_the_log_can_give_again(postgres_store):
    def asked(rows):
        return rows.execute("SHOW synchronous_commit").fetchone()[0]

    database = postgres_store.log_database
    found = [database.write(asked, durable=one) for one in (True, False, True)]
    assert found == ["on", "off", "on"]


def test_postgres_commits_with_synchronous_commit_on(postgres_store):
    for database in (postgres_store.log_database, postgres_store.vault_database):
        settings = database.write(
            lambda rows: [
                rows.execute(f"SHOW {name}").fetchone()[0]
                for name in ("synchronous_commit", "fsync", "transaction_isolation", "timezone")
            ]
        )
        assert settings == ["on", "on", "read committed", "UTC"]


def test_on_postgres_the_logs_role_cannot_see_into_the_vault(postgres_store):
    schema = postgres_store.place[2]
    with pytest.raises(psycopg.errors.InsufficientPrivilege), postgres_store.log_database.read() as rows:
        rows.execute(f"SELECT * FROM {schema}_vault.data_key")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), postgres_store.vault_database.read() as rows:
        rows.execute(f"SELECT * FROM {schema}_log.stored_events")


def _hold_the_writer(database: SqliteDatabase) -> tuple[threading.Thread, threading.Event]:
    """Occupy the writer thread, so that what comes next gathers into one group."""
    started, go = threading.Event(), threading.Event()

    def hold(rows):
        started.set()
        assert go.wait(10)

    thread = threading.Thread(target=lambda: database.write(hold))
    thread.start()
    assert started.wait(10)
    return thread, go


def _wait_for(condition) -> None:
    for _ in range(2000):
        if condition():
            return
        threading.Event().wait(0.005)
    raise AssertionError("it did not come about in 10 s")


def test_in_a_group_commit_failing_work_takes_only_itself_back(tmp_path):
    database = SqliteDatabase(tmp_path / "x.sqlite")
    database.write(lambda rows: rows.execute("CREATE TABLE t (n BIGINT PRIMARY KEY, word TEXT)"))
    statements: list[str] = []
    database._writer.set_trace_callback(statements.append)
    holding, go = _hold_the_writer(database)

    def work(n: int) -> None:
        def insert(rows):
            rows.execute("INSERT INTO t VALUES (?, ?)", (n, "a"))
            if n % 3 == 0:
                raise Fault
            if n % 5 == 0:
                rows.execute("INSERT INTO t VALUES (?, ?)", (n, "again"))

        database.write(insert)

    with ThreadPoolExecutor(16) as pool:
        waiting = [pool.submit(work, n) for n in range(1, 17)]
        _wait_for(lambda: database._jobs.qsize() == 16)
        go.set()
        outcomes = [future.exception(timeout=10) for future in waiting]
    holding.join(10)
    assert sum(statement == "COMMIT" for statement in statements) == 2, "the holder's, and one for all 16"
    for n, outcome in enumerate(outcomes, start=1):
        expected = Fault if n % 3 == 0 else sqlite3.IntegrityError if n % 5 == 0 else type(None)
        assert type(outcome) is expected
    with database.read() as rows:
        assert _numbers(rows) == [n for n in range(1, 17) if n % 3 and n % 5]
    database.close()


def test_when_the_commit_itself_fails_nobody_is_told_otherwise(tmp_path):
    database = SqliteDatabase(tmp_path / "x.sqlite")
    database.write(
        lambda rows: rows.execute(
            "CREATE TABLE t (n BIGINT PRIMARY KEY,"
            " other BIGINT REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    holding, go = _hold_the_writer(database)
    with ThreadPoolExecutor(2) as pool:
        sound = pool.submit(
            database.write, lambda rows: rows.execute("INSERT INTO t VALUES (1, NULL)") and None
        )
        # Holds when it runs, fails when it commits: a reference to a row that never comes.
        broken = pool.submit(
            database.write, lambda rows: rows.execute("INSERT INTO t VALUES (2, 99)") and None
        )
        _wait_for(lambda: database._jobs.qsize() == 2)
        go.set()
        faults = [sound.exception(10), broken.exception(10)]
    holding.join(10)
    assert [type(fault) for fault in faults] == [sqlite3.IntegrityError, sqlite3.IntegrityError]
    database.write(lambda rows: rows.execute("INSERT INTO t VALUES (3, NULL)"))
    with database.read() as rows:
        assert _numbers(rows) == [3]
    database.close()


def test_threads_that_come_and_go_leave_no_connections_behind(tmp_path):
    database = SqliteDatabase(tmp_path / "x.sqlite")

    def look() -> None:
        with database.read() as rows:
            rows.execute("SELECT 1").fetchone()

    for _ in range(50):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert len(database._idle) == 1
    database.close()


def test_a_closed_database_says_so(tmp_path):
    database = SqliteDatabase(tmp_path / "x.sqlite")
    database.close()
    database.close()
    with pytest.raises(DatabaseClosed):
        database.write(lambda rows: None)
    with pytest.raises(DatabaseClosed), database.read():
        pass


def test_closing_among_writers_loses_no_answer_and_hangs_nobody(tmp_path):
    for attempt in range(10):
        path = tmp_path / f"{attempt}.sqlite"
        database = SqliteDatabase(path)
        database.write(lambda rows: rows.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
        answered: list[int] = []

        def write_on(database: SqliteDatabase = database, answered: list[int] = answered) -> None:
            while True:
                try:
                    database.write(lambda rows: rows.execute("INSERT INTO t DEFAULT VALUES") and None)
                except DatabaseClosed:
                    return
                answered.append(1)

        threads = [threading.Thread(target=write_on, daemon=True) for _ in range(4)]
        for thread in threads:
            thread.start()
        _wait_for(lambda answered=answered: len(answered) > 20)
        closing = threading.Thread(target=database.close, daemon=True)
        for thread in (closing, *threads):
            if thread is closing:
                thread.start()
            thread.join(10)
            assert not thread.is_alive()
        with sqlite3.connect(path) as connection:
            assert connection.execute("SELECT COUNT(*) FROM t").fetchone() == (len(answered),)
