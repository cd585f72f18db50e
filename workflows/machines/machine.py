"""The one adapter to `transitions`: structure only, triggered without a model of its own.

Conditions are rules of ours and are evaluated by the caller, because a false `transitions` guard answers
False without saying which rule failed. One machine serves every case under a definition version: a machine
for each case costs a thousand times as much, and an attached model cannot be snapshotted.
"""

from __future__ import annotations

import logging
from functools import lru_cache

from transitions import Machine, MachineError

from workflows.machines.definition import Definition
from workflows.machines.fault import WorkflowDefinitionError

# Every move would be two lines at INFO, written for whoever debugs the library.
logging.getLogger("transitions").setLevel(logging.WARNING)


class _Case:
    """What is triggered. `transitions` sets the new state on it, so it is mutable; it lives for one call."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


@lru_cache(maxsize=64)
def machine(definition: Definition) -> Machine:
    """Return the compiled machine of a definition. Its triggers are the commands and the event names.

    A command that carries others is one trigger; an event is always one plain step, so that a stream in which
    a carried event is missing does not pass.
    """
    built = Machine(
        model=None,
        states=[state.name for state in definition.all_states],
        initial=definition.initial.name,
        auto_transitions=False,  # else every state would get a `to_<state>` trigger that skips the workflow
        queued=False,  # a queue would be shared by all threads
        send_event=True,
    )
    for step in definition.steps:
        for move in step.moves:
            built.add_transition(step.command, list(move.sources), move.dest)
            if not move.carries:
                built.add_transition(step.event, list(move.sources), move.dest)
    return built


def next_state(definition: Definition, state: str, trigger: str) -> str | None:
    """Return the state a command or event leads to from `state`, or None when it is not allowed there.

    Conditions are not looked at. Safe to call from several threads. Raises `WorkflowDefinitionError`
    (`unknown-state`) when the definition has no such state; an unknown trigger is allowed nowhere.
    """
    built = machine(definition)
    if state not in built.states:
        raise WorkflowDefinitionError("unknown-state", "the definition has no such state")
    event = built.events.get(trigger)
    if event is None:
        return None
    case = _Case(state)
    try:
        return case.state if event.trigger(case) else None
    except MachineError:
        return None
