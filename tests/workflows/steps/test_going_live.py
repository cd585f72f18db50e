"""Cases that were under way before Overgang, and cases that move to another version of the workflow."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.course.events import HandoverEscalated
from domain.course.responsibility import duty_timeline
from domain.handover import step_commands as s
from domain.handover.streams import escalations_of
from tests.journeys.cast import (
    MUNICIPALITY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
)
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.papers import cpr, document
from tests.journeys.reaching import LEADS, READER, WRITER, Scene
from workflows.machines.fault import WorkflowDefinitionError
from workflows.ports.log import IdempotentReplay

UNDER_VERSION_1 = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_an_imported_case_is_unresolved_until_the_receiver_confirms(scene):
    handover = scene.house.import_running()
    state = scene.house.state(handover)
    assert (state.status, state.held_by()) == ("imported", REGION)
    assert state.unresolved_at is not None
    [span] = duty_timeline(scene.house.log.stream(handover))
    assert (span.value.kind, span.value.reason) == ("unresolved", "imported")

    scene.house.take(READER, handover, s.ConfirmImport)
    state = scene.house.state(handover)
    assert (state.status, state.held_by(), state.unresolved_at) == ("taken_over", MUNICIPALITY, None)
    check_all(scene.house)


def test_it_stands_in_the_mailbox_of_the_unit_that_has_it_with_the_citizens_name(scene):
    handover = scene.house.import_running()
    [listed] = scene.house.show(READER, scene.house.state(handover).mailbox, "imported").listed
    assert (listed.row.handover, listed.label.name, listed.row.unresolved) == (
        handover,
        "Test Testesen",
        True,
    )


def test_a_unit_that_serves_no_mailbox_finds_it_on_its_own_list(scene):
    handover = scene.house.import_running(receiver_unit=OTHER_CENTRE)
    assert scene.house.state(handover).mailbox is None
    [listed] = scene.house.show_unit(caseworker(OTHER_CENTRE)).listed
    assert listed.row.handover == handover


def test_given_the_receiver_denies_it_then_it_is_the_senders_to_sort_out(scene):
    handover = scene.house.import_running()
    scene.house.take(READER, handover, s.DenyImport)
    state = scene.house.state(handover)
    assert (state.status, state.held_by()) == ("returned", REGION)
    assert refused(lambda: scene.house.redirect(WRITER, handover, OTHER_MUNICIPALITY)) == (
        "responsibility-settled"
    )
    scene.house.complete(WRITER, handover, document())


def test_given_it_is_denied_then_whose_it_is_stays_unresolved_until_a_leader_has_settled_it(scene):
    handover = scene.house.import_running()
    scene.house.take(READER, handover, s.DenyImport)
    assert scene.house.state(handover).unresolved_at is not None
    [span] = duty_timeline(scene.house.log.stream(handover))
    assert (span.value.kind, span.value.reason) == ("unresolved", "imported")
    assert refused(lambda: scene.house.take(WRITER, handover, s.WithdrawHandover, reason="other")) == (
        "responsibility-settled"
    )
    scene.house.clock.set(NOW + timedelta(days=15))
    assert scene.house.escalate() == 1, "it goes up all the same"
    own = {"authority": REGION, "decided_by": "own-authority"}
    scene.house.take(LEADS["sender"], handover, s.ResolveResponsibility, **own)
    assert scene.house.state(handover).unresolved_at is None
    [_, now] = duty_timeline(scene.house.log.stream(handover))
    assert now.value.kind == "authority"
    check_all(scene.house)


def test_the_same_row_is_one_case_and_another_citizens_is_another(scene):
    handover = scene.house.import_running()
    with pytest.raises(IdempotentReplay) as again:
        scene.house.import_running()
    assert again.value.outcome.resource == handover
    assert scene.house.import_running(cpr(5)) != handover


def test_an_import_that_nobody_confirms_goes_up_in_the_end(scene):
    handover = scene.house.import_running()
    scene.house.clock.set(NOW + timedelta(days=13))
    assert scene.house.escalate() == 0, "ten working days"
    scene.house.clock.set(NOW + timedelta(days=15))
    assert scene.house.escalate() == 1
    [told] = [
        one.event
        for one in scene.house.log.stream(escalations_of(handover))
        if isinstance(one.event, HandoverEscalated)
    ]
    assert told.cause == "imported"


@pytest.fixture
def before_version_2(house):
    """Handovers that began under version 1, in each of its states."""
    house.clock.set(UNDER_VERSION_1)
    scene = Scene(house)
    given = {"version": 1, "samtykke__consent_given_on": "2026-10-01"}
    old, waiting = document(**given), document(**given, samtykke__objection=True)
    found = {"held": house.submit(WRITER, waiting)}
    for status in ("delivered", "opened", "acknowledged", "taken_over", "closed"):
        handover = found[status] = house.submit(WRITER, old)
        if status != "delivered":
            house.open(READER, handover)
        if status == "acknowledged":
            house.acknowledge(READER, handover)
        if status in ("taken_over", "closed"):
            house.take_over(READER, handover)
        if status == "closed":
            house.close(READER, handover)
    house.clock.set(NOW)
    return scene, found


def test_a_case_keeps_the_version_it_started_under(before_version_2):
    scene, found = before_version_2
    for handover in found.values():
        assert scene.house.state(handover).workflow_version == 1
    assert refused(lambda: scene.house.ask(READER, found["opened"])) == "not-allowed-now"
    scene.house.take_over(READER, found["acknowledged"])
    assert scene.house.state(found["acknowledged"]).workflow_version == 1
    assert scene.house.state(scene.house.submit(WRITER)).workflow_version == 2
    check_all(scene.house)


def test_moving_it_to_another_version_is_an_event_and_changes_nothing_else(before_version_2):
    scene, found = before_version_2
    house = scene.house
    told = house.migrate_to(2, dry_run=True)
    assert {one.handover: one.to_state for one in told} == {
        handover: status for status, handover in found.items()
    }
    assert all(house.state(handover).workflow_version == 1 for handover in found.values())

    house.migrate_to(2)

    for status, handover in found.items():
        state, moved = house.state(handover), house.last_step(handover)
        assert (state.status, state.workflow_version) == (status, 2)
        assert (moved.event.from_version, moved.event.to_version) == (1, 2)
        assert (moved.header.role, moved.header.workflow.version) == ("system", 2)
    assert house.migrate_to(2) == [], "once"
    house.ask(READER, found["opened"])
    house.correct(WRITER, found["delivered"])
    check_all(house)


def test_a_case_under_the_newer_version_is_not_moved_back(scene):
    handover = scene.reach("opened")
    assert scene.house.migrate_to(1) == []
    assert scene.house.state(handover).workflow_version == 2


def test_a_version_that_is_not_installed_moves_nothing(before_version_2):
    scene, found = before_version_2
    with pytest.raises(WorkflowDefinitionError):
        scene.house.migrate_to(99)
    assert scene.house.state(found["held"]).workflow_version == 1
