"""`overgang audit ...` on a real store: a case at a moment, what is taken out, what does not hold."""

import json
import sqlite3
from uuid import uuid4

import pytest

from api.cli.show import parse_time


def test_a_case_is_replayed_in_plain_danish(run, folder, cases):
    status, out, _ = run("audit", "replay", "--data", folder, "--handover", cases["taken"])
    assert status == 0
    assert "Status: Overtaget" in out
    assert "23. november 2026 kl. 10.30: Overgangen blev leveret i Næstved Kommunes hovedpostkasse." in out
    assert "Alle 7 trin er tilladt i arbejdsgangen handover, version 2." in out
    assert "Testesen" not in out


def test_three_moments_of_a_case(run, folder, cases):
    def at(index):
        status, out, _ = run(
            "audit", "replay", "--data", folder, "--handover", cases["taken"], "--at-index", index, "--json"
        )
        assert status == 0
        return json.loads(out)

    whole = json.loads(run("audit", "replay", "--data", folder, "--handover", cases["taken"], "--json")[1])
    positions = [event["position"] for event in whole["events"]]
    moments = [at(positions[0]), at(positions[3]), at(positions[-1])]
    assert [moment["state"]["status"] for moment in moments] == ["submitted", "delivered", "taken_over"]
    assert [len(moment["events"]) for moment in moments] == [1, 4, len(positions)]


def test_the_whole_log_is_counted(run, folder, cases):
    status, out, _ = run("audit", "replay", "--data", folder, "--json")
    found = json.loads(out)
    assert status == 0
    assert found["statuses"] == {"delivered": 1, "taken_over": 1}
    assert found["events"]["handover-submitted"] == 2
    assert found["rights_violations"] == []
    before = json.loads(run("audit", "replay", "--data", folder, "--as-of", "2026-11-22", "--json")[1])
    assert before["entries"] == 0


def test_export_then_verify(run, folder, cases, tmp_path):
    out = tmp_path / "out"
    status, told, _ = run("audit", "export", "--data", folder, "--out", out)
    assert status == 0
    assert "Rodhash: " in told
    status, told, _ = run("audit", "verify", out)
    assert status == 0
    assert told.startswith("Loggen holder.")
    assert run("audit", "export", "--data", folder, "--out", out)[0] == 2
    (out / "entries/00000000.jsonl").write_bytes(b"")
    status, told, _ = run("audit", "verify", out)
    assert status == 1
    assert "Første fejl: file-length. Position 0. Fil: entries/00000000.jsonl" in told


def test_a_fault_in_the_store_gives_exit_status_1_and_its_position(run, folder, cases):
    assert run("audit", "verify", "--data", folder, "--json")[0] == 0
    with sqlite3.connect(folder / "log.db") as database:
        database.execute("DELETE FROM stored_events WHERE position = 6")
    database.close()
    status, out, _ = run("audit", "verify", "--data", folder, "--json")
    found = json.loads(out)
    assert status == 1
    assert not found["verified"]
    assert (found["fault"]["code"], found["fault"]["position"]) == ("position-gap", 6)


def test_every_body_is_opened_on_request_and_it_stands_on_the_log(run, folder, cases):
    status, out, _ = run("audit", "verify", "--data", folder, "--bodies", "--json")
    checked = json.loads(out)["checked"]
    assert (status, checked["bodies"], checked["contents"], checked["keys_missing"]) == (0, 4, 4, 0)
    events = json.loads(run("audit", "replay", "--data", folder, "--json")[1])["events"]
    assert events["bodies-replayed"] == 2, "one for each authority whose keys were released"


def test_keys_that_are_gone_are_said_plainly(run, folder, cases):
    with sqlite3.connect(folder / "vault.db") as database:
        [gone] = database.execute("SELECT COUNT(*) FROM data_key").fetchone()
        database.execute("DELETE FROM data_key")
        database.execute("DELETE FROM content_key")
    database.close()
    assert run("audit", "verify", "--data", folder)[0] == 0
    status, out, _ = run("audit", "verify", "--data", folder, "--bodies")
    assert status == 1
    assert "Første fejl: keys-missing." in out
    assert f"{gone} nøgler mangler uden en sletning på loggen." in out


def test_a_mailbox_that_hides_a_case_gives_exit_status_1(run, folder, cases):
    found = json.loads(run("audit", "verify", "--data", folder, "--json")[1])
    assert found["checked"]["rows"] > 2
    with sqlite3.connect(folder / "log.db") as database:
        database.execute("DELETE FROM view_worklist WHERE key = ?", (cases["waiting"],))
    database.close()
    status, out, _ = run("audit", "verify", "--data", folder)
    assert (status, "view-differs" in out) == (1, True)


def test_an_unknown_case_and_an_index_beyond_the_log(run, folder, cases):
    status, _, err = run("audit", "replay", "--data", folder, "--handover", uuid4())
    assert (status, "ingen overgang med dette id" in err) == (2, True)
    status, _, err = run("audit", "replay", "--data", folder, "--at-index", 9999)
    assert (status, "Den sidste har position" in err) == (2, True)


@pytest.mark.parametrize("arguments", [(), ("--bodies",), ("somewhere", "--data", "elsewhere")])
def test_verify_needs_one_thing_to_verify(run, arguments):
    assert run("audit", "verify", *arguments)[0] == 2


def test_a_damaged_entry_is_named_by_replay(run, folder, cases):
    with sqlite3.connect(folder / "log.db") as database:
        database.execute("UPDATE stored_events SET state = ? WHERE position = 6", (b"{}",))
    database.close()
    status, _, err = run("audit", "replay", "--data", folder)
    assert (status, err) == (1, "Posten på position 6 kan ikke læses (entry-damaged).\n")


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
