"""By when: the strict and the lenient date of an obligation, from its trigger."""

from datetime import date
from functools import lru_cache

from domain.calendar.counting import ROLLS, DayUnit, count
from domain.calendar.working_days import CalendarEnds, lenient_calendar, strict_calendar
from domain.events.instant import from_instant
from domain.law.deadline_register import deadline_register, deadline_rules
from domain.law.deadlines import DeadlineRefused, deadline
from domain.rights.moment import Moment, day_of
from domain.rights.published import Length
from domain.rights.rule import Limit, Rule

Ends = tuple[date | None, date | None]
"""Strict and lenient; None where there is no limit, or none is on file."""
NONE: Ends = (None, None)


def ends(rule: Rule, trigger: Moment, published: Length | None = None) -> Ends:
    """The two ends of an obligation's limit. `published`: what its owner had published, if that counts."""
    limit = rule.limit
    if limit is None:
        return NONE
    if limit.fact is not None:
        return stated(rule, trigger.fact(limit.fact))
    if limit.length is not None:
        return own_length(limit, day_of(trigger.occurred_at))
    if limit.rule is None or (limit.published and published is None):
        return NONE
    if deadline_rules()[limit.rule].unit == "hours":
        return _counted(limit.rule, from_instant(trigger.occurred_at))
    return _counted_alike(limit.rule, day_of(trigger.occurred_at), published)


def own_length(limit: Limit, day: date) -> Ends:
    """The ends of a length of our own. The day of the trigger is not counted (law.md 11.3)."""
    assert limit.length is not None
    return _counted_own(limit.length, limit.lenient or limit.length, limit.unit, day)


@lru_cache(maxsize=4096)
def _counted_own(strict: int, lenient: int, unit: DayUnit, day: date) -> Ends:
    missing_day = deadline_register().counting.missing_day.value
    try:
        return (
            count(day, strict, unit, strict_calendar(), missing_day),
            count(day, lenient, unit, lenient_calendar(), missing_day),
        )
    except CalendarEnds:
        return NONE


def stated(rule: Rule, value: object) -> Ends:
    """The ends of a date (or an instant) that an event states.

    A citizen's period that ends on a day off ends on the next working day (law.md 11.3).
    """
    if value is None:
        return NONE
    text = str(value)
    if len(text) > len("2026-01-01"):
        moment = from_instant(text)
        return moment, moment
    day = date.fromisoformat(text)
    if rule.kind != "period":
        return day, day
    try:
        return day, ROLLS["next-working-day"](lenient_calendar(), day)
    except CalendarEnds:
        return day, day


def later(ends_now: Ends, moved: Ends) -> Ends:
    """More time moves an end later, never earlier. What had no end gets the one that is set."""
    if ends_now == NONE:
        return moved
    if None in ends_now or None in moved:
        return ends_now
    return max(ends_now, moved, key=lambda each: str(each[1]))


def _counted(rule_id: str, day: date, published: Length | None = None) -> Ends:
    try:
        if published is None:
            due = deadline(rule_id, day)
        else:
            due = deadline(rule_id, day, length=published.length, unit=published.unit)
    except (DeadlineRefused, CalendarEnds):
        return NONE
    return due.strict, due.lenient


_counted_alike = lru_cache(maxsize=4096)(_counted)
"""The same for every authority: what one has published is given."""


def appeal_ends(limit: Limit, track: str, start: date) -> Ends:
    """The ends of the period of appeal of a track that began on a day."""
    rule_id = limit.by_track.get(track)
    return NONE if rule_id is None else _counted_alike(rule_id, start)
