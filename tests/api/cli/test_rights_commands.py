"""`overgang audit rights` on a real store: a block an obligation in Danish, JSON, counts, exit status."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.rights.access import AccessGiven, AccessRequested
from tests.api.cli.stores import installed
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import caseworker, clinician
from tests.journeys.house import MORNING
from tests.journeys.papers import cpr, document

LAST_DAY = "2026-12-02"
"""Of a request that came on Monday 23 November: seven working days."""


@pytest.fixture
def asked(folder):
    """The ids of a case in which one request is answered and one is not, and of one that waits."""
    with installed(folder) as (_, house):
        house.two_authorities()
        case = house.submit(clinician(), document(cpr(1)))
        house.open(caseworker(), case)
        house.take_over(caseworker(), case)
        for number in (1, 2):
            request = matter("request", number)
            house.right(caseworker(), sample(AccessRequested, handover=case, request=request, regime="fvl"))
        house.clock.set(MORNING + timedelta(days=2))
        given = sample(AccessGiven, handover=case, request=matter("request", 1), outside=True)
        house.right(caseworker(), given)
        waiting = house.submit(clinician(), document(cpr(2)))
        return {"case": str(case), "waiting": str(waiting), "last": house.log.length() - 1}


def rights(run, folder, *more, as_of=LAST_DAY):
    return run("audit", "rights", "--data", folder, "--as-of", as_of, *more)


def test_given_the_last_day_then_it_waits_and_the_day_after_it_is_broken(run, folder, asked):
    status, out, _ = rights(run, folder)
    assert (status, "Ingen er overtrådt eller opfyldt for sent." in out) == (0, True)
    status, out, _ = rights(run, folder, "--state", "violated", as_of="2026-12-03")
    assert status == 1
    [block] = [one for one in out.split("\n\n") if "Regel: access-fvl" in one]
    assert block.splitlines() == [
        "Overtrådt: Aktindsigt for en part inden 7 arbejdsdage",
        "  Regel: access-fvl. Grundlag: FVL § 16, stk. 2 (læst i kilden)",
        f"  Hvem: Næstved Kommune. Overgang {asked['case']}",
        "  Udløst af post 15: 23. november 2026 kl. 10.30: Næstved Kommune: Der blev bedt om aktindsigt"
        " (forvaltningsloven (part i sagen), brev, PDF).",
        "  Frist: 2. december 2026 (streng), 2. december 2026 (lempelig)",
        f"  Lukket af: intet i loggen til og med post {asked['last']}",
    ]
    assert "1 er overtrådt eller opfyldt for sent." in out
    assert "Testesen" not in out


def test_what_closed_it_is_told(run, folder, asked):
    _, out, _ = rights(run, folder, "--handover", asked["case"], "--state", "fulfilled")
    [block] = [one for one in out.split("\n\n") if "Regel: access-fvl" in one]
    assert (
        "  Lukket af post 16: 25. november 2026 kl. 10.30: Næstved Kommune: Aktindsigten blev givet" in block
    )


def test_json_has_head_verdicts_and_counts(run, folder, asked):
    status, out, _ = rights(run, folder, "--json", as_of="2026-12-03")
    found = json.loads(out)
    assert status == 1
    head = found["head"]
    assert (head["at_index"], head["as_of"]) == (asked["last"], "2026-12-03T22:59:59.999999Z")
    assert (head["register"], head["register_version"]) == ("rettigheder", 1)
    verified = json.loads(run("audit", "verify", "--data", folder, "--json")[1])
    assert head["root_hash"] == verified["root_hash"]
    assert all(len(head[name]) == 64 for name in ("rules", "calendars"))
    broken = [one for one in found["verdicts"] if one["state"] == "violated"]
    [one] = broken
    assert (one["rule"], one["trigger"], one["strict"]) == ("access-fvl", 15, LAST_DAY)
    assert (one["closed_by"], one["nothing_until"]) == (None, asked["last"])
    counts = found["summary"]
    assert (counts["cases"], counts["not_kept"]) == (2, 1)
    assert counts["obligations"] == len(found["verdicts"]) == sum(counts["by_state"].values())
    assert counts["by_rule"]["access-fvl"] == {"fulfilled": 1, "violated": 1}


def test_a_summary_has_no_verdicts_and_states_leave_the_counts_alone(run, folder, asked):
    status, out, _ = rights(run, folder, "--summary", "--json", as_of="2026-12-03")
    brief = json.loads(out)
    assert (status, set(brief)) == (1, {"head", "summary"})
    few = json.loads(rights(run, folder, "--state", "exempt", "--json", as_of="2026-12-03")[1])
    assert (few["verdicts"], few["summary"]) == ([], brief["summary"])
    status, out, _ = rights(run, folder, "--summary")
    assert "Udløst af" not in out
    assert "  Aktindsigt for en part inden 7 arbejdsdage: 1 venter, 1 opfyldt" in out


def test_one_authority_one_case_one_index(run, folder, asked):
    def rows(*more):
        return json.loads(rights(run, folder, "--json", *more)[1])["verdicts"]

    assert {one["authority"] for one in rows("--authority", "0370")} == {"0370"}
    assert {one["handover"] for one in rows("--handover", asked["waiting"])} == {asked["waiting"]}
    before = rows("--at-index", "15", "--handover", asked["case"])
    assert {one["state"] for one in before if one["rule"] == "access-fvl"} == {"pending"}


def test_questions_that_cannot_be_asked(run, folder, asked):
    for more, said in (
        (("--handover", "x"), "UUID"),
        (("--handover", uuid4()), "ingen overgang med dette id"),
        (("--authority", "9999"), "hverken en kommune eller en region"),
        (("--at-index", "9999"), "Den sidste har position"),
        (("--state", "broken"), "--state"),
        (("--as-of", "i går"), "2026-11-23"),
    ):
        status, _, err = run("audit", "rights", "--data", folder, *more)
        assert (status, said in err) == (2, True), err
        assert "i går" not in err
