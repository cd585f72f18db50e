"""She takes her consent back, or objects: what was not opened is locked, no further leg goes (SUL §44)."""

from datetime import UTC, datetime

import pytest

from audit.verdicts.checks import violations
from domain.course.events import CitizenAdmitted, TreatmentEnded, TreatmentStarted
from domain.events.instant import to_instant
from domain.events.refusal import Refused
from domain.handover.streams import facts_of
from domain.rights.case import judge_case
from domain.rights.decisions import DecisionMade, EndingNotified
from domain.rights.disclosure import (
    CitizenInformed,
    ConsentGiven,
    ConsentWithdrawn,
    ObjectionLifted,
    ObjectionRegistered,
)
from domain.rights.duties import RightsFactRetracted
from domain.rights.hearing import CitizenCommented
from domain.rights.verdict import State
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import OTHER_MUNICIPALITY, REGION, caseworker, clinician, person
from tests.journeys.papers import document, written_by
from tests.workflows.rights.test_what_she_does_herself import does
from workflows.handlers.rights import told_by_the_other, verdicts_of


def _case(house):
    house.two_authorities()
    return house.submit(clinician())


def _withdrawn(handover):
    return ConsentWithdrawn(handover=handover, scope="disclosure", means="telephone")


def test_taken_back_before_it_was_opened_the_document_is_locked_and_the_sender_is_told(sqlite_house):
    house = sqlite_house
    handover = _case(house)
    # when she tells the municipality that she takes it back
    house.right(caseworker(), _withdrawn(handover))
    # then nobody there can open the document
    with pytest.raises(Refused) as refused:
        house.open(caseworker(), handover)
    assert refused.value.code == "consent-withdrawn"
    # and the leaders of both are told, the sender's too
    house.relay()
    told = [one for one in house.events() if one.header.event == "lead-alerted"]
    assert {one.header.controller for one in told} == {"1085", "0370"}
    # and the sender reads its own document still
    house.open(clinician(), handover)


def test_given_again_it_opens(sqlite_house):
    house = sqlite_house
    handover = _case(house)
    house.right(clinician(), _withdrawn(handover))
    house.clock.advance(minutes=1)
    house.right(
        clinician(),
        ConsentGiven(
            handover=handover,
            consent=matter("consent"),
            scope="disclosure",
            basis="sul:43",
            form="written",
            giver="citizen",
            given_on="2026-11-23",
        ),
    )
    house.open(caseworker(), handover)


def test_taken_back_after_it_was_opened_further_legs_stop(sqlite_house):
    house = sqlite_house
    handover = _case(house)
    house.authority(OTHER_MUNICIPALITY)
    house.mailbox(OTHER_MUNICIPALITY)
    house.open(caseworker(), handover)
    house.right(clinician(), _withdrawn(handover))
    # then the one who has it reads on, and gives it on to nobody
    house.open(caseworker(), handover)
    with pytest.raises(Refused) as refused:
        house.forward(caseworker(), handover, OTHER_MUNICIPALITY)
    assert refused.value.code == "disclosure-basis-live"


def test_an_objection_locks_it_too_until_it_is_lifted(sqlite_house):
    house = sqlite_house
    handover = _case(house)
    house.right(
        clinician(),
        ObjectionRegistered(
            handover=handover, scope="disclosure", consequences_explained=True, means="telephone"
        ),
    )
    with pytest.raises(Refused):
        house.open(caseworker(), handover)
    house.clock.advance(minutes=1)
    house.right(clinician(), ObjectionLifted(handover=handover, scope="disclosure", means="telephone"))
    house.open(caseworker(), handover)


def test_what_waits_is_not_sent_after_she_took_it_back(sqlite_house):
    house = sqlite_house
    for code in ("1085", "0370"):
        house.authority(code)
    house.unit("1085", "amb-slagelse")
    handover = house.submit(clinician())
    assert house.state(handover).status == "held"
    house.right(clinician(), _withdrawn(handover))
    house.mailbox("0370")
    house.relay()
    state = house.state(handover)
    assert (state.status, state.held_reason) == ("held", "consent-withdrawn")
    verdicts = judge_case(house.events(), handover, "2027-01-01T00:00:00.000000Z")
    assert not [
        one for one in verdicts if one.state is State.VIOLATED and one.rule == "consent-not-withdrawn"
    ]


def test_a_third_authority_may_not_say_it_for_her(sqlite_house):
    handover = _case(sqlite_house)
    with pytest.raises(Refused) as refused:
        sqlite_house.right(person("caseworker", OTHER_MUNICIPALITY), _withdrawn(handover))
    assert refused.value.code == "not-a-party"


def test_a_basis_between_health_professionals_is_held_before_the_social_administration(sqlite_house):
    house = sqlite_house
    house.two_authorities()
    handover = house.submit(clinician(), written_by("1085", samtykke__basis="sul-41-1"))
    state = house.state(handover)
    assert (state.status, state.held_reason) == ("held", "basis-not-for-receiver")


def test_a_municipality_asks_with_her_consent_and_not_without(sqlite_house):
    house = sqlite_house
    house.two_authorities()
    house.confirm_mailbox(house.propose_mailbox("0370", "rusmiddelcenter", receiver_kind="health-staff"))
    paper = written_by("1085", samtykke__basis="sul-41-2-1", samtykke__covers=None)
    handover = house.submit(clinician(), paper, receiver_unit="rusmiddelcenter")
    house.open(caseworker(), handover)
    # given what was necessary for the current course, which lets nobody ask for more
    with pytest.raises(Refused) as refused:
        house.ask(caseworker(), handover)
    assert refused.value.code == "question-has-consent"
    # when she has consented to it (RSL §11a)
    given = sample(ConsentGiven, handover=handover, scope="collection", basis="rsl:11a")
    house.right(caseworker(), given)
    # then it is asked, and answered on a basis
    house.answer(clinician(), handover, house.ask(caseworker(), handover))


def test_how_it_went_after_the_take_over_is_told_back_with_her_consent_only(sqlite_house):
    house = sqlite_house
    handover = _case(house)
    house.open(caseworker(), handover)
    house.take_over(caseworker(), handover)
    started = TreatmentStarted(handover=handover, authority="0370", provisional=True)
    house.record(caseworker(), started)
    ended = TreatmentEnded(handover=handover, authority="0370", status="completed")
    house.right(caseworker(), sample(ConsentGiven, handover=handover, scope="back-reporting"))
    house.record(caseworker(), ended)
    # admission both must know: the duty to treat follows from it
    house.record(caseworker(), CitizenAdmitted(handover=handover))
    seen = {one.header.event: one.header.visible_to for one in house.log.stream(facts_of(handover))}
    assert seen == {
        "treatment-started": ("0370",),
        "treatment-ended": ("0370", "1085"),
        "citizen-admitted": ("0370", "1085"),
    }
    assert not violations(house.events())


def test_that_its_treatment_ends_the_region_tells_the_municipality(sqlite_house):
    house = sqlite_house
    handover = _case(house)
    ending = sample(DecisionMade, handover=handover, legal_basis="sul:82c", kind="ending", outside=True)
    house.right(clinician(), ending)
    house.right(clinician(), EndingNotified(handover=handover, decision=ending.decision, municipality="0370"))
    # then the municipality is told of it, and not of the decision itself
    told = told_by_the_other(house.services, house.state(handover), "0370")
    assert [one.header.event for one in told] == ["ending-notified"]
    house.relay()
    alerted = {one.header.controller for one in house.events() if one.header.event == "lead-alerted"}
    assert alerted == {"1085", "0370"}


def _consented(handover, scope, *, given_on, lapses_on):
    consent = {"consent": matter(scope), "scope": scope, "given_on": given_on, "lapses_on": lapses_on}
    return sample(ConsentGiven, handover=handover, **consent)


@pytest.mark.parametrize(("lapses_on", "allowed"), [("2026-11-24", True), ("2026-11-23", False)])
def test_a_consent_to_what_is_collected_lapses(sqlite_house, lapses_on, allowed):
    """SUL §44: a consent that has lapsed carries nothing; neither a question nor its verdict."""
    house = sqlite_house
    house.two_authorities()
    basis = {"samtykke__basis": "sul-43-2-2", "samtykke__exception_reason": "danger-to-life"}
    handover = house.submit(clinician(), document(**basis))
    house.open(caseworker(), handover)
    consent = _consented(handover, "collection", given_on="2026-11-23", lapses_on=lapses_on)
    house.right(caseworker(), consent)
    house.clock.set(datetime(2026, 11, 24, 12, tzinfo=UTC))
    if allowed:
        house.ask(caseworker(), handover)
        assert "asked-without-consent" not in {one.code for one in violations(house.events())}
        return
    with pytest.raises(Refused):
        house.ask(caseworker(), handover)


def test_a_consent_taken_back_by_mistake_and_retracted_still_holds_for_guard_and_replay(sqlite_house):
    house = sqlite_house
    house.two_authorities()
    basis = {"samtykke__basis": "sul-43-2-2", "samtykke__exception_reason": "danger-to-life"}
    handover = house.submit(clinician(), document(**basis))
    house.open(caseworker(), handover)
    consent = _consented(handover, "collection", given_on="2026-11-23", lapses_on=None)
    house.right(caseworker(), consent)
    house.right(caseworker(), sample(ConsentWithdrawn, handover=handover, scope="collection"))
    mistaken = house.events()[-1].header.position
    retracted = {"position": mistaken, "retracts": "consent-withdrawn"}
    retraction = sample(RightsFactRetracted, handover=handover, **retracted)
    house.right(caseworker(), retraction, text="Det var en anden borger.")
    house.ask(caseworker(), handover)
    assert violations(house.events()) == []


def test_a_new_consent_counts_where_the_documents_own_has_lapsed(sqlite_house):
    house = sqlite_house
    house.two_authorities()
    dates = {"samtykke__consent_given_on": "2026-11-01", "samtykke__consent_expires_on": "2026-11-23"}
    handover = house.submit(clinician(), document(**dates))
    house.open(caseworker(), handover)
    question = house.ask(caseworker(), handover)
    house.clock.set(datetime(2026, 11, 25, 12, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        house.answer(clinician(), handover, question)
    assert refused.value.code == "disclosure-basis-live"
    # when she consents anew
    consent = _consented(handover, "disclosure", given_on="2026-11-25", lapses_on="2027-11-24")
    house.right(clinician(), consent)
    house.answer(clinician(), handover, question)
    assert violations(house.events()) == []


def test_what_she_writes_to_the_receiver_afterwards_is_read_though_the_document_is_locked(sqlite_house):
    house = sqlite_house
    handover = _case(house)
    house.right(clinician(), _withdrawn(handover))
    does(house, handover, CitizenCommented, text="Jeg vil gerne tale med jer først.", assertions=())
    written = house.events()[-1].event.note
    with pytest.raises(Refused):
        house.open(caseworker(), handover)
    reading = house.open(caseworker(), handover, paper=written.document_id)
    assert "tale med jer" in str(reading.document)


def test_a_handover_sent_without_her_consent_opens_the_duty_to_tell_her(sqlite_house):
    """SUL §43(4): read from the document that was sent, by whoever sent it."""
    house = sqlite_house
    house.two_authorities()
    basis = {"samtykke__basis": "sul-43-2-2", "samtykke__exception_reason": "danger-to-life"}
    told = dict.fromkeys(("rettigheder__copy_on", "rettigheder__copy_channel")) | {
        "rettigheder__copy": "not-yet"
    }
    handover = house.submit(clinician(), document(**basis, **told))

    def owed():
        now = to_instant(house.clock.now())
        found = verdicts_of(house.services, handover, REGION, now)
        return [one.state for one in found if one.rule == "informed-of-handover"]

    assert owed() == [State.PENDING]
    informed = sample(CitizenInformed, handover=handover, matter=handover, of="disclosure", way="oral")
    house.right(clinician(), informed, text="Ringet til hende.")
    assert owed() == [State.FULFILLED]
