"""Working days by the strict calendar: all days but Saturday, Sunday and helligdage (law.md 11.2).

The table of helligdage is versioned data. The authority's own deadlines count strictly.
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
TABLE = "helligdage-1.json"


class CalendarEnds(Exception):
    """The table of helligdage does not cover this date; another version of it is needed."""


def table_bytes() -> bytes:
    """The calendar file as shipped; its hash stands in every header."""
    return files("domain.calendar.data").joinpath(TABLE).read_bytes()


@cache
def _table() -> tuple[frozenset[date], date, date]:
    data = json.loads(table_bytes())
    return (
        frozenset(map(date.fromisoformat, data["days"])),
        date.fromisoformat(data["valid_from"]),
        date.fromisoformat(data["valid_to"]),
    )


def is_working_day(day: date) -> bool:
    """Whether a day is a working day (hverdag). Raises CalendarEnds outside the table."""
    holidays, first, last = _table()
    if not first <= day <= last:
        raise CalendarEnds("the table of helligdage does not cover this date")
    return day.weekday() < 5 and day not in holidays


def add_working_days(day: date, count: int) -> date:
    """The day `count` working days after `day`, which is itself not counted (law.md 11.3)."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def danish_day(moment: datetime) -> date:
    """The calendar day in Denmark of a moment: a receipt at 23:30 local is that local day."""
    return moment.astimezone(COPENHAGEN).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of a Danish day, in UTC."""
    return datetime.combine(day, time.max, COPENHAGEN).astimezone(UTC)
