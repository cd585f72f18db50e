"""What Overgang makes or sends is not claimed on anybody's word (FVL §16; SUL §38)."""

from datetime import timedelta

import pytest

from domain.events.instant import to_instant
from domain.events.refusal import Refused
from domain.rights.access import AccessGiven, AccessRequested
from domain.rights.letters import LetterSent
from domain.rights.verdict import State
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import MUNICIPALITY, caseworker, clinician
from workflows.handlers.rights import verdicts_of


@pytest.fixture
def house(sqlite_house):
    sqlite_house.two_authorities()
    return sqlite_house


@pytest.fixture
def case(house):
    handover = house.submit(clinician())
    house.open(caseworker(), handover)
    return handover


def test_access_is_not_claimed_as_given_without_a_package(house, case):
    # given a request that nobody has answered in time
    house.right(caseworker(), sample(AccessRequested, handover=case, regime="fvl"))
    house.clock.advance(minutes=30 * 24 * 60)
    # when somebody says that the documents were given, at an earlier time
    given = AccessGiven(handover=case, request=matter("request"), way="digital-post")
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), given, house.clock.now() - timedelta(days=29))
    # then it is refused, and the right stays broken
    assert refused.value.code == "package-missing"
    now = to_instant(house.clock.now())
    found = {one.rule: one.state for one in verdicts_of(house.services, case, MUNICIPALITY, now)}
    assert found["access-fvl"] is State.VIOLATED


def test_a_letter_is_not_claimed_as_sent_without_one(house, case):
    sent = sample(LetterSent, handover=case, matter=case, about="information", addressee="citizen")
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), sent)
    assert refused.value.code == "letter-missing"
