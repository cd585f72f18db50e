"""A replacement number turns out to be a citizen with a real number: one citizen from then on."""

import pytest

from domain.identity.person import parse_person_id
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
    person,
)
from tests.journeys.house import refused
from tests.journeys.papers import cpr, document
from workflows.handlers.merge import merge_replacement_number
from workflows.ports import IdempotentReplay, SubjectUnknown

LOCAL, ISSUER, CPR = "260770E001", "1085", "7001014321"
REPLACEMENT = parse_person_id("local", LOCAL, issuer=ISSUER)


def _real(number=CPR):
    return parse_person_id("cpr", number, allow_test_numbers=True)


def _merge(house, actor=None, key=None, real=CPR):
    context = house.as_(actor or clinician(), key, "merge")
    return merge_replacement_number(house.services, context, REPLACEMENT, _real(real))


def _key(house, paper):
    return house.state(house.submit(clinician(), paper)).sender_key


@pytest.fixture
def met(house):
    """A citizen that was first met without a number."""
    house.two_authorities()
    house.key = _key(house, document(LOCAL, replacement_of=ISSUER))
    return house


def test_from_then_on_the_real_number_leads_to_the_same_citizen(met):
    _merge(met)
    assert _key(met, document(CPR)) == met.key
    assert _key(met, document(LOCAL, replacement_of=ISSUER)) == met.key
    merged = next(e for e in met.events() if e.header.event == "replacement-number-merged")
    assert (merged.event.from_type, merged.event.to_type) == ("local", "cpr")
    assert [ref.key_id for ref in merged.header.subjects] == [met.key]
    assert merged.header.visible_to == (REGION,)
    assert LOCAL.encode() not in merged.entry and CPR.encode() not in merged.entry


def test_two_citizens_known_apart_become_the_one_with_the_real_number(met):
    real = _key(met, document(CPR))
    assert real != met.key
    _merge(met)
    assert _key(met, document(LOCAL, replacement_of=ISSUER)) == real


def test_what_was_sealed_before_is_still_read_after(met):
    handover = next(e.header.stream for e in met.events() if e.header.event == "handover-submitted")
    _key(met, document(CPR))
    _merge(met)
    for reader in (clinician(), caseworker()):
        assert met.open(reader, handover).document is not None


def test_a_handover_held_before_the_merge_is_delivered_after_it(house):
    house.authority(REGION)
    handover = house.submit(clinician(), document(LOCAL, replacement_of=ISSUER))
    house.submit(clinician(), document(CPR))
    _merge(house)
    house.authority(MUNICIPALITY)
    house.mailbox(MUNICIPALITY)
    house.relay()
    assert house.open(caseworker(), handover).document is not None


def test_a_number_that_nobody_has_used_cannot_be_merged(house):
    with pytest.raises(SubjectUnknown) as unknown:
        _merge(house)
    assert LOCAL not in str(unknown.value)
    assert house.events() == []


def test_an_authority_that_holds_nothing_of_the_citizen_learns_not_even_that_she_is_known(met):
    _key(met, document(CPR))
    stranger = caseworker(authority=OTHER_MUNICIPALITY)
    before = len(met.events())
    answers = set()
    for number in (LOCAL, "010101A001"):
        replacement = parse_person_id("local", number, issuer=ISSUER)
        with pytest.raises(SubjectUnknown) as unknown:
            merge_replacement_number(met.services, met.as_(stranger), replacement, _real())
        answers.add(str(unknown.value))
    assert len(answers) == 1
    assert len(met.events()) == before


def test_the_same_merge_again_gets_the_same_answer(met):
    doctor = clinician()
    first = _merge(met, doctor, key="m")
    with pytest.raises(IdempotentReplay) as replay:
        _merge(met, doctor, key="m")
    assert replay.value.outcome.resource == first.resource


@pytest.mark.parametrize("role", ["integration", "auditor", "registrar", "operator"])
def test_only_those_who_know_the_citizen_merge(sqlite_house, role):
    unit, authority = (AMBULATORY, REGION) if role == "integration" else (CENTRE, MUNICIPALITY)
    assert refused(lambda: _merge(sqlite_house, person(role, authority, unit))) == "role-not-allowed"


def test_another_citizen_is_not_touched(met):
    other = _key(met, document(cpr(7)))
    _merge(met)
    assert _key(met, document(cpr(7))) == other != met.key
