"""Hearing of the party before an adverse decision (FVL §§19-21): what is asked, and what lets it pass."""

import pytest

from domain.document.loader import get_template
from domain.events.refusal import Refused
from domain.rights.awareness import hearing_questions
from domain.rights.decisions import DecisionDrafted
from domain.rights.hearing import HearingAssessed, HearingOmitted
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import MUNICIPALITY, caseworker, clinician
from tests.workflows.rights.decisions import ending
from workflows.handlers.rights import broken, lane_of


@pytest.fixture
def case(sqlite_house):
    sqlite_house.two_authorities()
    return sqlite_house.submit(clinician())


def _questions(house, case, **facts):
    lane = lane_of(house.services, case, MUNICIPALITY)
    stated = {**house.state(case).document_facts, **facts}
    return hearing_questions(lane.events, matter("decision"), stated, get_template("overgangsdokument", 2))


def _draft(house, case, adverse=True):
    drafted = sample(DecisionDrafted, handover=case, kind="ending", adverse=adverse)
    house.right(caseworker(), drafted)


def _assess(house, case, **conditions):
    met = {"factual": True, "unaware": True, "detrimental": True, "essential": True, **conditions}
    required = all(met.values())
    assessed = HearingAssessed(handover=case, decision=matter("decision"), required=required, **met)
    house.right(caseworker(), assessed, text="Oplysningen er uden betydning for afgørelsen.")


def _would_break(house, case):
    lane = lane_of(house.services, case, MUNICIPALITY)
    made = ending(case, guidance=("a",))
    refused = broken(house.services, house.as_(caseworker()), house.state(case), lane, (made,))
    return None if refused is None else refused.code


def test_nothing_is_asked_until_an_adverse_decision_is_drafted(sqlite_house, case):
    assert _questions(sqlite_house, case).because == "not-adverse"
    _draft(sqlite_house, case, adverse=False)
    assert not _questions(sqlite_house, case).asked


def test_a_copy_that_says_whom_it_is_sent_to_makes_her_aware_of_every_assertion(sqlite_house, case):
    _draft(sqlite_house, case)
    without = {"rettigheder.copy": "declined"}
    asked = _questions(sqlite_house, case, **without)
    assert asked.asked and {"rusmiddelstatus", "risiko"} <= set(asked.sections)
    given = _questions(sqlite_house, case, **{"rettigheder.copy": "given"})
    assert (given.asked, given.because) == (False, "copy-given")


@pytest.mark.parametrize("condition", ["factual", "unaware", "detrimental", "essential"])
def test_one_condition_that_is_not_met_lets_the_decision_pass(sqlite_house, case, condition):
    _draft(sqlite_house, case)
    assert _would_break(sqlite_house, case) == "hearing"
    _assess(sqlite_house, case, **{condition: False})
    assert _would_break(sqlite_house, case) is None


def test_all_four_conditions_met_a_hearing_is_due_whatever_was_assessed(sqlite_house, case):
    _draft(sqlite_house, case)
    _assess(sqlite_house, case)
    assert _would_break(sqlite_house, case) == "hearing"


def test_left_out_only_on_a_named_ground_with_its_reason(sqlite_house, case):
    _draft(sqlite_house, case)
    omitted = HearingOmitted(handover=case, decision=matter("decision"), ground="fvl:19.2.3")
    with pytest.raises(Refused) as refused:
        sqlite_house.right(caseworker(), omitted)
    assert refused.value.code == "reason-missing"
    sqlite_house.right(caseworker(), omitted, text="Hensynet til en anden vejer tungere.")
    assert _would_break(sqlite_house, case) is None
