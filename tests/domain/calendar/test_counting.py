"""Months, years and hours (law.md 11.3): a day that is missing, and the change of summer time."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.counting import add_hours, add_months
from domain.calendar.working_days import COPENHAGEN

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-02-28", 1, "2026-03-28"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
    ],
)
def test_given_a_month_that_lacks_the_day_then_its_last_day_is_meant(day, months, end):
    found = add_months(date.fromisoformat(day), months, "last-of-month")
    assert found == date.fromisoformat(end)


def test_given_the_other_reading_then_a_missing_day_is_the_first_of_the_next_month():
    assert add_months(date(2026, 1, 31), 1, "first-of-next-month") == date(2026, 3, 1)
    assert add_months(date(2028, 2, 29), 12, "first-of-next-month") == date(2029, 3, 1)
    assert add_months(date(2026, 1, 28), 1, "first-of-next-month") == date(2026, 2, 28)


@given(DAYS, st.integers(0, 60))
def test_so_many_months_later_is_in_the_month_that_is_so_much_later(day, months):
    end = add_months(day, months, "last-of-month")
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day <= day.day


def test_given_a_year_that_cannot_be_written_then_it_is_refused():
    assert add_months(date(9999, 11, 30), 1, "last-of-month") == date(9999, 12, 30)
    with pytest.raises(OverflowError):
        add_months(date(9999, 12, 1), 1, "last-of-month")


@pytest.mark.parametrize("start", ["2026-03-28T12:00", "2026-10-24T12:00", "2026-11-20T12:00"])
def test_hours_are_hours_of_the_clock_whatever_summer_time_does(start):
    moment = datetime.fromisoformat(start).replace(tzinfo=COPENHAGEN)
    end = add_hours(moment, 72)
    assert end.tzinfo is UTC
    assert end.timestamp() - moment.timestamp() == 72 * 3600
