"""What was done about rights stands in the timeline of a case, for its own authority alone."""

import inspect
import re

from audit.replay.replay import replay_handover
from audit.verdicts import checks, register
from domain.law.log_checks import log_checks
from domain.rights.access import AccessRequested
from tests.domain.rights.samples import sample
from tests.journeys.cast import MUNICIPALITY, REGION, caseworker, clinician
from tests.journeys.papers import cpr, document

ASKED = "Næstved Kommune: Der blev bedt om aktindsigt"


def told(house, case, authority=None):
    found = replay_handover(house.log, case, visible=lambda one: authority in (None, *one.header.visible_to))
    return [line.text for line in found.events if ASKED in line.text]


def test_given_a_request_then_the_timeline_tells_it_to_its_authority_and_to_no_other(house):
    case, other = (house.submit(clinician(), document(cpr(number))) for number in (1, 2))
    house.right(caseworker(), sample(AccessRequested, handover=case, regime="fvl"))
    assert len(told(house, case)) == len(told(house, case, MUNICIPALITY)) == 1
    assert told(house, case, REGION) == told(house, other) == []


def test_every_check_that_can_be_found_is_named_and_every_name_can_be_found():
    sources = inspect.getsource(checks) + inspect.getsource(register)
    codes = set(re.findall(r'_found\(\s*recorded, "([a-z-]+)"', sources))
    assert codes | {register.CHANGED_BY_ONE} == log_checks().keys()
