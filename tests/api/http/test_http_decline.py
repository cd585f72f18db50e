"""The receiver says no, and the sender says no to that: both leaders are told, and a leader settles it."""

from typing import Any

from tests.api.http.handover import Case, listed, note_of, opened, sent
from tests.api.http.running import Caller
from tests.api.http.town import AMBULATORY, CENTRE, REGION, TOWN, Town, ok, refused

NO = {"reason": "at-capacity", "remark": "Vi har venteliste til februar."}
OWN = {"authority": TOWN, "decided_by": "own-authority"}


def _told(town: Town, case: Case, leader: Caller, unit: str, event: str) -> dict[str, Any]:
    """The alert to a unit's leader about an event of a case."""

    def found() -> list[dict[str, Any]]:
        items = listed(leader, f"/v1/units/{unit}/alerts")
        return [one for one in items if (one["handover"], one["about_event"]) == (case.id, event)]

    [alert] = town.server.until(found)
    first = ok(leader.get(f"/v1/units/{unit}/alerts?limit=1"), 200).json()
    assert first["next"] == first["items"][0]["position"], "a page that is full leads on"
    return alert


def _declined(town: Town) -> Case:
    case = opened(town)
    case.take(town.caseworker, "decline", NO)
    return case


def test_a_no_stays_with_the_receiver_stops_no_clock_and_is_told_to_both_leaders(town: Town) -> None:
    # given a handover that the centre has read
    case = opened(town)
    before = case.shown(town.clinician)
    running = ok(town.clinician.get(f"{case.path}/responsibility"), 200).json()["clocks"]
    # when it declines
    case.take(town.caseworker, "decline", NO)
    # then the case stays there, with its limits, acknowledged, and the sender still follows it up
    after = case.shown(town.clinician)
    assert (after["status"], after["receiver_authority"]) == ("declined", TOWN)
    assert (after["held_by"], after["take_over_by"]) == (REGION, before["take_over_by"])
    assert after["acknowledged_at"] and after["declined_at"]
    assert ok(town.clinician.get(f"{case.path}/responsibility"), 200).json()["clocks"] == running
    note = note_of(after, "handover-declined")
    assert case.open(town.clinician, document=note)["sections"]["bemaerkning"]["text"] == NO["remark"]
    # and both leaders are told, each of her own unit's case
    ours = _told(town, case, town.leader, CENTRE, "handover-declined")
    theirs = _told(town, case, town.clinic_leader, AMBULATORY, "handover-declined")
    assert ours["about_position"] == theirs["about_position"]
    refused(town.caseworker.get(f"/v1/units/{CENTRE}/alerts"), 403, "role-not-allowed")
    refused(town.leader.get(f"/v1/units/{AMBULATORY}/alerts"), 403, "outside-unit")


def test_nobody_declines_what_nobody_has_read(town: Town) -> None:
    case = sent(town)
    assert case.refused(town.caseworker, "decline", NO) == "document-opened-by-receiver"
    case.take(town.caseworker, "acknowledgement")
    assert case.refused(town.caseworker, "decline", NO) == "document-opened-by-receiver"
    assert "decline" not in case.actions(town.caseworker)


def test_a_no_to_a_no_is_unresolved_until_a_leader_settles_it(town: Town) -> None:
    case = _declined(town)
    assert case.refused(town.leader, "resolution", OWN) == "responsibility-unresolved"
    # when the sender insists
    case.take(town.clinician, "insistence", {"remark": "Borgeren er i målgruppen."})
    # then nobody has it, and both leaders are told
    assert case.shown(town.caseworker)["unresolved_since"] is not None
    event = "handover-responsibility-unresolved"
    _told(town, case, town.leader, CENTRE, event)
    _told(town, case, town.clinic_leader, AMBULATORY, event)
    assert case.refused(town.clinician, "insistence", {}) == "not-insisted"
    rows = listed(town.caseworker, f"/v1/mailboxes/{town.mailbox}/handovers?status=declined")
    [row] = [one for one in rows if one["id"] == case.id]
    assert row["unresolved"] and "Ansvaret er uafklaret" in row["headline"]
    # when a leader of the receiver takes it
    assert case.refused(town.caseworker, "resolution", OWN) == "role-not-allowed"
    assert "resolve" in case.actions(town.leader) and "resolve" not in case.actions(town.caseworker)
    case.take(town.leader, "resolution", OWN)
    # then it is settled, and the centre takes over
    assert case.shown(town.clinician)["unresolved_since"] is None
    case.take(town.caseworker, "takeover")
    assert case.shown(town.clinician)["held_by"] == TOWN


def test_no_leader_gives_the_other_side_a_duty_on_her_own_word(town: Town) -> None:
    case = _declined(town)
    case.take(town.clinician, "insistence", {})
    assert case.refused(town.clinic_leader, "resolution", OWN) == "not-ones-own-to-give"
    assert case.shown(town.clinician)["unresolved_since"] is not None
    agreed = {"authority": TOWN, "decided_by": "leaders-agreed"}
    case.take(town.clinic_leader, "resolution", agreed)
    assert case.shown(town.clinician)["unresolved_since"] is None


def test_a_declined_handover_can_be_taken_over_after_all_or_taken_back(town: Town) -> None:
    taken, withdrawn = _declined(town), _declined(town)
    taken.take(town.caseworker, "takeover")
    assert taken.shown(town.clinician)["status"] == "taken_over"
    withdrawn.take(town.clinician, "withdrawal", {"reason": "declined"})
    assert withdrawn.shown(town.caseworker)["status"] == "withdrawn"
