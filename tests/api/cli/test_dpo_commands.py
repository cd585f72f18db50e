"""`overgang dpo ...`: the four reports, in Danish or for a program, and nothing secret in them."""

import base64
import json

import pytest

from api.cli.dpo import installation_of
from api.settings import load_settings
from audit.dpo.words import FAULTS
from domain.events.catalogue import EVENT_TYPES
from domain.law.loader import purposes, rules_hash

TITLES = {
    "record": "# Fortegnelse over behandlingsaktiviteter",
    "dpia": "# Grundlag for konsekvensanalyse",
    "split": "# Dataansvarlige og databehandler",
    "retention": "# Opbevaring af journal, log og læsninger",
}
EVERY = pytest.mark.parametrize("name", TITLES)
KEY = base64.b64encode(b"k" * 32).decode()


@EVERY
def test_a_report_is_printed_as_danish_markdown(run, name):
    status, out, err = run("dpo", name)
    assert (status, err) == (0, "")
    assert out.startswith(TITLES[name] + "\n")
    assert "Spørgsmål til databeskyttelsesrådgiveren" in out
    assert rules_hash()[:12] in out


@EVERY
def test_a_program_reads_the_same_report(run, name):
    status, out, _ = run("dpo", name, "--json")
    found = json.loads(out)
    assert status == 0
    assert (found["id"], f"# {found['title']}", found["rules"]) == (name, TITLES[name], rules_hash())
    assert all({"about", "text", "source", "basis"} == question.keys() for question in found["questions"])


def test_every_event_and_every_purpose_is_printed(run):
    dpia, record = run("dpo", "dpia")[1], run("dpo", "record")[1]
    assert all(f"| `{name}` |" in dpia for name in EVENT_TYPES)
    assert all(f"| `{code}` | {about['da']} |" in record for code, about in purposes().items())


def test_how_long_readings_are_kept_is_printed_with_the_doubt(run):
    out = run("dpo", "retention")[1]
    assert "| læsninger og andre opslag | 5 år, efter at hændelsen blev registreret |" in out
    assert "Overgang sletter endnu ikke noget på loggen" in out
    assert "Hvor længe skal loggen og læsningerne opbevares" in out


@EVERY
def test_no_secret_and_no_path_of_the_settings_is_printed(run, monkeypatch, name, tmp_path):
    told = {
        "ENVIRONMENT": "production",
        "DATA_DIR": str(tmp_path / "zq9-mappe"),
        "STORE": "postgres",
        "POSTGRES_DSN": "postgresql://log:zq9-kode@db.example/log",
        "VAULT_DSN": "postgresql://boks:zq9-kode@db.example/boks",
        "EPOCH_KEY": KEY,
        "SCANNER": "clamd",
        "CLAMD": "10.0.0.7:3310",
        "MAIL_HOST": "mail.example",
        "ISSUERS": json.dumps(
            [{"issuer": "https://bruger:zq9-kode@login.example/sti", "jwks": {"keys": []}}]
        ),
    }
    for setting, value in told.items():
        monkeypatch.setenv(f"OVERGANG_{setting}", value)
    for arguments in ((), ("--json",)):
        status, out, err = run("dpo", name, *arguments)
        assert (status, err) == (0, "")
        assert "zq9" not in out and KEY not in out
    if name == "split":
        assert "login.example" in out and "10.0.0.7" in out and "mail.example" in out


@pytest.mark.parametrize(
    ("arguments", "status"), [(("record", "for-meget"), 2), (("anmeldelse",), 2), (("record", "--ukendt"), 2)]
)
def test_what_is_no_report_is_refused(run, arguments, status):
    assert run("dpo", *arguments)[:2] == (status, "")


def test_a_setting_that_cannot_be_used_is_named_and_its_value_not(run, monkeypatch):
    monkeypatch.setenv("OVERGANG_EPOCH_KEY", "hemmelig")
    status, out, err = run("dpo", "record")
    assert (status, out) == (2, "")
    assert "OVERGANG_EPOCH_KEY" in err and "hemmelig" not in err


def test_everything_that_production_refuses_has_its_danish():
    codes = {text.partition(":")[0] for _, text in load_settings()._production_checks()}
    assert codes == FAULTS.keys()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("generated", None)),
        ({"epoch_key": KEY}, ("environment", None)),
        ({"epoch_key_command": "hent-noegle"}, ("command", None)),
        ({"scanner": "clamd", "clamd": "/run/clamd.sock"}, ("generated", None)),
        ({"scanner": "clamd", "clamd": "localhost:3310"}, ("generated", None)),
        ({"scanner": "clamd", "clamd": "[::1]:3310"}, ("generated", None)),
        ({"scanner": "clamd", "clamd": "skanner.example:3310"}, ("generated", "skanner.example")),
        ({"scanner": "none", "clamd": "skanner.example:3310"}, ("generated", None)),
    ],
)
def test_the_summary_says_where_the_key_comes_from_and_which_machine_scans(given, expected):
    found = installation_of(load_settings(**given))
    assert (found.key_source, found.scanner_host) == expected
