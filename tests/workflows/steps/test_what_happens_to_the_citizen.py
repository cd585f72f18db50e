"""Facts of the citizen's course: recordable by either side, with their own time, forbidden by nothing
(law.md 9.4; design section 3, idea 2)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.course import events as f
from domain.course.clocks import clocks
from domain.course.facts import standing
from domain.course.responsibility import duty_timeline
from domain.events.instant import to_instant
from domain.handover.streams import facts_of
from domain.register import commands as c
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    person,
    secretariat,
)
from tests.journeys.checks import check_all
from tests.journeys.everything import record_everything
from tests.journeys.house import refused
from tests.journeys.papers import TELEPHONED, document
from tests.journeys.reaching import READER, WRITER
from workflows.handlers.guard import CaseNotFound
from workflows.handlers.register import publish_referrer
from workflows.machines.installed import definition
from workflows.ports.log import IdempotentReplay

STATES = [state.name for state in definition("handover", 2).states]


def _facts(house, handover):
    return house.log.stream(facts_of(handover))


def _course(house, handover):
    return [*house.log.stream(handover), *_facts(house, handover)]


@pytest.mark.parametrize("status", STATES)
def test_whatever_the_state_every_fact_can_be_recorded(scene, status):
    handover = scene.reach(status)
    before = scene.house.state(handover)
    reader = READER if before.side_of(MUNICIPALITY) else WRITER
    record_everything(scene.house, WRITER, reader, handover)
    assert scene.house.state(handover) == before, "a fact moves nothing"
    recorded = {one.header.event for one in _facts(scene.house, handover)}
    assert recorded == {fact.event for fact in definition("handover", 2).facts}
    check_all(scene.house)


def test_a_fact_has_its_own_time_and_the_time_it_was_recorded(scene):
    handover = scene.reach("delivered")
    admitted = scene.house.clock.now() - timedelta(days=40)
    scene.house.record(READER, f.CitizenAdmitted(handover=handover), admitted)
    [fact] = _facts(scene.house, handover)
    assert (fact.header.occurred_at, fact.header.recorded_at) == (
        to_instant(admitted),
        to_instant(scene.house.clock.now()),
    )
    assert fact.header.visible_to == (MUNICIPALITY, REGION)


def test_nothing_has_happened_in_the_future(scene):
    handover = scene.reach("delivered")
    later = scene.house.clock.now() + timedelta(seconds=1)
    assert refused(lambda: scene.house.record(READER, f.CitizenDeceased(handover=handover), later)) == (
        "in-the-future"
    )
    assert _facts(scene.house, handover) == []


def test_a_fact_that_was_wrong_is_retracted_and_both_stay_readable(scene):
    handover = scene.reach("delivered")
    scene.house.record(READER, f.CitizenDeceased(handover=handover))
    [wrong] = _facts(scene.house, handover)

    def retract(position=wrong.header.position, name="citizen-deceased"):
        fact = f.CaseFactRetracted(
            handover=handover, position=position, retracts=name, reason="wrong-citizen"
        )
        return scene.house.record(READER, fact)

    assert refused(lambda: retract(position=0)) == "fact-unknown"
    assert refused(lambda: retract(name="citizen-moved")) == "fact-unknown"
    retract()
    assert standing(_facts(scene.house, handover)) == []
    assert len(_facts(scene.house, handover)) == 2
    assert refused(retract) == "fact-unknown", "it is retracted once"
    assert duty_timeline(_course(scene.house, handover))[-1].value.authority is not None


def _inquiry_retracted(house, who, handover):
    position = _facts(house, handover)[0].header.position
    fact = f.CaseFactRetracted(
        handover=handover, position=position, retracts="inquiry-received", reason="did-not-happen"
    )
    return house.record(who, fact)


def test_only_who_recorded_a_fact_retracts_it_so_that_no_side_moves_the_others_clock(scene):
    house, handover = scene.house, scene.reach("opened")
    approached = house.clock.now() - timedelta(days=9)
    inquiry = f.InquiryReceived(handover=handover, channel="in-person", wishes_treatment=True)
    house.record(READER, inquiry, approached)
    assert refused(lambda: _inquiry_retracted(house, WRITER, handover)) == "not-ones-own-fact"
    [clock] = clocks(_course(house, handover))
    assert (clock.because, clock.started_at) == ("inquiry", to_instant(approached))
    _inquiry_retracted(house, READER, handover)
    [clock] = clocks(_course(house, handover))
    assert clock.because == "availability-with-wish"


def test_who_has_sent_the_case_on_may_still_set_right_what_it_recorded_and_nothing_else(scene):
    house, handover = scene.house, scene.reach("opened")
    house.record(READER, f.InquiryReceived(handover=handover, channel="in-person", wishes_treatment=True))
    house.record(WRITER, f.CitizenDeceased(handover=handover))
    house.forward(READER, handover, OTHER_MUNICIPALITY)
    dead = _facts(house, handover)[1].header.position
    another = f.CaseFactRetracted(
        handover=handover, position=dead, retracts="citizen-deceased", reason="did-not-happen"
    )
    assert refused(lambda: house.record(READER, another)) == "not-ones-own-fact"
    assert refused(lambda: house.record(READER, f.CitizenAdmitted(handover=handover))) == "not-a-party"
    _inquiry_retracted(house, READER, handover)
    retraction = _facts(house, handover)[-1]
    assert retraction.header.visible_to == (OTHER_MUNICIPALITY, MUNICIPALITY, REGION)
    assert [one.header.event for one in standing(_facts(house, handover))] == ["citizen-deceased"]


def test_a_stranger_and_a_role_without_cases_record_nothing(scene):
    handover = scene.reach("delivered")
    fact = f.CitizenAdmitted(handover=handover)
    stranger = person("caseworker", OTHER_MUNICIPALITY, "rusmiddelcenter-slagelse")
    auditor = person("auditor", MUNICIPALITY, CENTRE)
    assert refused(lambda: scene.house.record(stranger, fact)) == "not-a-party"
    assert refused(lambda: scene.house.record(auditor, fact)) == "role-not-allowed"
    with pytest.raises(CaseNotFound):
        scene.house.record(READER, f.CitizenAdmitted(handover=uuid4()))


def test_an_integration_may_record_what_its_system_knows(scene):
    handover = scene.reach("delivered")
    system = person("integration", REGION, AMBULATORY)
    scene.house.record(system, f.CitizenDischarged(handover=handover))


def test_a_henvisning_counts_only_where_the_region_has_published_that_this_referrer_may_refer(scene):
    """RSY §11(2): a setting per region and type of referrer; a general practitioner may by law."""
    house, handover = scene.house, scene.reach("delivered")
    house.refer(WRITER, handover, "general-practitioner")
    house.refer(WRITER, handover, "municipality-health")
    published = to_instant(house.clock.now())
    command = c.PublishReferrer(authority=REGION, referrer="municipality-health", valid_from=published)
    publish_referrer(house.services, house.as_(secretariat()), command)
    house.refer(WRITER, handover, "municipality-health")
    house.refer(WRITER, handover, "municipality-health", at=house.clock.now() - timedelta(hours=1))
    told = [(one.event.counts, one.event.rule) for one in _facts(house, handover)]
    assert told == [
        (True, "by-law"),
        (False, "not-published"),
        (True, "published"),
        (False, "not-published"),
    ]
    [clock] = [one for one in clocks(_course(house, handover)) if one.rule == "START_REG"]
    assert len(clock.starts) == 2, "only what counts starts the region's 14 days"


def test_the_telephone_call_that_an_urgent_document_states_is_a_fact_of_its_own(scene):
    paper = document(overgang__urgency="hurtig-24h")
    handover = scene.house.submit(WRITER, paper)
    [call] = _facts(scene.house, handover)
    assert (call.header.event, call.header.occurred_at) == ("telephone-contact-made", TELEPHONED)
    assert call.header.authority == REGION
    check_all(scene.house)


def test_a_form_that_was_written_on_paper_is_registered_with_both_times(scene):
    """OFL §13, JFB §20: the limits count from the day it was written."""
    paper = document(afslutning__on_paper=True, afslutning__paper_written_on="2026-11-20")
    handover = scene.house.submit(WRITER, paper)
    submitted = scene.house.log.stream(handover)[0]
    assert submitted.event.source == "paper-form"
    assert submitted.header.occurred_at == "2026-11-19T23:00:00.000000Z", "the Danish day's first moment"
    assert submitted.header.recorded_at == to_instant(scene.house.clock.now())
    assert scene.house.state(handover).status == "delivered"
    check_all(scene.house)


def test_a_retry_of_a_fact_records_it_once(scene):

    handover = scene.reach("delivered")
    fact = f.CitizenMoved(handover=handover, municipality=OTHER_MUNICIPALITY)
    scene.house.record(READER, fact, key="moved")
    with pytest.raises(IdempotentReplay):
        scene.house.record(READER, fact, key="moved")
    assert len(_facts(scene.house, handover)) == 1


def test_before_the_delivery_the_addressee_records_nothing(scene):
    moved = f.CitizenMoved(handover=scene.reach("held"), municipality=None)
    assert refused(lambda: scene.house.record(caseworker(), moved)) == "not-a-party"
