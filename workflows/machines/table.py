"""A definition compiled to plain tables: what may be done next, and whether a recorded stream kept to it.

`transitions` takes 11 µs a trigger, too slow for an auditor's replay; a dictionary look-up says the same, and
a test goes through every state and trigger to see that it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import msgspec

from workflows.machines.definition import Definition
from workflows.machines.fault import WorkflowDefinitionError


class Transition(msgspec.Struct, frozen=True):
    """One command from one state.

    `events` are the names to record, in order: what the command carries first, its own event last.
    `conditions` are rules the caller must find true before recording; `requires` the codes it must state.
    """

    command: str
    source: str
    dest: str
    side: str
    roles: tuple[str, ...]
    conditions: tuple[str, ...]
    requires: tuple[str, ...]
    events: tuple[str, ...]

    def is_of(self, side: str | None) -> bool:
        """Whether somebody on this side of the case takes it."""
        return side == self.side or (self.side == "either" and side in ("sender", "receiver"))


class Check(msgspec.Struct, frozen=True):
    """A condition that the event at `index` (0-based in the stream) was recorded under."""

    index: int
    condition: str


class Conformance(msgspec.Struct, frozen=True):
    """Whether a stream of events keeps to a definition's structure.

    `index` (0-based) and `fault` name the first event that does not; `state` is where the stream stood before
    it, or at its end. `checks` lists the conditions for the auditor to evaluate at each event that conforms:
    structure alone does not show that they held.
    """

    conforms: bool
    state: str
    index: int | None
    fault: Literal["unknown-event", "event-not-allowed-here"] | None
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class ConformanceTable:
    """A definition compiled: look-ups by state and event, and by state and command."""

    initial: str
    states: frozenset[str]
    events: frozenset[str]
    by_event: Mapping[tuple[str, str], str]
    conditions: Mapping[tuple[str, str], tuple[str, ...]]
    by_command: Mapping[tuple[str, str], Transition]

    def check(self, events: Iterable[str]) -> Conformance:
        """Judge the event names of one workflow stream, in stream order, from its beginning."""
        state = self.initial
        checks: list[Check] = []
        for index, event in enumerate(events):
            after = self.by_event.get((state, event))
            if after is None:
                fault: Literal["unknown-event", "event-not-allowed-here"] = (
                    "event-not-allowed-here" if event in self.events else "unknown-event"
                )
                return Conformance(False, state, index, fault, tuple(checks))
            checks.extend(Check(index, name) for name in self.conditions.get((state, event), ()))
            state = after
        return Conformance(True, state, None, None, tuple(checks))


@lru_cache(maxsize=64)
def compile_table(definition: Definition) -> ConformanceTable:
    """Return the tables of a definition. In a long replay, hold on to the result."""
    by_event: dict[tuple[str, str], str] = {}
    conditions: dict[tuple[str, str], tuple[str, ...]] = {}
    by_command: dict[tuple[str, str], Transition] = {}
    for step in definition.steps:
        for move in step.moves:
            carried = tuple(definition.step(command).event for command in move.carries)
            for source in move.sources:
                dest = move.target(source)
                by_command[source, step.command] = Transition(
                    command=step.command,
                    source=source,
                    dest=dest,
                    side=step.side,
                    roles=step.roles,
                    conditions=move.conditions,
                    requires=step.requires,
                    events=(*carried, step.event),
                )
                if not carried:
                    by_event[source, step.event] = dest
                    if move.conditions:
                        conditions[source, step.event] = move.conditions
    return ConformanceTable(
        initial=definition.initial.name,
        states=frozenset(state.name for state in definition.all_states),
        events=frozenset(definition.events),
        by_event=MappingProxyType(by_event),
        conditions=MappingProxyType(conditions),
        by_command=MappingProxyType(by_command),
    )


def transition(definition: Definition, state: str, command: str) -> Transition | None:
    """Return what a command does from a state, or None when it is not allowed there (whoever gives it)."""
    table = compile_table(definition)
    _known(table, state)
    return table.by_command.get((state, command))


def allowed_commands(definition: Definition, state: str, side: str, role: str) -> list[Transition]:
    """Return what a role on a side of the case may do next, in the order of the work.

    The structure allows these; each one's `conditions` are still to be found true. Raises
    `WorkflowDefinitionError` (`unknown-state`); an unknown side or role may do nothing.
    """
    table = compile_table(definition)
    _known(table, state)
    found = (table.by_command.get((state, command)) for command in definition.commands)
    return [t for t in found if t is not None and t.is_of(side) and role in t.roles]


def conforms(definition: Definition, events: Iterable[str]) -> Conformance:
    """Judge the event names of one workflow stream, in stream order, against the definition it ran under."""
    return compile_table(definition).check(events)


def _known(table: ConformanceTable, state: str) -> None:
    if state not in table.states:
        raise WorkflowDefinitionError("unknown-state", "the definition has no such state")
