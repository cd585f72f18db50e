"""The municipality follows up one and six months after treatment ended (AFD §4(2); law.md 2.1).

Also where the region ended it: then the acting municipality does, unless a setting says otherwise. Which
ends owe none is a setting too (`domain.law.responsibility`).
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from domain.calendar.working_days import CalendarEnds, danish_day
from domain.course import events as f
from domain.course.facts import standing
from domain.course.responsibility import acting_timeline
from domain.course.spans import value_at
from domain.course.succeeded import successors
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.parties import REGION, kind_of
from domain.law.deadlines import deadline
from domain.law.responsibility import settings

RULES = {1: "OPF1", 6: "OPF6"}
"""Months after the end -> the rule of the register."""
ACTING_MUNICIPALITY = "acting-municipality"


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """A follow-up that is owed. `due` is None beyond the calendar; `done_at` None until it was made."""

    rule: str
    after_months: int
    authority: str
    ended_at: str
    due: date | None
    done_at: str | None
    status: str | None


def follow_ups(case: Sequence[Recorded]) -> tuple[FollowUp, ...]:
    """The follow-ups of every course of treatment that ended, by when they are due; none for the dead."""
    facts, place = standing(case), successors(case)
    if any(isinstance(one.event, f.CitizenDeceased) for one in facts):
        return ()
    ends = [one for one in facts if isinstance(one.event, f.TreatmentEnded)]
    found = []
    for number, end in enumerate(ends):
        owes = _owes(case, end)
        if owes is None:
            continue
        following = ends[number + 1].header.occurred_at if number + 1 < len(ends) else None
        for months, rule in RULES.items():
            done = _done(facts, months, end.header.occurred_at, following)
            found.append(
                FollowUp(
                    rule=rule,
                    after_months=months,
                    authority=place(owes),
                    ended_at=end.header.occurred_at,
                    due=_due(rule, end.header.occurred_at),
                    done_at=done.header.occurred_at if done else None,
                    status=done.event.status if done and isinstance(done.event, f.FollowUpDone) else None,
                )
            )
    return tuple(found)


def _owes(case: Sequence[Recorded], end: Recorded) -> str | None:
    """Who owes the follow-ups of an end: whoever ended it, where nobody knows who acts. None: none owed."""
    assert isinstance(end.event, f.TreatmentEnded)
    setting = settings()["follow_up"]
    if end.event.status in setting["owes_none"]:
        return None
    if kind_of(end.event.authority) != REGION:
        return end.event.authority
    if setting["after_regions_treatment"] != ACTING_MUNICIPALITY:
        return None
    return value_at(acting_timeline(case), end.header.occurred_at) or end.event.authority


def _done(facts: Sequence[Recorded], months: int, after: str, before: str | None) -> Recorded | None:
    for one in facts:
        at = one.header.occurred_at
        of_this_end = after <= at and (before is None or at < before)
        if of_this_end and isinstance(one.event, f.FollowUpDone) and one.event.after_months == months:
            return one
    return None


def _due(rule: str, ended_at: str) -> date | None:
    try:
        return deadline(rule, danish_day(from_instant(ended_at))).strict
    except CalendarEnds:
        return None
