"""Every rule on every day from 2024 to 2032 against a second implementation that steps a day at a time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest

from domain.law.deadline_register import deadline_rules
from domain.law.deadlines import deadline
from tests.domain.calendar import naive_deadlines
from tests.domain.calendar.naive_deadlines import RULES, naive_deadline

FIRST, LAST = date(2024, 1, 1), date(2032, 12, 31)
LENGTHS = {"SAGSBEH": (42,), "HOERING": (None, 21), "KVIT": (None, 5)}


@pytest.fixture(autouse=True)
def _easter_once_a_year(monkeypatch):
    monkeypatch.setattr(naive_deadlines, "easter", cache(naive_deadlines.easter))


def _days() -> Iterator[date]:
    return (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))


def _start(rule: str, day: date) -> date:
    counts_hours = deadline_rules()[rule].unit == "hours"
    return datetime.combine(day, time(23, 30), UTC) if counts_hours else day


def test_both_have_the_same_rules():
    assert tuple(deadline_rules()) == RULES


@pytest.mark.parametrize("bridge_friday", [False, True])
@pytest.mark.parametrize("rule", RULES)
def test_a_second_naive_implementation_agrees_on_every_day_from_2024_to_2032(rule, bridge_friday):
    for length in LENGTHS.get(rule, (None,)):
        for day in _days():
            start = _start(rule, day)
            due = deadline(rule, start, length=length, bridge_friday=bridge_friday)
            expected = naive_deadline(rule, start, length=length, bridge_friday=bridge_friday)
            assert (due.strict, due.lenient) == expected, (day, length)
