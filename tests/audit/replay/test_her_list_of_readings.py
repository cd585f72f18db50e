"""The citizen's list is whole: every entry that names her under a key is found where the list looks."""

from uuid import uuid4

from audit.exports.authority import begin_export
from audit.replay.bodies import begin
from audit.replay.sightings import sightings
from domain.handover import step_commands as s
from domain.rights.access import AccessRequested
from domain.rights.disclosure import DisclosedWithoutConsent
from tests.domain.rights.samples import sample
from tests.journeys.cast import (
    CENTRE,
    MUNICIPALITY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
    person,
)
from tests.journeys.house import House
from tests.journeys.papers import document


def _list(house, case, **more):
    return sightings(house.log.stream, house.log.counted, case, **more)


def _told(found):
    return [(one.what, one.authority, one.unit) for one in found.items]


def test_whatever_happens_to_a_case_no_entry_of_hers_is_left_out(sqlite_store):
    # given one citizen and one case, with which nearly everything happens
    house = House(sqlite_store)
    mailbox = house.two_authorities()
    house.unit(MUNICIPALITY, OTHER_CENTRE)
    house.authority(OTHER_MUNICIPALITY)
    house.mailbox(OTHER_MUNICIPALITY)
    case = house.submit(clinician(), document(samtykke__covers="every-authority"))
    house.show(caseworker(), mailbox)
    house.open(caseworker(), case)
    house.open(clinician(), case, purpose="case-administration")
    house.open(caseworker(OTHER_CENTRE), case, reason="joint-case")
    house.relay()
    house.answer(clinician(), case, house.ask(caseworker(), case))
    house.correct(clinician(), case)
    house.right(caseworker(), sample(AccessRequested, handover=case, request=uuid4()))
    told = sample(DisclosedWithoutConsent, handover=case, to="0330", outside=True)
    house.right(clinician(), told, text="Der var fare for hendes liv.")
    house.take(caseworker(), case, s.DistributeHandover, unit=OTHER_CENTRE)
    house.show_unit(caseworker(OTHER_CENTRE))
    house.open(caseworker(OTHER_CENTRE), case)
    house.forward(caseworker(OTHER_CENTRE), case, OTHER_MUNICIPALITY)
    house.relay()
    # when she asks for her list
    found = _list(house, case)
    # then every entry that names her, under whichever authority's key, is one of this case's
    assert {one.authority for one in found.counted} == {REGION, MUNICIPALITY, OTHER_MUNICIPALITY}
    assert [one.elsewhere for one in found.counted] == [0, 0, 0]
    keys = {subject.key_id for one in house.events() for subject in one.header.subjects}
    assert sum(one.entries for one in found.counted) == sum(
        subject.key_id in keys for one in house.events() for subject in one.header.subjects
    )
    # and each reading, list and sending stands there once
    listed = {one.position for one in found.items}
    for one in house.events():
        if one.header.event in ("document-read", "mailbox-shown", "unit-list-shown", "handover-delivered"):
            assert one.header.position in listed, one.header.event
    assert len(listed) == len(found.items)
    assert ("listed", MUNICIPALITY, OTHER_CENTRE) in _told(found)
    assert ("read", MUNICIPALITY, CENTRE) in _told(found)


def test_another_case_of_hers_is_counted_and_not_listed(sqlite_store):
    house = House(sqlite_store)
    house.two_authorities()
    first, second = house.submit(clinician()), house.submit(clinician())
    house.open(caseworker(), second)
    found = _list(house, first)
    assert all(one.elsewhere > 0 for one in found.counted)
    assert "til andre sager" in found.counted[0].text
    assert not [one for one in found.items if one.what == "read"]


def test_a_copy_of_everything_is_told_though_it_names_nobody(sqlite_store):
    house = House(sqlite_store)
    house.two_authorities()
    case = house.submit(clinician())
    begin_export(house.log, MUNICIPALITY, person("operator", "0000"), house.store.ids)
    begin(house.log, 1, house.vault, person("auditor", "0000"), house.store.ids)
    copied = [one for one in _list(house, case).items if one.what == "copied"]
    assert {one.authority for one in copied} == {REGION, MUNICIPALITY} and len(copied) == 3
    assert all(one.n is None for one in copied)


def test_an_authoritys_own_list_holds_what_reached_it_and_nothing_of_the_others(sqlite_store):
    house = House(sqlite_store)
    house.two_authorities()
    case = house.submit(clinician())
    house.open(caseworker(), case)
    house.open(clinician(), case)
    found = _list(house, case, of={MUNICIPALITY})
    assert [one.authority for one in found.counted] == [MUNICIPALITY]
    assert {one.authority for one in found.items if one.what == "read"} == {MUNICIPALITY}
    assert all(one.n is None for one in found.items if one.authority == REGION)
    # as known before the readings
    until = house.readings(case)[0].header.position - 1
    assert not [one for one in _list(house, case, until=until).items if one.what == "read"]
