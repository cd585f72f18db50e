"""Commands and the stores they run on: beside a server, in a pipe, and where there is no store."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from api.bootstrap import Overgang
from api.settings import load_settings
from tests.api.cli.stores import filled, house_over
from tests.journeys.cast import AMBULATORY, clinician
from tests.journeys.house import MORNING
from tests.journeys.papers import cpr, document
from tests.stores import FrozenClock


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


CLOSED_PIPE = (
    ("audit", "replay"),
    ("audit", "replay", "--json"),
    ("audit", "verify"),
    ("volume",),
    ("views", "rebuild", "--all"),
)


@pytest.mark.parametrize("command", CLOSED_PIPE)
def test_a_closed_pipe_is_no_fault_found(folder, cases, command):
    reads, writes = os.pipe()
    os.close(reads)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", *command, "--data", str(folder)],
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


def test_a_command_leaves_the_process_as_it_was(run, folder, cases):
    before = signal.getsignal(signal.SIGPIPE)
    assert run("audit", "replay", "--data", folder)[0] == 0
    assert signal.getsignal(signal.SIGPIPE) == before


def test_volume_as_a_table_and_for_a_program(run, folder, cases):
    status, out, _ = run("volume", "--data", folder)
    assert status == 0
    assert "Næstved Kommune" in out
    assert "region til kommune" in out
    assert "ikke offentliggøres" in out
    found = json.loads(run("volume", "--data", folder, "--json")[1])
    assert found["totals"]["handovers"] == 2
    assert (found["behind"], found["for_publication"]) == (0, False)


def test_views_are_rebuilt_by_one_command(run, folder, cases):
    before = json.loads(run("volume", "--data", folder, "--json")[1])
    status, out, _ = run("views", "rebuild", "--data", folder, "--all")
    assert status == 0
    for view in ("alerts", "volume", "worklist"):
        assert f"Visningen {view} er genopbygget" in out
    assert json.loads(run("volume", "--data", folder, "--json")[1]) == before
    assert run("views", "rebuild", "--data", folder, "nonsense")[0] == 2
    assert run("views", "rebuild", "--data", folder)[0] == 2


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
def test_reading_leaves_the_folder_as_it_was(run, folder, cases, tmp_path, command):
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert run(*command, "--data", folder)[0] == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_reading_stands_beside_a_running_server_and_writing_does_not(run, folder, cases, tmp_path):
    server = Overgang(load_settings(data_dir=folder), clock=FrozenClock(MORNING))
    try:
        for command in READING:
            assert run(*command, "--data", folder)[0] == 0
        assert run("audit", "export", "--data", folder, "--out", tmp_path / "out")[0] == 0
        # What the server has just committed is seen.
        house = house_over(server)
        server.vault.unlock()
        house.submit(clinician(AMBULATORY), document(cpr(3)))
        assert json.loads(run("audit", "replay", "--data", folder, "--json")[1])["handovers"] == 3
        for command in (*WRITING, ("migrate",)):
            status, _, err = run(*command, "--data", folder)
            assert status == 2
            assert "En anden proces har loggen åben" in err
    finally:
        server.close()


def test_a_lost_key_is_never_replaced_by_a_new_one(run, folder, cases):
    key = folder.with_name(f"{folder.name}.keys") / "epoch-1.key"
    key.unlink()
    status, _, err = run("views", "rebuild", "--data", folder, "--all")
    assert status == 2
    assert "Nøglen, der åbner boksen" in err
    assert not key.exists()
    # And: reading needs no key.
    assert run("audit", "verify", "--data", folder)[0] == 0


def test_migrate_makes_a_store(run, folder):
    assert run("migrate", "--data", folder)[0] == 0
    assert json.loads(run("audit", "verify", "--data", folder, "--json")[1])["entries"] == 0


def test_what_was_typed_is_not_repeated(run, folder, cases):
    for arguments in (
        ("audit", "replay", "--data", folder, "--handover", "7001014321"),
        ("audit", "replay", "--data", folder, "--as-of", "7001014321"),
        ("views", "rebuild", "--data", folder, "7001014321"),
    ):
        status, out, err = run(*arguments)
        assert status == 2
        assert "7001014321" not in out + err


def test_a_file_that_is_no_database_is_told_in_words(run, folder):
    folder.mkdir()
    (folder / "log.db").write_bytes(b"not a database" * 100)
    status, _, err = run("audit", "replay", "--data", folder)
    assert (status, "Traceback" in err) == (2, False)


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


def test_the_settings_are_refused_in_words(run, folder, cases, monkeypatch):
    monkeypatch.setenv("OVERGANG_ENVIROMENT", "production")
    status, _, err = run("audit", "replay", "--data", folder)
    assert (status, "unknown-setting" in err, "Traceback" in err) == (2, True, False)


def test_a_program_of_its_own_ends_without_a_traceback(folder):
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "audit", "replay", "--data", str(folder)],
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
    folder = tmp_path / "store"
    try:
        monkeypatch.setenv("OVERGANG_STORE", "postgres")
        for setting, name in zip(("POSTGRES_DSN", "VAULT_DSN"), names, strict=True):
            monkeypatch.setenv(f"OVERGANG_{setting}", make_conninfo(postgres, dbname=name))
        cases = filled(folder)
        status, out, _ = run("audit", "replay", "--data", folder, "--handover", cases["taken"], "--json")
        assert (status, json.loads(out)["state"]["status"]) == (0, "taken_over")
        assert run("audit", "verify", "--data", folder)[0] == 0
        assert run("volume", "--data", folder)[0] == 0
        assert run("views", "rebuild", "--data", folder, "--all")[0] == 0
        assert run("audit", "replay", "--data", tmp_path / "mistyped")[0] == 2
    finally:
        with psycopg.connect(postgres, autocommit=True) as connection:
            for name in names:
                connection.execute(
                    psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(name))
                )
