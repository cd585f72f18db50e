"""Who is responsible before a move hands over to who is after it (SUL §82c; SEL §101; design section 5)."""

import pytest

from audit.replay.replay import replay_handover
from tests.journeys.cast import AMBULATORY, OTHER_MUNICIPALITY, REGION, caseworker, clinician
from tests.journeys.house import refused
from tests.journeys.papers import document, message, origin, to_another_municipality, to_the_region
from tests.journeys.reaching import WRITER
from workflows.handlers import addressing

WRONG = "move-fits-parties"


@pytest.mark.parametrize(
    ("before", "after"),
    [("koordineret", "integreret"), ("parallel", "integreret")],
)
def test_a_region_does_not_hand_over_what_it_is_to_take(sqlite_scene, before, after):
    house = sqlite_scene.house
    paper = document(overgang__move_from=before, overgang__move_to=after)
    assert refused(lambda: house.submit(WRITER, paper)) == WRONG
    [last] = [one for one in house.events() if one.header.event == "command-refused"]
    assert (last.event.reason, last.event.handover) == (WRONG, None)


@pytest.mark.parametrize(
    ("before", "after"),
    [("integreret", "koordineret"), ("integreret", "parallel")],
)
def test_a_municipality_does_not_hand_over_what_it_is_to_take(sqlite_scene, before, after):
    house = sqlite_scene.house
    paper = document(overgang__move_from=before, overgang__move_to=after)
    assert refused(lambda: house.submit(caseworker(), paper, receiver_unit=AMBULATORY)) == WRONG


def test_entry_exit_and_what_leaves_the_responsibility_where_it_is_go_either_way(sqlite_scene):
    house = sqlite_scene.house
    for before, after in (("ingen", "integreret"), ("integreret", "ingen"), ("koordineret", "parallel")):
        paper = document(overgang__move_from=before, overgang__move_to=after)
        assert house.state(house.submit(clinician(), paper)).status == "delivered"
        assert house.state(house.submit(caseworker(), paper, receiver_unit=AMBULATORY)).status == "held"


def test_only_a_change_of_handlekommune_goes_between_municipalities(sqlite_scene):
    house = sqlite_scene.house
    onward = to_another_municipality(municipality=OTHER_MUNICIPALITY)
    assert house.state(house.submit(caseworker(), onward)).receiver_authority == OTHER_MUNICIPALITY
    told = to_another_municipality(overgang__move_to="parallel")
    assert refused(lambda: house.submit(WRITER, told)) == WRONG
    untold = to_another_municipality(
        municipality=OTHER_MUNICIPALITY,
        overgang__change_of_handlekommune=False,
        overgang__move_to="parallel",
    )
    assert refused(lambda: house.submit(caseworker(), untold)) == WRONG
    # A document that does not say so says it by its parties.
    silent = to_another_municipality(
        municipality=OTHER_MUNICIPALITY,
        overgang__change_of_handlekommune=None,
        overgang__move_to="parallel",
    )
    assert house.state(house.submit(caseworker(), silent)).status == "delivered"


def test_a_message_that_states_no_move_goes_on_and_its_completion_is_asked(sqlite_scene):
    house = sqlite_scene.house
    handover = house.submit(WRITER, message(), medcom=origin())
    assert house.state(handover).status == "delivered"
    assert refused(lambda: house.complete(WRITER, handover, to_the_region())) == WRONG
    house.complete(WRITER, handover)


def test_a_correction_cannot_turn_the_move_round(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("opened")
    assert refused(lambda: house.correct(WRITER, handover, to_the_region())) == WRONG
    assert len(house.state(handover).documents) == 1


def test_what_the_region_is_to_take_is_neither_forwarded_nor_redirected_to_a_municipality(sqlite_scene):
    house = sqlite_scene.house
    house.mailbox(REGION, AMBULATORY)
    paper = to_the_region(samtykke__covers="every-authority")
    handover = house.submit(caseworker(), paper, receiver_unit=AMBULATORY)
    assert house.state(handover).status == "delivered"
    house.open(clinician(), handover)
    assert refused(lambda: house.forward(clinician(), handover, OTHER_MUNICIPALITY)) == WRONG
    house.send_back(clinician(), handover)
    assert refused(lambda: house.redirect(caseworker(), handover, OTHER_MUNICIPALITY)) == WRONG
    house.redirect(caseworker(), handover, REGION, receiver_unit=AMBULATORY)
    assert house.state(handover).status == "delivered"


def test_a_submission_the_wrong_way_that_no_guard_stopped_is_found_by_the_replay(sqlite_scene, monkeypatch):
    house = sqlite_scene.house
    monkeypatch.setitem(addressing.CONDITIONS, WRONG, lambda _: True)
    handover = house.submit(WRITER, to_the_region())
    monkeypatch.undo()
    breaches = replay_handover(house.log, handover).conformance.breaches
    assert {(one.event, one.condition) for one in breaches} == {("handover-submitted", WRONG)}
