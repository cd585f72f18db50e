"""Withdrawn, in error, by other means: ends without a receiver (360X; FHIR entered-in-error)."""

from datetime import timedelta

import pytest

from domain.course.clocks import clocks
from domain.course.events import InquiryReceived
from domain.events.instant import to_instant
from domain.handover import step_commands as s
from domain.handover.streams import facts_of
from tests.journeys.cast import MUNICIPALITY, OTHER_MUNICIPALITY, REGION
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.reaching import LEADS, READER, WRITER


def _clocks(house, handover):
    return clocks([*house.log.stream(handover), *house.log.stream(facts_of(handover))])


def test_a_withdrawal_has_two_sides_once_it_was_delivered(scene):
    handover = scene.reach("acknowledged")
    scene.house.take(WRITER, handover, s.RequestWithdrawal, reason="citizen-declines")
    state = scene.house.state(handover)
    assert (state.status, state.withdrawal_asked) == ("acknowledged", True), "asked, not withdrawn"
    scene.house.take(READER, handover, s.ConfirmWithdrawal)
    assert scene.house.state(handover).status == "withdrawn"
    assert scene.house.steps(handover)[-2:] == [
        "handover-withdrawal-requested",
        "handover-withdrawal-confirmed",
    ]
    check_all(scene.house)


@pytest.mark.parametrize("command", ["take_over", "send_back"])
def test_while_the_sender_waits_for_an_answer_nobody_takes_over_or_returns(scene, command):
    handover = scene.reach("opened", withdrawal=True)
    act = getattr(scene.house, command)
    assert refused(lambda: act(READER, handover)) == "withdrawal-not-asked"
    scene.house.take(READER, handover, s.RefuseWithdrawal, reason="citizen-has-approached")
    act(READER, handover)


def test_it_is_asked_for_once_at_a_time(scene):
    handover = scene.reach("opened", withdrawal=True)
    again = {"reason": "other"}
    assert refused(lambda: scene.house.take(WRITER, handover, s.RequestWithdrawal, **again)) == (
        "withdrawal-not-asked"
    )
    scene.house.take(READER, handover, s.RefuseWithdrawal, reason="other")
    scene.house.take(WRITER, handover, s.RequestWithdrawal, **again)


def test_a_withdrawn_handover_stops_its_own_clock_and_no_clock_of_the_citizens(scene):
    """law.md 9.2: the citizen's own approach has a clock of its own."""
    handover = scene.reach("opened", withdrawal=True)
    scene.house.take(READER, handover, s.ConfirmWithdrawal)
    [clock] = _clocks(scene.house, handover)
    assert (clock.because, clock.status) == ("availability-with-wish", "withdrawn")

    other = scene.reach("opened")
    approached = scene.house.clock.now() - timedelta(days=2)
    fact = InquiryReceived(handover=other, channel="in-person", wishes_treatment=True)
    scene.house.record(READER, fact, approached)
    scene.house.take(WRITER, other, s.RequestWithdrawal, reason="other")
    scene.house.take(READER, other, s.ConfirmWithdrawal)
    [clock] = _clocks(scene.house, other)
    assert (clock.because, clock.status, clock.started_at) == (
        "inquiry",
        "running",
        to_instant(approached),
    )


@pytest.mark.parametrize("status", ["returned", "declined"])
def test_who_says_no_once_more_does_not_stop_its_own_14_days(scene, status):
    """Nobody knows which of the two was wrong, so the clock runs on, from where it began."""
    house, handover = scene.house, scene.reach(status, unresolved=True)
    [clock] = _clocks(house, handover)
    first = next(one for one in house.log.stream(handover) if one.header.event == "handover-delivered")
    assert (clock.authority, clock.status, clock.started_at) == (
        MUNICIPALITY,
        "running",
        first.header.occurred_at,
    )
    own = {"authority": REGION, "decided_by": "own-authority"}
    house.take(LEADS["sender"], handover, s.ResolveResponsibility, **own)
    house.take(WRITER, handover, s.WithdrawHandover, reason="wrong-receiver")
    [clock] = _clocks(house, handover)
    assert clock.status == "withdrawn", "settled, and taken back"


@pytest.mark.parametrize("back", [True, False])
def test_sent_on_or_sent_back_the_wrong_receivers_clock_gives_way_to_the_right_ones(scene, back):
    house, handover = scene.house, scene.reach("opened")
    if back:
        house.send_back(READER, handover)
        house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    else:
        house.forward(READER, handover, OTHER_MUNICIPALITY)
    told = {clock.authority: clock.status for clock in _clocks(house, handover)}
    assert told == {MUNICIPALITY: "withdrawn", OTHER_MUNICIPALITY: "running"}


def test_given_nobody_has_it_the_sender_takes_it_back_alone(scene):
    for status in ("held", "returned", "declined", "misdirected"):
        handover = scene.reach(status)
        scene.house.take(WRITER, handover, s.WithdrawHandover, reason="no-longer-relevant")
        assert scene.house.state(handover).status == "withdrawn"
    assert refused(
        lambda: scene.house.take(
            WRITER, scene.reach("delivered"), s.WithdrawHandover, reason="no-longer-relevant"
        )
    ) == ("not-allowed-now"), "a receiver that has it answers"


def test_what_was_entered_in_error_is_shut_and_does_not_count(scene):
    handover = scene.reach("delivered")
    scene.house.take(WRITER, handover, s.EnterInError, reason="duplicate")
    scene.house.project()
    for who in (WRITER, READER):
        assert refused(lambda w=who: scene.house.open(w, handover)) == "quarantined"
    columns = ["key", *(column.name for column in scene.house.projector.views["volume"].columns)]
    [row] = scene.house.rows("volume")
    assert dict(zip(columns, row, strict=True))["counts"] == 0


def test_what_was_taken_over_is_not_entered_in_error_any_more(scene):
    handover = scene.reach("taken_over")
    assert refused(lambda: scene.house.take(WRITER, handover, s.EnterInError, reason="other")) == (
        "not-allowed-now"
    )


def test_what_is_held_may_be_handed_over_by_other_means_and_registered_with_both_times(scene):
    """Gates block acts, never facts: the telephone call was made (design section 3, idea 2)."""
    handover = scene.reach("held")
    called = to_instant(scene.house.clock.now() - timedelta(hours=3))
    given = {"means": "telephone", "authority": MUNICIPALITY, "occurred_at": called}
    scene.house.take(WRITER, handover, s.CompleteOtherwise, **given)
    last = scene.house.last_step(handover)
    assert (last.header.occurred_at, last.header.recorded_at > called) == (called, True)
    assert last.event.means == "telephone"
    assert scene.house.state(handover).status == "completed_otherwise"
    assert scene.house.tick() == 0, "it waits for nothing any more"
    assert scene.house.state(handover).held_by() == MUNICIPALITY, "whom it was handed to has it"
    check_all(scene.house)


def test_it_was_not_handed_over_in_the_future_nor_to_oneself(scene):
    handover = scene.reach("held")
    later = to_instant(scene.house.clock.now() + timedelta(minutes=1))

    def otherwise(authority, occurred_at):
        fields = {"means": "letter", "authority": authority, "occurred_at": occurred_at}
        return scene.house.take(WRITER, handover, s.CompleteOtherwise, **fields)

    now = to_instant(scene.house.clock.now())
    assert refused(lambda: otherwise(MUNICIPALITY, later)) == "in-the-future"
    assert refused(lambda: otherwise(REGION, now)) == "receiver-is-sender"
    assert scene.house.state(handover).status == "held"
