"""The state of a handover is folded from header and facts alone, and appliers are total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events.catalogue import EVENT_TYPES
from domain.events.model import Recorded
from domain.handover.fold import APPLIERS, BEGINNINGS, fold
from tests.journeys.cast import (
    MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.house import House
from workflows.machines.installed import definitions
from workflows.machines.table import compile_table


@pytest.fixture
def journey(sqlite_store):
    house = House(sqlite_store)
    house.two_authorities()
    handover = house.submit(clinician())
    house.open(caseworker(), handover)
    house.take_over(caseworker(), handover)
    house.close(caseworker(), handover)
    return house.log.stream(handover)


def test_every_event_of_the_workflow_has_an_applier():
    applied = {event.NAME for event in (*APPLIERS, *BEGINNINGS)}
    assert applied == {event for version in definitions() for event in compile_table(version).events}
    assert applied <= set(EVENT_TYPES)


def test_folding_on_is_folding_at_once(journey):
    whole = fold(None, journey)
    for cut in range(len(journey) + 1):
        assert fold(fold(None, journey[:cut]), journey[cut:]) == whole
    assert whole.status == "closed"
    assert whole.version == len(journey)


def test_the_sender_follows_up_until_it_is_taken_over(journey):
    holders = [fold(None, journey[: n + 1]).held_by() for n in range(len(journey))]
    taken = [one.header.event for one in journey].index("handover-taken-over")
    assert holders == [REGION] * taken + [MUNICIPALITY] * (len(journey) - taken)


def test_the_addressee_becomes_a_party_with_the_delivery(journey):
    sides = [fold(None, journey[: n + 1]).side_of(MUNICIPALITY) for n in range(len(journey))]
    delivered = [one.header.event for one in journey].index("handover-delivered")
    assert sides == [None] * delivered + ["receiver"] * (len(journey) - delivered)
    assert fold(None, journey).side_of(REGION) == "sender"
    assert fold(None, journey).side_of("0330") is None


def test_the_six_words_stand_apart(journey):
    """Sent, delivered, opened, acknowledged, taken over: none is set before its own event."""
    words = {
        "sent_at": "handover-sent",
        "delivered_at": "handover-delivered",
        "opened_at": "handover-opened",
        "acknowledged_at": "handover-acknowledged",
        "taken_over_at": "handover-taken-over",
        "closed_at": "handover-closed",
    }
    names = [one.header.event for one in journey]
    for n in range(len(journey)):
        state = fold(None, journey[: n + 1])
        for word, event in words.items():
            assert (getattr(state, word) is not None) == (event in names[: n + 1])


def test_no_state_without_a_submission(journey):
    assert fold(None, journey[1:]) is None
    assert fold(None, []) is None


def test_an_event_that_is_not_the_workflows_changes_nothing(journey, sqlite_store):
    state = fold(None, journey)
    foreign = next(
        one for one in sqlite_store.log.read(-1, 100) if one.header.event == "main-mailbox-confirmed"
    )
    assert fold(state, [foreign]) == state


_ORDER = st.lists(st.integers(0, 7), max_size=12)


def test_appliers_are_total_in_any_order(journey):
    """Whatever a damaged log holds, folding it raises nothing: the auditor must get to the end."""

    @given(_ORDER)
    def in_any_order(order: list[int]) -> None:
        shuffled: list[Recorded] = [journey[0], *(journey[n % len(journey)] for n in order)]
        state = fold(None, shuffled)
        assert state is not None
        assert state.id == journey[0].header.stream

    in_any_order()
