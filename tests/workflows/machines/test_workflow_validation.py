"""A faulty definition is refused when it is read, with a stable code and the place of the fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import read_definition

STORED = resources.files("workflows.machines.definitions").joinpath("handover-1.json").read_bytes()
Data = dict[str, Any]


def _step(data: Data, command: str) -> Data:
    return next(step for step in data["steps"] if step["command"] == command)


def _refusal(change: Callable[[Data], object]) -> WorkflowDefinitionError:
    data: Data = json.loads(STORED)
    change(data)
    with pytest.raises(WorkflowDefinitionError) as caught:
        read_definition(json.dumps(data).encode())
    return caught.value


def test_the_installed_definition_is_sound() -> None:
    assert read_definition(STORED).name == "handover"


CASES: list[tuple[str, Callable[[Data], object], str, str]] = [
    (
        "a source that is no state",
        lambda d: _step(d, "send")["moves"][0]["sources"].append("lost"),
        "unknown-state",
        "/steps/3/moves/0/sources",
    ),
    (
        "no source",
        lambda d: _step(d, "send")["moves"][0].update(sources=[]),
        "unknown-state",
        "/steps/3/moves/0/sources",
    ),
    (
        "a destination that is no state",
        lambda d: _step(d, "send")["moves"][0].update(dest="lost"),
        "unknown-state",
        "/steps/3/moves/0/dest",
    ),
    (
        "a way back to before the beginning",
        lambda d: _step(d, "close")["moves"][0].update(dest="none"),
        "unknown-state",
        "/steps/9/moves/0/dest",
    ),
    (
        "the same transition in two moves",
        lambda d: _step(d, "deliver")["moves"].append({"sources": ["sent"], "dest": "delivered"}),
        "duplicate-transition",
        "/steps/4/moves/1",
    ),
    (
        "the same source twice in one move",
        lambda d: _step(d, "deliver")["moves"][0].update(sources=["sent", "sent"]),
        "duplicate-transition",
        "/steps/4/moves/0",
    ),
    (
        "one command to two places",
        lambda d: _step(d, "deliver")["moves"].append({"sources": ["sent"], "dest": "opened"}),
        "nondeterministic",
        "/steps/4/moves/1",
    ),
    (
        "two commands with one event",
        lambda d: _step(d, "open").update(event="handover-acknowledged"),
        "duplicate-name",
        "/steps",
    ),
    ("one command twice", lambda d: d["steps"].append(d["steps"][0]), "duplicate-name", "/steps"),
    ("one state twice", lambda d: d["states"].append(d["states"][0]), "duplicate-name", "/states"),
    (
        "a state nothing leads to",
        lambda d: d["states"].append({"name": "lost", "label": "Væk", "meaning": "Væk."}),
        "unreachable-state",
        "/states/9",
    ),
    (
        "states that lead to each other and to no end",
        lambda d: (_step(d, "close")["moves"][0].update(dest="acknowledged"), d["states"].pop()),
        "no-way-out",
        "/initial",
    ),
    (
        "an undescribed condition",
        lambda d: _step(d, "close")["moves"][0].update(conditions=["moon-is-full"]),
        "unknown-condition",
        "/steps/9/moves/0/conditions",
    ),
    (
        "an undescribed role",
        lambda d: _step(d, "close")["roles"].append("poet"),
        "unknown-role",
        "/steps/9/roles",
    ),
    ("nobody", lambda d: _step(d, "close").update(roles=[]), "unknown-role", "/steps/9/roles"),
    ("an undescribed side", lambda d: d["sides"].pop(), "unknown-side", "/steps/1/side"),
    ("a step without moves", lambda d: _step(d, "close").update(moves=[]), "no-moves", "/steps/9/moves"),
    (
        "an event named like a command",
        lambda d: _step(d, "open").update(event="open"),
        "malformed-name",
        "/steps/5/event",
    ),
    (
        "a state with a blank",
        lambda d: d["states"][0].update(name="sub mitted"),
        "malformed-name",
        "/states/0",
    ),
    (
        "a carried command that does not exist",
        lambda d: _step(d, "take_over")["moves"][0].update(carries=["bow"]),
        "unknown-command",
        "/steps/7/moves/0/carries",
    ),
    (
        "a carried command of the other side",
        lambda d: _step(d, "take_over")["moves"][0].update(carries=["complete"]),
        "carries-authority",
        "/steps/7/moves/0/carries",
    ),
    (
        "carrying what one's role may not do",
        lambda d: _step(d, "acknowledge").update(roles=["leader"]),
        "carries-authority",
        "/steps/7/moves/0/carries",
    ),
    (
        "carrying what needs a code of its own",
        lambda d: _step(d, "acknowledge").update(requires=["reason"]),
        "carries-codes",
        "/steps/7/moves/0/carries",
    ),
    (
        "carrying what cannot be recorded from there",
        lambda d: _step(d, "take_over")["moves"][0].update(carries=["acknowledge", "acknowledge"]),
        "carries-impossible",
        "/steps/7/moves/0/carries",
    ),
    (
        "carrying to another place",
        lambda d: _step(d, "take_over")["moves"][0].update(dest="closed"),
        "carries-elsewhere",
        "/steps/7/moves/0/dest",
    ),
    (
        "carrying past a condition",
        lambda d: _step(d, "take_over")["moves"][0].update(conditions=[]),
        "carries-conditions",
        "/steps/7/moves/0/conditions",
    ),
    ("version nought", lambda d: d.update(version=0), "version-not-positive", "/version"),
    ("a member that is not known", lambda d: d.update(note="x"), "malformed-definition", ""),
    (
        "a wrong type",
        lambda d: _step(d, "open").update(label=7),
        "malformed-definition",
        "/steps/5/label",
    ),
    (
        "a day that is no day",
        lambda d: d.update(valid_from="2026-02-30"),
        "malformed-definition",
        "/valid_from",
    ),
    (
        "a way of telling the citizen that is none",
        lambda d: _step(d, "open")["citizen"].update(told="told-by-rumour"),
        "malformed-definition",
        "/steps/5/citizen/told",
    ),
]


@pytest.mark.parametrize(("change", "code", "pointer"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_fault_is_named_with_its_place(change: Callable[[Data], object], code: str, pointer: str) -> None:
    refusal = _refusal(change)
    assert (refusal.code, refusal.pointer) == (code, pointer)
    assert str(refusal).startswith(code)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'"\xff"', b'{"name": "\xff"}'])
def test_what_is_not_a_definition_at_all_is_malformed(data: bytes) -> None:
    with pytest.raises(WorkflowDefinitionError) as caught:
        read_definition(data)
    assert caught.value.code == "malformed-definition"


def test_no_refusal_echoes_the_value_at_fault() -> None:
    canary = "7001014321"

    def plant(data: Data) -> None:
        data["steps"][0]["citizen"][canary] = canary

    assert canary not in str(_refusal(plant))
    assert canary not in str(_refusal(lambda d: _step(d, "send")["moves"][0].update(dest=canary)))
    assert canary not in str(_refusal(lambda d: _step(d, "send").update(side=canary)))
