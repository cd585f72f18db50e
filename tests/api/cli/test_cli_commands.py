"""The command line on a real store, beside a server that holds the lock, and where there is no store."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from api.bootstrap import Overgang
from api.cli.show import parse_time
from api.settings import load_settings
from tests.api.cli.stores import house_over
from tests.journeys.cast import (
    AMBULATORY,
    caseworker,
    clinician,
)
from tests.journeys.papers import cpr, document


class _Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment


def fill(overgang: Overgang) -> dict[str, str]:
    """One case taken over and one that waits; returns their ids."""
    overgang.migrate()
    house = house_over(overgang)
    house.two_authorities()
    taken = house.submit(clinician(), document(cpr(1)))
    house.open(caseworker(), taken)
    house.take_over(caseworker(), taken)
    waiting = house.submit(clinician(), document(cpr(2)))
    house.project()
    return {"taken": str(taken), "waiting": str(waiting)}


@pytest.fixture
def data(tmp_path) -> Path:
    """Where a store stands."""
    return tmp_path / "store"


@pytest.fixture
def cases(data):
    """A store at rest."""
    overgang = Overgang(load_settings(data_dir=data), clock=_Clock())
    found = fill(overgang)
    overgang.close()
    return found


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_a_case_is_replayed_in_plain_danish(run, data, cases):
    status, out, _ = run("audit", "replay", "--data", data, "--handover", cases["taken"])
    assert status == 0
    assert "Status: Overtaget" in out
    assert "23. november 2026 kl. 10.30: Overgangen blev leveret i Næstved Kommunes hovedpostkasse." in out
    assert "Alle 7 trin er tilladt i arbejdsgangen handover, version 2." in out
    assert "Testesen" not in out


def test_three_moments_of_a_case(run, data, cases):
    def at(index):
        status, out, _ = run(
            "audit", "replay", "--data", data, "--handover", cases["taken"], "--at-index", index, "--json"
        )
        assert status == 0
        return json.loads(out)

    whole = json.loads(run("audit", "replay", "--data", data, "--handover", cases["taken"], "--json")[1])
    positions = [event["position"] for event in whole["events"]]
    moments = [at(positions[0]), at(positions[3]), at(positions[-1])]
    assert [moment["state"]["status"] for moment in moments] == ["submitted", "delivered", "taken_over"]
    assert [len(moment["events"]) for moment in moments] == [1, 4, len(positions)]


def test_the_whole_log_is_counted(run, data, cases):
    status, out, _ = run("audit", "replay", "--data", data, "--json")
    found = json.loads(out)
    assert status == 0
    assert found["statuses"] == {"delivered": 1, "taken_over": 1}
    assert found["events"]["handover-submitted"] == 2
    assert found["rights_violations"] == []
    before = json.loads(run("audit", "replay", "--data", data, "--as-of", "2026-11-22", "--json")[1])
    assert before["entries"] == 0


def test_export_then_verify(run, data, cases, tmp_path):
    out = tmp_path / "out"
    status, told, _ = run("audit", "export", "--data", data, "--out", out)
    assert status == 0
    assert "Rodhash: " in told
    status, told, _ = run("audit", "verify", out)
    assert status == 0
    assert told.startswith("Loggen holder.")
    assert run("audit", "export", "--data", data, "--out", out)[0] == 2
    (out / "entries/00000000.jsonl").write_bytes(b"")
    status, told, _ = run("audit", "verify", out)
    assert status == 1
    assert "Første fejl: file-length. Position 0. Fil: entries/00000000.jsonl" in told


def test_a_fault_in_the_store_gives_exit_status_1_and_its_position(run, data, cases):
    import sqlite3

    assert run("audit", "verify", "--data", data, "--json")[0] == 0
    with sqlite3.connect(data / "log.db") as database:
        database.execute("DELETE FROM stored_events WHERE position = 6")
    database.close()
    status, out, _ = run("audit", "verify", "--data", data, "--json")
    found = json.loads(out)
    assert status == 1
    assert not found["verified"]
    assert (found["fault"]["code"], found["fault"]["position"]) == ("position-gap", 6)


def test_every_body_is_opened_on_request_and_it_stands_on_the_log(run, data, cases):
    status, out, _ = run("audit", "verify", "--data", data, "--bodies", "--json")
    checked = json.loads(out)["checked"]
    assert (status, checked["bodies"], checked["contents"], checked["keys_missing"]) == (0, 4, 4, 0)
    events = json.loads(run("audit", "replay", "--data", data, "--json")[1])["events"]
    assert events["bodies-replayed"] == 2, "one for each authority whose keys were released"


def test_keys_that_are_gone_are_said_plainly(run, data, cases):
    import sqlite3

    with sqlite3.connect(data / "vault.db") as database:
        [gone] = database.execute("SELECT COUNT(*) FROM data_key").fetchone()
        database.execute("DELETE FROM data_key")
        database.execute("DELETE FROM content_key")
    database.close()
    assert run("audit", "verify", "--data", data)[0] == 0
    status, out, _ = run("audit", "verify", "--data", data, "--bodies")
    assert status == 1
    assert "Første fejl: keys-missing." in out
    assert f"{gone} nøgler mangler uden en sletning på loggen." in out


def test_a_mailbox_that_hides_a_case_gives_exit_status_1(run, data, cases):
    import sqlite3

    found = json.loads(run("audit", "verify", "--data", data, "--json")[1])
    assert found["checked"]["rows"] > 2
    with sqlite3.connect(data / "log.db") as database:
        database.execute("DELETE FROM view_worklist WHERE key = ?", (cases["waiting"],))
    database.close()
    status, out, _ = run("audit", "verify", "--data", data)
    assert (status, "view-differs" in out) == (1, True)


CLOSED_PIPE = (
    ("audit", "replay"),
    ("audit", "replay", "--json"),
    ("audit", "verify"),
    ("volume",),
    ("views", "rebuild", "--all"),
)


@pytest.mark.parametrize("command", CLOSED_PIPE)
def test_a_closed_pipe_is_no_fault_found(data, cases, command):
    reads, writes = os.pipe()
    os.close(reads)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", *command, "--data", str(data)],
            stdout=writes,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writes)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


def test_the_demo_tells_a_closed_pipe_from_a_failure(tmp_path):
    program = "from api.cli.demo import console; console.print('x' * 100_000)"
    reads, writes = os.pipe()
    os.close(reads)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=writes, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writes)
    assert (done.returncode, done.stderr) == (2, b"")


def test_a_command_leaves_the_process_as_it_was(run, data, cases):
    before = signal.getsignal(signal.SIGPIPE)
    assert run("audit", "replay", "--data", data)[0] == 0
    assert signal.getsignal(signal.SIGPIPE) == before


def test_volume_as_a_table_and_for_a_program(run, data, cases):
    status, out, _ = run("volume", "--data", data)
    assert status == 0
    assert "Næstved Kommune" in out
    assert "region til kommune" in out
    assert "ikke offentliggøres" in out
    found = json.loads(run("volume", "--data", data, "--json")[1])
    assert found["totals"]["handovers"] == 2
    assert (found["behind"], found["for_publication"]) == (0, False)


def test_views_are_rebuilt_by_one_command(run, data, cases):
    before = json.loads(run("volume", "--data", data, "--json")[1])
    status, out, _ = run("views", "rebuild", "--data", data, "--all")
    assert status == 0
    for view in ("alerts", "volume", "worklist"):
        assert f"Visningen {view} er genopbygget" in out
    assert json.loads(run("volume", "--data", data, "--json")[1]) == before
    assert run("views", "rebuild", "--data", data, "nonsense")[0] == 2
    assert run("views", "rebuild", "--data", data)[0] == 2


READING = (
    ("audit", "replay"),
    ("audit", "verify"),
    ("mailbox", "bilag"),
    ("mailbox", "state"),
    ("volume",),
)
WRITING = (("views", "rebuild", "--all"), ("audit", "verify", "--bodies"))


@pytest.mark.parametrize("command", [*READING, *WRITING])
def test_a_mistyped_folder_is_an_error_and_makes_nothing(run, tmp_path, command):
    before = files_of(tmp_path)
    status, out, err = run(*command, "--data", tmp_path / "mistyped")
    assert (status, out) == (2, "")
    assert "Der er ingen log i mappen." in err
    assert "Traceback" not in err
    assert files_of(tmp_path) == before


@pytest.mark.parametrize("command", READING)
def test_reading_leaves_the_folder_as_it_was(run, data, cases, tmp_path, command):
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert run(*command, "--data", data)[0] == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_reading_stands_beside_a_running_server_and_writing_does_not(run, data, cases, tmp_path):
    server = Overgang(load_settings(data_dir=data), clock=_Clock())
    try:
        for command in READING:
            assert run(*command, "--data", data)[0] == 0
        assert run("audit", "export", "--data", data, "--out", tmp_path / "out")[0] == 0
        # What the server has just committed is seen.
        house = house_over(server)
        server.vault.unlock()
        house.submit(clinician(AMBULATORY), document(cpr(3)))
        assert json.loads(run("audit", "replay", "--data", data, "--json")[1])["handovers"] == 3
        for command in (*WRITING, ("migrate",)):
            status, _, err = run(*command, "--data", data)
            assert status == 2
            assert "En anden proces har loggen åben" in err
    finally:
        server.close()


def test_a_lost_key_is_never_replaced_by_a_new_one(run, data, cases):
    key = data.with_name(f"{data.name}.keys") / "epoch-1.key"
    key.unlink()
    status, _, err = run("views", "rebuild", "--data", data, "--all")
    assert status == 2
    assert "Nøglen, der åbner boksen" in err
    assert not key.exists()
    # And: reading needs no key.
    assert run("audit", "verify", "--data", data)[0] == 0


def test_migrate_makes_a_store(run, data):
    assert run("migrate", "--data", data)[0] == 0
    assert json.loads(run("audit", "verify", "--data", data, "--json")[1])["entries"] == 0


def test_what_was_typed_is_not_repeated(run, data, cases):
    for arguments in (
        ("audit", "replay", "--data", data, "--handover", "7001014321"),
        ("audit", "replay", "--data", data, "--as-of", "7001014321"),
        ("views", "rebuild", "--data", data, "7001014321"),
    ):
        status, out, err = run(*arguments)
        assert status == 2
        assert "7001014321" not in out + err


def test_an_unknown_case_and_an_index_beyond_the_log(run, data, cases):
    status, _, err = run("audit", "replay", "--data", data, "--handover", uuid4())
    assert (status, "ingen overgang med dette id" in err) == (2, True)
    status, _, err = run("audit", "replay", "--data", data, "--at-index", 9999)
    assert (status, "Den sidste har position" in err) == (2, True)


@pytest.mark.parametrize("arguments", [(), ("--bodies",), ("somewhere", "--data", "elsewhere")])
def test_verify_needs_one_thing_to_verify(run, arguments):
    assert run("audit", "verify", *arguments)[0] == 2


def test_a_file_that_is_no_database_is_told_in_words(run, data):
    data.mkdir()
    (data / "log.db").write_bytes(b"not a database" * 100)
    status, _, err = run("audit", "replay", "--data", data)
    assert (status, "Traceback" in err) == (2, False)


def test_a_damaged_entry_is_named_by_replay(run, data, cases):
    import sqlite3

    with sqlite3.connect(data / "log.db") as database:
        database.execute("UPDATE stored_events SET state = ? WHERE position = 6", (b"{}",))
    database.close()
    status, _, err = run("audit", "replay", "--data", data)
    assert (status, err) == (1, "Posten på position 6 kan ikke læses (entry-damaged).\n")


def test_a_medcom_file_is_judged_a_line_a_file(run, tmp_path):
    (tmp_path / "broken.json").write_bytes(b'{"resourceType": "Bundle"}')
    status, out, _ = run("medcom", "check", tmp_path / "broken.json")
    assert status == 1
    assert "ugyldig" in out
    assert len(out.splitlines()) == 1
    status, out, _ = run("medcom", "check", tmp_path / "broken.json", tmp_path / "absent.json", "--json")
    assert status == 2
    first, second = map(json.loads, out.splitlines())
    assert (first["valid"], second["error"]) == (False, "unreadable")


def test_official_medcom_messages_are_valid(run, shared):
    examples = sorted((shared / "medcom" / "examples").glob("*.json"))
    status, out, _ = run("medcom", "check", *examples)
    assert (status, len(out.splitlines())) == (0, len(examples))
    assert len(examples) > 1


def test_an_epoch_key_is_made_once_and_for_the_owner(run, tmp_path):
    key = tmp_path / "epoch.key"
    assert run("keys", "generate", "--out", key)[0] == 0
    assert key.stat().st_mode & 0o077 == 0
    made = key.read_bytes()
    assert run("keys", "generate", "--out", key)[0] == 2
    assert key.read_bytes() == made


def test_the_settings_are_refused_in_words(run, data, cases, monkeypatch):
    monkeypatch.setenv("OVERGANG_ENVIROMENT", "production")
    status, _, err = run("audit", "replay", "--data", data)
    assert (status, "unknown-setting" in err, "Traceback" in err) == (2, True, False)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-23", "2026-11-23T22:59:59.999999Z"),
        ("2026-11-23T08:14", "2026-11-23T07:14:00.000000Z"),
        ("2026-07-01T08:14:30", "2026-07-01T06:14:30.000000Z"),
        ("2026-11-23T08:14:00Z", "2026-11-23T08:14:00.000000Z"),
        ("2026-11-23T08:14:00+02:00", "2026-11-23T06:14:00.000000Z"),
    ],
)
def test_a_moment_is_danish_unless_it_says_otherwise(text, instant):
    assert parse_time(text) == instant


def test_a_program_of_its_own_ends_without_a_traceback(data):
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "audit", "replay", "--data", str(data)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "Der er ingen log i mappen. Se efter, om --data peger rigtigt. Intet er oprettet.\n"


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("audit",),
        ("audit", "replay"),
        ("volume",),
        ("views", "rebuild"),
        ("template",),
        ("template", "form"),
        ("workflow", "diff"),
    ],
)
def test_every_command_has_help(run, command):
    status, out, err = run(*command, "--help")
    assert status == 0
    assert "Usage" in out + err


def test_a_store_in_postgresql(run, postgres, tmp_path, monkeypatch):
    names = [f"cli_{part}_{uuid4().hex[:8]}" for part in ("log", "vault")]
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name in names:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    data = tmp_path / "store"
    try:
        monkeypatch.setenv("OVERGANG_STORE", "postgres")
        for setting, name in zip(("POSTGRES_DSN", "VAULT_DSN"), names, strict=True):
            monkeypatch.setenv(f"OVERGANG_{setting}", make_conninfo(postgres, dbname=name))
        overgang = Overgang(load_settings(data_dir=data), clock=_Clock())
        cases = fill(overgang)
        overgang.close()
        status, out, _ = run("audit", "replay", "--data", data, "--handover", cases["taken"], "--json")
        assert (status, json.loads(out)["state"]["status"]) == (0, "taken_over")
        assert run("audit", "verify", "--data", data)[0] == 0
        assert run("volume", "--data", data)[0] == 0
        assert run("views", "rebuild", "--data", data, "--all")[0] == 0
        assert run("audit", "replay", "--data", tmp_path / "mistyped")[0] == 2
    finally:
        with psycopg.connect(postgres, autocommit=True) as connection:
            for name in names:
                connection.execute(
                    psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(name))
                )
