"""A document with a wrong receiver, or about a wrong citizen: shut at once, and assessed as a breach."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.http.handover import Case, code_of, listed, opened, sent
from tests.api.http.running import Caller
from tests.api.http.town import Neighbour, Town, ok, pdf, refused, submission

ASSESSED = {"outcome": "notified", "citizen_informed": True}


def _breaches(case: Case, who: Caller) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ok(who.get(f"{case.path}/breach"), 200).json()["items"]
    return items


@pytest.mark.parametrize("step", ["misdirection", "wrong-person"])
@pytest.mark.parametrize("finder", ["clinician", "caseworker"])
def test_whichever_party_finds_it_nobody_opens_the_document_any_more(
    town: Town, step: str, finder: str
) -> None:
    # given a handover that was read, with a remark
    case = opened(town)
    case.take(town.caseworker, "questions", {"concerns": ["parter"], "text": "Er det den rette?"})
    [note] = case.shown(town.clinician)["notes"]
    # when one of the parties finds it out
    case.take(getattr(town, finder), step, {} if step == "misdirection" else None)
    # then document and note are shut for both, and the work list no longer names the citizen
    status = step.replace("-", "_") if step == "wrong-person" else "misdirected"
    for who in (town.clinician, town.caseworker):
        shown = case.shown(who)
        assert (shown["status"], shown["quarantined"]) == (status, True)
        assert case.shut(who) == "quarantined"
        assert case.shut(who, document=note["id"]) == "quarantined"
        assert case.shut(who, purpose="supervision") == "quarantined"
    rows = listed(town.caseworker, f"/v1/mailboxes/{town.mailbox}/handovers?status={status}")
    assert [one["label"] for one in rows if one["id"] == case.id] == [None]


def test_an_attachment_is_shut_with_the_document(town: Town) -> None:
    file = {"content": pdf(), "headers": {"Content-Type": "application/pdf"}}
    upload = ok(town.clinician.post("/v1/attachments", **file), 201).json()["id"]
    made = ok(town.clinician.post("/v1/handovers", submission(attachments=[upload])), 201)
    case = Case(made.headers["Location"])
    case.open(town.caseworker)
    reading = f"{case.path}/attachments/{upload}/readings"
    ok(town.caseworker.post(reading, {}), 201)
    case.take(town.caseworker, "misdirection", {})
    assert code_of(town.caseworker.post(reading, {})) == "quarantined"


def test_each_authority_assesses_the_breach_within_72_hours(town: Town) -> None:
    # given a misdirected document
    case = opened(town)
    assert _breaches(case, town.leader) == []
    case.take(town.caseworker, "misdirection", {"remark": "Borgeren kendes ikke her."})
    # then each leader sees an assessment of her own authority's, due 72 hours after it was found
    for leader in (town.leader, town.clinic_leader):
        [breach] = _breaches(case, leader)
        assert breach["cause"] == "handover-misdirected" and breach["outcome"] is None
        aware, due = (datetime.fromisoformat(breach[name]) for name in ("aware_at", "due"))
        assert due - aware == timedelta(hours=72)
    refused(town.caseworker.get(f"{case.path}/breach"), 403, "role-not-allowed")
    # when the town's leader has assessed it
    refused(town.caseworker.post(f"{case.path}/breach", ASSESSED), 403, "role-not-allowed")
    answer = ok(town.leader.post(f"{case.path}/breach", ASSESSED), 201)
    # then that is the town's alone, and is done once
    [breach] = ok(town.leader.get(answer.headers["Location"]), 200).json()["items"]
    assert (breach["outcome"], breach["citizen_informed"]) == ("notified", True)
    assert breach["aware_at"] < breach["assessed_at"] < breach["due"]
    assert [one["outcome"] for one in _breaches(case, town.clinic_leader)] == [None]
    assert code_of(town.leader.post(f"{case.path}/breach", ASSESSED)) == "not-allowed-now"


def test_a_leader_who_assesses_may_open_what_was_misdirected(town: Town) -> None:
    case = opened(town)
    case.take(town.clinician, "misdirection", {})
    assert case.shut(town.leader) == "quarantined"
    read = case.open(town.leader, purpose="supervision")
    assert read["template"] == "overgangsdokument"


def test_what_is_about_another_citizen_is_out_of_every_reach(town: Town) -> None:
    case = sent(town)
    case.take(town.clinician, "wrong-person")
    assert case.shut(town.leader) == "quarantined"
    assert case.shut(town.leader, purpose="supervision") == "gone"
    assert [one["cause"] for one in _breaches(case, town.leader)] == ["handover-wrong-person"]
    assert case.actions(town.clinician) == set() == case.actions(town.leader)


def test_a_misdirected_document_goes_on_to_the_right_receiver(town: Town, neighbour: Neighbour) -> None:
    case = opened(town)
    case.take(town.caseworker, "misdirection", {})
    case.take(town.clinician, "redirection", {"receiver_authority": neighbour.authority})
    assert case.shown(neighbour.caseworker)["status"] == "delivered"
    case.open(neighbour.caseworker)
    # then the neighbour has no breach to assess, and the town, which had it, still has
    assert _breaches(case, neighbour.leader) == []
    refused(town.leader.get(case.path), 404, "not-found")
    assert [one["outcome"] for one in _breaches(case, town.leader)] == [None]
    ok(town.leader.post(f"{case.path}/breach", ASSESSED), 201)
    assert [one["outcome"] for one in _breaches(case, town.leader)] == ["notified"]


def test_taking_back_what_was_misdirected_opens_it_to_nobody(town: Town) -> None:
    case = opened(town)
    case.take(town.caseworker, "misdirection", {})
    case.take(town.clinician, "withdrawal", {"reason": "wrong-receiver"})
    for who in (town.clinician, town.caseworker):
        shown = case.shown(who)
        assert (shown["status"], shown["quarantined"]) == ("withdrawn", True)
        assert case.shut(who) == "quarantined"
    # and what turns out to be about another citizen can be shut for good even then
    assert "report_wrong_person" in case.actions(town.clinician)
    case.take(town.clinician, "wrong-person")
    assert case.shut(town.leader, purpose="supervision") == "gone"


def test_what_was_read_by_a_wrong_receiver_and_sent_back_is_a_breach_for_both_leaders(town: Town) -> None:
    case = opened(town)
    case.take(town.caseworker, "return", {"reason": "wrong-recipient"})
    for leader in (town.leader, town.clinic_leader):
        assert [one["cause"] for one in _breaches(case, leader)] == ["handover-returned"]
        ok(leader.post(f"{case.path}/breach", ASSESSED), 201)
    unread = sent(town)
    unread.take(town.caseworker, "return", {"reason": "wrong-recipient"})
    assert _breaches(unread, town.leader) == []


def test_where_there_is_no_breach_there_is_nothing_to_assess(town: Town, neighbour: Neighbour) -> None:
    case = opened(town)
    assert code_of(town.leader.post(f"{case.path}/breach", ASSESSED)) == "not-allowed-now"
    for answer in (
        neighbour.leader.get(f"{case.path}/breach"),
        neighbour.leader.post(f"{case.path}/breach", ASSESSED),
    ):
        refused(answer, 404, "not-found")
