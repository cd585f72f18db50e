"""Rights that follow from the citizen's course: treatment begun in time, and followed up (SUL §82c, SEL §101,
AFD §4(2)). The clocks and the follow-ups are `domain.course`'s; here they are told as verdicts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType
from uuid import UUID

from domain.calendar.working_days import danish_day
from domain.course.clocks import Clock, clocks
from domain.course.events import CitizenDeceased, VisitationStarted
from domain.course.facts import standing
from domain.course.follow_up import FollowUp, follow_ups
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.rights.dates import own_length
from domain.rights.decisions import DecisionMade
from domain.rights.events import holding
from domain.rights.rule import Rule, rights_rules
from domain.rights.verdict import State, Verdict, state_of

TREATMENT_START, FOLLOW_UP, ENDED = "treatment-start", "follow-up", "granted-service-ended"
SEL_101 = "sel:101"
DECEASED = CitizenDeceased.NAME
"""The reason of an exemption: nobody can be treated or followed up any more. What was late already stays."""


class _Course:
    """A case, and what several rules ask of it: each is computed once, and only if one asks."""

    def __init__(self, case: Sequence[Recorded]) -> None:
        self.case = case

    @cached_property
    def standing(self) -> Sequence[Recorded]:
        return standing(self.case)

    @cached_property
    def died(self) -> str | None:
        found = (one for one in self.standing if isinstance(one.event, CitizenDeceased))
        return next((one.header.occurred_at for one in found), None)

    @cached_property
    def clocks(self) -> Sequence[Clock]:
        return clocks(self.case)

    @cached_property
    def follow_ups(self) -> Sequence[FollowUp]:
        return follow_ups([one for one in self.case if not isinstance(one.event, CitizenDeceased)])


def judge_course(case: Sequence[Recorded], handover: UUID, as_of: str) -> Iterator[Verdict]:
    """The verdicts of the computed rules. `case`: its steps and facts until `as_of`, by position."""
    course = _Course(case)
    for rule, computed in _computed():
        yield from computed(rule, course, handover, as_of)


@cache
def _computed() -> "Sequence[tuple[Rule, _Computed]]":
    return tuple((one, _COMPUTED[one.computed]) for one in rights_rules().values() if one.computed)


def _treatment_start(rule: Rule, course: _Course, handover: UUID, as_of: str) -> Iterator[Verdict]:
    assert rule.limit is not None
    for clock in course.clocks:
        if clock.rule == rule.limit.rule:
            yield _of_clock(rule, clock, handover, as_of, course.died)


def _of_clock(rule: Rule, clock: Clock, handover: UUID, as_of: str, died: str | None) -> Verdict:
    by_death = clock.status == "stopped" and clock.ended_at == died
    exempt = by_death or clock.status in ("exempt", "withdrawn")
    return _verdict(
        rule,
        handover,
        as_of,
        authority=clock.authority,
        trigger=next(one.cause for one in clock.starts if one.at == clock.started_at),
        trigger_event=clock.because,
        triggered_at=clock.started_at,
        due=clock.due,
        closed_at=clock.ended_at,
        exempt=exempt,
        reason=DECEASED if by_death else clock.status if exempt else None,
    )


def _follow_up(rule: Rule, course: _Course, handover: UUID, as_of: str) -> Iterator[Verdict]:
    assert rule.limit is not None
    died = course.died
    for owed in course.follow_ups:
        if owed.rule == rule.limit.rule and (died is None or owed.ended_at < died):
            yield _of_follow_up(rule, owed, handover, as_of, died)


def _of_follow_up(rule: Rule, owed: FollowUp, handover: UUID, as_of: str, died: str | None) -> Verdict:
    by_death = died is not None and (owed.done_at is None or died < owed.done_at)
    return _verdict(
        rule,
        handover,
        as_of,
        authority=owed.authority,
        trigger=None,
        trigger_event="treatment-ended",
        triggered_at=owed.ended_at,
        due=owed.due,
        closed_at=died if by_death else owed.done_at,
        exempt=by_death,
        reason=DECEASED if by_death else owed.status,
    )


def _granted_service_ended(rule: Rule, course: _Course, handover: UUID, as_of: str) -> Iterator[Verdict]:
    """A municipality that granted treatment under SEL §101 decides that it ends, once she is visited to
    integrated treatment."""
    if not any(isinstance(one.event, VisitationStarted) for one in course.standing):
        return
    lane = [one for one in holding(course.case) if isinstance(one.event, DecisionMade)]
    held = sorted((*course.standing, *lane), key=lambda one: one.header.occurred_at)
    granted: dict[str, Recorded] = {}
    for one in held:
        event = one.event
        if isinstance(event, DecisionMade) and event.legal_basis == SEL_101:
            if event.kind == "grant":
                granted[one.header.controller] = one
            elif event.kind in ("ending", "change"):
                granted.pop(one.header.controller, None)
        elif isinstance(event, VisitationStarted):
            for authority in granted:
                yield _ending_due(rule, authority, one, held, handover, as_of)


def _ending_due(
    rule: Rule, authority: str, visited: Recorded, held: Sequence[Recorded], handover: UUID, as_of: str
) -> Verdict:
    ended = next((one for one in held if _ends(one, authority) and _after(one, visited)), None)
    assert rule.limit is not None
    strict, lenient = own_length(rule.limit, danish_day(from_instant(visited.header.occurred_at)))
    closed_at = ended.header.occurred_at if ended is not None else None
    return Verdict(
        rule=rule.id,
        basis=rule.basis,
        certainty=rule.certainty,
        authority=authority,
        handover=handover,
        matter=str(handover),
        trigger=visited.header.position,
        trigger_event=visited.header.event,
        triggered_at=visited.header.occurred_at,
        strict=strict,
        lenient=lenient,
        state=state_of(rule, strict, lenient, closed_at=closed_at, exempt=False, as_of=as_of),
        closed_by=ended.header.position if ended is not None else None,
        closing_event=ended.header.event if ended is not None else None,
        closed_at=closed_at,
    )


def _ends(one: Recorded, authority: str) -> bool:
    event = one.event
    return (
        isinstance(event, DecisionMade)
        and event.legal_basis == SEL_101
        and event.kind in ("ending", "change")
        and one.header.controller == authority
    )


def _after(one: Recorded, other: Recorded) -> bool:
    return one.header.occurred_at >= other.header.occurred_at


def _verdict(
    rule: Rule,
    handover: UUID,
    as_of: str,
    *,
    authority: str,
    trigger: int | None,
    trigger_event: str,
    triggered_at: str,
    due: date | None,
    closed_at: str | None,
    exempt: bool,
    reason: str | None,
) -> Verdict:
    return Verdict(
        rule=rule.id,
        basis=rule.basis,
        certainty=rule.certainty,
        authority=authority,
        handover=handover,
        matter=str(handover),
        trigger=trigger,
        trigger_event=trigger_event,
        triggered_at=triggered_at,
        strict=due,
        lenient=due,
        state=_state(rule, due, closed_at, exempt, as_of),
        closed_at=closed_at,
        reason=reason,
    )


def _state(rule: Rule, due: date | None, closed_at: str | None, exempt: bool, as_of: str) -> State:
    return state_of(rule, due, due, closed_at=closed_at, exempt=exempt, as_of=as_of)


_Computed = Callable[[Rule, _Course, UUID, str], Iterator[Verdict]]
_COMPUTED: Mapping[str, _Computed] = MappingProxyType(
    {TREATMENT_START: _treatment_start, FOLLOW_UP: _follow_up, ENDED: _granted_service_ended}
)
