"""What was under way at New Year goes on with Region Østdanmark: breaches, alerts, withdrawals, clocks, what
comes late."""

import pytest

from audit.log.entry import open_body
from audit.projector.alerts import alerts_of
from domain.course.clocks import clocks
from domain.course.events import (
    BreachAssessed,
    BreachAssessmentOpened,
    TreatmentEnded,
    VisitationStarted,
)
from domain.course.follow_up import follow_ups
from domain.course.responsibility import duty_timeline
from domain.handover import step_commands as s
from domain.handover.streams import breaches_of
from tests.journeys.cast import (
    AMBULATORY,
    EAST,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_REGION,
    REGION,
    caseworker,
)
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.papers import cpr, document, to_the_region
from tests.journeys.reaching import LEADS, READER, WRITER
from tests.journeys.stepping import running
from tests.workflows.steps.new_year import (
    EAST_AMBULATORY,
    EAST_LEADER,
    EAST_WRITER,
    PAPER,
    course,
    new_year,
    succeed,
)
from workflows.delivery import relay
from workflows.handlers import carry_over
from workflows.handlers import steps as handler
from workflows.handlers.imports import import_fault
from workflows.handlers.succeeded import places_of


def test_the_72_hours_of_a_breach_run_on_for_the_successor_who_assesses_it_once(east):
    house, handover = east.house, east.reach("misdirected")
    [opened] = [
        one
        for one in house.log.stream(breaches_of(handover))
        if isinstance(one.event, BreachAssessmentOpened) and one.header.controller == REGION
    ]
    new_year(house)

    house.assess(EAST_LEADER, handover)

    assessed = house.log.stream(breaches_of(handover))[-1]
    assert isinstance(assessed.event, BreachAssessed)
    assert assessed.header.controller == EAST
    assert [one.key_id for one in assessed.header.subjects] == [house.state(handover).sender_key]
    assert opened.event.due > assessed.header.recorded_at, "no new clock was started"
    assert refused(lambda: house.assess(EAST_LEADER, handover)) == "not-allowed-now"
    house.assess(LEADS["receiver"], handover)
    check_all(house)


def test_what_was_assessed_before_new_year_is_not_assessed_again(east):
    house, handover = east.house, east.reach("misdirected")
    house.assess(LEADS["sender"], handover)
    new_year(house)
    assert refused(lambda: house.assess(EAST_LEADER, handover)) == "not-allowed-now"


def test_a_former_receiver_that_was_succeeded_assesses_its_breach_by_its_successor(east):
    """The case is another's by now, so that nothing of it is carried over."""
    house = east.house
    house.mailbox(REGION, AMBULATORY)
    house.authority(OTHER_REGION)
    house.mailbox(OTHER_REGION)
    paper = to_the_region(samtykke__covers="every-authority", **PAPER)
    handover = house.submit(caseworker(), paper, receiver_unit=AMBULATORY)
    house.open(WRITER, handover)
    house.take(WRITER, handover, s.ReportMisdirected)
    house.redirect(READER, handover, OTHER_REGION)
    assert house.state(handover).former_receivers == (REGION,)
    assert refused(lambda: house.assess(EAST_LEADER, handover)) == "not-a-party", "not before New Year"
    new_year(house)
    house.assess(EAST_LEADER, handover)
    assert house.log.stream(breaches_of(handover))[-1].header.controller == EAST


def _alerts(house, authority, unit):
    places = places_of(house.services, authority, unit)
    return [one["handover"] for one in alerts_of(house.database, places, -1, 9)]


def test_the_leader_of_the_successor_finds_the_alerts_from_before_and_after(east):
    house = east.house
    before, after = east.reach("declined"), east.reach("opened")
    house.relay()
    house.project()
    assert _alerts(house, EAST, EAST_AMBULATORY) == [], "not before New Year"
    new_year(house)
    house.decline(READER, after)
    house.relay()
    house.project()

    assert _alerts(house, EAST, EAST_AMBULATORY) == [str(before), str(after)]
    assert _alerts(house, EAST, "amb-oest") == []
    for view in ("alerts", "successions"):
        house.projector.rebuild(view)
    assert _alerts(house, EAST, EAST_AMBULATORY) == [str(before), str(after)]


def test_an_alert_that_the_relay_had_put_aside_comes_to_the_successor(east):
    house, handover = east.house, east.reach("declined")
    new_year(house)
    assert house.alerts(handover) == []
    house.relay()
    house.project()
    assert _alerts(house, EAST, EAST_AMBULATORY) == [str(handover)]


def test_a_case_that_comes_to_the_succeeded_afterwards_is_carried_over_as_well(east):
    house = east.house
    house.submit(WRITER, document(cpr(1), **PAPER))
    new_year(house)
    house.project()
    assert [row.carried for row in house.worklists.successions("9")] == [True, True]
    late = house.import_running()
    assert house.state(late).sender_authority == REGION

    assert house.carry_over() == 0

    state = house.state(late)
    assert (state.sender_authority, state.sender_unit) == (EAST, EAST_AMBULATORY)
    length = house.log.length()
    assert house.carry_over() == 0
    assert house.log.length() == length, "nothing is left to do"
    assert [event.header.event for event in house.events()].count("carry-over-completed") == 2
    check_all(house)


def test_a_late_case_of_a_unit_without_a_successor_waits_and_is_counted_once(east):
    house = east.house
    house.unit(REGION, OTHER_AMBULATORY)
    new_year(house)
    house.project()
    late = house.import_running(sender_unit=OTHER_AMBULATORY)
    assert house.carry_over() == 1
    assert house.state(late).sender_authority == REGION
    succeed(house, OTHER_AMBULATORY, EAST_AMBULATORY)
    house.project()
    assert house.carry_over() == 0
    assert house.state(late).sender_authority == EAST


def test_a_case_that_cannot_be_carried_over_keeps_none_of_the_others_waiting(east, monkeypatch):
    house = east.house
    handovers = [house.submit(WRITER, document(cpr(n), **PAPER)) for n in range(3)]
    carry = carry_over._carry

    def failing(services, move, *given):
        if move.state.id == handovers[0]:
            raise OSError
        carry(services, move, *given)

    monkeypatch.setattr(carry_over, "_carry", failing)
    with pytest.raises(carry_over.CarryOverFailed) as failed:
        new_year(house)
    assert failed.value.waiting == 1
    assert [house.state(one).sender_authority for one in handovers] == [REGION, EAST, EAST]
    house.project()
    assert not any(row.carried for row in house.worklists.successions("9")), "one is left"

    monkeypatch.setattr(carry_over, "_carry", carry)
    assert house.carry_over() == 0
    assert house.state(handovers[0]).sender_authority == EAST


def test_a_withdrawal_asked_for_before_is_confirmed_or_refused_after(east):
    house = east.house
    house.mailbox(REGION, AMBULATORY)
    ours = east.reach("opened", withdrawal=True)
    theirs = house.submit(caseworker(), to_the_region(**PAPER), receiver_unit=AMBULATORY)
    house.open(WRITER, theirs)
    house.take(READER, theirs, s.RequestWithdrawal, reason="other")
    new_year(house)
    house.take(READER, ours, s.ConfirmWithdrawal)
    house.take(EAST_WRITER, theirs, s.ConfirmWithdrawal)
    assert [house.state(one).status for one in (ours, theirs)] == ["withdrawn", "withdrawn"]
    check_all(house)


def test_what_is_about_another_citizen_is_out_of_reach_of_the_keys_from_before_too(east):
    house, handover = east.house, east.reach("opened")
    old = house.state(handover)
    new_year(house)
    state = house.state(handover)
    assert {old.sender_key, state.sender_key} <= set(house.vault.wrapped_content(state.document_id))
    house.take(READER, handover, s.ReportWrongPerson)
    left = set(house.vault.wrapped_content(state.document_id))
    assert left
    assert left.isdisjoint({old.sender_key, state.sender_key, state.receiver_key})
    check_all(house)


def test_a_crash_before_the_rekeying_and_then_new_year_leave_no_key_that_reaches_it(east, monkeypatch):
    house, handover = east.house, east.reach("opened")
    old = house.state(handover)
    monkeypatch.setattr(handler, "shut_away", lambda *_: None)
    house.take(READER, handover, s.ReportWrongPerson)
    new_year(house)
    state = house.state(handover)
    assert state.sender_authority == EAST
    while relay.relay_step(house.services, house.cursor, open_body):
        pass
    left = set(house.vault.wrapped_content(state.document_id))
    assert left.isdisjoint({old.sender_key, state.sender_key, state.receiver_key})


def test_a_leader_of_the_successor_opens_what_was_misdirected_before(east):
    house, handover = east.house, east.reach("misdirected")
    new_year(house)
    assert house.open(EAST_LEADER, handover, purpose="supervision").document["sections"]
    assert refused(lambda: house.open(EAST_WRITER, handover, purpose="supervision")) == "quarantined"


def test_a_fact_that_still_names_the_region_that_was_is_about_its_successor(east):
    house, handover = east.house, east.reach("opened")
    new_year(house)
    house.record(EAST_WRITER, VisitationStarted(handover=handover, region=REGION))
    house.refer(EAST_WRITER, handover, "general-practitioner")
    case = course(house, handover)
    assert duty_timeline(case)[-1].value.authority == EAST
    assert [one.authority for one in clocks(case) if one.rule == "START_REG"] == [EAST]


def test_the_follow_up_after_treatment_is_the_municipalitys_before_new_year_and_after(east):
    house, handover = east.house, east.reach("taken_over")
    ended = TreatmentEnded(handover=handover, authority=REGION, status="completed")
    house.record(WRITER, ended)
    assert {one.authority for one in follow_ups(course(house, handover))} == {MUNICIPALITY}
    new_year(house)
    assert {one.authority for one in follow_ups(course(house, handover))} == {MUNICIPALITY}


def test_a_case_that_was_imported_before_is_no_second_case_under_the_successors_name(east):
    house = east.house
    house.import_running(cpr(5))
    new_year(house)
    again = running(cpr(5), sender_authority=EAST, sender_unit=EAST_AMBULATORY)
    assert import_fault(house.services, again) == ("person_id", "imported-with-other-content")
    other = running(cpr(6), sender_authority=EAST, sender_unit=EAST_AMBULATORY)
    assert import_fault(house.services, other) is None
