"""When a letter has arrived, or is taken to have (fremkomst): law.md 8.14-8.16 and 11.3.

A presumption gives the day that the letter states. It proves nothing: the clock of an appeal runs from
evidence alone, and evidence may move the day later, never earlier. Pure.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from domain.calendar.working_days import Calendar, CalendarEnds, lenient_calendar, strict_calendar
from domain.law.arrival_ways import Carrier, Presumption, Way, arrival_file

FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "way-unknown": "letters reach no citizen this way",
        "way-not-valid": "letters did not reach citizens this way on the day of dispatch",
        "carrier-missing": "what is presumed of this way depends on the carrier; name one",
        "carrier-not-taken": "this way has no carrier",
        "carrier-unknown": "no carrier of this way has this code",
        "carrier-not-valid": "this carrier did not carry letters on the day of dispatch",
    }
)
"""Stable code -> text. No text holds input."""


class ArrivalRefused(ValueError):
    """A question about arrival that the file cannot answer. `code` is one of `FAULTS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {FAULTS[self.code]}"


def presumed_arrival(way: str, carrier: str | None, dispatched: date) -> date:
    """The day a letter that was dispatched on `dispatched` is taken to have arrived.

    Of several possible days the latest, for the citizen's last day follows from it. Raises ArrivalRefused,
    and CalendarEnds where the table of helligdage does not reach.
    """
    rule = presumption_of(way, carrier, dispatched)
    try:
        if rule.unit == "delivery-days":
            return _delivery_calendar().add_working_days(dispatched, rule.days)
        return dispatched + timedelta(days=rule.days)
    except OverflowError:
        raise CalendarEnds("the letter arrives on a day that no calendar can write") from None


def presumption_of(way: str, carrier: str | None, dispatched: date) -> Presumption:
    """The presumption for a letter dispatched on this day; `da` is how the letter states it.

    Raises ArrivalRefused.
    """
    found = _way(way)
    if not _holds(found, dispatched):
        raise ArrivalRefused("way-not-valid")
    if found.presumption is not None:
        if carrier is not None:
            raise ArrivalRefused("carrier-not-taken")
        return found.presumption
    if carrier is None:
        raise ArrivalRefused("carrier-missing")
    if carrier not in found.carriers:
        raise ArrivalRefused("carrier-unknown")
    if not _holds(found.carriers[carrier], dispatched):
        raise ArrivalRefused("carrier-not-valid")
    return _in_force(found.carriers[carrier], dispatched)


def needs_receipt(evidence: str) -> bool:
    """Whether this evidence of arrival is nothing without the id of a receipt (DPL §10)."""
    ways_proven = (way.evidence for way in arrival_file().ways.values())
    return any(one.code == evidence and "receipt" in one.needs for one in ways_proven)


def proves(way: str, evidence: str) -> bool:
    """Whether evidence of arrival can be of a letter sent this way: its own, or none of another way's."""
    of_others = {one.evidence.code for code, one in arrival_file().ways.items() if code != way}
    return evidence == _way(way).evidence.code or evidence not in of_others


def ways(on: date) -> tuple[str, ...]:
    """The codes of the ways in use on a day."""
    return tuple(code for code, way in arrival_file().ways.items() if _holds(way, on))


def carriers(way: str, on: date) -> tuple[str, ...]:
    """The codes of the carriers of a way on a day; none where it has none. Raises ArrivalRefused."""
    return tuple(code for code, carrier in _way(way).carriers.items() if _holds(carrier, on))


def _way(code: str) -> Way:
    found = arrival_file().ways.get(code)
    if found is None:
        raise ArrivalRefused("way-unknown")
    return found


def _holds(row: Way | Carrier, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def _in_force(carrier: Carrier, day: date) -> Presumption:
    begun = [(rule.valid_from or carrier.valid_from, rule) for rule in carrier.presumptions]
    return max(((since, rule) for since, rule in begun if since <= day), key=lambda one: one[0])[1]


def _delivery_calendar() -> Calendar:
    days = arrival_file().delivery_days
    return strict_calendar() if days.calendar == "strict" else lenient_calendar(days.bridge_friday)
