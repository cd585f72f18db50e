"""Instants: RFC 3339, UTC, six digits, Z; they sort as time (design section 4)."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events.instant import INSTANT_PATTERN, from_instant, to_instant

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(9998, 12, 30), timezones=ZONES)


@given(MOMENTS)
def test_an_instant_reads_back_as_the_same_moment(moment):
    instant = to_instant(moment)
    assert from_instant(instant) == moment
    assert from_instant(instant).tzinfo is UTC
    assert re.search(INSTANT_PATTERN, instant)
    assert to_instant(from_instant(instant)) == instant


@given(MOMENTS, MOMENTS)
def test_instants_sort_as_time(one, other):
    assert (to_instant(one) < to_instant(other)) == (one < other)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        to_instant(datetime(2026, 11, 2, 8, 30))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02T08:30:00Z",
        "2026-11-02T08:30:00.123Z",
        "2026-11-02T08:30:00.123456+00:00",
        "2026-11-02T08:30:00.123456",
        "2026-11-02 08:30:00.123456Z",
        "2026-11-02T08:30:00.123456Z\n",
        "٢٠٢٦-11-02T08:30:00.123456Z",
    ],
)
def test_other_spellings_of_a_moment_are_no_instants(text):
    assert re.search(INSTANT_PATTERN, text) is None


def test_a_time_of_day_in_denmark_is_written_in_utc():
    copenhagen_winter, copenhagen_summer = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))
    assert (
        to_instant(datetime(2026, 12, 24, 0, 30, tzinfo=copenhagen_winter)) == "2026-12-23T23:30:00.000000Z"
    )
    assert to_instant(datetime(2026, 6, 5, 0, 30, tzinfo=copenhagen_summer)) == "2026-06-04T22:30:00.000000Z"
