"""Distributed and assigned: how a receiving authority divides its own work (design section 5)."""

from uuid import uuid4

from domain.handover import step_commands as s
from tests.journeys.cast import CENTRE, MUNICIPALITY, OTHER_CENTRE, REGION, caseworker, person
from tests.journeys.checks import check_all
from tests.journeys.house import refused
from tests.journeys.reaching import READER, WRITER

COLLEAGUE = caseworker(OTHER_CENTRE)
"""In the unit that it is given to."""


def _distribute(scene, handover, unit=OTHER_CENTRE):
    return scene.house.take(READER, handover, s.DistributeHandover, unit=unit)


def test_what_is_distributed_stands_on_the_other_units_list_with_the_citizens_name(scene):
    handover = scene.reach("acknowledged")
    _distribute(scene, handover)
    page = scene.house.show_unit(COLLEAGUE)
    assert [(one.row.handover, one.label.name) for one in page.listed] == [(handover, "Test Testesen")]
    shown = scene.house.log.at([page.shown_position])[page.shown_position]
    assert (shown.header.event, shown.event.unit, shown.event.handovers) == (
        "unit-list-shown",
        OTHER_CENTRE,
        (handover,),
    )
    assert shown.header.visible_to == (MUNICIPALITY,)


def test_the_main_mailbox_sees_where_it_went_so_that_nothing_is_lost(scene):
    handover = scene.reach("delivered")
    mailbox = scene.house.state(handover).mailbox
    _distribute(scene, handover)
    [listed] = scene.house.show(READER, mailbox).listed
    assert listed.row.receiver_unit == OTHER_CENTRE


def test_from_then_on_it_is_the_other_units_case(scene):
    handover = scene.reach("opened")
    _distribute(scene, handover)
    assert refused(lambda: scene.house.take_over(READER, handover)) == "outside-unit"
    assert refused(lambda: scene.house.open(READER, handover)) == "outside-unit"
    scene.house.open(READER, handover, reason="joint-case")
    scene.house.take_over(COLLEAGUE, handover)
    assert scene.house.show_unit(COLLEAGUE).listed, "until it is closed"
    scene.house.close(COLLEAGUE, handover)
    assert not scene.house.show_unit(COLLEAGUE).listed
    check_all(scene.house)


def test_the_sender_sees_nothing_of_how_the_receiver_divides_its_work(scene):
    handover = scene.reach("opened")
    _distribute(scene, handover)
    scene.house.take(COLLEAGUE, handover, s.AssignHandover, assignee=uuid4())
    distributed, assigned = scene.house.log.stream(handover)[-2:]
    assert distributed.header.visible_to == assigned.header.visible_to == (MUNICIPALITY,)
    assert REGION not in distributed.header.visible_to


def test_a_unit_of_another_authority_is_no_unit_to_distribute_to(scene):
    handover = scene.reach("opened")
    for unit in ("amb-slagelse", "rusmiddelcenter-slagelse", "findes-ikke"):
        assert refused(lambda u=unit: _distribute(scene, handover, u)) == "unit-of-own-authority"


def test_a_units_list_is_shown_to_the_unit_alone(scene):
    _distribute(scene, scene.reach("opened"))
    show = scene.house.show_unit
    assert not show(READER).listed, "another unit has nothing on its list"
    auditor = person("auditor", MUNICIPALITY, OTHER_CENTRE)
    assert refused(lambda: show(auditor)) == "role-not-allowed"
    namesake = caseworker(OTHER_CENTRE, REGION)
    assert not show(namesake).listed, "a unit of that name elsewhere sees nothing"
    homeless = person("caseworker", MUNICIPALITY, None)
    assert refused(lambda: show(homeless)) in ("outside-unit", "role-not-allowed")


def test_a_new_receiver_begins_without_the_last_ones_unit_and_assignee(scene):
    handover = scene.reach("opened")
    scene.house.take(READER, handover, s.AssignHandover, assignee=uuid4())
    _distribute(scene, handover)
    assert scene.house.state(handover).assignee is None
    scene.house.send_back(COLLEAGUE, handover)
    scene.house.redirect(WRITER, handover, MUNICIPALITY)
    state = scene.house.state(handover)
    assert (state.receiver_unit, state.assignee) == (CENTRE, None)
    assert not scene.house.show_unit(COLLEAGUE).listed
