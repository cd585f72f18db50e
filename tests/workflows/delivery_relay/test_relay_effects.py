"""The relay: at least once, with exactly one effect."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from audit.log.entry import open_body
from audit.projector.alerts import alerts_of
from domain.handover.streams import event_reference
from domain.identity.person import parse_person_id
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_CENTRE,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.killed import Death, Killed
from tests.journeys.papers import document
from workflows.delivery.relay import EFFECTS, relay_step
from workflows.handlers.merge import merge_replacement_number


@pytest.fixture
def read_from_outside(house):
    house.two_authorities()
    handover = house.submit(clinician())
    house.open(clinician(OTHER_AMBULATORY), handover, reason="acute-substitute")
    return handover


def test_the_lead_is_alerted_once_even_if_the_relay_repeats(house, read_from_outside):
    for _ in range(3):
        for event in house.events():
            if effect := EFFECTS.get(type(event.event)):
                effect(house.services, event, open_body)
    house.relay()
    [alert] = house.alerts(read_from_outside)
    outside = house.readings(read_from_outside)[1]
    assert alert.header.causation_id == event_reference(outside.header.position)
    assert (alert.header.role, alert.header.correlation_id) == ("system", outside.header.correlation_id)
    house.project()
    [row] = alerts_of(house.database, {(REGION, AMBULATORY)}, -1, 10)
    assert (row["about_position"], row["handover"]) == (outside.header.position, str(read_from_outside))
    assert alerts_of(house.database, {(MUNICIPALITY, AMBULATORY)}, -1, 10) == []
    assert alerts_of(house.database, {(REGION, OTHER_AMBULATORY)}, -1, 10) == []


def test_many_relays_at_once_alert_once(house, read_from_outside):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: house.relay(), range(4)))
    assert len(house.alerts(read_from_outside)) == 1


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_commit_the_alert_comes_once(house, read_from_outside, after):
    for at in range(6):
        death = Death(at=at, after=after)
        try:
            while relay_step(death.services(house.services), death.around(house.cursor), open_body):
                pass
        except Killed:
            continue
    house.relay()
    assert len(house.alerts(read_from_outside)) == 1
    assert house.cursor.position() == len(house.events()) - 1


def test_each_access_from_outside_is_an_alert_of_its_own(house, read_from_outside):
    house.open(clinician(OTHER_AMBULATORY), read_from_outside, reason="joint-case")
    house.open(caseworker(OTHER_CENTRE), read_from_outside, reason="joint-case")
    house.open(caseworker(), read_from_outside)
    house.relay()
    alerted = [(one.event.case_unit, one.header.controller) for one in house.alerts(read_from_outside)]
    assert alerted == [(AMBULATORY, REGION), (AMBULATORY, REGION), (CENTRE, MUNICIPALITY)]


def test_the_relay_makes_a_merge_count_when_the_server_died_before_it_did(house):
    house.two_authorities()
    paper = document("260770E001", replacement_of="1085")
    known = house.state(house.submit(clinician(), paper)).sender_key
    replacement = parse_person_id("local", "260770E001", issuer="1085")
    real = parse_person_id("cpr", "7001014321", allow_test_numbers=True)
    with pytest.raises(Killed):
        merge_replacement_number(
            Death(at=2, after=True).services(house.services), house.as_(clinician()), replacement, real
        )
    assert house.events()[-1].header.event == "replacement-number-merged", "that much was committed"
    assert house.state(house.submit(clinician())).sender_key != known
    house.relay()
    assert house.state(house.submit(clinician())).sender_key == known


def test_an_effect_that_fails_is_tried_again_and_nothing_before_it_is_repeated(house, read_from_outside):
    outside = house.readings(read_from_outside)[1].header.position
    with pytest.raises(Killed):
        death = Death(at=0, after=False)
        relay_step(death.services(house.services), house.cursor, open_body)
    assert house.cursor.position() < outside
    house.relay()
    assert len(house.alerts(read_from_outside)) == 1
