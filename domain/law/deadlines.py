"""When a limit ends: `deadline(rule, start)` gives the strict and the lenient end (law.md 11).

Pure. A rule that counts working days, or ends on the next one, is computed once on each calendar.
A rule that does neither ends at the same time on both.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

import msgspec

from domain.calendar.counting import FIRST_DAY, LAST_DAY, ROLLS, DayUnit, add_hours, count
from domain.calendar.working_days import (
    Calendar,
    CalendarEnds,
    danish_day,
    lenient_calendar,
    strict_calendar,
)
from domain.law.deadline_register import (
    Operative,
    Rule,
    Unit,
    deadline_register,
    deadline_rules,
    published_limits,
)

FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rule-unknown": "the register of limits has no rule with this id",
        "moment-needed": "a rule that counts hours starts at a date and a time with its zone",
        "zone-missing": "a time needs its zone",
        "length-not-taken": "the length of this rule cannot be set",
        "unit-not-taken": "a unit goes with a length, under a rule that depends on a municipality",
        "length-too-short": "a length is at least 1",
        "municipality-not-taken": "this rule does not depend on a municipality",
        "length-missing": "this rule needs a length, or a municipality that has published one",
        "length-not-published": "no length is on file for this municipality; give the length itself",
    }
)
"""Stable code -> text. No text holds input."""


class DeadlineRefused(ValueError):
    """A question to the register that it cannot answer. `code` is one of `FAULTS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {FAULTS[self.code]}"


class Due(msgspec.Struct, frozen=True):
    """The end of a limit: its last day, or its last moment (in UTC) where the rule counts hours."""

    strict: date
    """When an authority's own limit ends (streng); after it, it may be late."""
    lenient: date
    """What a citizen may rely on (lempelig); only after it is a limit passed for certain."""
    operative: Operative
    """Which of the two the rule's owner goes by."""
    length: int
    unit: Unit

    @property
    def day(self) -> date:
        """The end that the rule's owner goes by."""
        return self.strict if self.operative == "strict" else self.lenient


def deadline(
    rule_id: str,
    start: date,
    *,
    length: int | None = None,
    unit: DayUnit | None = None,
    municipality: str | None = None,
    bridge_friday: bool = False,
) -> Due:
    """When the limit ends that began on `start`: a day, or a moment, which counts as its day in Denmark.

    `unit`: of a length that a municipality has published. Raises DeadlineRefused, and CalendarEnds where a
    table or the calendar itself does not reach.
    """
    rule = rule_of(rule_id)
    size, counted = _length(rule, length, unit, municipality)
    try:
        strict, lenient = _ends(rule, start, size, counted, bridge_friday)
    except OverflowError:
        raise CalendarEnds("the limit ends on a day that no calendar can write") from None
    return Due(strict=strict, lenient=lenient, operative=rule.operative, length=size, unit=counted)


def rule_of(rule_id: str) -> Rule:
    """The rule with this id. Raises DeadlineRefused `rule-unknown`."""
    rule = deadline_rules().get(rule_id)
    if rule is None:
        raise DeadlineRefused("rule-unknown")
    return rule


def _ends(rule: Rule, start: date, length: int, unit: Unit, bridge_friday: bool) -> tuple[date, date]:
    if unit == "hours":
        moment = add_hours(_moment(start), length)
        return moment, moment
    day = _day(start)
    return (
        _last_day(rule, day, length, unit, strict_calendar()),
        _last_day(rule, day, length, unit, lenient_calendar(bridge_friday)),
    )


def _last_day(rule: Rule, start: date, length: int, unit: DayUnit, calendar: Calendar) -> date:
    counting = deadline_register().counting
    from_day = start + FIRST_DAY[counting.first_day.value]
    same_date = count(from_day, length, unit, calendar, counting.missing_day.value)
    roll = counting.unsettled_roll.value if rule.roll == "unsettled" else rule.roll
    return ROLLS[roll](calendar, same_date + LAST_DAY[rule.last_day])


def _length(
    rule: Rule, length: int | None, unit: DayUnit | None, municipality: str | None
) -> tuple[int, Unit]:
    if municipality is not None and "municipality" not in rule.parameters:
        raise DeadlineRefused("municipality-not-taken")
    if unit is not None and (length is None or "municipality" not in rule.parameters):
        raise DeadlineRefused("unit-not-taken")
    if length is not None:
        if "length" not in rule.parameters:
            raise DeadlineRefused("length-not-taken")
        if length < 1:
            raise DeadlineRefused("length-too-short")
        return length, unit or rule.unit
    if municipality is not None:
        published = published_limits().get(municipality)
        if published is None:
            raise DeadlineRefused("length-not-published")
        return published.length, published.unit
    if rule.length is None:
        raise DeadlineRefused("length-missing")
    return rule.length, rule.unit


def _moment(start: date) -> datetime:
    if not isinstance(start, datetime):
        raise DeadlineRefused("moment-needed")
    if start.tzinfo is None:
        raise DeadlineRefused("zone-missing")
    return start


def _day(start: date) -> date:
    return danish_day(_moment(start)) if isinstance(start, datetime) else start
