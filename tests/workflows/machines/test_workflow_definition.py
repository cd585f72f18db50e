"""The installed definitions: found by name and version, unchangeable, and written in plain Danish."""

from __future__ import annotations

import datetime
import hashlib
import re
from importlib import resources

import msgspec
import pytest

from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import definition, definition_hash, definition_on, definitions

HANDOVER = definition("handover", 1)


def test_the_first_handover_has_the_nine_states_in_the_order_of_the_work() -> None:
    assert [state.name for state in HANDOVER.states] == [
        "submitted", "held", "routed", "sent", "delivered", "opened", "acknowledged", "taken_over", "closed",
    ]  # fmt: skip
    assert HANDOVER.initial.name == "none"
    assert HANDOVER.all_states[0] is HANDOVER.initial


def test_every_command_pairs_with_one_event_in_the_past_tense() -> None:
    assert dict(zip(HANDOVER.commands, HANDOVER.events, strict=True)) == {
        "submit": "handover-submitted",
        "hold": "handover-held",
        "route": "handover-routed",
        "send": "handover-sent",
        "deliver": "handover-delivered",
        "open": "handover-opened",
        "acknowledge": "handover-acknowledged",
        "take_over": "handover-taken-over",
        "complete": "handover-completed",
        "close": "handover-closed",
    }


def test_states_and_steps_are_found_by_name_and_unknown_ones_refused() -> None:
    assert HANDOVER.state("none").label == "Ikke begyndt"
    assert HANDOVER.state("acknowledged").label == "Kvitteret"
    assert HANDOVER.step("take_over").event == "handover-taken-over"
    with pytest.raises(WorkflowDefinitionError) as no_state:
        HANDOVER.state("7001014321")
    with pytest.raises(WorkflowDefinitionError) as no_step:
        HANDOVER.step("7001014321")
    assert (no_state.value.code, no_step.value.code) == ("unknown-state", "unknown-command")
    assert "7001014321" not in f"{no_state.value}{no_step.value}"


def test_only_the_hold_needs_a_reason_and_only_the_close_an_outcome() -> None:
    assert {step.command: step.requires for step in HANDOVER.steps if step.requires} == {
        "hold": ("reason",),
        "close": ("outcome",),
    }


@pytest.mark.parametrize(("name", "version"), [("handover", 99), ("handover", 0), ("7001014321", 1)])
def test_an_unknown_version_is_an_error_that_does_not_echo_what_was_asked_for(
    name: str, version: int
) -> None:
    for look_up in (definition, definition_hash):
        with pytest.raises(WorkflowDefinitionError) as caught:
            look_up(name, version)
        assert caught.value.code == "unknown-workflow-version"
        assert name not in str(caught.value)


def test_the_hash_is_over_the_bytes_as_stored() -> None:
    stored = resources.files("workflows.machines.definitions").joinpath("handover-1.json").read_bytes()
    assert definition_hash("handover", 1) == hashlib.sha256(stored).hexdigest()


def test_a_case_starts_under_the_version_valid_on_that_day() -> None:
    assert definition_on("handover", HANDOVER.valid_from) is HANDOVER
    with pytest.raises(WorkflowDefinitionError) as caught:
        definition_on("handover", HANDOVER.valid_from - datetime.timedelta(days=1))
    assert caught.value.code == "no-workflow-version-then"


def test_a_definition_cannot_be_changed_after_loading() -> None:
    with pytest.raises(AttributeError):
        HANDOVER.steps[0].moves[0].dest = "closed"  # type: ignore[misc]
    assert definition("handover", 1) is HANDOVER
    assert HANDOVER in definitions()
    assert isinstance(hash(HANDOVER), int)


def _danish(value: object) -> list[str]:
    """Every string of the definition that is a Danish sentence (it ends as one)."""
    if isinstance(value, str):
        return [value] if value.endswith(".") else []
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _danish(item)]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _danish(item)]
    return []


def test_the_danish_is_easy_to_read() -> None:
    """Given all sentences, then none is longer than 24 words, and LIX is below 45 (a newspaper's)."""
    text = " ".join(t for d in definitions() for t in _danish(msgspec.to_builtins(d)))
    sentences = [s.split() for s in re.split(r"(?<=[.:])\s+", text)]
    words = [word.strip(".,:()") for sentence in sentences for word in sentence]
    lix = len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)
    assert len(words) > 500
    assert max(len(sentence) for sentence in sentences) <= 24
    assert lix < 45, lix
