"""A case judged by the workflow version it ran under: what a missing guard let through is found."""

import pytest

from audit.replay.conformance import Breach
from audit.replay.replay import replay
from audit.replay.source import StoredLog
from tests.audit.replay.forge import execute, forge, position_of


def judged(past, case=None):
    with StoredLog(past.store.log_database).snapshot() as log:
        return replay(log, handover=case or past.case).conformance


def test_each_condition_of_the_definition_was_asked_and_held(past):
    asked = {(one.condition, one.held) for one in judged(past).conditions}
    assert asked == {
        ("main-mailbox-found", True),
        ("disclosure-basis-live", True),
        ("consent-covers-receiver", True),
        ("document-opened-by-receiver", True),
        ("withdrawal-not-asked", True),
        ("move-fits-parties", True),
    }


def forged(past, event, change, topic=None):
    position = position_of(past.store, event)
    forge(past.store, position, change)
    if topic is not None:
        execute(past.store, "UPDATE stored_events SET topic = ? WHERE position = ?", topic, position)
    return position


def closed_early(entry):
    entry["header"]["event"] = "handover-closed"
    entry["facts"] = {"outcome": "other"}


def test_a_forged_step_is_named_once_with_its_position(past):
    position = forged(past, "handover-acknowledged", closed_early, "handover-closed")
    found = judged(past)
    assert not found.conforms
    assert found.breaches == (
        Breach(code="step-not-allowed", position=position, event="handover-closed"),
        # What is recorded after it is judged from where the case last stood rightly.
    )
    with StoredLog(past.store.log_database).snapshot() as log:
        whole = replay(log)
    assert (whole.first_breach, whole.breaches > 0) == (position, True)


@pytest.mark.parametrize(
    ("event", "change", "breaches"),
    [
        (
            "handover-taken-over",
            lambda entry: entry["header"].update(role="integration"),
            [("step-role", None)],
        ),
        (
            "handover-taken-over",
            lambda entry: entry["header"].update(authority="1085"),
            [("step-side", None)],
        ),
        (
            "handover-closed",
            lambda entry: entry["header"].update(workflow=None),
            [("workflow-missing", None)],
        ),
        (
            "handover-submitted",
            lambda entry: entry["facts"]["document_facts"].update({"samtykke.objection": True}),
            # Routed and sent, although the citizen had said no.
            [("condition-not-met", "disclosure-basis-live")] * 2,
        ),
        (
            "main-mailbox-confirmed",
            lambda entry: entry["facts"].update(valid_to="2026-11-23T10:00:00.000000Z"),
            [],
        ),
        (
            "main-mailbox-confirmed",
            lambda entry: entry["facts"].update(valid_to="2026-11-01T00:00:00.000000Z"),
            [("condition-not-met", "main-mailbox-found")],
        ),
    ],
)
def test_what_a_missing_guard_let_through_is_found(past, event, change, breaches):
    forged(past, event, change)
    found = judged(past)
    assert [(one.code, one.condition) for one in found.breaches] == breaches
    assert found.conforms == (not breaches)


def test_taking_over_what_nobody_had_opened_is_found(past):
    # Given: the opening is gone, and the versions after it are closed up.
    position = position_of(past.store, "handover-opened")

    def other_opening(entry):
        # Somebody made it an acknowledgement by the same person.
        entry["header"]["event"] = "handover-acknowledged"
        entry["facts"] = {"carried_by_take_over": False}

    def second(entry):
        entry["header"]["event"] = "handover-taken-over"
        entry["facts"] = {"document_id": str(past.case)}

    forge(past.store, position, other_opening)
    after = forged(past, "handover-acknowledged", second)
    codes = [(one.code, one.condition, one.position) for one in judged(past).breaches]
    assert codes[0] == ("condition-not-met", "document-opened-by-receiver", after)


def test_a_case_of_an_unknown_workflow_version_does_not_conform(past):
    first = position_of(past.store, "handover-submitted", 1)
    for position in range(first, first + 4):
        forge(past.store, position, lambda entry: entry["header"]["workflow"].update(version=99))
    found = judged(past, past.waiting)
    assert [one.code for one in found.breaches] == ["workflow-unknown"]
