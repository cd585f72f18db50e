"""Replay: the state of a case, or of the whole log, at any moment, from header and facts alone.

Two questions, and they are not the same (design idea 3):

- `at_index` N asks **what was known**: the events at positions 0 to N, both included, whenever
  they are said to have happened. It is what a person who looked then would have seen.
- `as_of` T asks **what had happened**: of the events considered, those whose `occurred_at` is not
  after T, also when they were recorded later. Given both, it is what was known at N about T.

Conformance is judged on all that was known (`at_index`), never cut off by `as_of`: a step that
was not allowed does not become allowed by asking about the day before. No key is used, so a
replay is the same when every key has been destroyed.
"""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

import msgspec

from audit.replay.case import CaseReplay, replay_case
from audit.replay.source import Snapshot
from domain.events.header import Header
from workflows.machines.definition import definition
from workflows.machines.table import compile_table
from workflows.machines.validation import WorkflowDefinitionError


class LogReplay(msgspec.Struct, frozen=True, kw_only=True):
    """The whole log at a moment. `statuses` counts handovers by their state then."""

    at_index: int | None
    as_of: str | None
    entries: int
    handovers: int
    statuses: dict[str, int]
    events: dict[str, int]
    breaches: int
    first_breach: int | None


class UnknownHandover(Exception):
    """The log holds no handover with this id."""


class BeyondTheLog(Exception):
    """The index lies beyond the last entry. Holds how many entries there are."""

    def __init__(self, length: int) -> None:
        super().__init__("the index lies beyond the last entry")
        self.length = length


def replay(
    log: Snapshot, *, handover: UUID | None = None, at_index: int | None = None, as_of: str | None = None
) -> CaseReplay | LogReplay:
    """Replay one handover, or count the whole log. `as_of` is an instant.

    Raises UnknownHandover, BeyondTheLog, LogUnreadable.
    """
    length = log.length()
    if at_index is not None and at_index >= length:
        raise BeyondTheLog(length)
    if handover is None:
        return replay_log(log.headers(at_index), at_index=at_index, as_of=as_of)
    found = replay_case(log.case_events(handover, at_index), handover, at_index=at_index, as_of=as_of)
    if found.state is None and next(log.stream(handover), None) is None:
        raise UnknownHandover
    return found


def replay_log(
    headers: Iterable[Header], *, at_index: int | None = None, as_of: str | None = None
) -> LogReplay:
    """Count a log by event and by status. Memory grows with open cases, not with events.

    A step that its workflow version does not allow is counted as a breach and moves no case.
    """
    entries, handovers, breaches = 0, 0, 0
    first_breach: int | None = None
    events: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    open_cases: dict[UUID, str] = {}
    judge = _Steps()
    for header in headers:
        if at_index is not None and header.position > at_index:
            break
        if as_of is not None and header.occurred_at > as_of:
            continue
        entries += 1
        events[header.event] += 1
        if header.workflow is None:
            continue
        before = open_cases.get(header.stream)
        after = judge.after(header, before)
        if after is None:
            breaches += 1
            first_breach = header.position if first_breach is None else first_breach
            continue
        if before is None:
            handovers += 1
        else:
            statuses[before] -= 1
        statuses[after] += 1
        open_cases[header.stream] = after
        if judge.ended(header, after):
            del open_cases[header.stream]
    return LogReplay(
        at_index=at_index,
        as_of=as_of,
        entries=entries,
        handovers=handovers,
        statuses={status: count for status, count in sorted(statuses.items()) if count},
        events=dict(sorted(events.items())),
        breaches=breaches,
        first_breach=first_breach,
    )


_Table = tuple[str, dict[tuple[str, str], str], frozenset[str]]
"""The initial state, the steps by (state, event), and the states that nothing leaves."""


class _Steps:
    """The tables of the workflow versions that a log has met."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, int], _Table | None] = {}

    def after(self, header: Header, before: str | None) -> str | None:
        """The state that a step leads to; None when it is not allowed."""
        found = self._found(header)
        if found is None:
            return None
        initial, by_event, _ = found
        return by_event.get((before or initial, header.event))

    def ended(self, header: Header, state: str) -> bool:
        """Whether nothing can follow, so that the case need not be remembered."""
        found = self._found(header)
        return found is not None and state in found[2]

    def _found(self, header: Header) -> _Table | None:
        assert header.workflow is not None
        key = (header.workflow.name, header.workflow.version)
        if key not in self._tables:
            try:
                table = compile_table(definition(*key))
            except WorkflowDefinitionError:
                self._tables[key] = None
            else:
                left = {source for source, _ in table.by_event}
                self._tables[key] = (table.initial, dict(table.by_event), table.states - left)
        return self._tables[key]
