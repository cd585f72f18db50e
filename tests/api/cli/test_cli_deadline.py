"""`overgang deadline`: the two dates of a rule, the list in Danish, and what is refused."""

import json

import pytest

from domain.law.deadline_register import deadline_rules


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("AKT_FVL", "2026-12-21"), "2026-12-31 2027-01-05"),
        (("AKT_FVL", "2026-02-05T23:30:00Z"), "2026-02-17 2026-02-17"),
        (("KLAGE_RSL", "2026-04-16"), "2026-05-15 2026-05-15"),
        (("KLAGE_RSL", "2026-04-16", "--bridge-friday"), "2026-05-15 2026-05-18"),
        (("START_REG", "2026-12-11"), "2026-12-25 2026-12-25"),
        (("SAGSBEH", "2026-09-01", "--length", 42), "2026-10-13 2026-10-13"),
        (("HOERING", "2026-09-01", "--length", 21), "2026-09-22 2026-09-22"),
        (("BRUD", "2026-03-28T12:00:00+01:00"), "2026-03-31T11:00:00Z 2026-03-31T11:00:00Z"),
        (("BRUD", "2026-09-01t12:00:00.250z"), "2026-09-04T12:00:00.250000Z 2026-09-04T12:00:00.250000Z"),
    ],
)
def test_a_rule_and_a_date_give_the_strict_and_the_lenient_date(run, arguments, told):
    assert run("deadline", *arguments) == (0, f"{told}\n", "")


def test_a_program_reads_the_dates_with_what_they_rest_on(run):
    status, out, _ = run("deadline", "KLAGE_RSL", "2026-11-26", "--json")
    assert status == 0
    assert json.loads(out) == {
        "rule": "KLAGE_RSL",
        "start": "2026-11-26",
        "bridge_friday": False,
        "strict": "2026-12-24",
        "lenient": "2026-12-28",
        "operative": "lenient",
        "length": 4,
        "unit": "weeks",
        "trigger": "decision-arrived",
        "owner": "citizen",
        "on_expiry": ["forward-late-anyway"],
        "basis": ["rsl:67"],
        "certainty": {"length": "F", "last_day": "F-i"},
    }
    found = json.loads(run("deadline", "BRUD", "2026-09-01T12:00:00Z", "--json")[1])
    assert (found["strict"], found["unit"]) == ("2026-09-04T12:00:00Z", "hours")


@pytest.mark.parametrize("arguments", [(), ("--list",)])
def test_the_rules_are_listed_in_danish(run, arguments):
    status, out, _ = run("deadline", *arguments)
    assert status == 0
    for rule in deadline_rules().values():
        assert f"{rule.id}: {rule.name}\n" in out
    assert "  7 arbejdsdage, fra anmodningen om aktindsigt er modtaget.\n" in out
    assert "  Hvem: borgeren, efter den lempelige dato\n" in out
    assert "  Grundlag: FVL § 16, stk. 2 (længden læst i kilden, udløbet usikker)\n" in out
    assert "GDPR art. 12, stk. 3; GDPR art. 15" in out
    assert "BEK 893/2025" in out
    assert "lokal aftale KVIT" in out


def test_a_program_reads_the_register(run):
    rules = json.loads(run("deadline", "--list", "--json")[1])["rules"]
    assert [rule["id"] for rule in rules] == list(deadline_rules())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("7001014321", "2026-09-01"), "Fristregistret har ingen regel med dette id."),
        (("7001014321",), "Fristregistret har ingen regel med dette id."),
        (("AKT_FVL",), "angiv den dag, fristen løber fra"),
        (("AKT_FVL", "7001014321"), "skriv dagen som 2026-11-23"),
        (("AKT_FVL", "20260901"), "skriv dagen som 2026-11-23"),
        (("AKT_FVL", "2026-W36-2"), "skriv dagen som 2026-11-23"),
        (("AKT_FVL", "2026-02-30"), "skriv dagen som 2026-11-23"),
        (("AKT_FVL", "2041-01-01"), "tabellen over helligdage går fra 1. januar 2024 til 31. december 2040"),
        (("KLAGE_STPK5", "9998-01-01"), "Kalenderen rækker ikke så langt"),
        (("BRUD", "2026-09-01"), "Reglen tæller timer."),
        (("BRUD", "2026-09-01T12:00:00"), "Klokkeslættet mangler tidszone."),
        (("SAGSBEH", "2026-09-01"), "Kommunen fastsætter selv denne frist."),
        (("SAGSBEH", "2026-09-01", "--municipality", "0370"), "offentliggjorte frist er ikke lagt ind"),
        (("SAGSBEH", "2026-09-01", "--municipality", "7001014321"), "kommunekode på fire cifre"),
        (("SAGSBEH", "2026-09-01", "--length", "7001014321"), "et helt tal på højst fem cifre"),
        (("SAGSBEH", "2026-09-01", "--length", "-1"), "et helt tal på højst fem cifre"),
        (("SAGSBEH", "2026-09-01", "--length", "0"), "En frist er på mindst 1."),
        (("AKT_FVL", "2026-09-01", "--length", "9"), "Længden af denne frist ligger fast."),
        (("AKT_FVL", "2026-09-01", "--municipality", "0370"), "den samme i alle kommuner"),
        (("AKT_FVL", "--list"), "--list står alene"),
    ],
)
def test_what_cannot_be_answered_is_said_in_danish_and_not_repeated(run, arguments, words):
    status, out, err = run("deadline", *arguments)
    assert status == 2
    assert out == ""
    assert words in " ".join(err.replace("│", " ").split())
    assert "7001014321" not in err


def test_deadline_has_help(run):
    status, out, err = run("deadline", "--help")
    assert status == 0
    assert "Usage" in out + err
