"""Until when a handover must be taken over: derived, never told (design section 5).

The earliest of the planned shift, the hours that the urgency allows, and the working day before the
medicine supply ends.
"""

from datetime import date, datetime, timedelta

from domain.calendar.working_days import CalendarEnds, danish_day, end_of_day, strict_calendar
from domain.document.loader import UnknownTemplate, get_template
from domain.events.instant import from_instant, to_instant
from domain.handover.events import DocumentFacts
from domain.law.responsibility import settings

PLANNED_SHIFT = "overgang.planned_shift"
URGENCY = "overgang.urgency"
SUPPLY_ENDS = "medicin.supply_ends"


def take_over_by(facts: DocumentFacts, template: str, version: int, submitted_at: str) -> str | None:
    """The instant until which it must be taken over, or None where the document states nothing."""
    limits: list[datetime] = []
    if (shift := _day(facts, PLANNED_SHIFT)) is not None:
        limits.append(end_of_day(shift))
    if (hours := urgency_hours(facts, template, version)) is not None:
        limits.append(from_instant(submitted_at) + timedelta(hours=hours))
    if (ends := _day(facts, SUPPLY_ENDS)) is not None:
        limits.append(end_of_day(_before(ends, settings()["take_over"]["medicine_working_days_before"])))
    return to_instant(min(limits)) if limits else None


def ends_soon(supply_ends: str, submitted_at: str) -> bool:
    """Whether the medicine runs out within the days from submission in which it comes before the routine."""
    days = (date.fromisoformat(supply_ends) - danish_day(from_instant(submitted_at))).days
    soon: int = settings()["take_over"]["medicine_soon_days"]
    return days <= soon


def urgency_hours(facts: DocumentFacts, template: str, version: int) -> int | None:
    """The hours that the stated urgency allows, by the template it was stated in.

    The first template named the hours in its codes alone; what they are stands in the settings.
    """
    stated = facts.get(URGENCY)
    try:
        found = get_template(template, version)
    except UnknownTemplate:
        return None
    field = found.field(URGENCY)
    if field is None or not isinstance(stated, str):
        return None
    value = found.value(field.value_set, stated)
    if value is None:
        return None
    known: dict[str, int] = settings()["take_over"]["hours_where_the_template_states_none"]
    return value.hours if value.hours is not None else known.get(value.code)


def _day(facts: DocumentFacts, name: str) -> date | None:
    stated = facts.get(name)
    return date.fromisoformat(stated) if isinstance(stated, str) else None


def _before(day: date, working_days: int) -> date:
    """So many working days before a day (strictly: weekends and helligdage are none).

    Beyond the table of helligdage nobody knows them: there a week stands for each, which is never too late.
    """
    calendar, before, left = strict_calendar(), day, working_days
    try:
        while left > 0:
            before -= timedelta(days=1)
            if calendar.is_working_day(before):
                left -= 1
    except CalendarEnds:
        return day - timedelta(weeks=working_days)
    return before
