"""Given what a document states, when must it be taken over? (design section 5)"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.working_days import end_of_day, strict_calendar
from domain.events.instant import from_instant, to_instant
from domain.handover.limits import take_over_by, urgency_hours

SUBMITTED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SHIFT, URGENCY, SUPPLY = "overgang.planned_shift", "overgang.urgency", "medicin.supply_ends"


def _by(facts, version=2):
    found = take_over_by(facts, "overgangsdokument", version, to_instant(SUBMITTED))
    return from_instant(found) if found else None


def test_given_nothing_stated_there_is_no_limit():
    assert _by({}) is None


def test_given_a_planned_shift_the_limit_is_the_end_of_that_danish_day():
    assert _by({SHIFT: "2026-12-01"}) == end_of_day(date(2026, 12, 1))


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("urgency", "hours"), [("hurtig-24h", 24), ("hurtig-72h", 72)])
def test_given_an_urgency_the_limit_is_so_many_hours_after_submission_holidays_or_not(
    urgency, hours, version
):
    assert _by({URGENCY: urgency, SHIFT: "2026-12-24"}, version) == SUBMITTED + timedelta(hours=hours)


def test_given_routine_there_are_no_hours():
    assert urgency_hours({URGENCY: "rutine"}, "overgangsdokument", 2) is None


@pytest.mark.parametrize(
    ("supply_ends", "by"),
    [
        ("2026-11-27", date(2026, 11, 26)),
        # Monday: the working day before is Friday.
        ("2026-11-30", date(2026, 11, 27)),
        # Second Christmas day, a Saturday: 24 December is a working day by the strict calendar.
        ("2026-12-26", date(2026, 12, 24)),
    ],
)
def test_given_medicine_that_ends_the_limit_is_the_working_day_before(supply_ends, by):
    assert _by({SUPPLY: supply_ends, SHIFT: "2027-01-31"}) == end_of_day(by)


def test_given_a_template_that_nobody_knows_its_urgency_counts_for_nothing():
    assert urgency_hours({URGENCY: "hurtig-24h"}, "no-such-template", 1) is None


_DAYS = st.dates(date(2026, 11, 24), date(2027, 2, 28))


@given(
    shift=st.none() | _DAYS,
    urgency=st.none() | st.sampled_from(["rutine", "hurtig-24h", "hurtig-72h"]),
    supply=st.none() | _DAYS,
)
def test_the_limit_is_the_earliest_of_what_is_stated_and_nothing_else(shift, urgency, supply):
    facts = {
        name: str(value)
        for name, value in ((SHIFT, shift), (URGENCY, urgency), (SUPPLY, supply))
        if value is not None
    }
    alone = [_by({name: value}) for name, value in facts.items()]
    assert _by(facts) == min((limit for limit in alone if limit is not None), default=None)
    if supply is not None:
        before = _by({SUPPLY: str(supply)})
        last = (before.date() if before else supply) - timedelta(0)
        assert last < supply
        between = [supply - timedelta(days=n) for n in range(1, (supply - last).days)]
        assert not any(strict_calendar().is_working_day(day) for day in between)
