"""What the citizen does herself: in whose lane it stands, which track a complaint has, if it is late."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from audit.replay.names import Names
from audit.replay.telling import actor
from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.events.refusal import Refused
from domain.rights.access import AccessDecided, AccessRequested
from domain.rights.appeal import is_late, track_of
from domain.rights.case import judge_case
from domain.rights.commands import ActHerself
from domain.rights.complaints import ComplaintReceived, ComplaintWithdrawn
from domain.rights.decisions import (
    AppealPeriodInterrupted,
    AppealPeriodResumed,
    ApplicationReceived,
    DecisionMade,
)
from domain.rights.hearing import StatementDemanded, StatementLimitSet
from domain.rights.hers import ACTS, Standing
from domain.rights.judge import broken_by
from domain.rights.letters import LetterArrived, LetterSent
from domain.rights.persons import RepresentativeAppointed
from domain.rights.verdict import State
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import (
    MUNICIPALITY,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
    person,
)
from tests.journeys.house import House, refused
from tests.journeys.stepping import note
from tests.workflows.rights.decisions import ending
from workflows.handlers.citizens import Coming, act_herself
from workflows.handlers.guard import CaseNotFound
from workflows.handlers.rights import happened, lane_of, propose

CITIZEN = Standing(role="citizen")


def _herself(role: str = "citizen"):
    return person(role, "")


def does(house, case, event, authority=MUNICIPALITY, *, standing=CITIZEN, acting=None, text=None, **stated):
    command = ActHerself(
        handover=case,
        authority=authority,
        event=event,
        stated=stated,
        note=None if text is None else note("udtalelse", text=text),
    )
    coming = Coming(standing=standing, handovers=frozenset({case}), representative=acting)
    act_herself(house.services, house.as_(_herself(standing.role)), coming, command)
    return lane_of(house.services, case, authority).events[-1]


@pytest.fixture
def case(sqlite_house: House) -> UUID:
    sqlite_house.two_authorities()
    found = sqlite_house.submit(clinician())
    sqlite_house.open(caseworker(), found)
    return found


def test_it_stands_in_the_lane_of_the_authority_it_concerns_under_that_authoritys_key(sqlite_house, case):
    done = does(sqlite_house, case, AccessRequested, regime="fvl", form="pdf", text="Jeg vil se det hele.")
    header = done.header
    assert (header.controller, header.visible_to) == (MUNICIPALITY, (MUNICIPALITY,))
    assert (header.role, header.authority, header.unit) == ("citizen", "", None)
    assert actor(Names(), header) == "Borgeren", "she is of no authority, and none is told of her"
    assert [one.key_id for one in header.subjects] == [sqlite_house.state(case).receiver_key]
    # what she wrote is under the municipality's key, and the region has none that reaches it
    wrapped = sqlite_house.vault.wrapped_content(done.event.note.document_id)
    assert set(wrapped) == {sqlite_house.state(case).receiver_key}
    [owed] = [
        one
        for one in judge_case(
            [*sqlite_house.log.stream(case), done], case, to_instant(sqlite_house.clock.now())
        )
        if one.rule == "access-fvl"
    ]
    assert (owed.authority, owed.state) == (MUNICIPALITY, State.PENDING)


def test_every_act_is_one_that_she_does_and_only_some_are_covered_by_less_than_the_whole_case():
    lawyer = Standing(role="representative", scope="appeal")
    assert all(CITIZEN.does(event) for event in ACTS)
    assert {event for event in ACTS if lawyer.does(event)} == {
        "access-requested",
        "written-reasons-requested",
        "complaint-received",
        "complaint-upheld",
        "complaint-withdrawn",
        "guidance-requested",
    }
    assert not any(Standing(role="caseworker").does(event) for event in ACTS)
    assert not CITIZEN.does("access-decided")


def _decided(house, case, legal_basis="sel:101", outside=True, **stated):
    decision = uuid4()
    event = sample(
        DecisionMade,
        handover=case,
        decision=decision,
        legal_basis=legal_basis,
        outcome="refusal",
        adverse=True,
        guidance=(),
        outside=outside,
        **stated,
    )
    house.right(clinician() if legal_basis.startswith("sul:8") else caseworker(), event)
    return decision


@pytest.mark.parametrize(
    ("legal_basis", "authority", "track"),
    [
        ("sel:101", MUNICIPALITY, "a"),
        ("sul:141", MUNICIPALITY, "b"),
        ("sul:87", REGION, "c"),
        ("sul:82c", REGION, "c"),
    ],
)
def test_a_complaint_has_the_track_of_its_decision(sqlite_house, case, legal_basis, authority, track):
    """law.md 7: the track follows from legal basis and deciding authority."""
    decision = _decided(sqlite_house, case, legal_basis)
    done = does(sqlite_house, case, ComplaintReceived, authority, decision=decision, urgent=False)
    assert (done.event.decision, done.event.track, done.event.late) == (decision, track, False)


def test_what_she_was_told_of_comes_before_the_table(sqlite_house, case):
    request = uuid4()
    asked = sample(AccessRequested, handover=case, request=request, regime="ofl")
    told = sample(
        AccessDecided,
        handover=case,
        request=request,
        regime="ofl",
        outcome="refused",
        guidance=("b2",),
        outside=True,
    )
    for event in (asked, told):
        sqlite_house.right(caseworker(), event)
    done = does(sqlite_house, case, ComplaintReceived, decision=request, urgent=False)
    assert done.event.track == "b2"


def test_of_what_was_done_without_a_decision_she_complains_too(sqlite_house, case):
    done = does(sqlite_house, case, ComplaintReceived, REGION, decision=None, urgent=True)
    assert (done.event.decision, done.event.track) == (case, "d")


def _letter(house, case, decision, days_ago, **stated):
    day = house.clock.now() - timedelta(days=days_ago)
    letter = uuid4()
    sent = sample(
        LetterSent,
        handover=case,
        letter=letter,
        matter=decision,
        dispatched_on=day.date().isoformat(),
        presumed_on=day.date().isoformat(),
        track="a",
        outside=True,
        **{"told_last_date": None, **stated},
    )
    house.right(caseworker(), sent, day)
    arrived = sample(LetterArrived, handover=case, letter=letter, matter=decision, outside=True)
    house.right(caseworker(), arrived, day)


@pytest.mark.parametrize(("arrived_days_ago", "late"), [(28, False), (29, False), (31, True)])
def test_four_weeks_after_the_decision_arrived_a_complaint_is_late_and_is_received(
    sqlite_house, case, arrived_days_ago, late
):
    """RSL §67, RSB §13(1). Monday 23 November 2026: one whose last day was the Sunday has that Monday too."""
    sqlite_house.clock.set(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    decision = _decided(sqlite_house, case)
    _letter(sqlite_house, case, decision, arrived_days_ago)
    done = does(sqlite_house, case, ComplaintReceived, decision=decision, urgent=False)
    assert (done.event.track, done.event.late) == ("a", late)


def test_she_may_rely_on_the_later_date_that_a_letter_told_her(sqlite_house, case):
    decision = _decided(sqlite_house, case)
    _letter(sqlite_house, case, decision, 40, told_last_date="2026-12-24")
    assert not does(sqlite_house, case, ComplaintReceived, decision=decision, urgent=False).event.late


def test_while_the_period_stands_still_no_complaint_is_late(sqlite_house, case):
    """FVL §17: the appeal period is interrupted, and resumes with a date of its own."""
    decision = _decided(sqlite_house, case)
    _letter(sqlite_house, case, decision, 60)
    today = sqlite_house.clock.now().date()

    def late():
        lane = lane_of(sqlite_house.services, case, MUNICIPALITY).events
        return is_late(lane, decision, track_of(lane, MUNICIPALITY, decision, today), today)

    assert late()
    sqlite_house.right(
        caseworker(), sample(AppealPeriodInterrupted, handover=case, decision=decision, outside=True)
    )
    assert not late()
    sqlite_house.clock.advance(minutes=1)
    resumed = sample(
        AppealPeriodResumed,
        handover=case,
        decision=decision,
        ends_on=str(today - timedelta(days=1)),
        outside=True,
    )
    sqlite_house.right(caseworker(), resumed)
    assert late()


def test_without_proof_that_the_decision_arrived_no_complaint_is_late(sqlite_house, case):
    decision = _decided(sqlite_house, case)
    sqlite_house.clock.advance(days=400)
    assert not does(sqlite_house, case, ComplaintReceived, decision=decision, urgent=False).event.late


def test_an_act_towards_a_stranger_is_refused_and_both_parties_see_the_attempt(sqlite_house, case):
    asked = {"regime": "fvl", "form": "pdf"}
    assert (
        refused(lambda: does(sqlite_house, case, AccessRequested, OTHER_MUNICIPALITY, **asked))
        == "no-part-in-case"
    )
    [attempt] = [one for one in sqlite_house.events() if one.header.event == "command-refused"]
    assert {REGION, MUNICIPALITY} <= set(attempt.header.visible_to)
    with pytest.raises(Refused):
        does(sqlite_house, case, ComplaintWithdrawn, complaint=matter("complaint"))


def test_whoever_represents_her_does_so_on_the_case_that_names_the_appointment(sqlite_house, case):
    acting = uuid4()
    lawyer = Standing(role="representative", scope="appeal")
    complaint = {"decision": None, "urgent": False, "standing": lawyer, "acting": acting}
    with pytest.raises(CaseNotFound):
        does(sqlite_house, case, ComplaintReceived, **complaint)
    appointed = sample(
        RepresentativeAppointed, handover=case, representative=acting, scope="appeal", until="2026-11-24"
    )
    sqlite_house.right(clinician(), appointed)
    # an appointment that one authority has registered counts for the case
    assert does(sqlite_house, case, ComplaintReceived, **complaint).header.role == "representative"
    sqlite_house.clock.set(datetime(2026, 11, 24, 22, 0, tzinfo=UTC))
    does(sqlite_house, case, ComplaintReceived, **complaint)
    sqlite_house.clock.set(datetime(2026, 11, 24, 23, 30, tzinfo=UTC))  # the next day in Denmark
    with pytest.raises(CaseNotFound):
        does(sqlite_house, case, ComplaintReceived, **complaint)


def test_who_is_a_party_no_more_still_gets_the_complaint_of_its_decision(sqlite_house, case):
    house = sqlite_house
    decision = _decided(house, case)
    house.authority(OTHER_MUNICIPALITY)
    house.mailbox(OTHER_MUNICIPALITY)
    house.forward(caseworker(), case, OTHER_MUNICIPALITY)
    house.relay()
    assert house.state(case).receiver_authority == OTHER_MUNICIPALITY
    done = does(house, case, ComplaintReceived, decision=decision, urgent=False)
    assert done.header.controller == MUNICIPALITY


def test_she_demands_to_speak_first_and_the_authority_sets_a_day_for_it(sqlite_house, case):
    """FVL §21(1): the decision waits for her statement, or until the day that was set is over."""
    house, decision = sqlite_house, matter("decision")
    house.right(caseworker(), sample(ApplicationReceived, handover=case, decision=decision))
    does(house, case, StatementDemanded, decision=decision, text="Jeg vil sige noget først.")
    refusal = ending(case, decision=decision, outside=True, guidance=("a",))
    inside = msgspec.structs.replace(refusal, outside=False)

    def broken_now() -> set[str]:
        as_of = to_instant(house.clock.now())
        proposed = propose(inside, house.as_(caseworker()), as_of)
        state, lane = house.state(case), lane_of(house.services, case, MUNICIPALITY)
        past = happened(house.services, state, lane.events, as_of)
        return {rule.id for rule in broken_by(proposed, past, case)}

    assert "statement" in broken_now()
    house.clock.advance(minutes=400 * 24 * 60)
    assert "statement" in broken_now(), "without a day it waits for her"
    last = danish_day(house.clock.now()) + timedelta(days=7)
    house.right(caseworker(), StatementLimitSet(handover=case, decision=decision, answer_by=str(last)))
    assert "statement" in broken_now()
    house.clock.advance(minutes=9 * 24 * 60)
    assert "statement" not in broken_now()
