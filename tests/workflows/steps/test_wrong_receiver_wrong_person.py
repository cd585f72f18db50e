"""A document with a wrong receiver, or about a wrong person: shut at once, assessed as a breach within 72
hours (GDPR art. 33; law.md 8.10), kept out of every package."""

from datetime import timedelta

import pytest

from domain.course.events import BreachAssessmentOpened
from domain.events.instant import from_instant
from domain.handover import step_commands as s
from domain.handover.streams import breaches_of
from tests.journeys.cast import (
    CENTRE,
    MUNICIPALITY,
    OTHER_MUNICIPALITY,
    REGION,
    SERVING,
    caseworker,
    person,
)
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.reaching import LEADS, READER, WRITER
from workflows.handlers import steps
from workflows.ports.vault import KeyDestroyed

REPORTS = (s.ReportMisdirected, s.ReportWrongPerson)


def _breaches(house, handover):
    return house.log.stream(breaches_of(handover))


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("status", ["taken_over", "closed"])
def test_it_is_found_after_a_positive_receipt_and_shut_for_both_sides_at_once(scene, report, status):
    handover = scene.reach(status)
    scene.house.take(READER, handover, report)
    state = scene.house.state(handover)
    assert state.quarantined
    for who in (WRITER, READER, LEADS["sender"], LEADS["receiver"]):
        assert refused(lambda w=who: scene.house.open(w, handover)) == "quarantined"
        assert refused(lambda w=who: scene.house.open(w, handover, purpose="treatment")) == "quarantined"
    listed = scene.house.show(READER, state.mailbox, state.status).listed
    assert [one.label for one in listed] == [None], "nor is the citizen's name shown"


@pytest.mark.parametrize("report", REPORTS)
def test_each_controller_assesses_the_breach_on_its_own_within_72_hours(scene, report):
    handover = scene.reach("opened")
    scene.house.take(WRITER, handover, report)
    opened = _breaches(scene.house, handover)
    assert {one.header.controller for one in opened} == {REGION, MUNICIPALITY}
    for one in opened:
        assert isinstance(one.event, BreachAssessmentOpened)
        assert one.header.visible_to == (one.header.controller,)
        assert from_instant(one.event.due) - from_instant(one.event.aware_at) == timedelta(hours=72)
    for side in LEADS.values():
        scene.house.assess(side, handover, "notified")
    assert len(_breaches(scene.house, handover)) == 4
    check_all(scene.house)


def test_a_breach_is_assessed_once_by_a_leader_of_a_controller_that_has_one(scene):
    handover = scene.reach("misdirected")
    assert refused(lambda: scene.house.assess(READER, handover)) == "role-not-allowed"
    stranger = person("leader", OTHER_MUNICIPALITY, CENTRE)
    assert refused(lambda: scene.house.assess(stranger, handover)) == "not-a-party"
    scene.house.assess(LEADS["receiver"], handover)
    assert refused(lambda: scene.house.assess(LEADS["receiver"], handover)) == "not-allowed-now"
    unharmed = scene.reach("opened")
    assert refused(lambda: scene.house.assess(LEADS["sender"], unharmed)) == "not-allowed-now"


def test_who_had_it_and_is_no_party_any_more_still_assesses_its_own_breach(scene):
    handover = scene.reach("misdirected")
    scene.house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    assert scene.house.state(handover).status == "delivered"
    scene.house.assess(LEADS["receiver"], handover)


def test_a_leader_opens_what_was_misdirected_to_assess_the_breach_and_for_nothing_else(scene):
    handover = scene.reach("misdirected")
    found = scene.house.open(LEADS["receiver"], handover, purpose="supervision")
    assert found.document["sections"]
    assert refused(lambda: scene.house.open(READER, handover, purpose="supervision")) == "quarantined"


def test_given_it_was_misdirected_then_the_sender_finds_the_right_receiver(scene):
    handover = scene.reach("misdirected")
    assert scene.house.state(handover).held_by() == REGION
    scene.house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    state = scene.house.state(handover)
    assert (state.status, state.receiver_authority, state.quarantined) == (
        "delivered",
        OTHER_MUNICIPALITY,
        False,
    )


def test_what_is_about_another_citizen_is_keyed_anew_out_of_everybodys_reach(scene):
    house = scene.house
    handover = scene.reach("acknowledged", asked=True)
    house.correct(WRITER, handover)
    state = house.state(handover)
    papers = (*state.documents, *state.notes)
    before = {paper: set(house.vault.wrapped_content(paper)) for paper in papers}

    house.take(READER, handover, s.ReportWrongPerson)

    for paper in papers:
        now = set(house.vault.wrapped_content(paper))
        assert before[paper] and now, "nothing is lost: two authorities may have to look into it"
        assert not now & {state.sender_key, state.receiver_key}
    with pytest.raises(KeyDestroyed):
        house.open(LEADS["receiver"], handover, purpose="supervision")
    check_all(house)


def test_what_is_about_another_citizen_is_out_of_a_former_receivers_reach(scene):
    house, handover = scene.house, scene.reach("returned")
    former = house.state(handover).receiver_key
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    state = house.state(handover)
    assert former in house.vault.wrapped_content(state.document_id)
    reader = caseworker(SERVING[OTHER_MUNICIPALITY], OTHER_MUNICIPALITY)
    house.open(reader, handover)
    house.take(reader, handover, s.ReportWrongPerson)
    left = set(house.vault.wrapped_content(state.document_id))
    assert left
    assert left.isdisjoint({former, state.sender_key, state.receiver_key})
    check_all(house)


def test_the_vault_follows_the_log_when_a_crash_came_in_between(scene, monkeypatch):

    house, handover = scene.house, scene.reach("opened")
    state = house.state(handover)
    monkeypatch.setattr(steps, "shut_away", lambda *_: None)
    house.take(READER, handover, s.ReportWrongPerson)
    assert state.sender_key in house.vault.wrapped_content(state.document_id)
    assert refused(lambda: house.open(WRITER, handover)) == "quarantined", "shut all the same"

    house.relay()

    assert state.sender_key not in house.vault.wrapped_content(state.document_id)
    house.relay()
    check_all(house)


def test_the_other_documents_of_the_same_citizen_stay_readable(scene):
    house = scene.house
    right, wrong = scene.reach("opened"), scene.reach("opened")
    house.take(READER, wrong, s.ReportWrongPerson)
    assert house.open(READER, right).document["sections"]
    assert house.open(WRITER, right).document["sections"]
