"""Working days by two calendars, for the law does not say which days they are (law.md 11.2).

By the strict calendar all days but Saturday, Sunday and helligdage are working days; by the lenient
one 5 June, 24 and 31 December are not either, nor, as an option, the Friday after Kristi
himmelfartsdag. Both tables are versioned data.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
HELLIGDAGE = "helligdage-1.json"
LENIENT_DAYS = "lempelige-dage-1.json"
_DAY = timedelta(days=1)


class CalendarEnds(Exception):
    """The calendar does not reach this date; another version of its table is needed."""


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to the question which days are working days (arbejdsdage, hverdage)."""

    first: date
    last: date
    days_off: frozenset[date]
    """The days that are no working days whichever day of the week they fall on."""

    def is_working_day(self, day: date) -> bool:
        """Whether a day is a working day. Raises CalendarEnds outside the table."""
        if not self.first <= day <= self.last:
            raise CalendarEnds(f"the table of helligdage covers {self.first} to {self.last} only")
        return day.weekday() < 5 and day not in self.days_off

    def next_working_day(self, day: date) -> date:
        """The day itself where it is a working day, otherwise the first one after it (law.md 11.3)."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days after `day`, which is itself not counted (law.md 11.3)."""
        while count > 0:
            day += _DAY
            if self.is_working_day(day):
                count -= 1
        return day


def tables() -> Mapping[str, bytes]:
    """The calendar files as shipped, by name."""
    return {name: _bytes(name) for name in (HELLIGDAGE, LENIENT_DAYS)}


def table_bytes() -> bytes:
    """The calendar files as shipped, one after the other; their hash stands in every header."""
    return b"".join(tables().values())


@cache
def strict_calendar() -> Calendar:
    """The calendar of the authority's own duties (streng): weekends and helligdage are off."""
    helligdage = json.loads(_bytes(HELLIGDAGE))
    return Calendar(
        first=date.fromisoformat(helligdage["valid_from"]),
        last=date.fromisoformat(helligdage["valid_to"]),
        days_off=frozenset(map(date.fromisoformat, helligdage["days"])),
    )


@cache
def lenient_calendar(bridge_friday: bool = False) -> Calendar:
    """The calendar of the citizen's deadlines (lempelig): days off by custom are off too."""
    strict, lenient = strict_calendar(), json.loads(_bytes(LENIENT_DAYS))
    years = range(strict.first.year, strict.last.year + 1)
    days_off = {date.fromisoformat(f"{year}-{day}") for year in years for day in lenient["yearly"]}
    if bridge_friday:
        days_off.update(_bridge_fridays(lenient["bridge_friday"]))
    return Calendar(first=strict.first, last=strict.last, days_off=strict.days_off | days_off)


def _bridge_fridays(bridge: dict[str, Any]) -> list[date]:
    named = json.loads(_bytes(HELLIGDAGE))["days"].items()
    after = timedelta(days=bridge["days"])
    return [date.fromisoformat(day) + after for day, name in named if name == bridge["follows"]]


def _bytes(name: str) -> bytes:
    return files("domain.calendar.data").joinpath(name).read_bytes()


def danish_day(moment: datetime) -> date:
    """The calendar day in Denmark of a moment: a receipt at 23:30 local is that local day."""
    return moment.astimezone(COPENHAGEN).date()


def start_of_day(day: date) -> datetime:
    """The first moment of a Danish day, in UTC."""
    return datetime.combine(day, time.min, COPENHAGEN).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last microsecond of a Danish day, in UTC."""
    return datetime.combine(day, time.max, COPENHAGEN).astimezone(UTC)
