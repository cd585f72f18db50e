"""What Overgang makes or sends is not claimed on anybody's word (FVL §16; SUL §38)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from domain.events.instant import to_instant
from domain.events.refusal import Refused
from domain.rights.access import AccessDecided, AccessGiven, AccessRequested, AccessWithdrawn
from domain.rights.complaints import ComplaintForwarded, ComplaintReceived
from domain.rights.decisions import ApplicationReceived, DecisionMade
from domain.rights.disclosure import CitizenInformed
from domain.rights.duties import GuidanceGiven, GuidanceRequested, RightsFactRetracted
from domain.rights.hearing import (
    HearingExtended,
    HearingSent,
    StatementDemanded,
    StatementLimitSet,
    StatementMade,
)
from domain.rights.letters import LetterArrived, LetterSent
from domain.rights.verdict import State
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import MUNICIPALITY, caseworker, clinician
from tests.workflows.rights.test_letters import previewed, send
from tests.workflows.rights.test_what_she_does_herself import does
from workflows.handlers.rights import verdicts_of
from workflows.letters.letter import as_text


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
    # when somebody says that the documents were given, now or at an earlier time
    given = AccessGiven(handover=case, request=matter("request"), way="digital-post")
    for at, code in ((None, "package-missing"), (timedelta(days=29), "own-act-dated-back")):
        with pytest.raises(Refused) as refused:
            house.right(caseworker(), given, at and house.clock.now() - at)
        assert refused.value.code == code
    # then it is refused, and the right stays broken
    now = to_instant(house.clock.now())
    found = {one.rule: one.state for one in verdicts_of(house.services, case, MUNICIPALITY, now)}
    assert found["access-fvl"] is State.VIOLATED


def test_an_arrival_is_proven_by_the_evidence_of_its_own_letter(house, case):
    """Without proof of arrival no period of appeal runs (RSL §67, DPL §10)."""
    sent = sample(LetterSent, handover=case, matter=case, about="information", way="digital-post")
    house.right(caseworker(), msgspec.structs.replace(sent, outside=True))
    arrived = sample(LetterArrived, handover=case, matter=case, about="information")
    for evidence, receipt in (("handed-over", None), ("delivery-receipt", "PN-1")):
        with pytest.raises(Refused) as refused:
            other = msgspec.structs.replace(arrived, evidence=evidence, receipt=receipt)
            house.right(caseworker(), other)
        assert refused.value.code == "evidence-of-another-way"
    own = msgspec.structs.replace(arrived, evidence="digital-post-receipt", receipt="DP-1")
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), own, datetime(2026, 11, 19, 22, 59, tzinfo=UTC))
    assert refused.value.code == "arrived-before-sent"
    house.right(caseworker(), own, datetime(2026, 11, 19, 23, 0, tzinfo=UTC))  # 20 November in Denmark
    assert house.events()[-1].event == own


@pytest.mark.parametrize(
    ("event", "stated"),
    [
        (StatementMade, {"means": "letter"}),
        (AccessWithdrawn, {"request": matter("request"), "means": "telephone"}),
        (GuidanceGiven, {"inquiry": matter("inquiry"), "passed_on": False}),
    ],
)
def test_what_staff_register_of_her_or_say_that_they_did_has_its_words(house, case, event, stated):
    house.right(caseworker(), sample(AccessRequested, handover=case))
    house.right(caseworker(), sample(ApplicationReceived, handover=case))
    house.right(caseworker(), sample(GuidanceRequested, handover=case, misdirected=False))
    for outside in (False, True):
        with pytest.raises(Refused) as refused:
            house.right(caseworker(), sample(event, handover=case, outside=outside, **stated))
        assert refused.value.code == "reason-missing"
    house.right(caseworker(), sample(event, handover=case, **stated), text="Hun sagde det i telefonen.")


@pytest.mark.parametrize("kind", [StatementDemanded, StatementLimitSet, HearingSent, HearingExtended])
def test_no_day_is_set_for_her_to_speak_by_that_is_over_already(house, case, kind):
    """FVL §§19 and 21: a period in which nobody can answer is none."""
    house.right(caseworker(), sample(ApplicationReceived, handover=case))
    if kind is HearingExtended:
        house.right(caseworker(), sample(HearingSent, handover=case, outside=True))
    for day in ("2026-11-01", "2026-11-23"):  # today is the 23rd
        with pytest.raises(Refused) as refused:
            house.right(caseworker(), sample(kind, handover=case, answer_by=day))
        assert refused.value.code == "limit-over-already"
    if kind in (StatementLimitSet, HearingExtended):
        house.right(caseworker(), sample(kind, handover=case, answer_by="2026-11-24"))


def test_the_letter_that_informs_her_is_of_a_disclosure_and_of_nothing_else(house, case):
    """It says that information was passed on; anything else is told in other words, and noted."""
    informed = sample(CitizenInformed, handover=case, matter=case, of="data-held", way="letter")
    with pytest.raises(Refused) as refused:
        send(house, informed, {})
    assert refused.value.code == "no-letter"
    for outside in (False, True):
        with pytest.raises(Refused) as refused:
            house.right(caseworker(), msgspec.structs.replace(informed, outside=outside, way="oral"))
        assert refused.value.code == "reason-missing"
    house.right(caseworker(), msgspec.structs.replace(informed, way="oral"), text="Fortalt ved samtalen.")


@pytest.mark.parametrize(
    ("track", "late", "says"),
    [
        ("a", False, "holder fast"),
        ("b2", False, "holder fast"),
        ("b", False, "hører ikke til hos os"),
        ("d", False, "hører ikke til hos os"),
        ("b", True, "kom efter fristen"),
    ],
)
def test_a_complaint_that_nobody_reconsidered_is_not_said_to_be_reconsidered(house, case, track, late, says):
    complaint = sample(ComplaintReceived, handover=case, decision=case, track=track, late=late, urgent=False)
    house.right(caseworker(), complaint)
    forwarded = sample(ComplaintForwarded, handover=case, complaint=complaint.complaint)
    reasons = {"reasons": "Oplysningerne er de samme."} if says == "holder fast" else {}
    letter = previewed(house, forwarded, {"complaint_about": "behandlingen", **reasons})
    assert says in as_text(letter)


def test_what_an_authority_does_itself_is_not_dated_back(house, case):
    # given an access request that came by letter a week ago, which is registered with its time
    asked = sample(AccessRequested, handover=case, regime="fvl")
    house.clock.advance(minutes=30 * 24 * 60)
    house.right(caseworker(), asked, house.clock.now() - timedelta(days=7))
    # when the authority says that it informed the citizen yesterday
    informed = sample(CitizenInformed, handover=case, matter=case, of="data-held", way="oral")
    yesterday = house.clock.now() - timedelta(days=1)
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), informed, yesterday, text="Sagt i telefonen.")
    # then that was outside Overgang, and is registered as such
    assert refused.value.code == "own-act-dated-back"
    outside = msgspec.structs.replace(informed, outside=True)
    house.right(caseworker(), outside, yesterday, text="Sagt i telefonen.")
    last = house.events()[-1]
    assert (last.event.outside, last.header.occurred_at) == (True, to_instant(yesterday))


def test_a_letter_is_not_claimed_as_sent_without_one(house, case):
    sent = sample(LetterSent, handover=case, matter=case, about="information", addressee="citizen")
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), sent)
    assert refused.value.code == "letter-missing"


def test_a_request_is_decided_under_its_own_regime(house, case):
    # given that she asked for her patient record, where FVL's exceptions do not apply (SUL §37)
    house.right(caseworker(), sample(AccessRequested, handover=case, regime="sul"))
    decided = sample(AccessDecided, handover=case, regime="fvl", outcome="partly", grounds=("fvl:15b",))
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), msgspec.structs.replace(decided, outside=True))
    assert refused.value.code == "matter-differs"


def test_a_letter_about_something_else_does_not_prove_that_a_decision_arrived(house, case):
    made = sample(DecisionMade, handover=case, adverse=False, outside=True, oral=False)
    house.right(caseworker(), made)
    sent = sample(LetterSent, handover=case, matter=case, about="information", outside=True)
    house.right(caseworker(), sent)
    arrived = LetterArrived(
        handover=case,
        letter=sent.letter,
        matter=made.decision,
        about="decision",
        evidence="delivery-receipt",
    )
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), arrived)
    assert refused.value.code == "matter-differs"


def test_what_she_said_herself_is_not_taken_back_by_an_authority(house, case):
    # given a request that she made in her own view
    asked = does(house, case, AccessRequested, regime="fvl", form="pdf")
    retraction = RightsFactRetracted(
        handover=case, position=asked.header.position, retracts="access-requested", reason="not-true"
    )
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), retraction)
    assert refused.value.code == "not-ones-own-fact"


def test_no_receipt_proves_arrival_without_its_id(house, case):
    sent = sample(LetterSent, handover=case, matter=case, about="information", outside=True)
    house.right(caseworker(), sent)
    arrived = sample(LetterArrived, handover=case, matter=case, about="information", receipt=None)
    with pytest.raises(Refused) as refused:
        house.right(caseworker(), arrived)
    assert refused.value.code == "receipt-missing"
    house.right(caseworker(), msgspec.structs.replace(arrived, evidence="citizen-confirms"))
