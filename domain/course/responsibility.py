"""Who has what: the statutory duty to treat substance use, and the duty to follow the handover up.

Two timelines, each with one value at every instant (design section 5). The first follows from visitation,
admission, discharge and handlekommune alone (SEL §101(1), SUL §82c, §§141-142; law.md 2); no button moves
it. The second is the sender's until somebody has taken over.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec

from domain.calendar.working_days import danish_day
from domain.course import events as f
from domain.course.facts import standing
from domain.course.spans import Change, Span, timeline
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.events import HandoverCompleted, HandoverSubmitted
from domain.handover.exits import HandoverResponsibilityResolved, HandoverResponsibilityUnresolved
from domain.handover.fold import fold
from domain.handover.parties import REGION, kind_of
from domain.handover.state import Handover
from domain.handover.steps import HandoverCarriedOver, HandoverCorrected, HandoverImported
from domain.identity.region import region_of
from domain.law.responsibility import settings

ACTING = "stamoplysninger.handlekommune"
INTEGRATED = "integreret"


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

    def duty(self) -> Duty:
        if self.deceased:
            return Duty(kind="none", authority=None, reason="deceased")
        if self.disputed is not None and self.meanwhile is not None:
            return Duty(kind="authority", authority=self.meanwhile, reason="acting-meanwhile")
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
    first = case_beginning(case)
    course = _stated(case)
    beginning = first.header.occurred_at
    changes = [Change(at="", value=course.duty(), cause=first.header.position)]
    for recorded in _by_own_time(case):
        course = _after(course, recorded)
        header = recorded.header
        changes.append(Change(at=header.occurred_at, value=course.duty(), cause=header.position))
    return timeline(beginning, changes)


def held_by_timeline(case: Sequence[Recorded]) -> tuple[Span[str], ...]:
    """Who follows the handover up, from its beginning on: the sender until taken over."""
    first = case_beginning(case)
    state: Handover | None = None
    changes: list[Change[str]] = []
    latest = ""
    for recorded in case:
        if recorded.header.stream != first.header.stream:
            continue
        state = fold(state, (recorded,))
        if state is not None:
            # A step that is registered late cannot undo what was registered in between.
            latest = max(latest, recorded.header.occurred_at)
            changes.append(Change(at=latest, value=state.held_by(), cause=recorded.header.position))
    return timeline(first.header.occurred_at, changes)


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
            stated = event.document_facts.get(ACTING)
            acting = stated if isinstance(stated, str) else acting
            move_from = event.move_from
    visited, day = None, danish_day(from_instant(case_beginning(case).header.occurred_at))
    if move_from == INTEGRATED:
        visited = sender if kind_of(sender) == REGION else region_of(acting, day) if acting else None
    return _Course(acting=acting, visited=visited, disputed=disputed)


_STEPS = (HandoverResponsibilityUnresolved, HandoverResponsibilityResolved, HandoverCarriedOver)
_SETTLES = frozenset(
    {
        "handover-taken-over",
        "handover-import-confirmed",
        "handover-import-denied",
        "handover-withdrawn",
        "handover-withdrawal-confirmed",
        "handover-entered-in-error",
        "handover-completed-otherwise",
        "handover-wrong-person",
    }
)


def _by_own_time(case: Iterable[Recorded]) -> list[Recorded]:
    found = [one for one in case if isinstance(one.event, _STEPS) or one.header.event in _SETTLES]
    both = [*standing(case), *found]
    return sorted(both, key=lambda one: (one.header.occurred_at, one.header.position))


def _after(course: _Course, recorded: Recorded) -> _Course:
    event = recorded.event
    changes: dict[str, object] = {}
    match event:
        case f.VisitationStarted():
            changes = {"visited": event.region}
        case f.VisitationEnded():
            changes = {"visited": None}
        case f.CitizenAdmitted():
            changes = {"admitted": True}
        case f.CitizenDischarged():
            changes = {"admitted": False}
        case f.ActingMunicipalityChanged():
            changes = {"acting": event.municipality}
        case f.CitizenDeceased():
            changes = {"deceased": True}
        case HandoverCarriedOver():
            # What an authority had is its successor's.
            changes = {
                name: event.to_authority
                for name in ("acting", "visited", "meanwhile")
                if getattr(course, name) == event.from_authority
            }
        case HandoverResponsibilityUnresolved():
            changes = {"disputed": event.reason, "meanwhile": event.acting_meanwhile}
        case _ if isinstance(event, HandoverResponsibilityResolved) or recorded.header.event in _SETTLES:
            changes = {"disputed": None, "meanwhile": None}
    return msgspec.structs.replace(course, **changes)


def difference(duty: Sequence[Span[Duty]], held_by: Sequence[Span[str]], until: str) -> timedelta:
    """How long, up to an instant, the one who follows up was not the one with the duty."""
    total = timedelta()
    for mine in duty:
        for theirs in held_by:
            start = max(mine.start, theirs.start)
            end = min(until, mine.end or until, theirs.end or until)
            if start < end and mine.value.authority != theirs.value:
                total += from_instant(end) - from_instant(start)
    return total
