"""The caseworker's queue: what her authority still has to do, soonest strict date first, by case number."""

import json
from typing import Any
from uuid import uuid4

import pytest

from domain.due.reminders import known_rules
from tests.api.http.handover import Case, listed, opened, sent
from tests.api.http.running import Caller
from tests.api.http.town import CENTRE, REGION, TOWN, Neighbour, Town, ago, ok, refused

OPEN_STATES = ("pending", "overdue-but-disputed", "violated", "to-be-assessed")


def queue(who: Caller, **asked: Any) -> list[dict[str, Any]]:
    """The whole queue, page by page."""
    found: list[dict[str, Any]] = []
    after: dict[str, Any] = {}
    while True:
        page = ok(who.get("/v1/rights/due", params={"limit": 20, **asked, **after}), 200).json()
        found += page["items"]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


def of(case: Case, who: Caller, **asked: Any) -> dict[str, dict[str, Any]]:
    """What is open on a case, by rule."""
    return {one["rule"]: one for one in queue(who, **asked) if one["handover"] == case.id}


def asked_for_access(case: Case, who: Caller, at: str, request: str | None = None) -> str:
    """The citizen asked for access on paper; returns the request."""
    request = request or str(uuid4())
    right = {
        "event": "access-requested",
        "occurred_at": at,
        "outside": True,
        "request": request,
        "regime": "fvl",
        "means": "letter",
        "form": "pdf",
    }
    ok(who.post(f"{case.path}/rights", right), 201)
    return request


def test_given_a_request_then_it_stands_in_the_authoritys_queue_until_it_is_answered(town: Town) -> None:
    case = opened(town)
    request = asked_for_access(case, town.caseworker, ago(minutes=5))
    mine = town.server.until(lambda: of(case, town.caseworker, rule="access-fvl"))["access-fvl"]
    assert mine["name"] == known_rules()["access-fvl"].name
    assert (mine["basis"], mine["certainty"], mine["matter"]) == (["fvl:16.2"], "F", request)
    assert (mine["authority"], mine["unit"]) == (TOWN, CENTRE)
    assert (mine["state"], mine["state_da"], mine["warned"]) == ("pending", "venter", None)
    assert mine["strict"] <= mine["lenient"]
    shown = ok(town.caseworker.get(f"{case.path}/rights"), 200).json()["verdicts"]
    [verdict] = [one for one in shown if one["rule"] == "access-fvl"]
    shared = ("strict", "lenient", "state", "trigger", "triggered_at", "matter", "name")
    assert {name: mine[name] for name in shared} == {name: verdict[name] for name in shared}
    # when she has got the documents
    given = {"event": "access-given", "outside": True, "request": request, "way": "digital-post"}
    ok(town.caseworker.post(f"{case.path}/rights", given), 201)
    # then nothing is due of it
    town.server.until(lambda: "access-fvl" not in of(case, town.caseworker))


def test_given_a_letter_that_lay_for_weeks_then_it_is_violated_and_the_leader_is_told(town: Town) -> None:
    case = opened(town)
    asked_for_access(case, town.caseworker, ago(days=45))

    def warned() -> dict[str, Any] | None:
        found = of(case, town.caseworker, state="violated", warned=True).get("access-fvl", {})
        return found if found.get("warned") == "lenient-passed" else None

    found = town.server.until(warned)
    assert found["warned_da"] == "Fristen er med sikkerhed overskredet"
    assert found["state_da"] == "overtrådt"
    alerts = town.server.until(
        lambda: [
            one
            for one in listed(town.leader, f"/v1/units/{CENTRE}/alerts")
            if one["handover"] == case.id and one["rule"] == "access-fvl"
        ]
    )
    assert {one["about_event"] for one in alerts} == {"deadline-warned"}
    assert alerts[-1]["name"] == found["name"]
    assert found["strict"] <= alerts[-1]["due"] <= found["lenient"]


def test_the_queue_is_in_the_order_of_the_strict_dates_and_pages_without_a_gap(town: Town) -> None:
    cases = [opened(town) for _ in range(3)]
    for number, case in enumerate(cases):
        asked_for_access(case, town.caseworker, ago(days=number, minutes=1))
    town.server.until(lambda: all(of(case, town.caseworker, rule="access-fvl") for case in cases))
    whole = queue(town.caseworker, limit=200)
    assert len(whole) > 6
    dates = [one["strict"] or "9999" for one in whole]
    assert [date[:10] for date in dates] == sorted(date[:10] for date in dates)
    assert list(map(_key, queue(town.caseworker, limit=2))) == list(map(_key, whole))
    by_rule = queue(town.caseworker, rule="access-fvl")
    assert list(map(_key, by_rule)) == [_key(one) for one in whole if one["rule"] == "access-fvl"]
    by_state = [one for state in OPEN_STATES for one in queue(town.caseworker, state=state)]
    assert sorted(map(_key, by_state)) == sorted(map(_key, whole))
    assert {one["unit"] for one in queue(town.caseworker, unit=CENTRE)} == {CENTRE}
    assert queue(town.caseworker, unit="a-unit-nobody-has") == []


def test_the_queue_goes_on_past_what_has_no_date(town: Town) -> None:
    # given two decisions on paper whose arrival nobody has proven: no date says by when
    case = opened(town)
    for _ in range(2):
        made = {
            "event": "decision-made",
            "occurred_at": ago(minutes=1),
            "outside": True,
            "decision": str(uuid4()),
            "legal_basis": "sel:101",
            "kind": "grant",
            "outcome": "full",
            "adverse": False,
            "oral": False,
            "reasons_rules": True,
            "reasons_considerations": True,
            "reasons_facts": True,
        }
        ok(town.caseworker.post(f"{case.path}/rights", made), 201)
    town.server.until(lambda: of(case, town.caseworker, rule="decision-arrival"))
    # then a page that ends among them has a next one
    waiting = queue(town.caseworker, rule="decision-arrival", limit=1)
    assert len([one for one in waiting if one["handover"] == case.id]) == 2
    assert {one["strict"] for one in waiting} == {None}


def _key(one: dict[str, Any]) -> tuple[str, ...]:
    return one["handover"], one["rule"], str(one["matter"]), str(one["trigger"]), one["triggered_at"]


def test_each_authority_has_its_own_and_sees_nothing_of_the_others(town: Town, neighbour: Neighbour) -> None:
    case = opened(town)
    asked_for_access(case, town.caseworker, ago(minutes=1))
    asked_for_access(case, town.clinician, ago(minutes=1))
    for who, authority in ((town.caseworker, TOWN), (town.clinician, REGION)):
        mine = town.server.until(lambda who=who: of(case, who, rule="access-fvl"))
        assert mine["access-fvl"]["authority"] == authority
        assert {one["authority"] for one in queue(who)} == {authority}
    assert of(case, neighbour.caseworker) == {}


def test_the_handovers_own_limits_stand_there_too(town: Town) -> None:
    case = sent(town, samtykke__objection=True)
    town.server.until(lambda: "own-held" in of(case, town.clinician))
    mine = of(case, town.clinician)
    assert {one for one in mine if one.startswith("own-")} == {"own-held"}
    assert mine["own-held"]["basis"] == ["lokal-aftale:paamindelser"]
    unopened = sent(town)
    town.server.until(lambda: "acknowledged" in of(unopened, town.caseworker))


@pytest.mark.parametrize("role", ["clinician", "caseworker", "leader", "auditor"])
def test_those_who_work_with_cases_and_who_review_them_see_it(town: Town, role: str) -> None:
    ok(town.server.caller(role, TOWN, unit=CENTRE).get("/v1/rights/due"), 200)


@pytest.mark.parametrize("role", ["integration", "registrar", "steering", "operator"])
def test_nobody_else_does(town: Town, role: str) -> None:
    refused(town.server.caller(role, TOWN).get("/v1/rights/due"), 403, "role-not-allowed")


@pytest.mark.parametrize(
    "asked",
    [
        {"rule": "no-such-rule"},
        {"state": "fulfilled"},
        {"after": "2026-11-23"},
        {"after": f"2026-11-23T09:30:00.000000Z~{uuid4()}~1"},
        {"limit": 0},
        {"warned": "perhaps"},
    ],
)
def test_what_cannot_be_asked_is_refused_without_an_echo(town: Town, asked: dict[str, Any]) -> None:
    answer = town.caseworker.get("/v1/rights/due", params=asked)
    refused(answer, 422, "validation-failed")
    assert str(next(iter(asked.values()))) not in answer.text or asked in ({"limit": 0},)


def test_it_holds_no_name_and_no_number_of_a_citizen(town: Town) -> None:
    case = opened(town, name="Navnet Kanariefugl")
    asked_for_access(case, town.caseworker, ago(minutes=1))
    town.server.until(lambda: of(case, town.caseworker, rule="access-fvl"))
    said = json.dumps(queue(town.caseworker), ensure_ascii=False)
    assert case.id in said
    assert "Kanariefugl" not in said
    number = ok(town.caseworker.post(f"{case.path}/readings", {}), 201).json()["document"]["sections"][
        "stamoplysninger"
    ]["person_id"]["value"]
    assert number not in said
