"""Counting from a day to the day a limit ends (law.md 11.3). Where the law leaves a choice, data makes it.

Raises OverflowError for a day that no calendar can write, and CalendarEnds past the table of helligdage.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from typing import Literal

from domain.calendar.working_days import Calendar

DayUnit = Literal["working-days", "days", "weeks", "months", "years"]
FirstDay = Literal["day-after", "same-day"]
MissingDay = Literal["last-of-month", "first-of-next-month"]
LastDay = Literal["same-date", "day-before"]
Roll = Literal["next-working-day", "none"]

_DAY = timedelta(days=1)

FIRST_DAY: Mapping[FirstDay, timedelta] = {"day-after": timedelta(0), "same-day": -_DAY}
"""Whether the day of receipt is counted: by how much counting moves against `day-after`."""

LAST_DAY: Mapping[LastDay, timedelta] = {"same-date": timedelta(0), "day-before": -_DAY}
"""Whether the same date is the last day, or the day before it (consent)."""

ROLLS: Mapping[Roll, Callable[[Calendar, date], date]] = {
    "next-working-day": Calendar.next_working_day,
    "none": lambda calendar, day: day,
}
"""Where a limit ends that ends on a day off. The direction is the rule's own: it is not always forward."""


def add_months(day: date, months: int, missing_day: MissingDay) -> date:
    """The same date so many months later. A date that month lacks (31 April) is what `missing_day` says."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > MAXYEAR:
        raise OverflowError("no date can be written after year 9999")
    last = date(year, month + 1, monthrange(year, month + 1)[1])
    if day.day <= last.day:
        return last.replace(day=day.day)
    return last if missing_day == "last-of-month" else last + _DAY


def count(day: date, length: int, unit: DayUnit, calendar: Calendar, missing_day: MissingDay) -> date:
    """The day `length` units after `day`."""
    match unit:
        case "working-days":
            return calendar.add_working_days(day, length)
        case "days":
            return day + timedelta(days=length)
        case "weeks":
            return day + timedelta(weeks=length)
        case "months":
            return add_months(day, length, missing_day)
        case "years":
            return add_months(day, 12 * length, missing_day)


def add_hours(moment: datetime, hours: int) -> datetime:
    """The moment so many hours later, in UTC: hours of the clock that no change of summer time moves."""
    return moment.astimezone(UTC) + timedelta(hours=hours)
