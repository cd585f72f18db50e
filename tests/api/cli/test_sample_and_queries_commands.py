"""`overgang audit sample` and `overgang audit queries` on a real store."""

import json
import sqlite3
from datetime import timedelta
from uuid import UUID

import pytest

from domain.events.catalogue import EVENT_TYPES
from domain.handover import step_commands as s
from domain.law.log_checks import check_register, log_checks
from domain.rights.access import AccessRequested
from domain.rights.decisions import DecisionMade
from domain.rights.rule import rights_rules
from tests.api.cli.stores import installed
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import caseworker, clinician
from tests.journeys.house import MORNING
from tests.journeys.papers import cpr, document

DAY = "2026-11-24"


@pytest.fixture
def many(folder):
    """Eight cases; returns their ids and the last position."""
    with installed(folder) as (_, house):
        house.two_authorities()
        ids = [str(house.submit(clinician(), document(cpr(number)))) for number in range(1, 9)]
        return ids, house.log.length() - 1


def drawn(run, folder, seed, count, *more):
    status, out, _ = run(
        "audit",
        "sample",
        "--data",
        folder,
        "--seed",
        seed,
        "--count",
        count,
        "--as-of",
        DAY,
        "--json",
        *more,
    )
    assert status == 0
    return json.loads(out)


def ids_of(found):
    return [one["handover"] for one in found["cases"]]


def test_the_same_question_draws_the_same_cases_and_another_seed_others(run, folder, many):
    ids, _ = many
    found = drawn(run, folder, 7, 4)
    assert found == drawn(run, folder, 7, 4)
    assert found["population"] == len(ids)
    assert len(set(ids_of(found))) == 4
    assert set(ids_of(found)) < set(ids)
    assert any(ids_of(drawn(run, folder, seed, 4)) != ids_of(found) for seed in range(8, 12))
    # A smaller sample is the beginning of a larger one, and all of them are all.
    assert ids_of(drawn(run, folder, 7, 2)) == ids_of(found)[:2]
    assert set(ids_of(drawn(run, folder, 7, 100))) == set(ids)


def test_when_the_log_has_grown_the_index_draws_the_old_sample_again(run, folder, many):
    _, last = many
    found = drawn(run, folder, 7, 4)
    with installed(folder) as (_, house):
        house.submit(clinician(), document(cpr(9)))
    assert drawn(run, folder, 7, 4)["head"]["root_hash"] != found["head"]["root_hash"]
    assert drawn(run, folder, 7, 4, "--at-index", last) == found


def test_the_cases_of_one_authority_with_their_verdicts(run, folder, many):
    ids, last = many
    assert drawn(run, folder, 7, 4, "--authority", "0330")["cases"] == []
    found = drawn(run, folder, 7, 100, "--authority", "0370")
    assert set(ids_of(found)) == set(ids)
    assert {one["not_kept"] for one in found["cases"]} == {0}
    status, out, _ = run("audit", "sample", "--data", folder, "--seed", 7, "--as-of", DAY)
    assert status == 0
    assert out.startswith("Stikprøve: 8 af 8 overgange. Frø: 7.")
    assert f"--seed 7 --count 20 --at-index {last}" in out
    asked = ("--handover", ids[0], "--as-of", DAY, "--summary", "--json")
    counts = json.loads(run("audit", "rights", "--data", folder, *asked)[1])["summary"]["by_state"]
    assert [one["by_state"] for one in found["cases"] if one["handover"] == ids[0]] == [counts]
    assert f"  {ids[0]}: {counts['pending']} venter, {counts['fulfilled']} opfyldt" in out.splitlines()


def answers(run, folder, as_of, status):
    got, out, _ = run("audit", "queries", "--data", folder, "--as-of", as_of, "--json")
    assert got == status
    found = json.loads(out)["queries"]
    assert [one["number"] for one in found] == list(range(1, 13))
    return {one["number"]: one for one in found}


def test_twelve_answers_each_of_its_kind(run, folder, many):
    found = answers(run, folder, DAY, 0)
    assert {number: one["outcome"] for number, one in found.items()} == {
        **dict.fromkeys((1, 2, 3, 6, 7, 9), "not-applicable"),
        **dict.fromkeys((4, 5, 8, 10, 11), "holds"),
        12: "not-provable",
    }
    assert (found[4]["judged"], found[8]["judged"], found[10]["judged"]) == (8, 8, many[1] + 1)
    status, out, _ = run("audit", "queries", "--data", folder, "--as-of", DAY)
    assert status == 0
    assert out.count("\n\n") == 12
    assert "12. Ingen statistik med små tal har forladt systemet.\n  Kan ikke bevises ud fra loggen.\n" in out


def test_a_request_that_is_not_due_yet_waits_and_is_not_said_to_be_answered(run, folder, many):
    ids, _ = many
    with installed(folder) as (_, house):
        house.clock.set(MORNING + timedelta(hours=1))
        asked = {"request": matter("request"), "regime": "fvl"}
        house.right(clinician(), sample(AccessRequested, handover=UUID(ids[0]), **asked))
    found = answers(run, folder, DAY, 0)
    assert (found[6]["outcome"], found[6]["judged"], found[6]["waiting"]) == ("holds", 1, 1)
    _, out, _ = run("audit", "queries", "--data", folder, "--as-of", DAY)
    assert "  Holder. Undersøgt: 1. Heraf venter 1 inden for fristen.\n" in out


def test_given_what_was_not_kept_then_each_question_names_the_entry(run, folder, many):
    ids, last = many
    case = ids[0]
    with installed(folder) as (_, house):
        house.clock.set(MORNING + timedelta(hours=1))
        by, handover = clinician(), UUID(case)
        house.right(by, sample(AccessRequested, handover=handover, request=matter("request"), regime="fvl"))
        house.right(
            by,
            sample(
                DecisionMade,
                handover=handover,
                decision=matter("decision"),
                outcome="refusal",
                agreed=False,
                oral=False,
                guidance=(),
                access_ground=None,
                outside=True,
            ),
        )
    found = answers(run, folder, "2026-12-20", 1)
    assert {number for number, one in found.items() if one["outcome"] == "does-not-hold"} == {1, 2, 3, 6, 9}
    request, decision = last + 1, last + 2
    assert [one["position"] for one in found[6]["shown"]] == [request]
    for number, rule in ((1, "hearing"), (2, "appeal-guidance"), (3, "access-holds-decision")):
        [shown] = found[number]["shown"]
        assert (shown["position"], shown["what"], shown["handover"]) == (decision, rule, case)
    # Nothing proves that it arrived: it waits, and so it does not hold.
    assert [one["state"] for one in found[9]["shown"]] == ["pending"]
    _, out, _ = run("audit", "queries", "--data", folder, "--as-of", "2026-12-20")
    assert f"    post {decision}, overgang {case}, Region Sjælland: Partshøring før en afgørelse" in out


def test_a_disputed_duty_does_not_hold_while_it_is_unresolved(run, folder, many):
    ids, _ = many
    with installed(folder) as (_, house):
        case = UUID(ids[0])
        house.open(caseworker(), case)
        house.decline(caseworker(), case)
        house.take(clinician(), case, s.InsistOnHandover)
    [shown] = answers(run, folder, DAY, 1)[8]["shown"]
    assert (shown["handover"], shown["what"], shown["state"]) == (ids[0], "both-refuse", "still")


def test_a_changed_entry_breaks_the_tenth(run, folder, many):
    with sqlite3.connect(folder / "log.db") as database:
        [leaf] = database.execute("SELECT leaf FROM stored_events WHERE position = 6").fetchone()
        changed = bytes([leaf[0] ^ 1]) + leaf[1:]
        database.execute("UPDATE stored_events SET leaf = ? WHERE position = 6", (changed,))
    database.close()
    found = answers(run, folder, DAY, 1)[10]
    assert (found["outcome"], found["shown"][0]["position"]) == ("does-not-hold", 6)


def test_every_rule_and_check_that_a_question_names_exists():
    register = check_register()
    for query in register.queries:
        assert set(query.rules) <= rights_rules().keys()
        assert set(query.checks) <= log_checks().keys()
        assert set(query.applies) <= EVENT_TYPES.keys()
        assert query.rules or query.checks or query.computed
    assert [query.number for query in register.queries] == list(range(1, 13))
