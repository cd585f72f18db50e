"""An open obligation with its two dates, and when somebody is reminded of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from domain.calendar.working_days import CalendarEnds, danish_day, end_of_day, start_of_day, strict_calendar
from domain.due.events import DeadlineWarned, obligation_id
from domain.due.reminders import LENIENT_PASSED, STRICT_PASSED, Step, steps_of
from domain.events.instant import to_instant
from domain.rights.verdict import State

FAR = "9999-12-31T23:59:59.999999Z"
"""After every instant: where there is no date."""
_TICK = timedelta(microseconds=1)


class Reminder(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A reminder that comes at an instant, about a day."""

    at: str
    level: str
    due: str
    to: tuple[str, ...]


class Obligation(msgspec.Struct, frozen=True, kw_only=True):
    """What an authority still has to do on a handover, under which rule, and by when.

    `strict` and `lenient` are days, or moments where the rule counts hours; None: no date is known.
    """

    handover: UUID
    authority: str
    unit: str | None
    """The unit that has the case there, as far as the log knows."""
    rule: str
    certainty: str
    matter: UUID | None
    trigger: int | None
    trigger_event: str
    since: str
    strict: date | None
    lenient: date | None
    warned: tuple[tuple[str, str], ...] = ()
    """(level, day) of each reminder that was given, the last one last."""

    @property
    def id(self) -> UUID:
        """Names it, whoever owes it by now."""
        return obligation_id(self.handover, self.rule, self.matter, self.trigger, self.since)

    @property
    def strict_at(self) -> str:
        """The last instant of the strict date."""
        return last_instant(self.strict)

    @property
    def lenient_at(self) -> str:
        """The last instant of the lenient date."""
        return last_instant(self.lenient)

    def waiting(self) -> list[Reminder]:
        """The reminders that have not been given, the first one first."""
        return sorted(one for one in self._all() if (one.level, one.due) not in self.warned)

    def warning(self, reminder: Reminder) -> DeadlineWarned:
        """A reminder as it goes on the log."""
        return DeadlineWarned(
            handover=self.handover,
            rule=self.rule,
            matter=self.matter,
            about_position=self.trigger,
            since=self.since,
            level=reminder.level,
            due=reminder.due,
            unit=self.unit,
            to=reminder.to,
        )

    def _all(self) -> Iterator[Reminder]:
        """Every reminder; those whose time had come when the obligation arose never were any."""
        if self.strict is None or self.lenient is None:
            return
        for step in steps_of(self.rule):
            end = self.lenient if step.level == LENIENT_PASSED else self.strict
            if step.level == STRICT_PASSED and self.strict == self.lenient:
                continue  # the other says it, and more
            at = to_instant(_moment(step, end))
            if at > self.since:
                yield Reminder(at=at, level=step.level, due=_day(end).isoformat(), to=step.to)


def state_at(strict_at: str, lenient_at: str, certainty: str, instant: str) -> State:
    """The state of an obligation that nothing has closed, at an instant."""
    if instant <= strict_at:
        return State.PENDING
    if instant <= lenient_at:
        return State.DISPUTED
    return State.TO_BE_ASSESSED if certainty == "U" else State.VIOLATED


def last_instant(end: date | None) -> str:
    """The last instant of a day, or the moment itself."""
    return FAR if end is None else to_instant(_end(end))


def _end(end: date) -> datetime:
    return end if isinstance(end, datetime) else end_of_day(end)


def _day(end: date) -> date:
    return danish_day(end) if isinstance(end, datetime) else end


def _moment(step: Step, end: date) -> datetime:
    if step.before is None:
        return _end(end) + _TICK
    if step.unit == "hours":
        return _end(end) - timedelta(hours=step.before)
    return start_of_day(working_days_before(_day(end), step.before))


def working_days_before(day: date, count: int) -> date:
    """The working day so many before the last working day that a day is, or follows (strict calendar).

    Beyond the table of helligdage nobody knows them: there a week stands for each, which is never too late.
    """
    calendar, before = strict_calendar(), day
    try:
        while not calendar.is_working_day(before):
            before -= timedelta(days=1)
        for _ in range(count):
            before -= timedelta(days=1)
            while not calendar.is_working_day(before):
                before -= timedelta(days=1)
    except CalendarEnds:
        return day - timedelta(weeks=count)
    return before
