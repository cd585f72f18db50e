"""Who decides when nobody says yes, and what starts and stops the 14-day clocks: settings, as data.

Where the law leaves a question open the cautious answer is the default (docs/unsettled.md).
"""

import json
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from domain.calendar.working_days import danish_day, end_of_day, strict_calendar

FILE = "ansvar-1.json"


@cache
def settings() -> dict[str, Any]:
    """The file as data."""
    found: dict[str, Any] = json.loads(files("domain.law.data").joinpath(FILE).read_bytes())
    return found


def leaders_by(unresolved: datetime) -> datetime:
    """Until when both leaders decide: the end of the next working day (design section 5)."""
    return _later(unresolved, settings()["unresolved"]["leaders_working_days"])


def importers_by(imported: datetime) -> datetime:
    """Until when an imported case is confirmed or denied."""
    return _later(imported, settings()["unresolved"]["imported_working_days"])


def then_by(told: datetime) -> datetime:
    """Until when whoever is told after the leaders decides."""
    return _later(told, settings()["unresolved"]["then_working_days"])


def _later(moment: datetime, working_days: int) -> datetime:
    return end_of_day(strict_calendar().add_working_days(danish_day(moment), working_days))


def told_after_leaders(day: date) -> str:
    """Who is told when the leaders have not decided: the sundhedsråd, once there is one."""
    unresolved = settings()["unresolved"]
    to: str = unresolved["then"]
    for since, instead in sorted(unresolved["then_from"].items()):
        if date.fromisoformat(since) <= day:
            to = instead
    return to
