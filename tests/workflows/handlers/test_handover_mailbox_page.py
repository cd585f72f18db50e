"""The mailbox as a work list with names: one event a page, in an order that does not shift."""

from uuid import uuid4

import msgspec
import pytest

from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
    person,
)
from tests.journeys.house import refused
from tests.journeys.papers import cpr, document
from workflows.handlers.mailbox import MailboxNotFound


@pytest.fixture
def mailbox(house):
    return house.two_authorities()


def _shown(house):
    return [event for event in house.events() if event.header.event == "mailbox-shown"]


def test_a_page_shows_names_and_one_event_says_so(house, mailbox):
    handovers = {house.submit(clinician(), document(cpr(n), name=f"Borger {n}")): n for n in range(3)}
    reader = caseworker()

    page = house.show(reader, mailbox)

    assert {one.row.handover: one.label.name for one in page.listed} == {
        handover: f"Borger {n}" for handover, n in handovers.items()
    }
    assert {one.label.person_id for one in page.listed} == {cpr(n) for n in range(3)}
    [shown] = _shown(house)
    assert shown.header.position == page.shown_position
    assert shown.event.handovers == tuple(one.row.handover for one in page.listed)
    assert {ref.key_id for ref in shown.header.subjects} == {one.row.receiver_key for one in page.listed}
    assert (shown.header.actor, shown.header.visible_to) == (reader.id, (MUNICIPALITY,))
    assert house.vault.releases() == {(page.shown_position, ref.key_id) for ref in shown.header.subjects}


def test_a_citizen_with_two_handovers_on_a_page_is_one_subject(house, mailbox):
    for _ in range(2):
        house.submit(clinician())
    page = house.show(caseworker(), mailbox)
    assert len(page.listed) == 2
    assert len(_shown(house)[0].header.subjects) == 1


def test_an_empty_page_shows_nobody_and_is_no_event(house, mailbox):
    page = house.show(caseworker(), mailbox)
    assert (page.listed, page.shown_position) == ((), None)
    assert _shown(house) == []


def test_the_sender_and_others_do_not_see_the_receivers_mailbox(house, mailbox):
    house.submit(clinician())
    for stranger in (clinician(), caseworker(authority=OTHER_MUNICIPALITY)):
        assert refused(lambda stranger=stranger: house.show(stranger, mailbox)) == "not-a-party"
    assert house.refusals_by(REGION) == [("show-mailbox", "not-a-party")]
    assert _shown(house) == []


@pytest.mark.parametrize("role", ["integration", "auditor", "registrar", "steering", "operator"])
def test_names_are_for_those_who_work_with_citizens(sqlite_house, role):
    mailbox = sqlite_house.two_authorities()
    sqlite_house.submit(clinician())
    assert (
        refused(lambda: sqlite_house.show(person(role, MUNICIPALITY, CENTRE), mailbox)) == "role-not-allowed"
    )


def test_a_units_own_mailbox_is_its_own(house, mailbox):
    house.unit(REGION, OTHER_AMBULATORY)
    own = house.mailbox(REGION, AMBULATORY)
    house.submit(caseworker(), receiver_unit=AMBULATORY)
    assert refused(lambda: house.show(clinician(OTHER_AMBULATORY), own)) == "outside-unit"
    assert len(house.show(clinician(), own).listed) == 1


def test_an_authoritys_main_mailbox_is_opened_by_the_unit_that_serves_it(house, mailbox):
    house.submit(clinician())
    assert refused(lambda: house.show(caseworker(OTHER_CENTRE), mailbox)) == "outside-unit"
    assert _shown(house) == []
    assert len(house.show(caseworker(CENTRE), mailbox).listed) == 1


def test_there_is_no_such_mailbox(house, mailbox):
    with pytest.raises(MailboxNotFound):
        house.show(caseworker(), uuid4())


def test_pages_go_by_priority_then_due_then_take_over_limit_and_miss_nobody(house, mailbox):
    expected = []
    for n in range(23):
        urgency = ("rutine", "hurtig-72h", "hurtig-24h")[n % 3]
        supply = f"2026-11-{24 + n % 4}" if n % 2 else None
        more = {"medicin__supply_ends": supply} if supply else {}
        handover = house.submit(clinician(), document(cpr(n), overgang__urgency=urgency, **more))
        # Three working days to acknowledge, the hours of the urgency, the last working day of the medicine;
        # a supply that lasts longer than two weeks is no reason to come before the routine.
        hours = {"hurtig-24h": "2026-11-24T09:30:00.000000Z", "hurtig-72h": "2026-11-26T09:30:00.000000Z"}
        before = f"2026-11-{23 + n % 4}T22:59:59.999999Z"
        shift = "2026-12-14T22:59:59.999999Z"
        take_over = min(filter(None, [shift, hours.get(urgency), before if supply else None]))
        priority = {"hurtig-24h": 0, "hurtig-72h": 1}.get(urgency, 1 if supply else 2)
        due = min("2026-11-26T22:59:59.999999Z", take_over)
        expected.append((priority, due, take_over, str(handover)))
        if n % 5 == 0:
            house.open(caseworker(), handover)
    found, after = [], None
    while page := house.show(caseworker(), mailbox, "delivered", "opened", after=after, limit=4).listed:
        found += [one.row.rank for one in page]
        after = found[-1]
    assert found == sorted(expected)
    assert len(_shown(house)) == 6


def test_what_arrives_or_leaves_between_pages_moves_nothing_else(house, mailbox):
    handovers = [house.submit(clinician(), document(cpr(n))) for n in range(9)]
    reader = caseworker()
    first = house.show(reader, mailbox, limit=4).listed
    last = first[-1].row
    seen = {one.row.handover for one in first}
    house.acknowledge(reader, last.handover)
    gone = next(handover for handover in handovers if handover not in seen)
    house.acknowledge(reader, gone)
    new = house.submit(clinician(), document(cpr(20), overgang__urgency="hurtig-24h"))
    rest = house.show(reader, mailbox, after=last.rank, limit=20).listed
    assert {one.row.handover for one in rest} == set(handovers) - seen - {gone}
    assert house.show(reader, mailbox, limit=1).listed[0].row.handover == new


def test_a_status_asked_for_twice_lists_nobody_twice(house, mailbox):
    house.submit(clinician())
    assert len(house.show(caseworker(), mailbox, "delivered", "delivered").listed) == 1


def test_each_status_lists_its_own(house, mailbox):
    at = {}
    for n, status in enumerate(("delivered", "opened", "acknowledged", "taken_over", "closed")):
        handover = at[status] = house.submit(clinician(), document(cpr(n)))
        reader = caseworker()
        if n >= 1:
            house.open(reader, handover)
        if n >= 2:
            house.acknowledge(reader, handover)
        if n >= 3:
            house.take_over(reader, handover)
        if n >= 4:
            house.close(reader, handover)
    for status, handover in at.items():
        [listed] = house.show(caseworker(), mailbox, status).listed
        assert (listed.row.handover, listed.row.status) == (handover, status)


def test_a_forgotten_citizen_stays_on_the_list_without_a_name(house, mailbox):
    keys = [house.state(house.submit(clinician(), document(cpr(n)))).receiver_key for n in range(2)]
    house.vault.destroy(keep=lambda key_id: key_id != keys[0])
    listed = house.show(caseworker(), mailbox).listed
    assert {one.row.receiver_key: one.label is None for one in listed} == {keys[0]: True, keys[1]: False}


def test_a_page_does_not_print_the_names_it_holds(house, mailbox):
    house.submit(clinician())
    page = house.show(caseworker(), mailbox)
    assert "Testesen" not in f"{page!r} {page.listed[0]!r}"
    assert msgspec.structs.asdict(page.listed[0].label)["name"] == "Test Testesen"
