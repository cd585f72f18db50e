"""Volume by municipality, month and direction, against a count by hand."""

from datetime import datetime, timedelta

import pytest

from audit.replay.source import StoredLog
from audit.volume.apart import apart
from audit.volume.volume import Counts, behind, totals, volume
from domain.calendar.working_days import COPENHAGEN
from domain.events.instant import to_instant
from domain.handover.step_commands import ConfirmWithdrawal, RequestWithdrawal
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    REGION,
    caseworker,
    clinician,
)
from tests.journeys.house import House
from tests.journeys.papers import cpr, document, message, origin, to_the_region


@pytest.fixture
def house(store) -> House:
    """An installation in which nothing has happened."""
    return House(store)


def counts(house):
    house.project()
    return {
        (row.municipality, row.month, row.direction): (row.handovers, row.delivered, row.taken_over)
        for row in volume(house.database)
    }


def test_handovers_are_counted_by_municipality_month_and_direction(house):
    house.two_authorities()
    house.mailbox(REGION, AMBULATORY)
    first = house.submit(clinician(), document(cpr(1)))
    house.submit(clinician(), document(cpr(2)))
    house.open(caseworker(), first)
    house.take_over(caseworker(), first)
    house.submit(caseworker(), to_the_region(cpr(3)), receiver_unit=AMBULATORY)
    # The month turns at midnight in Denmark, an hour before it does in UTC.
    house.clock.set(datetime(2026, 12, 1, 0, 10, tzinfo=COPENHAGEN))
    house.submit(clinician(), document(cpr(4)))
    assert counts(house) == {
        ("0370", "2026-11", "region-to-municipality"): (2, 2, 1),
        ("0370", "2026-11", "municipality-to-region"): (1, 1, 0),
        ("0370", "2026-12", "region-to-municipality"): (1, 1, 0),
    }
    assert totals(volume(house.database)) == Counts(
        handovers=4,
        sent=4,
        delivered=4,
        opened=1,
        acknowledged=1,
        taken_over=1,
        started=0,
        returned=0,
        declined=0,
        withdrawn=0,
    )


def test_two_timelines_that_differ_are_counted_until_the_handover_ends(house):
    """The duty is the municipality's from the start; the region follows up until it has withdrawn."""
    house.two_authorities()
    forms = {"overgang__move_from": "parallel", "overgang__move_to": "koordineret"}
    case = house.submit(clinician(), document(cpr(1), **forms))
    house.project()

    def told(hours):
        moment = to_instant(house.clock.now() + timedelta(hours=hours))
        [row] = apart(StoredLog(house.database), moment)
        return row.handovers, row.differ_now, row.hours

    assert told(hours=5) == (1, 1, 5)
    house.clock.advance(hours=5)
    house.take(clinician(), case, RequestWithdrawal, reason="other")
    house.take(caseworker(), case, ConfirmWithdrawal)
    house.project()
    assert told(hours=0) == told(hours=9000) == (1, 0, 5)


def test_a_held_handover_counts_and_is_not_sent(house):
    house.two_authorities()
    house.authority("0330")
    house.submit(clinician(), document(municipality="0330"))
    house.project()
    (row,) = volume(house.database)
    assert (row.municipality, row.handovers, row.sent, row.delivered) == ("0330", 1, 0, 0)


def test_a_message_counts_only_once_it_is_completed(house):
    house.two_authorities()
    house.unit("0370", CENTRE, sor="953741000016009", gln="5790000000012")
    case = house.submit(clinician(), message(), medcom=origin())
    assert counts(house) == {}
    house.complete(clinician(), case)
    assert list(counts(house).values()) == [(1, 1, 0)]


def test_an_empty_house_counts_nothing_and_a_view_that_lags_says_so(house):
    assert volume(house.database) == []
    assert totals([]).handovers == 0
    house.two_authorities()
    assert behind(house.database) == house.log.length()
    house.project()
    assert behind(house.database) == 0
