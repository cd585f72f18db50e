"""`overgang rules`: what is in use, and that a person took it into use; `serve` asks for it in production."""

import base64
import json
import sqlite3
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from joserfc.jwk import ECKey

from api.cli import rules
from api.cli.store import operator
from domain.law.loader import rule_files, rules_hash
from domain.proof.adoption import RulesAdopted
from tests.api.cli.conftest import Run
from tests.api.cli.stores import events_of, installed
from tests.api.http.running import serving
from tests.journeys.cast import person
from workflows.handlers.adoption import adopt_rules

BEFORE = "12" * 32


def _state(run: Run, data: Path) -> tuple[int, dict[str, object]]:
    status, out, _ = run("rules", "state", "--data", data, "--json")
    return status, json.loads(out)


def _adoptions(data: Path) -> list[tuple[RulesAdopted, UUID]]:
    with installed(data) as (_, house):
        return [
            (one.event, one.header.actor) for one in house.events() if isinstance(one.event, RulesAdopted)
        ]


def test_given_nobody_has_adopted_any_then_the_state_says_so_and_lists_what_is_in_use(
    run: Run, data: Path
) -> None:
    status, found = _state(run, data)
    assert (status, found["adopted"], found["in_use_is_adopted"]) == (1, None, False)
    assert (found["rules"], found["files"]) == (rules_hash(), dict(rule_files()))
    status, out, _ = run("rules", "state", "--data", data)
    assert (status, "Ingen har taget regler i brug endnu." in out) == (1, True)
    assert f"{rule_files()['frister-1.json']}  frister-1.json\n" in out


def test_given_a_person_adopts_them_then_the_log_names_person_reason_and_hashes(run: Run, data: Path) -> None:
    status, out, _ = run("rules", "adopt", "--data", data, "--reason", "first-installation")
    assert (status, rules_hash() in out) == (0, True)
    status, found = _state(run, data)
    assert (status, found["in_use_is_adopted"]) == (0, True)
    adopted = found["adopted"]
    assert isinstance(adopted, dict)
    by = operator("operator").id
    assert (adopted["rules"], adopted["reason"], adopted["by"]) == (
        rules_hash(),
        "first-installation",
        str(by),
    )
    [(event, actor)] = _adoptions(data)
    assert (event.rules_before, event.rules_after, actor) == (None, rules_hash(), by)


def test_given_another_person_is_named_then_it_is_hers(run: Run, data: Path) -> None:
    person_id = uuid4()
    arguments = ("rules", "adopt", "--data", data, "--reason", "new-law", "--by", person_id)
    status, out, _ = run(*arguments, "--json")
    assert (status, json.loads(out)["adopted"]["by"]) == (0, str(person_id))
    assert [actor for _, actor in _adoptions(data)] == [person_id]


def test_given_other_rules_were_adopted_before_then_the_state_tells_the_difference(
    run: Run, data: Path
) -> None:
    with installed(data) as (overgang, _):
        adopt_rules(overgang.services, person("operator", "0000"), BEFORE, "first-installation")
    status, out, _ = run("rules", "state", "--data", data)
    assert (status, f"Det var andre regler end dem, der er i brug nu: {BEFORE}" in out) == (1, True)
    assert run("rules", "adopt", "--data", data, "--reason", "calendar")[0] == 0
    assert [event.rules_before for event, _ in _adoptions(data)] == [None, BEFORE]
    assert _state(run, data)[0] == 0


def test_given_they_are_adopted_already_then_nothing_more_is_written(run: Run, data: Path) -> None:
    run("rules", "adopt", "--data", data, "--reason", "first-installation")
    written = len(events_of(data))
    status, out, _ = run("rules", "adopt", "--data", data, "--reason", "correction")
    assert (status, out) == (0, "Reglerne er allerede taget i brug. Intet er skrevet.\n")
    assert len(events_of(data)) == written


@pytest.mark.parametrize(
    "wrong", [("--reason", "because"), ("--reason", "new-law", "--by", "260770-1234"), ()]
)
def test_a_wrong_call_is_refused_without_an_echo_and_writes_nothing(
    run: Run, data: Path, wrong: tuple[str, ...]
) -> None:
    status, out, err = run("rules", "adopt", "--data", data, *wrong)
    assert status == 2
    assert "because" not in out + err and "260770" not in out + err
    assert _adoptions(data) == []


def test_a_first_installation_is_the_first_only(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("rules", "adopt", "--data", data, "--reason", "first-installation")
    monkeypatch.setattr(rules, "rules_hash", lambda: BEFORE)
    status, out, err = run("rules", "adopt", "--data", data, "--reason", "first-installation")
    assert (status, len(_adoptions(data))) == (2, 1)
    assert "ikke første gang" in out + err


def test_a_folder_without_a_store_stays_so(run: Run, tmp_path: Path) -> None:
    for arguments in (("state",), ("adopt", "--reason", "new-law")):
        status, _, _ = run("rules", *arguments, "--data", tmp_path / "none")
        assert (status, (tmp_path / "none").exists()) == (2, False)


@pytest.fixture
def production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The settings of a server that production takes."""
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "epoch").write_bytes(base64.b64encode(bytes(range(32))))
    key = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig"})
    (keys / "jwks.json").write_text(json.dumps({"keys": [dict(key.as_dict(private=False))]}))
    issuers = [{"issuer": "https://login.example", "jwks_file": str(keys / "jwks.json")}]
    given = {
        "environment": "production",
        "epoch_key_file": str(keys / "epoch"),
        "issuers": json.dumps(issuers),
        "scanner": "clamd",
        "clamd": "127.0.0.1:3310",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"OVERGANG_{name.upper()}", value)
    return given


def test_production_starts_only_with_rules_that_a_person_has_adopted(
    run: Run, tmp_path: Path, production: dict[str, str]
) -> None:
    data = tmp_path / "data"
    assert run("migrate", "--data", data)[0] == 0
    # given nobody has adopted them, when the server starts, then it refuses and names the fault
    with pytest.raises(AssertionError, match="rules-not-adopted"):
        with serving(tmp_path, **production):
            pass
    # and when somebody has, it starts
    assert run("rules", "adopt", "--data", data, "--reason", "first-installation")[0] == 0
    (tmp_path / "server.log").unlink()
    with serving(tmp_path, **production) as server:
        assert server.client.get("/health").status_code == 200
        assert not [line for line in server.lines() if "rules-not-adopted" in line]


def test_outside_production_it_starts_and_says_so_in_one_line(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert server.client.get("/health").status_code == 200
        [line] = [json.loads(line) for line in server.lines() if "rules-not-adopted" in line]
        assert (line["event"], line["level"]) == ("rules-not-adopted", "warning")


def test_the_header_of_an_adoption_names_the_same_rules(run: Run, data: Path) -> None:
    run("rules", "adopt", "--data", data, "--reason", "first-installation")
    with sqlite3.connect(data / "log.db") as rows:
        [entry] = rows.execute("SELECT state FROM stored_events WHERE topic = 'rules-adopted'").fetchone()
    written = json.loads(entry)
    assert written["header"]["rules"] == written["facts"]["rules_after"] == rules_hash()
