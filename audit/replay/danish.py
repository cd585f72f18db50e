"""Dates, names and lists as a Dane writes them."""

from collections.abc import Sequence
from datetime import datetime

from domain.calendar.danish_dates import danish_date as written_out
from domain.calendar.working_days import COPENHAGEN
from domain.events.instant import from_instant


def danish_date(instant: str) -> str:
    """The day in Denmark of an instant: `23. november 2026`."""
    return written_out(_local(instant).date())


def danish_moment(instant: str) -> str:
    """An instant in Danish time, to the minute: `23. november 2026 kl. 08.14`.

    In the hour that comes twice when summer time ends, it says which of the two is meant.
    """
    moment = _local(instant)
    text = f"{written_out(moment.date())} kl. {moment:%H.%M}"
    other = moment.replace(fold=1 - moment.fold)
    if other.utcoffset() == moment.utcoffset():
        return text
    return f"{text} ({'sommertid' if moment.dst() else 'normaltid'})"


def danish_number(number: int) -> str:
    """A whole number with a full stop at the thousands: `12.345`."""
    return f"{number:,}".replace(",", ".")


def genitive(name: str) -> str:
    """The possessive: `Næstved Kommunes`, `Hus'`; after s, x and z an apostrophe alone."""
    return f"{name}'" if name[-1:].lower() in ("s", "x", "z") else f"{name}s"


def listed(words: Sequence[str]) -> str:
    """`a`, `a og b`, `a, b og c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} og {words[-1]}"


def _local(instant: str) -> datetime:
    # `datetime` leaves `fold` right when it converts from UTC.
    return from_instant(instant).astimezone(COPENHAGEN)
