"""A handover judged by all the rules: those of the table, and those that follow from its course."""

from collections.abc import Iterable
from uuid import UUID

from domain.course.events import CaseFact
from domain.course.facts import standing
from domain.events.model import Recorded
from domain.rights.course import judge_course
from domain.rights.events import holding
from domain.rights.judge import judge
from domain.rights.moment import in_time_order
from domain.rights.verdict import Verdict


def judge_case(events: Iterable[Recorded], handover: UUID, as_of: str) -> list[Verdict]:
    """What became of every right on a handover at an instant, by when it was triggered.

    `events`: its steps, the facts of its course, the lanes of rights, and what the authorities have published
    of their times of decision, in any order. Those that were retracted count for nothing.
    """
    known = sorted(events, key=lambda one: one.header.position)
    held = {one.header.position for one in standing(known)}
    counted = [
        one for one in holding(known) if not isinstance(one.event, CaseFact) or one.header.position in held
    ]
    found = judge(in_time_order(counted, as_of), handover, as_of)
    course = [one for one in known if one.header.occurred_at <= as_of]
    if any(one.header.stream == handover for one in course):
        found += judge_course(course, handover, as_of)
    return sorted(found, key=lambda one: (one.triggered_at, one.trigger or 0, one.rule))
