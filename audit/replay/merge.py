"""Runs put together in order: what no run can judge by itself.

Memory grows with streams and keys (a number for each), not with entries.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from uuid import UUID

from audit.replay.examine import MIGRATED, StreamRun, Summary
from audit.replay.faults import Fault
from audit.replay.merkle import Tree
from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import definition
from workflows.machines.table import ConformanceTable, compile_table


@lru_cache(maxsize=64)
def workflow_table(name: str, version: int) -> tuple[ConformanceTable, dict[str, frozenset[str]]] | None:
    """A definition's table and the roles of each event's step; None when it is not installed."""
    try:
        found = definition(name, version)
    except WorkflowDefinitionError:
        return None
    return compile_table(found), {step.event: frozenset(step.roles) for step in found.steps}


def _moved(
    workflow: tuple[str, int], version: int, state: str
) -> tuple[tuple[str, int], str, ConformanceTable, dict[str, frozenset[str]]] | None:
    """Where a case stands once it was moved to another version; None when that is not described."""
    found = workflow_table(workflow[0], version)
    how = definition(workflow[0], version).migration(workflow[1]) if found else None
    if found is None or how is None:
        return None
    return (workflow[0], version), how.target(state), *found


class Merge:
    """The log so far."""

    def __init__(self, releases: Iterator[tuple[int, str]] | None = None) -> None:
        self.tree = Tree()
        self.recorded_last = ""
        self.steps = 0
        self.releases = 0
        self.counters: dict[str, int] = {}
        self.shut: set[UUID] = set()
        """Documents that the log has put out of their citizen's reach."""
        self._versions: dict[UUID, int] = {}
        self._cases: dict[UUID, tuple[tuple[str, int], str]] = {}
        self._releases = releases
        self._release = next(releases, None) if releases is not None else None

    def take(self, summary: Summary) -> Fault | None:
        """Take the next run; returns its first fault, its own or one that only shows here."""
        faults = [summary.fault] if summary.fault else []
        faults += self._times(summary)
        faults += self._streams(summary)
        faults += self._keys(summary)
        faults += self._released(summary)
        self.tree.extend(summary.nodes)
        self.shut.update(summary.shut)
        return first_of(faults)

    def end(self) -> Fault | None:
        """After the last run: a release that names no entry at all."""
        if self._release is None:
            return None
        return Fault(code="release-without-reading", position=self._release[0])

    def _times(self, summary: Summary) -> list[Fault]:
        before, self.recorded_last = self.recorded_last, summary.recorded_last or self.recorded_last
        if summary.recorded_first and summary.recorded_first < before:
            return [Fault(code="recorded-at-backwards", position=summary.first)]
        return []

    def _streams(self, summary: Summary) -> list[Fault]:
        faults: list[Fault] = []
        versions = self._versions
        for stream, run in summary.streams.items():
            if run.first_version != versions.get(stream, 0) + 1:
                faults.append(Fault(code="stream-version-gap", position=summary.first + run.first_offset))
            versions[stream] = run.last_version
            if run.events and (fault := self._workflow(stream, run)) is not None:
                code, index = fault
                faults.append(Fault(code=code, position=summary.first + run.offsets[index]))
        return faults

    def _workflow(self, stream: UUID, run: StreamRun) -> tuple[str, int] | None:
        """Walk the case on through its table; returns a fault's code and the index of its step."""
        if run.workflow is None:
            return "workflow-missing", 0
        name = run.workflow[0]
        first = (name, run.versions[0])
        found = workflow_table(*self._cases.get(stream, (first, ""))[0])
        if found is None:
            return "workflow-unknown", 0
        table, roles = found
        workflow, state = self._cases.get(stream, (first, table.initial))
        if workflow != first and run.events[0] != MIGRATED:
            return "workflow-changed", 0
        for index, event in enumerate(run.events):
            if run.versions[index] != workflow[1]:
                moved = _moved(workflow, run.versions[index], state)
                if moved is None:
                    return "migration-not-described", index
                workflow, state, table, roles = moved
            after = table.by_event.get((state, event))
            if after is None:
                return "step-not-allowed", index
            if run.roles[index] not in roles[event]:
                return "step-role", index
            state = after
        self.steps += len(run.events)
        self._cases[stream] = (workflow, state)
        return None

    def _keys(self, summary: Summary) -> list[Fault]:
        faults: list[Fault] = []
        for key_id, run in summary.keys.items():
            if run.first_n != self.counters.get(key_id, 0) + 1:
                faults.append(Fault(code="subject-counter-gap", position=summary.first + run.first_offset))
            self.counters[key_id] = run.last_n
        return faults

    def _released(self, summary: Summary) -> list[Fault]:
        """Each release names a reading or a delivery, and a key that this event is about; or a body
        replay, which names a range, and a key that the log has met.

        The other way is no fault: whoever reads may lose the connection before the key comes.
        """
        if self._releases is None:
            return []
        end = summary.first + summary.count
        while self._release is not None and self._release[0] < end:
            position, key_id = self._release
            offset = position - summary.first
            allowed = key_id in summary.readings.get(offset, ())
            if not allowed and not (offset in summary.replays and key_id in self.counters):
                return [Fault(code="release-without-reading", position=position)]
            self.releases += 1
            self._release = next(self._releases, None)
        return []


def first_of(faults: Iterable[Fault]) -> Fault | None:
    """The fault at the lowest position; one that names none comes first."""
    return min(faults, key=lambda fault: -1 if fault.position is None else fault.position, default=None)
