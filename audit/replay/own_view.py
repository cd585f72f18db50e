"""The case as the citizen sees it: its course in plain Danish, whom to call, the clocks, and her rights.

Header and facts alone; no key is used, so it is the same when every key has been destroyed.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from audit.replay import words as w
from audit.replay.case import CaseReplay
from audit.replay.danish import danish_date, danish_moment
from audit.replay.names import Names
from audit.replay.timeline import Line
from domain.calendar.danish_dates import danish_date as day_written_out
from domain.course.clocks import Clock
from domain.course.events import CaseFact
from domain.course.facts import standing as standing_facts
from domain.events.catalogue import EVENT_TYPES
from domain.events.model import Recorded
from domain.handover.state import Handover
from domain.rights.events import holding
from domain.rights.hers import Standing, is_hers
from domain.rights.rule import rights_rules
from domain.rights.verdict import State, Verdict
from domain.rights.words import STATES
from workflows.handlers.services import WORKFLOW

CONSEQUENCES = (
    "Hvis du siger nej til, at oplysninger gives videre, får den anden myndighed dem ikke. Den skal så spørge"
    " dig eller undersøge det selv, og din behandling kan begynde senere eller bygge på mindre viden. Du kan"
    " altid ombestemme dig."
)
"""What an objection leads to, told before she makes one (SUL §16)."""
_STATE_TEXTS = {
    State.PENDING: "Det venter.",
    State.FULFILLED: "Det er overholdt.",
    State.FULFILLED_LATE: "Det skete, men for sent.",
    State.EXEMPT: "Det gælder ikke her, fordi der er en undtagelse.",
    State.DISPUTED: "Fristen er overskredet efter den strengeste måde at regne på, men ikke efter alle.",
    State.VIOLATED: "Det er ikke overholdt.",
    State.TO_BE_ASSESSED: "Det er ikke sket. Om det er et brud, skal vurderes, for loven er ikke klar.",
}
_CLOCK_TEXTS = {
    "running": "Behandlingen skal begynde senest {due}.",
    "stopped": "Fristen for at begynde behandlingen var {due}. Den løber ikke længere.",
    "exempt": "Du har valgt et andet sted, så fristen {due} gælder ikke.",
    "withdrawn": "Fristen {due} gælder ikke længere, fordi overgangen ikke blev til noget.",
}


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """One of her rights, and what became of it, in plain words."""

    rule: str
    name: str
    basis: tuple[str, ...]
    authority: str
    state: str
    state_da: str
    due: str | None
    text: str


class ToldClock(msgspec.Struct, frozen=True, kw_only=True):
    """A 14-day clock in plain words."""

    rule: str
    authority: str
    due: str
    status: str
    text: str


class OwnLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the course. `holds` is False once it was taken back as wrong."""

    position: int
    event: str
    occurred_at: str
    holds: bool
    text: str


def rights(verdicts: Sequence[Verdict], names: Names, view: Standing) -> tuple[Right, ...]:
    """The rights that the view shows: those of what she can see, in the words of the register."""
    return tuple(_right(one, names) for one in verdicts if _shown(one, view))


def _shown(verdict: Verdict, view: Standing) -> bool:
    if verdict.trigger_event not in EVENT_TYPES:
        return view.sees_all
    return view.sees(verdict.trigger_event)


def _right(verdict: Verdict, names: Names) -> Right:
    due = due_written_out(verdict.strict)
    rule = rights_rules()[verdict.rule]
    until = f" Fristen er {due}." if verdict.state is State.PENDING and due else ""
    was = f" Fristen var {due}." if verdict.state in _MISSED and due else ""
    kept = f" Det skete {danish_date(verdict.closed_at)}." if verdict.closed_at and not until else ""
    return Right(
        rule=verdict.rule,
        name=rule.name,
        basis=verdict.basis,
        authority=verdict.authority,
        state=verdict.state,
        state_da=STATES[verdict.state],
        due=verdict.strict.isoformat() if verdict.strict is not None else None,
        text=f"{names.authority(verdict.authority)}. {rule.name}:"
        f" {_STATE_TEXTS[verdict.state]}{until}{was}{kept}",
    )


_MISSED = frozenset({State.FULFILLED_LATE, State.DISPUTED, State.VIOLATED, State.TO_BE_ASSESSED})


def due_written_out(end: date | None) -> str | None:
    """A last day, or a last moment, as a Dane writes it."""
    if end is None:
        return None
    return danish_moment(_instant(end)) if isinstance(end, datetime) else day_written_out(end)


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def told_clocks(clocks: Sequence[Clock], names: Names) -> tuple[ToldClock, ...]:
    """Both clocks, in plain words."""
    return tuple(
        ToldClock(
            rule=one.rule,
            authority=one.authority,
            due=one.due.isoformat(),
            status=one.status,
            text=f"{names.authority(one.authority)}: "
            + _CLOCK_TEXTS[one.status].format(due=day_written_out(one.due)),
        )
        for one in clocks
    )


def course(replayed: CaseReplay, events: Sequence[Recorded]) -> tuple[OwnLine, ...]:
    """The lines of the course; `events` are all of the case and its lanes."""
    held = {one.header.position for one in standing_facts(events)}
    held |= {one.header.position for one in holding(events) if not isinstance(one.event, CaseFact)}
    return tuple(_line(one, one.position in held) for one in replayed.events if is_hers(one.event))


def _line(line: Line, holds: bool) -> OwnLine:
    return OwnLine(
        position=line.position,
        event=line.event,
        occurred_at=line.occurred_at,
        holds=holds or line.event.endswith("-retracted"),
        text=line.text if holds or line.event.endswith("-retracted") else f"{line.text} (Trukket tilbage.)",
    )


def status_line(state: Handover) -> str:
    """Where a case stands, by its workflow's own word."""
    return w.status(WORKFLOW, state.workflow_version, state.status)


def names_of(register: Sequence[Recorded]) -> Names:
    """The names of the register, as they stand now."""
    names = Names()
    for recorded in register:
        names.take(recorded)
    return names
