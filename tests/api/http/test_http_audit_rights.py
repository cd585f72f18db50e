"""`GET /v1/audit/rights`: an auditor sees what her own authority owes, on one case or case by case."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.events.instant import to_instant
from tests.api.http.handover import opened, sent
from tests.api.http.town import REGION, TOWN, ok, refused

PATH = "/v1/audit/rights"
ASKED = to_instant(datetime.now(UTC) - timedelta(days=30))


@pytest.fixture
def auditors(town):
    """One of the region's and one of the town's."""
    return {code: town.server.caller("auditor", code) for code in (REGION, TOWN)}


def request(who, case):
    """Somebody registers that access was asked for a month ago."""
    body = {
        "event": "access-requested",
        "occurred_at": ASKED,
        "outside": True,
        "request": str(uuid4()),
        "regime": "fvl",
        "means": "letter",
        "form": "pdf",
    }
    ok(who.post(f"/v1/handovers/{case.id}/rights", body), 201)


def page(who, query=""):
    return ok(who.get(f"{PATH}{query}"), 200).json()


def test_each_authority_sees_its_own_verdicts_and_no_others(town, auditors):
    case = opened(town)
    request(town.caseworker, case)
    own = page(auditors[TOWN], f"?handover={case.id}")
    theirs = page(auditors[REGION], f"?handover={case.id}")
    [broken] = [one for one in own["items"] if one["rule"] == "access-fvl"]
    assert (broken["state"], broken["state_da"], broken["closed_by"]) == ("violated", "overtrådt", None)
    assert broken["nothing_until"] == own["head"]["at_index"]
    assert {one["authority"] for one in own["items"]} == {TOWN}
    assert (own["head"]["authority"], theirs["head"]["authority"]) == (TOWN, REGION)
    assert {one["authority"] for one in theirs["items"]} == {REGION}
    assert "access-fvl" not in {one["rule"] for one in theirs["items"]}
    assert all(len(own["head"][name]) == 64 for name in ("rules", "calendars"))


def test_a_moment_and_an_index_are_those_that_were_asked_for(town, auditors):
    case = opened(town)
    known = page(auditors[TOWN])["head"]["at_index"]
    request(town.caseworker, case)
    then = page(auditors[TOWN], f"?handover={case.id}&at_index={known}")
    assert "access-fvl" not in {one["rule"] for one in then["items"]}
    assert then["head"]["at_index"] == known
    late = page(auditors[TOWN], f"?handover={case.id}&as_of=2027-12-31T00:00:00Z")
    assert {one["state"] for one in late["items"] if one["rule"] == "start-municipality"} == {"violated"}
    beyond = page(auditors[TOWN], "?at_index=999999999")
    assert beyond["head"]["at_index"] < 999_999_999


def test_page_by_page_every_case_comes_once(town, auditors):
    cases = {sent(town).id for _ in range(3)}
    found, after = [], -1
    while after is not None:
        got = page(auditors[REGION], f"?limit=2&after={after}")
        found += [one["handover"] for one in got["items"] if one["rule"] == "consent-not-withdrawn"]
        after = got["next"]
    assert cases <= set(found)
    assert len(found) == len(set(found))


def test_a_stranger_learns_nothing_and_only_auditors_ask(town, neighbour):
    case = sent(town)
    stranger = town.server.caller("auditor", "0265")
    refused(stranger.get(f"{PATH}?handover={case.id}"), 404, "not-found")
    refused(stranger.get(f"{PATH}?handover={uuid4()}"), 404, "not-found")
    assert page(stranger)["items"] == []
    refused(town.leader.get(PATH), 403, "role-not-allowed")
