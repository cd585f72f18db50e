"""Read by one whom it was not for, and then sent back or on: a disclosure, and a breach to assess
(law.md 9.4 FejlsendtVideresendt; GDPR art. 33). Unread, nothing was disclosed."""

from datetime import timedelta

import pytest

from domain.events.instant import from_instant, to_instant
from domain.handover import step_commands as s
from domain.handover.streams import breaches_of
from tests.journeys.cast import MUNICIPALITY, OTHER_CENTRE, OTHER_MUNICIPALITY, REGION, caseworker
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.papers import document
from tests.journeys.reaching import ACTS, LEADS, READER, WRITER
from workflows.handlers.quarantine import WRONG_PLACE
from workflows.machines.installed import definition


def _breaches(house, handover):
    return [one for one in house.log.stream(breaches_of(handover)) if one.header.event.endswith("opened")]


def _sent_back(house, handover, reason):
    return house.take(READER, handover, s.ReturnHandover, reason=reason, suggested=None)


@pytest.mark.parametrize("reason", sorted(WRONG_PLACE))
def test_given_it_was_read_when_it_is_sent_back_then_both_leaders_assess_within_72_hours_of_that(
    scene, reason
):
    house, handover = scene.house, scene.reach("acknowledged")
    house.clock.set(house.clock.now() + timedelta(hours=5))
    _sent_back(house, handover, reason)
    opened = _breaches(house, handover)
    assert {one.header.controller for one in opened} == {REGION, MUNICIPALITY}
    for one in opened:
        assert (one.event.cause, one.header.visible_to) == ("handover-returned", (one.header.controller,))
        assert one.event.aware_at == to_instant(house.clock.now())
        assert from_instant(one.event.due) - from_instant(one.event.aware_at) == timedelta(hours=72)
    for leader in LEADS.values():
        house.assess(leader, handover)
        assert refused(lambda who=leader: house.assess(who, handover)) == "not-allowed-now"
    check_all(house)


def test_the_reasons_are_those_of_the_workflow():
    known = {value.name for value in definition("handover", 2).codes("return", "reason")}
    assert known > WRONG_PLACE
    assert known - WRONG_PLACE == {"not-treated-here", "other"}


@pytest.mark.parametrize("reason", ["not-treated-here", "other"])
def test_what_came_to_the_right_authority_is_no_breach_by_being_sent_back(scene, reason):
    handover = scene.reach("opened")
    _sent_back(scene.house, handover, reason)
    assert _breaches(scene.house, handover) == []


@pytest.mark.parametrize("act", ["return", "forward"])
def test_unread_there_is_no_breach(scene, act):
    house, handover = scene.house, scene.reach("delivered")
    ACTS[act](house, READER, handover)
    assert _breaches(house, handover) == []


def test_a_colleagues_look_and_one_before_a_correction_are_readings_too(scene):
    house = scene.house
    looked = scene.reach("delivered")
    house.open(caseworker(OTHER_CENTRE), looked, reason="joint-case", purpose="treatment")
    corrected = scene.reach("opened")
    house.correct(WRITER, corrected)
    for handover in (looked, corrected):
        assert house.state(handover).opened_at is None
        house.send_back(READER, handover)
        assert len(_breaches(house, handover)) == 2


def test_the_senders_own_reading_discloses_nothing(scene):
    house, handover = scene.house, scene.reach("delivered")
    house.open(WRITER, handover)
    house.send_back(READER, handover)
    assert _breaches(house, handover) == []


def test_given_it_was_read_when_it_is_passed_on_then_the_sender_and_who_passed_it_on_assess(scene):
    house, handover = scene.house, scene.reach("opened")
    house.forward(READER, handover, OTHER_MUNICIPALITY)
    opened = _breaches(house, handover)
    assert {one.header.controller for one in opened} == {REGION, MUNICIPALITY}
    assert {one.event.cause for one in opened} == {"handover-forwarded"}
    house.assess(LEADS["receiver"], handover)
    check_all(house)


def test_what_goes_back_because_the_consent_reaches_no_further_was_read_all_the_same(scene):
    house = scene.house
    handover = house.submit(WRITER, document(samtykke__covers="addressed-receiver"))
    house.open(READER, handover)
    house.forward(READER, handover, OTHER_MUNICIPALITY)
    assert house.state(handover).status == "returned"
    assert {one.event.cause for one in _breaches(house, handover)} == {"handover-returned"}


def test_an_imported_case_whose_document_was_read_and_that_is_denied(scene):
    house = scene.house
    handover = house.import_running()
    house.complete(WRITER, handover)
    house.open(READER, handover)
    house.take(READER, handover, s.DenyImport)
    assert {one.event.cause for one in _breaches(house, handover)} == {"handover-import-denied"}


def test_each_leg_is_judged_by_itself(scene):
    house, handover = scene.house, scene.reach("opened")
    house.send_back(READER, handover)
    house.redirect(WRITER, handover, MUNICIPALITY)
    house.send_back(READER, handover)
    assert len(_breaches(house, handover)) == 2, "the second time nobody read it"


def test_what_was_sent_back_can_still_be_reported_as_misdirected_and_is_then_shut(scene):
    house, handover = scene.house, scene.reach("opened")
    _sent_back(house, handover, "other")
    house.take(WRITER, handover, s.ReportMisdirected)
    assert refused(lambda: house.open(READER, handover)) == "quarantined"
    assert {one.header.controller for one in _breaches(house, handover)} == {REGION, MUNICIPALITY}
    house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    check_all(house)


def test_while_nobody_says_yes_that_comes_first(scene):
    handover = scene.reach("returned", unresolved=True)
    assert (
        refused(lambda: scene.house.take(WRITER, handover, s.ReportMisdirected)) == "responsibility-settled"
    )
