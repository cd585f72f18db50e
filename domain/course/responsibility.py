"""Who has what: the statutory duty to treat substance use, and the duty to follow the handover up.

Two timelines, each with one value at every instant (design section 5). The first follows from visitation,
admission, discharge and handlekommune alone (SEL §101(1), SUL §82c, §§141-142; law.md 2); no button moves
it, and a dispute of the handover leaves it unresolved. The second is the sender's until somebody has it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec

from domain.calendar.working_days import danish_day
from domain.course import events as f
from domain.course.facts import standing
from domain.course.spans import Change, Span, timeline
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.events import HandoverCompleted, HandoverSubmitted
from domain.handover.exits import HandoverResponsibilityUnresolved
from domain.handover.fold import fold
from domain.handover.parties import HANDLEKOMMUNE, REGION, kind_of
from domain.handover.state import Handover
from domain.handover.steps import HandoverCarriedOver, HandoverCorrected, HandoverImported
from domain.identity.region import region_of
from domain.law.responsibility import settings

INTEGRATED = "integreret"
ACTING_MEANWHILE, SENDER_MEANWHILE = "acting-meanwhile", "sender-meanwhile"
"""Why an authority has the duty while it is unresolved: by RSL §9(8), or because nobody else is known."""
ENDED = frozenset({"closed", "withdrawn", "wrong_person", "entered_in_error", "completed_otherwise"})
"""Statuses in which there is no handover to follow up any more."""


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """An authority; or nobody (`none`), or `unresolved`, each with its reason."""

    kind: str
    authority: str | None
    reason: str


class _Course(msgspec.Struct, frozen=True):
    """What the duty follows from."""

    acting: str | None = None
    visited: str | None = None
    admitted: bool = False
    deceased: bool = False
    disputed: str | None = None
    meanwhile: str | None = None
    meanwhile_because: str = ACTING_MEANWHILE
    succeeded: dict[str, str] = {}
    """Authority -> who has taken its place so far: a fact may still name the one before."""

    def place(self, authority: str) -> str:
        """Who stands in an authority's place."""
        for _ in self.succeeded:
            authority = self.succeeded.get(authority, authority)
        return authority

    def duty(self) -> Duty:
        if self.deceased:
            return Duty(kind="none", authority=None, reason="deceased")
        if self.disputed is not None and self.meanwhile is not None:
            return Duty(kind="authority", authority=self.meanwhile, reason=self.meanwhile_because)
        if self.disputed is not None:
            return Duty(kind="unresolved", authority=None, reason=self.disputed)
        rests = self.admitted and settings()["duty"]["visited_while_admitted"] != REGION
        if self.visited is not None and not rests:
            return Duty(kind="authority", authority=self.visited, reason="visited")
        if self.admitted:
            return Duty(kind="none", authority=None, reason="admitted")
        if self.acting is not None:
            return Duty(kind="authority", authority=self.acting, reason="acting-municipality")
        return Duty(kind="unresolved", authority=None, reason="acting-municipality-unknown")


def duty_timeline(case: Sequence[Recorded]) -> tuple[Span[Duty], ...]:
    """The statutory duty from the handover's beginning on, from its workflow stream and its facts."""
    changes = [Change(at=at, value=course.duty(), cause=cause) for at, cause, course in _courses(case)]
    return timeline(case_beginning(case).header.occurred_at, changes)


def acting_timeline(case: Sequence[Recorded]) -> tuple[Span[str | None], ...]:
    """Which municipality acts (handlekommune; RSL §9), from the handover's beginning on; None: not known."""
    changes = [Change(at=at, value=course.acting, cause=cause) for at, cause, course in _courses(case)]
    return timeline(case_beginning(case).header.occurred_at, changes)


def held_by_timeline(case: Sequence[Recorded]) -> tuple[Span[str], ...]:
    """Who follows the handover up, from its beginning on: the sender until somebody has it."""
    changes = [
        Change(at=step.at, value=step.state.held_by(), cause=step.recorded.header.position)
        for step in _steps(case)
    ]
    return timeline(case_beginning(case).header.occurred_at, changes)


def ended_at(case: Sequence[Recorded]) -> str | None:
    """From when on there is no handover to follow up; None while there is.

    One that goes on after its end, or ended while nobody had settled whose it is, has not ended.
    """
    end: str | None = None
    for step in _steps(case):
        if step.state.status not in ENDED or step.state.unresolved_at is not None:
            end = None
        elif end is None:
            end = step.at
    return end


def case_beginning(case: Sequence[Recorded]) -> Recorded:
    """The event that a handover begins with. Raises ValueError where there is none."""
    for recorded in case:
        if isinstance(recorded.event, HandoverSubmitted | HandoverImported):
            return recorded
    raise ValueError("the events hold no beginning of a handover")


def _stated(case: Sequence[Recorded]) -> _Course:
    """What the newest document says: who acts, and whether she is visited to integrated treatment now."""
    acting: str | None = None
    move_from = "ukendt"
    sender = ""
    disputed = None
    for recorded in case:
        event = recorded.event
        if isinstance(event, HandoverImported):
            sender, acting, move_from = event.sender_authority, event.acting_municipality, event.move_from
            disputed = "imported"
        elif isinstance(event, HandoverSubmitted):
            sender, acting, move_from = event.sender_authority, event.acting_municipality, event.move_from
        elif isinstance(event, HandoverCorrected | HandoverCompleted):
            stated = event.document_facts.get(HANDLEKOMMUNE)
            acting = stated if isinstance(stated, str) else acting
            move_from = event.move_from
    visited, day = None, danish_day(from_instant(case_beginning(case).header.occurred_at))
    if move_from == INTEGRATED:
        visited = sender if kind_of(sender) == REGION else region_of(acting, day) if acting else None
    return _Course(acting=acting, visited=visited, disputed=disputed)


class _Step(msgspec.Struct, frozen=True):
    """A step of the workflow stream, from when it counts, and the handover after it."""

    at: str
    recorded: Recorded
    state: Handover


def _steps(case: Sequence[Recorded]) -> Iterator[_Step]:
    """The steps in the order they were taken: one that is registered late undoes nothing in between."""
    stream = case_beginning(case).header.stream
    state: Handover | None = None
    latest = ""
    for recorded in case:
        if recorded.header.stream != stream:
            continue
        state = fold(state, (recorded,))
        if state is not None:
            latest = max(latest, recorded.header.occurred_at)
            yield _Step(latest, recorded, state)


def _courses(case: Sequence[Recorded]) -> Iterator[tuple[str, int, _Course]]:
    """What the duty follows from, whenever it changes: from when, by which event, and what it is then.

    Facts count from their own time. Whether it is disputed is what the handover itself says.
    """
    course = _stated(case)
    yield "", case_beginning(case).header.position, course
    told: list[tuple[str, int, Recorded | _Step]] = [
        (fact.header.occurred_at, fact.header.position, fact) for fact in standing(case)
    ]
    told += [(step.at, step.recorded.header.position, step) for step in _steps(case)]
    for at, position, one in sorted(told, key=lambda each: each[:2]):
        after = _after_step(course, one) if isinstance(one, _Step) else _after_fact(course, one)
        if after != course:
            course = after
            yield at, position, course


def _after_fact(course: _Course, recorded: Recorded) -> _Course:
    event = recorded.event
    changes: dict[str, object] = {}
    match event:
        case f.VisitationStarted():
            changes = {"visited": course.place(event.region)}
        case f.VisitationEnded():
            changes = {"visited": None}
        case f.CitizenAdmitted():
            changes = {"admitted": True}
        case f.CitizenDischarged():
            changes = {"admitted": False}
        case f.ActingMunicipalityChanged():
            changes = {"acting": course.place(event.municipality)}
        case f.CitizenDeceased():
            changes = {"deceased": True}
    return msgspec.structs.replace(course, **changes)


def _after_step(course: _Course, step: _Step) -> _Course:
    event = step.recorded.event
    changes: dict[str, object] = {}
    if step.state.unresolved_at is None:
        changes = {"disputed": None, "meanwhile": None}
    elif isinstance(event, HandoverResponsibilityUnresolved):
        changes = {
            "disputed": event.reason,
            "meanwhile": event.acting_meanwhile,
            "meanwhile_because": ACTING_MEANWHILE if event.basis else SENDER_MEANWHILE,
        }
    if isinstance(event, HandoverCarriedOver):
        # What an authority had is its successor's.
        changes |= {
            name: event.to_authority
            for name in ("acting", "visited", "meanwhile")
            if getattr(course, name) == event.from_authority
        }
        changes["succeeded"] = {**course.succeeded, event.from_authority: event.to_authority}
    return msgspec.structs.replace(course, **changes)


def difference(
    duty: Sequence[Span[Duty]], held_by: Sequence[Span[str]], until: str, ended: str | None = None
) -> timedelta:
    """How long, up to an instant or the end before it, who follows up was not the one with the duty."""
    until = min(until, ended or until)
    total = timedelta()
    for mine in duty:
        for theirs in held_by:
            start = max(mine.start, theirs.start)
            end = min(until, mine.end or until, theirs.end or until)
            if start < end and mine.value.authority != theirs.value:
                total += from_instant(end) - from_instant(start)
    return total
