"""What may happen next in a handover, and who may make it happen (design sections 3 and 5)."""

from __future__ import annotations

import pytest

from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import definition
from workflows.machines.table import Check, allowed_commands, compile_table, conforms, transition

HANDOVER = definition("handover", 1)
PERSONS = ("clinician", "caseworker", "leader")
OTHERS = ("registrar", "auditor", "steering", "operator", "nobody")

# Written out by hand: version 1 is published, so a change of this table is a new version, not an edit.
BY_EVENT = {
    ("none", "submitted"): "submitted",
    ("submitted", "held"): "held",
    ("routed", "held"): "held",
    ("held", "held"): "held",
    ("submitted", "routed"): "routed",
    ("held", "routed"): "routed",
    ("routed", "sent"): "sent",
    ("sent", "delivered"): "delivered",
    ("delivered", "opened"): "opened",
    ("acknowledged", "opened"): "acknowledged",
    ("delivered", "acknowledged"): "acknowledged",
    ("opened", "acknowledged"): "acknowledged",
    ("acknowledged", "taken-over"): "taken_over",
    ("submitted", "completed"): "submitted",
    ("held", "completed"): "held",
    ("routed", "completed"): "routed",
    ("sent", "completed"): "sent",
    ("delivered", "completed"): "delivered",
    ("opened", "completed"): "opened",
    ("acknowledged", "completed"): "acknowledged",
    ("taken_over", "completed"): "taken_over",
    ("taken_over", "closed"): "closed",
}


def _events(*names: str) -> list[str]:
    return [f"handover-{name}" for name in names]


TO_DELIVERED = _events("submitted", "routed", "sent", "delivered")


def test_the_published_table_of_version_1_is_unchanged() -> None:
    table = compile_table(HANDOVER)
    assert dict(table.by_event) == {(s, f"handover-{e}"): dest for (s, e), dest in BY_EVENT.items()}


@pytest.mark.parametrize(
    ("state", "side", "commands"),
    [
        ("none", "sender", ["submit"]),
        ("submitted", "sender", ["complete"]),
        ("submitted", "receiver", []),
        ("held", "receiver", []),
        ("sent", "receiver", []),
        ("delivered", "receiver", ["open", "acknowledge"]),
        ("opened", "receiver", ["acknowledge", "take_over"]),
        ("acknowledged", "receiver", ["open", "take_over"]),
        ("acknowledged", "sender", ["complete"]),
        ("taken_over", "receiver", ["close"]),
        ("taken_over", "sender", ["complete"]),
        ("closed", "receiver", []),
        ("closed", "sender", []),
    ],
)
@pytest.mark.parametrize("role", PERSONS)
def test_what_a_person_may_do_next(role: str, state: str, side: str, commands: list[str]) -> None:
    assert [t.command for t in allowed_commands(HANDOVER, state, side, role)] == commands


@pytest.mark.parametrize(
    ("state", "commands"),
    [
        ("submitted", ["hold", "route"]),
        ("held", ["hold", "route"]),
        ("routed", ["hold", "send"]),
        ("sent", ["deliver"]),
        ("delivered", []),
        ("taken_over", []),
    ],
)
def test_what_the_system_does_next(state: str, commands: list[str]) -> None:
    assert [t.command for t in allowed_commands(HANDOVER, state, "system", "system")] == commands


def test_a_system_of_the_unit_may_submit_and_nothing_else() -> None:
    for side in ("sender", "receiver", "system"):
        for state in HANDOVER.all_states:
            found = [t.command for t in allowed_commands(HANDOVER, state.name, side, "integration")]
            assert found == (["submit"] if (side, state.name) == ("sender", "none") else [])


def test_the_machine_never_acts_for_a_person_nor_a_person_for_the_machine() -> None:
    for state in HANDOVER.all_states:
        for side in ("sender", "receiver"):
            assert allowed_commands(HANDOVER, state.name, side, "system") == []
        for role in (*PERSONS, "integration"):
            assert allowed_commands(HANDOVER, state.name, "system", role) == []


def test_other_roles_may_do_nothing_in_any_state_on_any_side() -> None:
    for state in HANDOVER.all_states:
        for side in ("sender", "receiver", "system", "neither"):
            for role in OTHERS:
                assert allowed_commands(HANDOVER, state.name, side, role) == []


def test_an_unknown_state_is_an_error_when_asking_what_is_allowed() -> None:
    for ask in (
        lambda: allowed_commands(HANDOVER, "7001014321", "sender", "leader"),
        lambda: transition(HANDOVER, "7001014321", "submit"),
    ):
        with pytest.raises(WorkflowDefinitionError) as caught:
            ask()
        assert caught.value.code == "unknown-state"
        assert "7001014321" not in str(caught.value)


def test_taking_over_an_opened_handover_acknowledges_it_first() -> None:
    opened = transition(HANDOVER, "opened", "take_over")
    acknowledged = transition(HANDOVER, "acknowledged", "take_over")
    assert opened is not None
    assert acknowledged is not None
    assert list(opened.events) == _events("acknowledged", "taken-over")
    assert list(acknowledged.events) == _events("taken-over")
    assert opened.conditions == acknowledged.conditions == ("document-opened-by-receiver",)


def test_what_nobody_opened_cannot_be_taken_over_straight_from_the_mailbox() -> None:
    assert transition(HANDOVER, "delivered", "take_over") is None


def test_none_of_the_honest_words_implies_the_next() -> None:
    """Given a delivered handover, then each word must be said in its own event before the next is."""
    assert conforms(HANDOVER, TO_DELIVERED).state == "delivered"
    assert conforms(HANDOVER, [*TO_DELIVERED, *_events("acknowledged")]).state == "acknowledged"
    assert conforms(HANDOVER, [*TO_DELIVERED, *_events("opened")]).state == "opened"
    for missing in range(len(TO_DELIVERED)):
        gap = TO_DELIVERED[:missing] + TO_DELIVERED[missing + 1 :]
        verdict = conforms(HANDOVER, [*gap, *_events("opened")])
        assert (verdict.conforms, verdict.index) == (False, missing)


def test_a_take_over_without_an_acknowledgement_does_not_conform() -> None:
    verdict = conforms(HANDOVER, [*TO_DELIVERED, *_events("opened", "taken-over")])
    assert (verdict.conforms, verdict.state) == (False, "opened")
    assert (verdict.index, verdict.fault) == (5, "event-not-allowed-here")


def test_an_event_of_another_workflow_is_told_apart_from_one_out_of_place() -> None:
    verdict = conforms(HANDOVER, [*_events("submitted"), "treatment-started"])
    assert (verdict.conforms, verdict.index, verdict.fault) == (False, 1, "unknown-event")


def test_a_whole_handover_conforms_and_names_the_conditions_the_auditor_must_judge() -> None:
    stream = _events(
        "submitted", "held", "held", "routed", "sent", "delivered", "acknowledged", "opened", "completed",
        "taken-over", "closed",
    )  # fmt: skip
    verdict = conforms(HANDOVER, iter(stream))
    assert (verdict.conforms, verdict.state, verdict.index, verdict.fault) == (True, "closed", None, None)
    assert verdict.checks == (
        Check(2, "hold-reason-changed"),
        Check(3, "main-mailbox-found"),
        Check(3, "disclosure-basis-live"),
        Check(4, "disclosure-basis-live"),
        Check(7, "first-opening-by-receiver"),
        Check(8, "needs-completion"),
        Check(9, "document-opened-by-receiver"),
    )


def test_a_stream_without_events_conforms_and_has_not_begun() -> None:
    verdict = conforms(HANDOVER, [])
    assert (verdict.conforms, verdict.state, verdict.checks) == (True, "none", ())


def test_nothing_follows_the_close() -> None:
    assert [e for e in HANDOVER.events if ("closed", e) in compile_table(HANDOVER).by_event] == []
