"""Within one authority: a case is given to a unit, which has a list of its own, and to a member of staff."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.api.http.handover import Case, opened, sent
from tests.api.http.running import Caller
from tests.api.http.town import AMBULATORY, CENTRE, TOWN, Town, another_unit, document, ok, refused

TEAM = "rusmiddelcenter-team-syd"
LIST = f"/v1/units/{TEAM}/handovers"


@pytest.fixture(scope="module")
def team(town: Town) -> Iterator[Caller]:
    """A caseworker of a team of the town's that serves no main mailbox."""
    another_unit(town, TOWN, TEAM)
    yield town.server.caller("caseworker", TOWN, unit=TEAM)


def _on_the_list(case: Case, who: Caller) -> list[dict]:
    items = ok(who.get(f"{LIST}?limit=100"), 200).json()["items"]
    return [one for one in items if one["id"] == case.id]


def test_a_unit_finds_what_it_was_given_on_a_list_of_its_own(town: Town, team: Caller) -> None:
    # given a handover in the town's main mailbox
    case = opened(town)
    assert _on_the_list(case, team) == []
    assert case.shut(team) == "outside-unit"
    assert case.actions(team) == set()
    # when the main mailbox gives it to the team
    case.take(town.caseworker, "distribution", {"unit": TEAM})
    # then it stands on the team's list, with the citizen's name, and showing it is an event
    page = ok(team.get(f"{LIST}?limit=100"), 200).json()
    [row] = [one for one in page["items"] if one["id"] == case.id]
    assert row["label"]["name"] == document()["sections"]["stamoplysninger"]["name"]
    auditor = town.server.caller("auditor", TOWN)
    entries = f"/v1/audit/entries?after={page['shown_position'] - 1}&limit=1"
    [showing] = ok(auditor.get(entries), 200).json()["items"]
    assert showing["header"]["event"] == "unit-list-shown"
    assert case.id in showing["facts"]["handovers"]
    # and the team works on it, while the main mailbox's own staff are outside
    case.open(team)
    case.take(team, "takeover")
    assert case.shut(town.caseworker) == "outside-unit"
    assert case.refused(town.caseworker, "closure", {"outcome": "other"}) == "outside-unit"
    assert case.actions(town.caseworker) == set()
    assert "close" in case.actions(team)
    # and the sender need not know which unit has it
    assert case.shown(town.clinician)["receiver_unit"] is None
    assert case.shown(team)["receiver_unit"] == TEAM
    case.take(team, "closure", {"outcome": "treatment-started"})
    assert _on_the_list(case, team) == []


def test_a_units_list_is_its_own(town: Town, team: Caller) -> None:
    refused(town.caseworker.get(LIST), 403, "outside-unit")
    refused(town.server.caller("leader", TOWN).get(LIST), 403, "outside-unit")
    refused(town.server.caller("auditor", TOWN, unit=TEAM).get(LIST), 403, "role-not-allowed")
    assert ok(town.caseworker.get(f"/v1/units/{CENTRE}/handovers"), 200).json()["next"] is None


def test_a_units_list_pages(town: Town, team: Caller) -> None:
    made = {sent(town).id for _ in range(3)}
    for handover in made:
        Case(f"/v1/handovers/{handover}").take(town.caseworker, "distribution", {"unit": TEAM})
    seen, after = [], ""
    while after is not None:
        page = ok(team.get(f"{LIST}?limit=1{after}"), 200).json()
        seen += [one["id"] for one in page["items"]]
        after = f"&after={page['next']}" if page["next"] else None
    assert len(seen) == len(set(seen)) and made <= set(seen)


def test_a_unit_of_another_authority_is_no_unit_to_distribute_to(town: Town) -> None:
    case = opened(town)
    for unit in (AMBULATORY, "findes-ikke"):
        assert case.refused(town.caseworker, "distribution", {"unit": unit}) == "unit-of-own-authority"
    assert case.refused(town.clinician, "distribution", {"unit": CENTRE}) == "wrong-side"


def test_a_case_is_assigned_to_a_member_of_staff_by_pseudonym(town: Town) -> None:
    case, assignee = opened(town), str(uuid4())
    case.take(town.caseworker, "assignment", {"assignee": assignee})
    assert case.shown(town.caseworker)["assignee"] == assignee
    assert case.shown(town.clinician)["assignee"] is None
    # and given to another unit, it has nobody yet
    case.take(town.caseworker, "distribution", {"unit": CENTRE})
    assert case.shown(town.caseworker)["assignee"] is None
    assert case.refused(town.clinician, "assignment", {"assignee": assignee}) == "wrong-side"
