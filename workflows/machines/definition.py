"""A workflow as data: its states, who may take which step, and what it means, in words a Dane reads.

The JSON files in `definitions/` are the only place where a workflow is described (design section 3, idea 1).
A published version is never edited in its structure: a change is a new file, and a case keeps the version it
started under.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

import msgspec

from workflows.machines.fault import WorkflowDefinitionError

STAYS = "="
"""As a destination: the case stays in the state it is in. What `transitions` calls a reflexive transition."""

Text = Annotated[str, msgspec.Meta(min_length=1)]
Told = Literal["not-told", "told-by-sender", "told-by-receiver", "told-by-both"]
Party = Literal["sender", "receiver", "system", "either"]
"""Who takes a step; `either` is the sender or the receiver."""


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """Immutable and hashable, so that what is compiled from a definition can be cached under it."""


class State(_Data, frozen=True):
    """Where a case can be. `does_not_mean` guards the honest words (design section 3, idea 5)."""

    name: Text
    label: Text
    meaning: Text
    does_not_mean: str = ""


class Named(_Data, frozen=True):
    """A code of the definition with its Danish label."""

    name: Text
    label: Text


class Codes(_Data, frozen=True):
    """The values that a code of a step or a fact may have, with their Danish labels."""

    name: Text
    values: tuple[Named, ...]


class Side(_Data, frozen=True):
    """A party to the workflow: the sender, the receiver, the system itself, or whichever of the first two."""

    name: Party
    label: Text
    meaning: Text


class Condition(_Data, frozen=True):
    """The name of a rule of ours that must hold before a move; the rule itself lives in `workflows.rules`."""

    name: Text
    meaning: Text


class Basis(_Data, frozen=True):
    """A text the workflow rests on, and what it says about it."""

    reference: Text
    says: Text


class Citizen(_Data, frozen=True):
    """Whether and by whom the citizen is told of a step, and of what."""

    told: Told
    text: Text


class Move(_Data, frozen=True):
    """The states a step may be taken from, and where it leads.

    `carries` lists commands whose events are recorded first, in that order, when the step is taken from here.
    """

    sources: tuple[str, ...]
    dest: Text
    conditions: tuple[str, ...] = ()
    carries: tuple[str, ...] = ()

    def target(self, source: str) -> str:
        """Return the state reached from `source`."""
        return source if self.dest == STAYS else self.dest


class Step(_Data, frozen=True):
    """One command with the event it records, who may give it, and its description in Danish.

    `requires` names the codes the command must state (for instance the outcome).
    """

    command: Text
    label: Text
    event: Text
    event_label: Text
    side: Party
    roles: tuple[str, ...]
    requires: tuple[str, ...]
    what: Text
    when: Text
    records: Text
    citizen: Citizen
    moves: tuple[Move, ...]
    codes: tuple[Codes, ...] = ()

    def is_of(self, side: str | None) -> bool:
        """Whether somebody on this side of the case takes the step."""
        return side == self.side or (self.side == "either" and side in ("sender", "receiver"))


class CaseFact(_Data, frozen=True):
    """Something that happened outside the document and may be recorded at any time, with its own time.

    It moves nothing and nothing forbids it (design section 3, idea 2): the clocks, the duty and the audit
    follow from it.
    """

    event: Text
    label: Text
    sides: tuple[Literal["sender", "receiver"], ...]
    roles: tuple[str, ...]
    what: Text
    citizen: Citizen
    codes: tuple[Codes, ...] = ()


class Renamed(_Data, frozen=True):
    """A state of an earlier version, and the one it is here."""

    before: Text
    after: Text


class Migration(_Data, frozen=True):
    """How a case that runs under an earlier version goes on under this one.

    A state that is not renamed keeps its name.
    """

    from_version: int
    why: Text
    renamed: tuple[Renamed, ...] = ()

    def target(self, state: str) -> str:
        """Return the state here of a case that stands in `state` there."""
        return next((one.after for one in self.renamed if one.before == state), state)


class Definition(_Data, frozen=True):
    """A version of a workflow. New cases may start under it from `valid_from` (Danish date)."""

    name: Text
    version: int
    valid_from: datetime.date
    title: Text
    status: Text
    intro: tuple[Text, ...]
    basis: tuple[Basis, ...]
    initial: State
    states: tuple[State, ...]
    outside_words: tuple[State, ...]
    sides: tuple[Side, ...]
    roles: tuple[Named, ...]
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]
    facts: tuple[CaseFact, ...] = ()
    migrations: tuple[Migration, ...] = ()

    @property
    def all_states(self) -> tuple[State, ...]:
        """The initial pseudo-state, in which nothing is recorded yet, and then the states."""
        return (self.initial, *self.states)

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands, in the order of the work."""
        return tuple(step.command for step in self.steps)

    @property
    def events(self) -> tuple[str, ...]:
        """The names of the events that belong to the workflow's stream, in the order of the work."""
        return tuple(step.event for step in self.steps)

    def state(self, name: str) -> State:
        """Return the state, the initial one included; `unknown-state` when there is none of that name."""
        for state in self.all_states:
            if state.name == name:
                return state
        raise WorkflowDefinitionError("unknown-state", "the definition has no such state")

    def fact(self, event: str) -> CaseFact | None:
        """Return the fact of that event's name, if cases under this version have it."""
        return next((fact for fact in self.facts if fact.event == event), None)

    def migration(self, from_version: int) -> Migration | None:
        """Return how cases of an earlier version go on under this one, or None where they cannot."""
        return next((one for one in self.migrations if one.from_version == from_version), None)

    def codes(self, of: str, name: str) -> tuple[Named, ...]:
        """Return the values of a code of a command or a fact's event; empty where it has none."""
        holders: tuple[Step | CaseFact, ...] = (
            *(step for step in self.steps if step.command == of),
            *(fact for fact in self.facts if fact.event == of),
        )
        return tuple(v for holder in holders for c in holder.codes if c.name == name for v in c.values)

    def step(self, command: str) -> Step:
        """Return the step of a command; `unknown-command` when there is none."""
        for step in self.steps:
            if step.command == command:
                return step
        raise WorkflowDefinitionError("unknown-command", "the definition has no such command")
