"""One case judged from its own streams: its steps, the facts of its course, and each authority's lane.

Each authority is judged by what it could know: its own lane, that of those whose place it has taken, and what
she said of disclosure to the other party. So did the guard at run time (`workflows.handlers.rights`), and the
two agree. What no lane is about is judged from steps and facts alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from audit.replay.source import BEGINNINGS, parties
from audit.verdicts.rows import Row, of_verdict
from domain.course import events as f
from domain.events.model import Recorded
from domain.handover import exits as x
from domain.handover.steps import HandoverCarriedOver
from domain.handover.streams import breaches_of, facts_of, register_of, rights_of
from domain.register.succession_events import AuthoritySucceeded
from domain.rights.case import judge_case
from domain.rights.published import publications
from domain.rights.verdict import Verdict

CLOSING = tuple(
    one.NAME
    for one in (
        f.TreatmentStarted,
        f.FollowUpDone,
        f.ReferredElsewhere,
        f.CitizenDeceased,
        x.HandoverReturned,
        x.HandoverForwarded,
        x.HandoverRedirected,
        x.HandoverMisdirected,
        x.HandoverWrongPerson,
        x.HandoverEnteredInError,
        x.HandoverWithdrawn,
        x.HandoverWithdrawalConfirmed,
        x.HandoverResponsibilityUnresolved,
    )
)
"""What closes an obligation that follows from the course (`domain.course.clocks`, `follow_up`)."""

ReadStream = Callable[[UUID], Iterable[Recorded]]


class JudgedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case with its verdicts by trigger. `events`: all of its own that it was judged by, by position."""

    handover: UUID
    parties: tuple[str, ...]
    """Everybody who was ever a party, and who has taken their place since."""
    rows: tuple[Row, ...]
    events: dict[int, Recorded]


class Places:
    """Who has taken whose place, by the register, up to an instant; each authority is read once."""

    def __init__(self, read: ReadStream, as_of: str) -> None:
        self._read, self._as_of = read, as_of
        self.registers: dict[str, tuple[Recorded, ...]] = {}
        """Authority -> its entries in the register, for names."""

    def successors(self, authorities: Iterable[str]) -> dict[str, str]:
        """Authority -> its successor, for these and for those who follow them."""
        found: dict[str, str] = {}
        waiting = list(authorities)
        while waiting:
            authority = waiting.pop()
            for recorded in self._register(authority):
                event = recorded.event
                if isinstance(event, AuthoritySucceeded) and event.valid_from <= self._as_of:
                    if found.get(authority) != event.successor:
                        waiting.append(event.successor)
                    found[authority] = event.successor
        return found

    def _register(self, authority: str) -> tuple[Recorded, ...]:
        if authority not in self.registers:
            self.registers[authority] = tuple(self._read(register_of(authority)))
        return self.registers[authority]


def judged(read: ReadStream, handover: UUID, places: Places, *, at_index: int, as_of: str) -> JudgedCase:
    """What became of every right on a case at an instant; `read` gives streams up to `at_index`."""
    steps = list(read(handover))
    took = {
        one.event.from_authority: one.event.to_authority
        for one in steps
        if isinstance(one.event, HandoverCarriedOver) and one.header.occurred_at <= as_of
    }
    were = parties(steps)
    took = places.successors(were) | took
    everybody = tuple(dict.fromkeys((*were, *took.values())))
    course = [*_begun(steps, as_of), *read(facts_of(handover)), *read(breaches_of(handover))]
    lanes = [one for authority in everybody for one in read(rights_of(handover, authority))]
    events = {one.header.position: one for one in (*course, *lanes)}
    published = publications(lanes, everybody, read)
    found = judge_case([*events.values(), *published], handover, as_of)
    found.sort(key=lambda one: (one.triggered_at, -1 if one.trigger is None else one.trigger, one.rule))
    shown = (_with_entries(one, events) for one in found)
    rows = tuple(
        of_verdict(one, at_index, None if one.closed_by is None else events[one.closed_by]) for one in shown
    )
    return JudgedCase(handover=handover, parties=everybody, rows=rows, events=events)


def _begun(steps: Sequence[Recorded], as_of: str) -> Sequence[Recorded]:
    """The steps, where the case had begun at the instant."""
    begun = any(one.header.event in BEGINNINGS and one.header.occurred_at <= as_of for one in steps)
    return steps if begun else ()


def _with_entries(verdict: Verdict, events: Mapping[int, Recorded]) -> Verdict:
    """A verdict with the entries that it rests on, also where a rule names their time alone."""
    trigger = verdict.trigger
    if trigger is None:
        trigger = _at(events, verdict.triggered_at, verdict.trigger_event)
    closed_by = verdict.closed_by
    if closed_by is None and verdict.closed_at is not None:
        closed_by = _at(events, verdict.closed_at, *CLOSING)
    return msgspec.structs.replace(
        verdict,
        trigger=trigger,
        trigger_event=verdict.trigger_event if trigger is None else events[trigger].header.event,
        closed_by=closed_by,
        closing_event=verdict.closing_event if closed_by is None else events[closed_by].header.event,
    )


def _at(events: Mapping[int, Recorded], instant: str, *names: str) -> int | None:
    """The last entry of an instant that has one of these names."""
    found = (
        position
        for position, one in events.items()
        if one.header.occurred_at == instant and one.header.event in names
    )
    return max(found, default=None)
