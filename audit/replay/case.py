"""One case replayed: state, who had to follow it up, the six words, conformance, readers, timeline."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import msgspec

from audit.replay.conformance import CaseWalk, Conformance
from audit.replay.names import Names
from audit.replay.source import beside
from audit.replay.timeline import Line, line
from domain.course.clocks import Clock, clocks
from domain.course.events import TreatmentStarted
from domain.course.facts import standing
from domain.course.follow_up import FollowUp, follow_ups
from domain.course.responsibility import Duty, duty_timeline
from domain.course.spans import Span
from domain.events.header import Header
from domain.events.model import Recorded
from domain.handover import events as e
from domain.handover.fold import fold
from domain.handover.state import Handover
from domain.handover.steps import HandoverImported
from domain.rights.model import RightsEvent

SIX_WORDS = ("sent", "delivered", "opened", "acknowledged", "taken_over", "started")
"""Design idea 5. None implies the next; `started` is a fact of its own and is never derived."""


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """An authority has the duty to follow up from `since` to `until` (not included; None is open)."""

    authority: str
    name: str
    since: str
    until: str | None


class ReadBy(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody saw something of the citizen. `actor` is a pseudonymous id, never a name."""

    position: int
    at: str
    what: str
    actor: UUID
    role: str
    unit: str | None
    authority: str
    purpose: str
    document_id: UUID | None = None
    attachment: UUID | None = None
    outside_reason: str | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A command on the case that was refused."""

    position: int
    at: str
    command: str
    reason: str
    role: str
    unit: str | None
    authority: str


class CaseReplay(msgspec.Struct, frozen=True, kw_only=True):
    """A case at a moment. `state` is None when it had not been submitted then."""

    handover: UUID
    at_index: int | None
    as_of: str | None
    state: Handover | None
    words: dict[str, str | None]
    held_by: tuple[Holding, ...]
    duty: tuple[Span[Duty], ...]
    """The statutory duty; it follows from other things than who holds the handover."""
    clocks: tuple[Clock, ...]
    follow_ups: tuple[FollowUp, ...]
    conformance: Conformance | None
    readings: tuple[ReadBy, ...]
    refusals: tuple[Refusal, ...]
    events: tuple[Line, ...]
    """The timeline in plain Danish, a line an event."""


def held_by_timeline(states: Sequence[tuple[str, Handover]], names: Names) -> tuple[Holding, ...]:
    """Who had to follow up, from submission on: one authority at every instant.

    `states` are (the moment, the case from then on), in the order of the stream. A moment before
    the one it follows (an act recorded late, with its own time) never opens a hole or an overlap:
    the former holder ends where the next begins.
    """
    turns: list[tuple[str, str]] = []
    for moment, state in states:
        holder = state.held_by()
        if not turns or turns[-1][1] != holder:
            turns.append((max(moment, turns[-1][0]) if turns else moment, holder))
    ends: list[str | None] = [since for since, _ in turns[1:]]
    return tuple(
        Holding(authority=holder, name=names.authority(holder), since=since, until=until)
        for (since, holder), until in zip(turns, [*ends, None], strict=True)
        if until is None or since < until
    )


def replay_case(
    events: Iterable[Recorded],
    handover: UUID,
    *,
    at_index: int | None = None,
    as_of: str | None = None,
    visible: Callable[[Recorded], bool] = lambda recorded: True,
) -> CaseReplay:
    """Replay one case from events by position: its own, its parties' register, or a whole log.

    `visible` says what the one who asks may see. The state is folded from all; what is told is
    only what she may see, and to one who may see neither submission nor delivery, nothing.
    """
    replaying = _Case(handover, as_of, visible)
    for recorded in events:
        if at_index is not None and recorded.header.position > at_index:
            break
        replaying.take(recorded)
    return replaying.result(at_index)


class _Case:
    """The case so far. `_full` is all that is known, `_state` what had happened by `as_of`."""

    def __init__(self, handover: UUID, as_of: str | None, visible: Callable[[Recorded], bool]) -> None:
        self._id, self._as_of, self._visible = handover, as_of, visible
        self._sees_submission = self._sees_delivery = False
        self._hidden: set[int] = set()
        self._beside = set(beside(handover))
        self._course: list[Recorded] = []
        self._names = Names()
        self._full: Handover | None = None
        self._state: Handover | None = None
        self._walk: CaseWalk | None = None
        self._states: list[tuple[str, Handover]] = []
        self._readings: list[ReadBy] = []
        self._refusals: list[Refusal] = []
        self._lines: list[Line] = []

    def take(self, recorded: Recorded) -> None:
        if self._names.take(recorded):
            return
        header, facts = recorded.header, recorded.event
        seen = self._visible(recorded)
        if header.stream == self._id:
            self._step(recorded)
            if not seen:
                self._hidden.add(header.position)
        elif header.stream not in self._beside and not self._concerned(facts):
            return
        if self._as_of is not None and header.occurred_at > self._as_of:
            return
        self._course.append(recorded)
        if header.stream == self._id:
            self._state = fold(self._state, [recorded])
            if self._state is not None:
                self._states.append((header.occurred_at, self._state))
            self._sees_submission |= seen and isinstance(facts, e.HandoverSubmitted | HandoverImported)
            self._sees_delivery |= seen and isinstance(facts, e.HandoverDelivered)
        if not seen:
            return
        if isinstance(facts, e.CommandRefused):
            self._refusals.append(_refusal(header, facts))
        else:
            self._reading(header, facts)
        self._lines.append(line(self._names, recorded))

    def _concerned(self, facts: object) -> bool:
        """Whether an event of another stream concerns the case: a list, or a lane of rights."""
        if isinstance(facts, RightsEvent):
            return facts.handover == self._id
        return isinstance(facts, e.MailboxShown | e.UnitListShown) and self._id in facts.handovers

    def _step(self, recorded: Recorded) -> None:
        workflow = recorded.header.workflow
        if self._walk is None:
            self._walk = CaseWalk(*((workflow.name, workflow.version) if workflow else ("", 0)))
        self._walk.step(self._full, recorded, self._names)
        self._full = fold(self._full, [recorded])

    def _reading(self, header: Header, facts: object) -> None:
        if isinstance(facts, e.DocumentRead):
            what = "document" if facts.attachment is None else "attachment"
            self._readings.append(
                _read_by(header, what, document_id=facts.document_id, attachment=facts.attachment)
            )
        elif isinstance(facts, e.MailboxShown | e.UnitListShown):
            self._readings.append(_read_by(header, "label"))
        elif isinstance(facts, e.OutsideAccessUsed):
            # Stands beside its reading, in the same command.
            self._readings = [
                msgspec.structs.replace(one, outside_reason=facts.reason)
                if one.position == header.position - 1
                else one
                for one in self._readings
            ]

    def result(self, at_index: int | None) -> CaseReplay:
        state = self._state if self._sees_submission or self._sees_delivery else None
        if state is not None and not self._sees_submission:
            # The key under which the sender holds the citizen is the sender's own.
            state = msgspec.structs.replace(state, sender_key="")
        return CaseReplay(
            handover=self._id,
            at_index=at_index,
            as_of=self._as_of,
            state=state,
            words=self._words(state),
            held_by=held_by_timeline(self._states, self._names) if state else (),
            duty=duty_timeline(self._course) if state else (),
            clocks=clocks(self._course) if state else (),
            follow_ups=follow_ups(self._course) if state else (),
            conformance=self._conformance(),
            readings=tuple(self._readings),
            refusals=tuple(self._refusals),
            events=tuple(self._lines),
        )

    def _words(self, state: Handover | None) -> dict[str, str | None]:
        words: dict[str, str | None] = {word: getattr(state, f"{word}_at", None) for word in SIX_WORDS}
        started = [one for one in standing(self._course) if isinstance(one.event, TreatmentStarted)]
        if state is not None and started:
            words["started"] = started[0].header.occurred_at
        return words

    def _conformance(self) -> Conformance | None:
        """The verdict on all steps, with the particulars of those that may be seen."""
        if self._walk is None or (self._hidden and not (self._sees_submission or self._sees_delivery)):
            return None
        verdict = self._walk.verdict()
        return msgspec.structs.replace(
            verdict,
            breaches=tuple(one for one in verdict.breaches if one.position not in self._hidden),
            conditions=tuple(one for one in verdict.conditions if one.position not in self._hidden),
        )


def _read_by(
    header: Header, what: str, document_id: UUID | None = None, attachment: UUID | None = None
) -> ReadBy:
    return ReadBy(
        position=header.position,
        at=header.occurred_at,
        what=what,
        actor=header.actor,
        role=header.role,
        unit=header.unit,
        authority=header.authority,
        purpose=header.purpose,
        document_id=document_id,
        attachment=attachment,
    )


def _refusal(header: Header, facts: e.CommandRefused) -> Refusal:
    return Refusal(
        position=header.position,
        at=header.occurred_at,
        command=facts.command,
        reason=facts.reason,
        role=header.role,
        unit=header.unit,
        authority=header.authority,
    )
