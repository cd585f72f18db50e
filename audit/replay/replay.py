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
from collections.abc import Callable, Iterable
from uuid import UUID

import msgspec

from audit.replay.case import CaseReplay, replay_case
from audit.replay.source import Snapshot, case_events
from audit.verdicts.checks import RightsChecks, Violation
from domain.events.model import Recorded
from domain.handover.steps import HandoverMigrated
from workflows.handlers.services import WORKFLOW
from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import definition
from workflows.machines.table import compile_table
from workflows.ports.log import Log


class LogReplay(msgspec.Struct, frozen=True, kw_only=True):
    """The whole log at a moment. `statuses` counts handovers by their state then.

    `breaches` are steps that the workflow version of their case does not allow.
    """

    at_index: int | None
    as_of: str | None
    entries: int
    handovers: int
    statuses: dict[str, int]
    events: dict[str, int]
    breaches: int
    first_breach: int | None
    rights_violations: tuple[Violation, ...]


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
        return replay_log(log.events(at_index), at_index=at_index, as_of=as_of)
    if next(log.stream(handover), None) is None:
        raise UnknownHandover
    return replay_case(log.case_events(handover, at_index), handover, at_index=at_index, as_of=as_of)


def replay_handover(
    log: Log,
    handover: UUID,
    *,
    at_index: int | None = None,
    as_of: str | None = None,
    visible: Callable[[Recorded], bool] = lambda recorded: True,
) -> CaseReplay | None:
    """Replay one handover from a running server's log, as far as `visible` lets the caller see.

    None when there is no such handover, or none of its events may be seen: the two look alike.
    """
    found = replay_case(
        case_events(log.stream, handover), handover, at_index=at_index, as_of=as_of, visible=visible
    )
    if found.state is None and not any(visible(recorded) for recorded in log.stream(handover)):
        return None
    return found


def replay_log(
    events: Iterable[Recorded], *, at_index: int | None = None, as_of: str | None = None
) -> LogReplay:
    """Count a log by event and by status, and judge its rights. Memory grows with cases, not events.

    A step that its workflow version does not allow is counted as a breach and moves no case.
    """
    entries, handovers, breaches = 0, 0, 0
    first_breach: int | None = None
    counts: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    open_cases: dict[UUID, str] = {}
    judge, rights = _Steps(), RightsChecks()
    for recorded in events:
        header = recorded.header
        if at_index is not None and header.position > at_index:
            break
        if as_of is not None and header.occurred_at > as_of:
            continue
        entries += 1
        counts[header.event] += 1
        rights.take(recorded)
        if header.workflow is None:
            continue
        before = open_cases.get(header.stream)
        after = judge.after(recorded, before)
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
    return LogReplay(
        at_index=at_index,
        as_of=as_of,
        entries=entries,
        handovers=handovers,
        statuses={status: count for status, count in sorted(statuses.items()) if count},
        events=dict(sorted(counts.items())),
        breaches=breaches,
        first_breach=first_breach,
        rights_violations=tuple(rights.violations),
    )


class _Steps:
    """The tables of the workflow versions that a log has met."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, int], tuple[str, dict[tuple[str, str], str]] | None] = {}

    def after(self, recorded: Recorded, before: str | None) -> str | None:
        """The state that a step leads to; None when it is not allowed."""
        header = recorded.header
        assert header.workflow is not None
        if isinstance(recorded.event, HandoverMigrated):
            before = self._moved(recorded.event, before)
        key = (header.workflow.name, header.workflow.version)
        if key not in self._tables:
            try:
                table = compile_table(definition(*key))
            except WorkflowDefinitionError:
                self._tables[key] = None
            else:
                self._tables[key] = (table.initial, dict(table.by_event))
        found = self._tables[key]
        return None if found is None else found[1].get((before or found[0], header.event))

    def _moved(self, moved: HandoverMigrated, before: str | None) -> str | None:
        """Where the version that a case was moved to says that it stands."""
        try:
            how = definition(WORKFLOW, moved.to_version).migration(moved.from_version)
        except WorkflowDefinitionError:
            return before
        return how.target(before) if how is not None and before is not None else before
