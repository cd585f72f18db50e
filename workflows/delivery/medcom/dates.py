"""FHIR dates: the form and that the calendar has them."""

import re
from datetime import date, datetime
from typing import Final

_TIME: Final = r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]):[0-5][0-9])"
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}" + _TIME)
_DATE_TIME: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?P<time>" + _TIME + ")?)?)?")


def read_instant(value: object) -> datetime | None:
    """A FHIR instant (seconds and time zone always there), or None if it is none. Total."""
    if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def is_date_time(value: object) -> bool:
    """Whether `value` is a FHIR dateTime that exists: year, month, day or instant. Total."""
    if not isinstance(value, str):
        return False
    match = _DATE_TIME.fullmatch(value)
    if match is None:
        return False
    if match["time"]:
        return read_instant(value) is not None
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True
