"""Declined, insisted, returned twice: no case falls between two chairs (RSL §9(8); design section 5)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from domain.course.events import HandoverEscalated
from domain.course.responsibility import duty_timeline
from domain.events.instant import from_instant
from domain.handover import step_commands as s
from domain.handover.decide_steps import REGISTERED_IN
from domain.handover.streams import escalations_of, facts_of
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
from tests.journeys.papers import document, to_another_municipality
from tests.journeys.reaching import ACTS, LEADS, READER, WRITER
from workflows.machines.installed import definition
from workflows.timers import escalate

WORKFLOW = definition("handover", 2)
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def _escalations(house, handover):
    stream = house.log.stream(escalations_of(handover))
    return [one.event for one in stream if isinstance(one.event, HandoverEscalated)]


def _course(house, handover):
    return duty_timeline([*house.log.stream(handover), *house.log.stream(facts_of(handover))])


def test_given_a_decline_then_it_stays_with_the_receiver_and_both_leaders_are_told(scene):
    handover = scene.reach("acknowledged")
    scene.house.decline(READER, handover, "not-target-group")
    scene.house.relay()
    state = scene.house.state(handover)
    assert (state.status, state.receiver_authority) == ("declined", MUNICIPALITY)
    alerted = {(one.header.controller, one.event.case_unit) for one in scene.house.alerts(handover)}
    assert alerted == {(REGION, state.sender_unit), (MUNICIPALITY, CENTRE)}
    [row] = scene.house.show(READER, state.mailbox, "declined").listed
    assert row.row.handover == handover, "it is on the list until somebody has taken it over"


def test_a_decline_carries_the_receipt_that_was_missing(scene):
    handover = scene.reach("opened")
    scene.house.decline(READER, handover)
    acknowledged, declined = scene.house.log.stream(handover)[-2:]
    assert (acknowledged.header.event, acknowledged.event.carried_by_take_over) == (
        "handover-acknowledged",
        True,
    )
    assert declined.event.reason == "at-capacity"


def test_who_has_declined_may_still_take_over(scene):
    handover = scene.reach("declined")
    scene.house.take_over(READER, handover)
    assert scene.house.state(handover).held_by() == MUNICIPALITY


@pytest.mark.parametrize(("status", "reason"), [("declined", "both-refuse"), ("returned", "second-return")])
def test_given_a_no_to_a_no_or_a_second_return_then_both_leaders_have_the_next_working_day(
    scene, status, reason
):
    handover = scene.reach(status, unresolved=True)
    unresolved = scene.house.last_step(handover)
    assert unresolved.header.role == "system"
    assert unresolved.event.reason == reason
    assert unresolved.event.leaders_by == "2026-11-24T22:59:59.999999Z", "to the end of Tuesday"
    assert scene.house.state(handover).unresolved_at is not None
    assert _course(scene.house, handover)[-1].value.kind == "unresolved"


def test_from_region_to_municipality_nobody_acts_meanwhile_by_law(scene):
    handover = scene.reach("declined", unresolved=True)
    event = scene.house.last_step(handover).event
    assert (event.acting_meanwhile, event.basis) == (None, None)


def test_between_municipalities_the_one_of_the_register_acts_meanwhile(scene):
    """RSL §9(8); the basis is stored."""
    house, sender = scene.house, caseworker()
    paper = document(
        municipality=OTHER_MUNICIPALITY,
        overgang__change_of_handlekommune=True,
        overgang__move_from="koordineret",
        overgang__move_to="koordineret",
        stamoplysninger__folkeregisterkommune=OTHER_MUNICIPALITY,
    )
    reader = caseworker(SERVING[OTHER_MUNICIPALITY], OTHER_MUNICIPALITY)
    handover = house.submit(sender, paper)
    house.open(reader, handover)
    house.decline(reader, handover)
    house.take(sender, handover, s.InsistOnHandover)
    event = house.last_step(handover).event
    assert (event.acting_meanwhile, event.basis) == (OTHER_MUNICIPALITY, "rsl:9.8")
    [*_, now] = _course(house, handover)
    assert (now.value.kind, now.value.authority, now.value.reason) == (
        "authority",
        OTHER_MUNICIPALITY,
        "acting-meanwhile",
    )


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("bopael", (MUNICIPALITY, None, "sender-meanwhile")),
        ("rsl-9-8", (OTHER_MUNICIPALITY, "rsl:9.8", "acting-meanwhile")),
    ],
)
def test_where_no_registration_is_known_somebody_acts_meanwhile_all_the_same(sqlite_scene, stated, expected):
    """RSL §9(8) names the municipality of registration; without it, who acts temporarily, or the sender."""
    house, sender = sqlite_scene.house, caseworker()
    reader = caseworker(SERVING[OTHER_MUNICIPALITY], OTHER_MUNICIPALITY)
    basis = {"stamoplysninger__handlekommune_basis": stated}
    paper = to_another_municipality(municipality=OTHER_MUNICIPALITY, **basis)
    # The citizen has had it withheld, or nobody knows it.
    known = {name: value for name, value in paper.facts.items() if name != REGISTERED_IN}
    paper = msgspec.structs.replace(paper, facts=known)
    handover = house.submit(sender, paper)
    for _ in range(2):
        house.send_back(reader, handover)
        if house.state(handover).unresolved_at is None:
            house.redirect(sender, handover, OTHER_MUNICIPALITY)
    event, now = house.last_step(handover).event, _course(house, handover)[-1].value
    assert (event.acting_meanwhile, event.basis, now.reason) == expected
    assert (now.kind, now.authority) == ("authority", event.acting_meanwhile)


def test_given_the_leaders_day_has_passed_then_the_steering_group_is_told_by_number_only(scene):
    handover = scene.reach("declined", unresolved=True)
    scene.house.clock.set(MONDAY + timedelta(days=1, hours=13))
    assert scene.house.escalate() == 0, "Tuesday is not over"
    scene.house.clock.set(MONDAY + timedelta(days=2))
    assert scene.house.escalate() == 1
    assert scene.house.escalate() == 0, "told once"
    [told] = _escalations(scene.house, handover)
    assert (told.to, told.health_council, told.cause) == ("steering-group", None, "both-refuse")
    assert told.handover == handover
    recorded = scene.house.log.stream(escalations_of(handover))[-1]
    assert recorded.header.visible_to == ("0000", MUNICIPALITY, REGION)
    assert recorded.entry.startswith(b'{"body":null')


def test_from_2027_it_is_the_health_council_of_the_municipality(scene):
    handover = scene.reach("declined", unresolved=True)
    scene.house.clock.set(datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
    assert scene.house.escalate() == 1
    [told] = _escalations(scene.house, handover)
    assert (told.to, told.health_council) == ("health-council", "midt-og-vestsjaelland")
    assert from_instant(told.decides_by) > scene.house.clock.now()


def test_given_the_leaders_have_settled_it_then_nobody_else_is_told(scene):
    handover = scene.reach("declined", unresolved=True)
    own = {"authority": MUNICIPALITY, "decided_by": "own-authority"}
    scene.house.take(LEADS["receiver"], handover, s.ResolveResponsibility, **own)
    scene.house.clock.set(MONDAY + timedelta(days=9))
    assert scene.house.escalate() == 0
    assert scene.house.state(handover).unresolved_at is None
    check_all(scene.house)


def test_a_leader_takes_the_responsibility_or_names_who_settled_it_but_gives_it_to_nobody(scene):
    handover = scene.reach("declined", unresolved=True)

    def resolve(authority, decided_by):
        fields = {"authority": authority, "decided_by": decided_by}
        return scene.house.take(LEADS["sender"], handover, s.ResolveResponsibility, **fields)

    assert refused(lambda: resolve(MUNICIPALITY, "own-authority")) == "not-ones-own-to-give"
    assert refused(lambda: resolve(REGION, "leaders-agreed")) == "not-ones-own-to-give"
    assert refused(lambda: resolve(OTHER_MUNICIPALITY, "leaders-agreed")) == "not-a-party"
    resolve(MUNICIPALITY, "leaders-agreed")
    assert scene.house.state(handover).resolved_to == MUNICIPALITY


def test_only_a_leader_settles_it(scene):
    handover = scene.reach("declined", unresolved=True)
    for role in ("caseworker", "auditor"):
        who = person(role, MUNICIPALITY, CENTRE)
        fields = {"authority": MUNICIPALITY, "decided_by": "own-authority"}
        assert refused(
            lambda w=who, f=fields: scene.house.take(w, handover, s.ResolveResponsibility, **f)
        ) == ("role-not-allowed")


def test_given_it_is_unresolved_then_it_is_not_sent_round_once_more(scene):
    handover = scene.reach("returned", unresolved=True)
    assert refused(lambda: scene.house.redirect(WRITER, handover, OTHER_MUNICIPALITY)) == (
        "responsibility-settled"
    )
    own = {"authority": REGION, "decided_by": "own-authority"}
    scene.house.take(LEADS["sender"], handover, s.ResolveResponsibility, **own)
    scene.house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    assert scene.house.state(handover).status == "delivered"


ENDS = [("declined", "withdraw")] + [
    ("returned", command) for command in ("withdraw", "complete_otherwise", "enter_in_error")
]


@pytest.mark.parametrize(("status", "command"), ENDS)
def test_no_end_makes_a_dispute_vanish_before_a_leader_has_settled_it(scene, status, command):
    house, handover = scene.house, scene.reach(status, unresolved=True)
    assert refused(lambda: ACTS[command](house, WRITER, handover)) == "responsibility-settled"
    house.clock.set(MONDAY + timedelta(days=2))
    assert house.escalate() == 1
    own = {"authority": REGION, "decided_by": "own-authority"}
    house.take(LEADS["sender"], handover, s.ResolveResponsibility, **own)
    ACTS[command](house, WRITER, handover)
    assert house.steps(handover)[-1] == WORKFLOW.step(command).event
    check_all(house)


@pytest.mark.parametrize("report", [s.ReportMisdirected, s.ReportWrongPerson])
@pytest.mark.parametrize("reporter", [READER, WRITER])
def test_a_document_that_is_shut_leaves_the_dispute_where_it_was(scene, report, reporter):
    house, handover = scene.house, scene.reach("declined", unresolved=True)
    house.take(reporter, handover, report)
    assert house.state(handover).unresolved_at is not None
    assert _course(house, handover)[-1].value.reason == "both-refuse"
    house.clock.set(MONDAY + timedelta(days=2))
    assert house.escalate() == 1
    own = {"authority": MUNICIPALITY, "decided_by": "own-authority"}
    house.take(LEADS["receiver"], handover, s.ResolveResponsibility, **own)
    assert house.state(handover).unresolved_at is None
    assert _course(house, handover)[-1].value.kind == "authority"
    check_all(house)


def test_one_dispute_that_cannot_be_told_keeps_no_other_waiting(scene, monkeypatch):
    first, second = (scene.reach("declined", unresolved=True) for _ in range(2))
    scene.house.clock.set(MONDAY + timedelta(days=3))
    load = escalate.load

    def failing(services, handover):
        if handover == first:
            raise OSError("the disk is away")
        return load(services, handover)

    monkeypatch.setattr(escalate, "load", failing)
    with pytest.raises(escalate.EscalationFailed):
        scene.house.escalate()
    assert len(_escalations(scene.house, second)) == 1
    monkeypatch.setattr(escalate, "load", load)
    assert scene.house.escalate() == 1
