"""A replacement number turns out to be a citizen with a real number: one citizen from then on."""

import msgspec
import pytest

from audit.log.entry import open_body, sealed_body
from audit.replay.bodies import begin
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
from workflows.handlers.submit import holder
from workflows.ports.log import IdempotentReplay
from workflows.ports.vault import Person, SubjectUnknown

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


def _merged(house):
    return next(e for e in house.events() if e.header.event == "replacement-number-merged")


def test_the_numbers_stand_sealed_under_the_authoritys_key_of_the_citizen(met):
    _merge(met)
    merged = _merged(met)
    [subject] = merged.header.subjects
    assert (subject.key_id, sealed_body(merged.entry).key_id) == (met.key, met.key)
    replayed = begin(met.log, len(met.events()), met.vault, person("auditor", "0000"), met.store.ids)
    body = open_body(merged.entry, replayed.openers({met.key}))
    assert (body.replacement.type, body.replacement.value, body.replacement.issuer) == (
        "local",
        LOCAL,
        ISSUER,
    )
    assert (body.real.type, body.real.value, body.real.issuer) == ("cpr", CPR, None)
    assert CPR not in repr(body) + repr(body.real)


def test_the_real_number_can_be_recovered_for_a_letter(met):
    _merge(met)
    met.open(clinician(), _case(met))
    reading = met.readings(_case(met))[-1]
    numbers = [msgspec.json.decode(one) for one in met.vault.numbers(reading, met.key)]
    assert {"type": "cpr", "value": CPR} in numbers


def _case(house):
    return next(e.header.stream for e in house.events() if e.header.event == "handover-submitted")


@pytest.mark.parametrize("real_is_known", [False, True])
def test_nobody_asks_by_a_merge_whom_another_authority_knows(house, real_is_known):
    """A national replacement number that one authority knows is, to another, an unknown number."""
    house.two_authorities()
    known = parse_person_id("x-ecpr", "2607701EE1")
    house.vault.provision(person=Person(lookup=known.lookup_key(), sealed=b"{}"), holders=(holder(REGION),))
    if real_is_known:
        house.submit(clinician(), document(CPR))
    before = len(house.events())
    answers = set()
    for number in (known, parse_person_id("x-ecpr", "2707701EE1")):
        stranger = house.as_(caseworker(authority=OTHER_MUNICIPALITY))
        with pytest.raises(SubjectUnknown) as unknown:
            merge_replacement_number(house.services, stranger, number, _real())
        answers.add(str(unknown.value))
    assert len(answers) == 1
    assert len(house.events()) == before
    merge_replacement_number(house.services, house.as_(clinician()), known, _real())
    assert _merged(house).event.from_type == "x-ecpr"


def test_a_local_number_of_another_issuer_is_unknown_even_to_who_holds_the_citizen(met):
    with pytest.raises(SubjectUnknown):
        merge_replacement_number(
            met.services,
            met.as_(caseworker()),
            REPLACEMENT,
            _real(),
        )
