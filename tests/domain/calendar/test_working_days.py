"""Working days by the strict and the lenient calendar (law.md 11.1 to 11.3)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.working_days import (
    CalendarEnds,
    danish_day,
    end_of_day,
    lenient_calendar,
    strict_calendar,
)

STRICT, LENIENT, BRIDGED = strict_calendar(), lenient_calendar(), lenient_calendar(True)
CALENDARS = st.sampled_from([STRICT, LENIENT, BRIDGED])

# Skærtorsdag, langfredag, påskedag, 2. påskedag, Kr. himmelfart, pinsedag, 2. pinsedag (law.md 11.1).
MOVABLE = {
    2024: "28/03 29/03 31/03 01/04 09/05 19/05 20/05",
    2025: "17/04 18/04 20/04 21/04 29/05 08/06 09/06",
    2026: "02/04 03/04 05/04 06/04 14/05 24/05 25/05",
    2027: "25/03 26/03 28/03 29/03 06/05 16/05 17/05",
    2028: "13/04 14/04 16/04 17/04 25/05 04/06 05/06",
    2029: "29/03 30/03 01/04 02/04 10/05 20/05 21/05",
    2030: "18/04 19/04 21/04 22/04 30/05 09/06 10/06",
    2031: "10/04 11/04 13/04 14/04 22/05 01/06 02/06",
    2032: "25/03 26/03 28/03 29/03 06/05 16/05 17/05",
}
FIXED = ("01/01", "25/12", "26/12")


def _helligdage(year: int) -> set[date]:
    days = [*MOVABLE[year].split(), *FIXED]
    return {date(year, int(day[3:]), int(day[:2])) for day in days}


@pytest.mark.parametrize("year", MOVABLE)
def test_the_working_days_of_a_year_are_all_but_weekends_and_helligdage(year):
    helligdage = _helligdage(year)
    for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
        day = date(year, 1, 1) + timedelta(days=offset)
        assert STRICT.is_working_day(day) == (day.isoweekday() < 6 and day not in helligdage), day


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l_ = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * l_) // 451
    month, day = divmod(h + l_ - 7 * m + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", range(2024, 2041))
def test_the_movable_helligdage_follow_easter_to_the_end_of_the_table(year):
    easter = _easter(year)
    for offset in (-3, -2, 1, 39, 50):
        assert not STRICT.is_working_day(easter + timedelta(days=offset))
    assert STRICT.is_working_day(easter + timedelta(days=26)), "store bededag is a working day from 2024"
    for day in FIXED:
        assert not STRICT.is_working_day(date(year, int(day[3:]), int(day[:2])))


@pytest.mark.parametrize("day", ["2026-06-05", "2026-12-24", "2026-12-31", "2026-05-15", "2026-05-01"])
def test_days_off_by_agreement_only_are_working_days_in_the_strict_calendar(day):
    assert STRICT.is_working_day(date.fromisoformat(day))


def test_grundlovsdag_is_no_working_day_when_it_is_2_pinsedag():
    assert not STRICT.is_working_day(date(2028, 6, 5))


@pytest.mark.parametrize("day", ["2026-06-05", "2026-12-24", "2026-12-31"])
def test_grundlovsdag_juleaftensdag_and_nytårsaftensdag_are_days_off_in_the_lenient_calendar(day):
    assert not LENIENT.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("year", range(2024, 2041))
def test_the_friday_after_kristi_himmelfart_is_a_day_off_only_where_that_is_chosen(year):
    friday = _easter(year) + timedelta(days=40)
    assert friday.isoweekday() == 5
    assert STRICT.is_working_day(friday)
    assert LENIENT.is_working_day(friday) == ((friday.month, friday.day) != (6, 5))
    assert not BRIDGED.is_working_day(friday)


def test_the_calendars_differ_in_the_days_off_by_custom_and_in_no_other():
    for year in range(2024, 2041):
        by_custom = {date(year, 6, 5), date(year, 12, 24), date(year, 12, 31)}
        bridge = {_easter(year) + timedelta(days=40)}
        for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
            day = date(year, 1, 1) + timedelta(days=offset)
            strict = STRICT.is_working_day(day)
            assert LENIENT.is_working_day(day) == (strict and day not in by_custom), day
            assert BRIDGED.is_working_day(day) == (strict and day not in by_custom | bridge), day


DAYS = st.dates(date(2024, 1, 1), date(2039, 12, 31))


@given(CALENDARS, DAYS, st.integers(1, 30))
def test_a_due_day_is_a_working_day_with_exactly_so_many_since_receipt(calendar, received, length):
    due = calendar.add_working_days(received, length)
    between = [received + timedelta(days=n) for n in range(1, (due - received).days + 1)]
    assert calendar.is_working_day(due)
    assert sum(map(calendar.is_working_day, between)) == length


@given(CALENDARS, DAYS, st.integers(0, 15), st.integers(0, 15))
def test_counting_goes_on_where_it_stopped(calendar, received, first, then):
    at_once = calendar.add_working_days(received, first + then)
    assert calendar.add_working_days(calendar.add_working_days(received, first), then) == at_once


@given(CALENDARS, DAYS, DAYS, st.integers(0, 15))
def test_a_later_receipt_is_never_due_earlier(calendar, one, other, length):
    early, late = sorted((one, other))
    assert calendar.add_working_days(early, length) <= calendar.add_working_days(late, length)


@given(CALENDARS, DAYS)
def test_the_next_working_day_is_the_day_itself_or_the_first_one_after_days_off(calendar, day):
    found = calendar.next_working_day(day)
    assert calendar.is_working_day(found)
    assert not any(calendar.is_working_day(day + timedelta(days=n)) for n in range((found - day).days))


def test_beyond_its_table_the_calendar_says_so():
    assert not LENIENT.is_working_day(date(2040, 12, 31))
    for calendar in (STRICT, LENIENT, BRIDGED):
        with pytest.raises(CalendarEnds, match="2024-01-01 to 2040-12-31"):
            calendar.is_working_day(date(2041, 1, 1))
        with pytest.raises(CalendarEnds):
            calendar.add_working_days(date(2040, 12, 27), 7)
        with pytest.raises(CalendarEnds):
            calendar.next_working_day(date(2041, 1, 1))


def test_before_its_table_the_calendar_says_so():
    with pytest.raises(CalendarEnds):
        STRICT.is_working_day(date(2023, 5, 5))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-02T22:59:59+00:00", "2026-11-02"),
        ("2026-11-02T23:00:00+00:00", "2026-11-03"),
        ("2026-07-01T21:59:59+00:00", "2026-07-01"),
        ("2026-07-01T22:00:00+00:00", "2026-07-02"),
        ("2026-03-28T23:30:00+00:00", "2026-03-29"),
        ("2026-03-29T22:00:00+00:00", "2026-03-30"),
        ("2026-10-25T22:30:00+00:00", "2026-10-25"),
        ("2026-10-25T23:00:00+00:00", "2026-10-26"),
    ],
)
def test_a_moment_belongs_to_its_day_in_denmark(moment, day):
    assert danish_day(datetime.fromisoformat(moment)) == date.fromisoformat(day)


@given(st.dates(date(2024, 1, 1), date(2040, 12, 30)))
def test_the_end_of_a_day_is_its_last_microsecond_in_denmark(day):
    end = end_of_day(day)
    assert end.tzinfo is UTC
    assert danish_day(end) == day
    assert danish_day(end + timedelta(microseconds=1)) == day + timedelta(days=1)
