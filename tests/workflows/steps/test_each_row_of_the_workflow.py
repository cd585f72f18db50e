"""Each row of the workflow definition: given a state, when the right person takes the step, then this.

And every step that no row allows is refused, written down, and changes nothing.
"""

from uuid import uuid4

import pytest

from tests.journeys.cast import MUNICIPALITY, OTHER_MUNICIPALITY, REGION, caseworker, person
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.reaching import ACTS, LEADS, READER, WRITER
from workflows.handlers.guard import CaseNotFound
from workflows.machines.installed import definition
from workflows.machines.table import compile_table

WORKFLOW = definition("handover", 2)
TABLE = compile_table(WORKFLOW)
UNDELIVERED = ("submitted", "held", "routed", "sent", "completed_otherwise")
"""States that a case is brought into here before a receiver has it."""
ROWS = [
    (row, side)
    for row in TABLE.by_command.values()
    if row.side != "system" and row.source != "none"
    for side in (("sender", "receiver") if row.side == "either" else (row.side,))
    # Before the delivery the addressee is no party and sees nothing.
    if side != "receiver" or row.source not in UNDELIVERED
]
AT_THE_BEGINNING = {"submit", "import"}
"""Steps that make a case; they have tests of their own."""
GIVEN = {
    "open": {"corrected": True},
    "answer": {"asked": True},
    "confirm_withdrawal": {"withdrawal": True},
    "refuse_withdrawal": {"withdrawal": True},
    "resolve": {"unresolved": True},
    "complete": {"without_document": True},
}
"""What must be so for a step's conditions to hold."""


def _who(command, side):
    if "clinician" not in WORKFLOW.step(command).roles:
        return LEADS[side]
    return WRITER if side == "sender" else READER


def _name(one):
    row, side = one
    return f"{row.command} from {row.source} by the {side}"


@pytest.mark.parametrize(("row", "side"), ROWS, ids=[_name(one) for one in ROWS])
def test_given_the_state_when_the_step_is_taken_then_it_is_recorded_and_leads_on(scene, row, side):
    house = scene.house
    given = GIVEN.get(row.command, {})
    if row.command == "open" and row.source == "delivered":
        given = {}
    handover = scene.reach(row.source, **given)
    before = house.steps(handover)

    ACTS[row.command](house, _who(row.command, side), handover)

    after = house.steps(handover)[len(before) :]
    assert tuple(after[: len(row.events)]) == row.events
    reached = house.state(handover).status
    on_its_way = row.dest == "submitted" and reached == "delivered"
    assert reached == row.dest or on_its_way, "what is addressed anew goes on at once where it can"
    check_all(house)


def test_there_is_a_row_or_a_refusal_for_each_step_that_people_take():
    people = {step.command for step in WORKFLOW.steps if step.side != "system"}
    assert set(ACTS) == people - AT_THE_BEGINNING
    assert {row.command for row, _ in ROWS} == set(ACTS)


STATES = [state.name for state in WORKFLOW.states]


@pytest.mark.parametrize("status", STATES)
def test_given_the_state_then_every_step_without_a_row_is_refused_and_changes_nothing(scene, status):
    house, handover = scene.house, scene.reach(status)
    state = house.state(handover)
    parties = [side for side in ("sender", "receiver") if _is_party(state, side)]
    expected = []
    for command, act in ACTS.items():
        if (status, command) in TABLE.by_command or command == "open":
            continue
        for side in parties:
            # What is allowed once the document was opened is refused for that.
            unread = side == "receiver" and status == "delivered" and ("opened", command) in TABLE.by_command
            code = "document-opened-by-receiver" if unread else "not-allowed-now"
            assert refused(lambda c=command, s=side, a=act: a(house, _who(c, s), handover)) == code, (
                command,
                side,
            )
            expected.append((command, code))
    assert house.state(handover) == state
    assert house.refusals(handover)[-len(expected) :] == expected


def _is_party(state, side):
    authority = REGION if side == "sender" else MUNICIPALITY
    return state.side_of(authority) == side


@pytest.mark.parametrize("command", sorted(set(ACTS) - {"open"}))
def test_the_other_side_a_stranger_another_role_and_another_unit_are_refused(scene, command):
    house, step = scene.house, WORKFLOW.step(command)
    source = next(
        row.source
        for row, _ in ROWS
        if row.command == command and row.source not in ("submitted", "routed", "sent")
    )
    handover = scene.reach(source, **GIVEN.get(command, {}))
    state, act = house.state(handover), ACTS[command]
    stranger = person("caseworker", OTHER_MUNICIPALITY, "rusmiddelcenter-slagelse")
    assert refused(lambda: act(house, stranger, handover)) == "not-a-party"
    sides = ("sender", "receiver") if step.side == "either" else (step.side,)
    for side in filter(lambda side: _is_party(state, side), sides):
        right = _who(command, side)
        wrong_role = person("integration", right.authority, right.unit)
        outside = person(right.role, right.authority, "en-anden-enhed")
        assert refused(lambda who=wrong_role: act(house, who, handover)) == "role-not-allowed"
        assert refused(lambda who=outside: act(house, who, handover)) == "outside-unit"
    if step.side != "either":
        other = "receiver" if step.side == "sender" else "sender"
        if _is_party(state, other):
            assert refused(lambda: act(house, _who(command, other), handover)) == "wrong-side"
    assert house.state(handover) == state


def test_nobody_takes_a_step_on_a_case_that_is_not_there(scene):
    with pytest.raises(CaseNotFound):
        scene.house.acknowledge(caseworker(), uuid4(), version=1)
