"""31 December 2026: two regions become Region Østdanmark (OVL §§6-7, 10; JFB §45). Open handovers, consents,
tokens and clocks go over with them."""

from datetime import timedelta

import pytest

from domain.course.clocks import clocks
from domain.course.events import CaseFactRetracted, InquiryReceived, TreatmentStarted, VisitationStarted
from domain.course.responsibility import duty_timeline, held_by_timeline
from domain.course.spans import value_at
from domain.events.instant import to_instant
from domain.handover import step_commands as s
from domain.handover.streams import breaches_of, facts_of
from tests.journeys.cast import (
    AMBULATORY,
    EAST,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.papers import cpr, document, to_the_region
from tests.journeys.reaching import READER, WRITER
from tests.workflows.steps.new_year import (
    AFTER,
    BEFORE,
    EAST_AMBULATORY,
    EAST_WRITER,
    PAPER,
    course,
    new_year,
    succeed,
)
from workflows.handlers import carry_over


def test_what_the_region_sent_is_the_successors_with_documents_questions_and_limits(east):
    house = east.house
    handover = house.submit(WRITER, document(**PAPER))
    house.open(READER, handover)
    question = house.ask(READER, handover)
    before = house.state(handover)
    assert house.carry_over() == 0
    assert house.state(handover) == before, "not before New Year"

    assert new_year(house) == 0

    state = house.state(handover)
    assert (state.sender_authority, state.sender_unit) == (EAST, EAST_AMBULATORY)
    assert (state.status, state.questions, state.acknowledge_by) == (
        before.status,
        (question,),
        before.acknowledge_by,
    )
    assert house.open(EAST_WRITER, handover).document["sections"]
    assert house.open(EAST_WRITER, handover, paper=state.notes[0]).document
    house.answer(EAST_WRITER, handover, question)
    house.correct(EAST_WRITER, handover, document(name="Test Rettet", **PAPER))
    house.open(READER, handover)
    house.take_over(READER, handover)
    assert refused(lambda: house.open(WRITER, handover)) == "not-a-party", "there is no such authority now"
    check_all(house)


def test_what_had_come_to_the_region_is_found_in_the_successors_mailbox_under_the_citizens_name(east):
    house = east.house
    house.mailbox(REGION, AMBULATORY)
    handover = house.submit(caseworker(), to_the_region(**PAPER), receiver_unit=AMBULATORY)
    old_key = house.state(handover).receiver_key

    new_year(house)

    state = house.state(handover)
    assert (state.receiver_authority, state.receiver_unit) == (EAST, EAST_AMBULATORY)
    assert state.receiver_key != old_key, "each controller has keys of its own"
    [listed] = house.show(EAST_WRITER, state.mailbox).listed
    assert (listed.row.handover, listed.label.name) == (handover, "Test Testesen")
    house.open(EAST_WRITER, handover)
    house.take_over(EAST_WRITER, handover)
    assert house.state(handover).held_by() == EAST
    check_all(house)


def test_a_closed_case_goes_over_too_so_that_a_late_error_can_be_reported(east):

    house = east.house
    handover = east.reach("closed")
    new_year(house)
    house.take(EAST_WRITER, handover, s.ReportMisdirected)
    assert house.state(handover).status == "misdirected"
    check_all(house)


def test_the_consent_to_the_region_is_one_to_its_successor(east):
    """What was held for a mailbox is delivered to the successor, on the same consent."""
    house = east.house
    paper = to_the_region(samtykke__covers="addressed-receiver", **PAPER)
    handover = house.submit(caseworker(), paper, receiver_unit=AMBULATORY)
    assert house.state(handover).held_reason == "no-main-mailbox"

    house.clock.set(AFTER)
    assert house.tick() == 1

    state = house.state(handover)
    assert (state.status, state.receiver_authority, state.addressed) == ("delivered", EAST, EAST)
    assert house.open(EAST_WRITER, handover).document["sections"]
    check_all(house)


def test_the_regions_duty_and_its_clocks_run_on_as_the_successors(east):
    house = east.house
    handover = east.reach("opened")
    referred = BEFORE - timedelta(hours=20)
    house.refer(WRITER, handover, "general-practitioner", at=referred)
    house.record(WRITER, VisitationStarted(handover=handover, region=REGION), BEFORE)
    new_year(house)
    case = course(house, handover)
    duty = duty_timeline(case)
    assert value_at(duty, to_instant(BEFORE)).authority == REGION
    assert duty[-1].value.authority == EAST
    [clock] = [one for one in clocks(case) if one.rule == "START_REG"]
    assert (clock.authority, clock.started_at, clock.status) == (EAST, to_instant(referred), "running")
    house.record(EAST_WRITER, TreatmentStarted(handover=handover, authority=EAST, provisional=False))
    [clock] = [one for one in clocks(course(house, handover)) if one.rule == "START_REG"]
    assert clock.status == "stopped"
    assert held_by_timeline(case)[-1].value == EAST


def test_what_the_region_recorded_its_successor_may_retract_and_the_municipality_not(east):
    house = east.house
    handover = east.reach("opened")
    house.record(WRITER, VisitationStarted(handover=handover, region=REGION), BEFORE)
    new_year(house)
    [visited] = house.log.stream(facts_of(handover))
    wrong = CaseFactRetracted(
        handover=handover,
        position=visited.header.position,
        retracts="visitation-started",
        reason="did-not-happen",
    )
    assert refused(lambda: house.record(READER, wrong)) == "not-ones-own-fact"
    house.record(EAST_WRITER, wrong)
    assert house.log.stream(facts_of(handover))[-1].header.authority == EAST


def test_the_municipalitys_own_clock_is_not_touched(east):
    house = east.house
    handover = east.reach("opened")
    house.record(READER, InquiryReceived(handover=handover, channel="digital", wishes_treatment=True), BEFORE)
    before = [one for one in clocks(course(house, handover)) if one.authority == MUNICIPALITY]
    new_year(house)
    after = [one for one in clocks(course(house, handover)) if one.authority == MUNICIPALITY]
    assert before == after != []


def test_a_case_of_a_unit_that_nobody_has_named_a_successor_for_waits_and_is_counted(east):
    house = east.house
    house.unit(REGION, OTHER_AMBULATORY)
    handover = house.submit(clinician(OTHER_AMBULATORY), document(**PAPER))
    assert new_year(house) == 1
    assert house.state(handover).sender_authority == REGION

    succeed(house, OTHER_AMBULATORY, EAST_AMBULATORY)
    house.project()

    assert house.carry_over() == 0
    assert house.state(handover).sender_authority == EAST


def test_it_is_done_once_and_said_so(east):
    house = east.house
    handovers = [house.submit(WRITER, document(cpr(n), **PAPER)) for n in range(3)]
    new_year(house)
    house.project()
    length = house.log.length()
    assert house.carry_over() == 0
    house.project()
    assert house.carry_over() == 0
    assert house.log.length() == length
    names = [event.header.event for event in house.events()]
    assert names.count("handover-carried-over") == len(handovers)
    assert names.count("carry-over-completed") == 2, "the unit's and the authority's"


def test_a_crash_in_the_middle_leaves_the_rest_for_the_next_round(east, monkeypatch):
    house = east.house
    handovers = [house.submit(WRITER, document(cpr(n), **PAPER)) for n in range(4)]
    carry, done = carry_over._carry, []

    def dying(*given):
        if len(done) == 2:
            raise SystemExit
        done.append(carry(*given))

    monkeypatch.setattr(carry_over, "_carry", dying)
    with pytest.raises(SystemExit):
        new_year(house)
    monkeypatch.setattr(carry_over, "_carry", carry)

    assert house.carry_over() == 0

    assert {house.state(one).sender_authority for one in handovers} == {EAST}
    assert all(house.open(EAST_WRITER, one).document for one in handovers)
    check_all(house)


def test_a_citizen_who_was_forgotten_hinders_nothing(east):
    house = east.house
    forgotten = house.submit(WRITER, document(cpr(1), **PAPER))
    other = house.submit(WRITER, document(cpr(2), **PAPER))
    keep = house.state(other)
    house.vault.destroy(lambda key: key in (keep.sender_key, keep.receiver_key))
    assert new_year(house) == 0
    assert house.state(forgotten).sender_authority == EAST
    assert house.open(EAST_WRITER, other).document


def test_what_is_about_another_citizen_is_shut_for_the_succeeded_and_the_successor_assesses(east):
    house = east.house
    house.mailbox(REGION, AMBULATORY)
    handover = house.submit(caseworker(), to_the_region(**PAPER), receiver_unit=AMBULATORY)
    old_key = house.state(handover).receiver_key
    new_year(house)
    state = house.state(handover)
    assert {old_key, state.receiver_key} < set(house.vault.wrapped_content(state.document_id))

    house.take(EAST_WRITER, handover, s.ReportWrongPerson)

    left = set(house.vault.wrapped_content(state.document_id))
    assert left and left.isdisjoint({old_key, state.receiver_key, state.sender_key})
    opened = house.log.stream(breaches_of(handover))
    assert sorted(one.header.controller for one in opened) == [MUNICIPALITY, EAST], "not who is no more"
    check_all(house)
