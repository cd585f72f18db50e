"""A letter that an auditor has opened is a reading of its own, and nobody else's."""

import msgspec
import pytest

from audit.exports.letters import open_letters
from audit.exports.papers import Kind, papers_of
from audit.replay.source import case_events
from domain.course.events import BreachAssessmentOpened
from domain.handover.streams import breaches_of, readings_of
from tests.audit.exports.lettering import TEXT, heard
from tests.journeys.cast import MUNICIPALITY, caseworker, clinician, person
from tests.journeys.house import House

AUDITOR = person("operator", "0000")


@pytest.fixture
def house(sqlite_store):
    made = House(sqlite_store)
    made.two_authorities()
    return made


@pytest.fixture
def case(house):
    return house.submit(clinician())


def letters_opened(house, case):
    found = papers_of(case_events(house.log.stream, case), house.log.document)
    return open_letters(house.log, house.vault, case, found.papers, AUDITOR, house.services.ids)


def test_the_reading_names_actor_purpose_and_citizen_before_the_letter_is_open(house, case):
    heard(house, case)
    [opened] = letters_opened(house, case)
    assert TEXT in repr(opened.content)
    assert TEXT not in repr(opened)
    reading = house.log.stream(readings_of(case))[-1]
    header = reading.header
    assert (header.actor, header.purpose, header.controller) == (AUDITOR.id, "audit", MUNICIPALITY)
    assert [one.key_id for one in header.subjects] == [house.state(case).receiver_key]
    assert (header.position, reading.event.document_id) == (opened.read_at, opened.id)
    assert (header.position, header.subjects[0].key_id) in house.vault.releases()


def test_a_case_without_letters_is_not_read(house, case):
    before = house.log.length()
    assert letters_opened(house, case) == []
    assert house.log.length() == before


@pytest.mark.parametrize(("reads", "breaches"), [(False, 0), (True, 2)])
def test_an_auditor_who_opens_a_letter_does_not_make_the_receiver_a_reader(house, case, reads, breaches):
    """What nobody there has read discloses nothing when it goes back (law.md 9.4)."""
    [paper] = papers_of(case_events(house.log.stream, case), house.log.document).papers
    stated = {"authority": MUNICIPALITY, "key_ids": (house.state(case).receiver_key,)}
    letter = msgspec.structs.replace(paper, kind=Kind.LETTER, **stated)
    [opened] = open_letters(house.log, house.vault, case, [letter], AUDITOR, house.services.ids)
    assert opened.content is not None
    if reads:
        house.open(caseworker(), case)
    house.send_back(caseworker(), case)
    found = [
        one for one in house.log.stream(breaches_of(case)) if isinstance(one.event, BreachAssessmentOpened)
    ]
    assert len(found) == breaches


def test_a_document_that_comes_again_is_one_paper(house, case):
    heard(house, case)
    house.open(caseworker(), case)
    question = house.ask(caseworker(), case)
    house.answer(clinician(), case, question)
    found = papers_of(case_events(house.log.stream, case), house.log.document).papers
    assert [one.kind for one in found] == [Kind.DOCUMENT, Kind.LETTER, Kind.TEXT, Kind.TEXT]
    assert {one.stored for one in found} == {"holds"}
