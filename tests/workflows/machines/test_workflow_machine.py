"""The table compiled from a definition says exactly what `transitions` says, everywhere."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.machines.definition import Definition
from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import definition, definitions, read_definition
from workflows.machines.machine import machine, next_state
from workflows.machines.table import compile_table, conforms

HANDOVER = definition("handover", 1)
STORED = resources.files("workflows.machines.definitions").joinpath("handover-1.json").read_bytes()


def _triggers(d: Definition) -> list[str]:
    return [*d.commands, *d.events, "to_closed", "handover-started", "", "trigger"]


def _differences(left: Definition, right: Definition) -> list[tuple[str, str]]:
    """Where the table of the one and the machine of the other disagree, over every state and trigger."""
    table = compile_table(left)
    differing = []
    for state in left.all_states:
        for trigger in _triggers(left):
            command = table.by_command.get((state.name, trigger))
            by_table = command.dest if command else table.by_event.get((state.name, trigger))
            if by_table != next_state(right, state.name, trigger):
                differing.append((state.name, trigger))
    return differing


@pytest.mark.parametrize("d", definitions(), ids=lambda d: f"{d.name}-{d.version}")
def test_table_and_transitions_agree_in_every_state_on_every_trigger(d: Definition) -> None:
    assert _differences(d, d) == []
    table = compile_table(d)
    assert set(machine(d).states) == table.states
    assert set(machine(d).events) == {*d.commands, *d.events}
    # Counted from the other side: `transitions` holds nothing that the table does not.
    assert len(machine(d).get_transitions()) == len(table.by_command) + len(table.by_event)


def test_the_comparison_would_see_a_single_altered_transition() -> None:
    data = json.loads(STORED)
    send = next(step for step in data["steps"] if step["command"] == "send")
    send["moves"][0]["sources"].append("held")
    altered = read_definition(json.dumps(data).encode())
    assert _differences(altered, HANDOVER) == [("held", "send"), ("held", "handover-sent")]
    assert _differences(HANDOVER, altered) == [("held", "send"), ("held", "handover-sent")]


@pytest.mark.parametrize("d", definitions(), ids=lambda d: f"{d.name}-{d.version}")
def test_table_and_transitions_agree_on_every_sequence_of_six_events(d: Definition) -> None:
    """Given every stream of up to five events that conforms, when each event follows, then both say the same.

    A stream that does not conform stays so however it goes on, so this is every sequence of up to six.
    """
    triggers = [*d.events, "handover-started"]
    conforming: list[tuple[tuple[str, ...], str]] = [((), d.initial.name)]
    tried = 0
    for _ in range(6):
        longer = []
        for stream, state in conforming:
            for event in triggers:
                tried += 1
                after = next_state(d, state, event)
                verdict = conforms(d, (*stream, event))
                assert verdict.conforms == (after is not None)
                assert verdict.state == (after or state)
                assert verdict.index == (None if after else len(stream))
                if after is not None:
                    longer.append(((*stream, event), after))
        conforming = longer
    assert tried > 1000


@pytest.mark.parametrize("d", definitions(), ids=lambda d: f"{d.name}-{d.version}")
def test_the_events_of_a_command_lead_where_the_command_leads(d: Definition) -> None:
    table = compile_table(d)
    for (source, command), found in table.by_command.items():
        state: str | None = source
        for event in found.events:
            assert state is not None
            state = next_state(d, state, event)
        assert state == found.dest == next_state(d, source, command)


def test_an_unknown_state_is_an_error_and_an_unknown_trigger_is_never_allowed() -> None:
    with pytest.raises(WorkflowDefinitionError) as caught:
        next_state(HANDOVER, "7001014321", "send")
    assert caught.value.code == "unknown-state"
    assert "7001014321" not in str(caught.value)
    assert next_state(HANDOVER, "routed", "to_closed") is None


def test_one_machine_serves_many_threads() -> None:
    """Given one machine, when eight threads walk cases through it at once, then each gets its own answer."""
    table = compile_table(HANDOVER)
    pairs = [(s.name, t) for s in HANDOVER.all_states for t in HANDOVER.commands] * 40

    def ask(pair: tuple[str, str]) -> str | None:
        return next_state(HANDOVER, *pair)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, pairs))
    expected = [table.by_command[pair].dest if pair in table.by_command else None for pair in pairs]
    assert answers == expected


@st.composite
def _definitions(draw: st.DrawFn) -> Definition:
    """Any sound definition: a chain from beginning to end, and whatever moves besides."""
    count = draw(st.integers(2, 6))
    states = ["none", *(f"s{i}" for i in range(1, count))]
    data = json.loads(STORED)
    pattern = data["steps"][0]
    data["states"] = [{"name": name, "label": name, "meaning": name} for name in states[1:]]

    def step(name: str, moves: list[dict[str, object]]) -> dict[str, object]:
        return {**pattern, "command": name, "event": f"handover-{name}", "moves": moves}

    data["steps"] = [
        step(f"chain{i}", [{"sources": [states[i]], "dest": states[i + 1]}]) for i in range(count - 1)
    ]
    for i in range(draw(st.integers(0, 4))):
        sources = draw(st.lists(st.sampled_from(states[:-1]), min_size=1, unique=True))
        moves: list[dict[str, object]] = [
            {"sources": [s], "dest": draw(st.sampled_from(states[1:] + ["="] * (s != "none")))}
            for s in sources
        ]
        data["steps"].append(step(f"extra{i}", moves))
    return read_definition(json.dumps(data).encode())


@settings(max_examples=60, deadline=None)
@given(_definitions(), st.data())
def test_table_and_transitions_agree_for_any_sound_definition(d: Definition, data: st.DataObject) -> None:
    assert _differences(d, d) == []
    stream = data.draw(st.lists(st.sampled_from([*d.events, "handover-unheard-of"]), max_size=12))
    state = d.initial.name
    for index, event in enumerate(stream):
        after = next_state(d, state, event)
        if after is None:
            verdict = conforms(d, stream)
            assert (verdict.conforms, verdict.state, verdict.index) == (False, state, index)
            return
        state = after
    assert conforms(d, stream).state == state
    assert conforms(d, stream).conforms
