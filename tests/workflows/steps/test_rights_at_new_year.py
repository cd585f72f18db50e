"""What the citizen said to an authority is not forgotten when another takes its place (OVL §§6-7)."""

import pytest

from domain.events.refusal import Refused
from domain.rights.decisions import DecisionMade, EndingNotified
from domain.rights.disclosure import ConsentWithdrawn
from tests.domain.rights.samples import sample
from tests.journeys.cast import MUNICIPALITY, OTHER_MUNICIPALITY, caseworker, clinician
from tests.journeys.papers import written_by
from tests.workflows.steps.new_year import AFTER, PAPER, new_year
from workflows.handlers.rights import told_by_the_other


def _sent(house):
    return house.submit(clinician(), written_by("1085", **PAPER, samtykke__covers="every-authority"))


def test_consent_taken_back_from_the_region_stays_so_with_its_successor(east):
    house = east.house
    locked, read = _sent(house), _sent(house)
    house.open(caseworker(), read)
    for handover in (locked, read):
        taken_back = ConsentWithdrawn(handover=handover, scope="disclosure", means="telephone")
        house.right(clinician(), taken_back)
    new_year(house)
    # then what was not opened is locked still, and what was goes no further
    with pytest.raises(Refused) as refused:
        house.open(caseworker(), locked)
    assert refused.value.code == "consent-withdrawn"
    with pytest.raises(Refused) as refused:
        house.forward(caseworker(), read, OTHER_MUNICIPALITY)
    assert refused.value.code == "disclosure-basis-live"


def test_what_the_region_told_the_municipality_is_told_still(east):
    house = east.house
    handover = _sent(house)
    ending = sample(DecisionMade, handover=handover, legal_basis="sul:82c", kind="ending", outside=True)
    house.right(clinician(), ending)
    told = EndingNotified(handover=handover, decision=ending.decision, municipality=MUNICIPALITY)
    house.right(clinician(), told)
    new_year(house)
    assert house.clock.now() >= AFTER
    found = told_by_the_other(house.services, house.state(handover), MUNICIPALITY)
    assert [one.header.event for one in found] == ["ending-notified"]
