"""Remove the guard, and the replay must find the breach (design section 3, idea 2)."""

import contextlib
from datetime import timedelta

import pytest

from audit.replay.replay import replay_handover
from audit.verdicts.checks import violations
from domain.handover import step_commands as s
from tests.journeys.cast import MUNICIPALITY, OTHER_MUNICIPALITY, person
from tests.journeys.papers import document
from tests.journeys.reaching import ACTS, LEADS, READER, WRITER
from workflows.handlers import case as handling
from workflows.handlers import deliver, readdress, routing
from workflows.machines.installed import definition
from workflows.machines.table import compile_table

WORKFLOW = definition("handover", 2)
TABLE = compile_table(WORKFLOW)
STATES = [state.name for state in WORKFLOW.states if state.name != "imported"]
UNREACHABLE = {"redirect", "forward"}
"""Their document goes on at once, so that what follows is judged too; they have tests of their own below."""


@pytest.fixture
def unguarded(monkeypatch):
    """Nothing is asked before a step is recorded."""
    monkeypatch.setattr(handling, "guard", lambda *_: None)


def _breaches(house, handover):
    replayed = replay_handover(house.log, handover)
    return [(one.code, one.event) for one in replayed.conformance.breaches]


def _who(command):
    step = WORKFLOW.step(command)
    side = "sender" if step.side in ("sender", "either") else "receiver"
    if "clinician" not in step.roles:
        return LEADS[side]
    return WRITER if side == "sender" else READER


@pytest.mark.parametrize("status", STATES)
def test_a_step_that_no_row_allows_is_found(sqlite_scene, unguarded, status):
    house, found = sqlite_scene.house, 0
    for command, act in ACTS.items():
        if (status, command) in TABLE.by_command or command == "open" or command in UNREACHABLE:
            continue
        handover = sqlite_scene.reach(status)
        before = house.state(handover).version
        actor = _who(command)
        if house.state(handover).side_of(actor.authority) is None:
            continue
        # Some decisions cannot even be written down from there.
        with contextlib.suppress(AssertionError):
            act(house, actor, handover)
        if house.state(handover).version == before:
            continue
        found += 1
        assert _breaches(house, handover), command
    assert found


@pytest.mark.parametrize("command", sorted(set(ACTS) - {"open"} - UNREACHABLE))
def test_a_step_by_a_role_that_may_not_take_it_is_found(sqlite_scene, unguarded, command):
    house = sqlite_scene.house
    source = next(
        source
        for source, one in TABLE.by_command
        if one == command and source not in ("submitted", "routed", "sent", "none")
    )
    given = {"answer": {"asked": True}, "complete": {"without_document": True}}.get(command, {})
    given |= {"confirm_withdrawal": {"withdrawal": True}, "refuse_withdrawal": {"withdrawal": True}}.get(
        command, {}
    )
    given |= {"resolve": {"unresolved": True}}.get(command, {})
    handover = sqlite_scene.reach(source, **given)
    right = _who(command)
    ACTS[command](house, person("integration", right.authority, right.unit), handover)
    assert ("step-role", WORKFLOW.step(command).event) in _breaches(house, handover)


def _opened_before_the_correction(scene):
    handover = scene.reach("acknowledged", corrected=True)
    scene.house.take_over(READER, handover)
    return handover


def _beyond_the_consent(scene):
    handover = scene.house.submit(WRITER, document(samtykke__covers="addressed-receiver"))
    scene.house.open(READER, handover)
    scene.house.forward(READER, handover, OTHER_MUNICIPALITY)
    return handover


def _answered_twice(scene):
    handover = scene.reach("opened", asked=True)
    question = scene.house.state(handover).questions[0]
    for _ in range(2):
        scene.house.answer(WRITER, handover, question)
    return handover


def _sent_round_while_unresolved(scene):
    handover = scene.reach("returned", unresolved=True)
    scene.house.redirect(WRITER, handover, OTHER_MUNICIPALITY)
    return handover


def _insisted_twice(scene):
    handover = scene.reach("declined", unresolved=True)
    scene.house.take(WRITER, handover, s.InsistOnHandover)
    return handover


def _given_to_another_authoritys_unit(scene):
    handover = scene.reach("opened")
    scene.house.take(READER, handover, s.DistributeHandover, unit="rusmiddelcenter-slagelse")
    return handover


def _taken_over_while_the_sender_waits(scene):
    handover = scene.reach("opened", withdrawal=True)
    scene.house.take_over(READER, handover)
    return handover


def _withdrawn_though_nobody_asked(scene):
    handover = scene.reach("opened")
    scene.house.take(READER, handover, s.ConfirmWithdrawal)
    return handover


def _settled_though_nothing_was_open(scene):
    handover = scene.reach("declined")
    own = {"authority": MUNICIPALITY, "decided_by": "own-authority"}
    scene.house.take(LEADS["receiver"], handover, s.ResolveResponsibility, **own)
    return handover


def _corrected_against_her_will(scene):
    handover = scene.reach("delivered")
    scene.house.correct(WRITER, handover, document(samtykke__objection=True))
    return handover


CONDITIONS = {
    "document-opened-by-receiver": _opened_before_the_correction,
    "question-open": _answered_twice,
    "responsibility-settled": _sent_round_while_unresolved,
    "not-insisted": _insisted_twice,
    "unit-of-own-authority": _given_to_another_authoritys_unit,
    "withdrawal-not-asked": _taken_over_while_the_sender_waits,
    "withdrawal-asked": _withdrawn_though_nobody_asked,
    "responsibility-unresolved": _settled_though_nothing_was_open,
    "disclosure-basis-live": _corrected_against_her_will,
}


@pytest.mark.parametrize("condition", sorted(CONDITIONS))
def test_a_condition_that_did_not_hold_is_found_by_its_name(sqlite_scene, unguarded, condition):
    handover = CONDITIONS[condition](sqlite_scene)
    breaches = replay_handover(sqlite_scene.house.log, handover).conformance.breaches
    assert condition in {one.condition for one in breaches}


@pytest.mark.parametrize("command", ["withdraw", "complete_otherwise", "enter_in_error"])
def test_an_end_that_nobody_stopped_is_found_and_leaves_it_unresolved(sqlite_scene, unguarded, command):
    house = sqlite_scene.house
    handover = sqlite_scene.reach("returned", unresolved=True)
    ACTS[command](house, WRITER, handover)
    breaches = replay_handover(house.log, handover).conformance.breaches
    assert [one.condition for one in breaches] == ["responsibility-settled"]
    house.clock.set(house.clock.now() + timedelta(days=5))
    assert house.escalate() == 1


RIGHTS = {
    "taken-over-unread": _opened_before_the_correction,
    "sent-without-basis": _corrected_against_her_will,
}


@pytest.mark.parametrize("right", sorted(RIGHTS))
def test_a_right_that_was_not_kept_is_found_by_the_verdicts_too(sqlite_scene, unguarded, right):
    RIGHTS[right](sqlite_scene)
    assert right in {one.code for one in violations(sqlite_scene.house.events())}


def test_forwarding_beyond_the_consent_is_found(sqlite_scene, unguarded, monkeypatch):
    monkeypatch.setattr(readdress, "consent_covers", lambda *_: True)
    monkeypatch.setattr(routing, "consent_covers", lambda *_: True)
    monkeypatch.setattr(deliver, "consent_reaches", lambda *_: True)
    handover = _beyond_the_consent(sqlite_scene)
    assert sqlite_scene.house.state(handover).receiver_authority == OTHER_MUNICIPALITY
    assert "sent-outside-consent" in {one.code for one in violations(sqlite_scene.house.events())}
    breaches = replay_handover(sqlite_scene.house.log, handover).conformance.breaches
    assert "consent-covers-receiver" in {one.condition for one in breaches}
