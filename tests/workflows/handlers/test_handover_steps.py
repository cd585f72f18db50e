"""The receiver acknowledges, takes over, closes; the sender completes a message."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import msgspec
import pytest

from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
    person,
)
from tests.journeys.house import refused
from tests.journeys.papers import GLN, SOR, document, message, origin
from workflows.ports.log import IdempotencyMismatch, IdempotentReplay, StreamConflict


@pytest.fixture
def delivered(house):
    house.two_authorities()
    return house.submit(clinician())


def test_acknowledging_confirms_receipt_and_takes_nothing_over(house, delivered):
    outcome = house.acknowledge(caseworker(), delivered)
    state = house.state(delivered)
    assert (state.status, outcome.etag, state.taken_over_at, state.opened_at) == (
        "acknowledged",
        5,
        None,
        None,
    )
    assert state.held_by() == REGION
    event = house.last_step(delivered)
    assert event.event.carried_by_take_over is False
    assert event.header.visible_to == (MUNICIPALITY, REGION)


def test_taking_over_needs_a_reader_first(house, delivered):
    assert refused(lambda: house.take_over(caseworker(), delivered)) == "document-opened-by-receiver"
    house.acknowledge(caseworker(), delivered)
    assert refused(lambda: house.take_over(caseworker(), delivered)) == "document-opened-by-receiver"
    house.open(caseworker(), delivered)
    house.take_over(caseworker(), delivered)
    assert house.state(delivered).held_by() == MUNICIPALITY


def test_taking_over_carries_the_acknowledgement_that_was_missing(house, delivered):
    house.open(caseworker(), delivered)
    outcome = house.take_over(caseworker(), delivered)
    acknowledged, taken_over = house.log.stream(delivered)[-2:]
    assert (acknowledged.event.carried_by_take_over, taken_over.header.event) == (True, "handover-taken-over")
    assert outcome.etag == taken_over.header.stream_version == 7
    assert acknowledged.header.position + 1 == taken_over.header.position


def test_taking_over_acknowledges_nothing_twice(house, delivered):
    house.acknowledge(caseworker(), delivered)
    house.open(caseworker(), delivered)
    house.take_over(caseworker(), delivered)
    assert house.steps(delivered)[4:] == ["handover-acknowledged", "handover-opened", "handover-taken-over"]


def test_closing_comes_after_taking_over_and_only_once(house, delivered):
    assert refused(lambda: house.close(caseworker(), delivered)) == "not-allowed-now"
    house.open(caseworker(), delivered)
    house.take_over(caseworker(), delivered)
    house.close(caseworker(), delivered, outcome="citizen-moved")
    assert (house.state(delivered).status, house.state(delivered).outcome) == ("closed", "citizen-moved")
    assert refused(lambda: house.close(caseworker(), delivered)) == "not-allowed-now"


STEPS = ["acknowledge", "take_over", "close"]


@pytest.mark.parametrize("step", STEPS)
def test_the_sender_takes_none_of_the_receivers_steps(sqlite_house, step):
    sqlite_house.two_authorities()
    delivered = sqlite_house.submit(clinician())
    sqlite_house.open(caseworker(), delivered)
    if step == "close":
        sqlite_house.take_over(caseworker(), delivered)
    assert refused(lambda: getattr(sqlite_house, step)(clinician(), delivered)) == "wrong-side"
    assert sqlite_house.refusals(delivered) == [(step, "wrong-side")]


@pytest.mark.parametrize("step", [*STEPS, "complete"])
def test_a_stranger_learns_nothing_not_even_that_the_version_is_wrong(sqlite_house, step):
    sqlite_house.two_authorities()
    delivered = sqlite_house.submit(clinician())
    stranger = caseworker(authority=OTHER_MUNICIPALITY)
    assert refused(lambda: getattr(sqlite_house, step)(stranger, delivered, version=99)) == "not-a-party"
    assert sqlite_house.refusals(delivered) == [(step, "not-a-party")]


@pytest.mark.parametrize("role", ["integration", "auditor", "registrar", "steering", "operator", "clinic"])
@pytest.mark.parametrize("step", STEPS[:2])
def test_a_system_or_a_reviewer_takes_no_step_of_a_person(sqlite_house, step, role):
    sqlite_house.two_authorities()
    delivered = sqlite_house.submit(clinician())
    sqlite_house.open(caseworker(), delivered)
    actor = person(role, MUNICIPALITY, CENTRE)
    assert refused(lambda: getattr(sqlite_house, step)(actor, delivered)) == "role-not-allowed"


@pytest.mark.parametrize("step", STEPS[:2])
def test_a_colleague_of_another_unit_takes_no_step(house, step):
    house.two_authorities()
    house.mailbox(REGION, AMBULATORY)
    handover = house.submit(caseworker(), receiver_unit=AMBULATORY)
    house.open(clinician(), handover)
    outsider = clinician(OTHER_AMBULATORY)
    assert refused(lambda: getattr(house, step)(outsider, handover)) == "outside-unit"
    getattr(house, step)(clinician(), handover)


@pytest.mark.parametrize("step", STEPS)
def test_a_stale_view_is_a_conflict_and_no_refusal(house, delivered, step):
    house.open(caseworker(), delivered)
    before = len(house.events())
    for version in (4, 6, 0):
        with pytest.raises(StreamConflict):
            getattr(house, step)(caseworker(), delivered, version=version)
    assert len(house.events()) == before


def test_two_who_take_over_at_once_do_not_both(house, delivered):
    version = house.open(caseworker(), delivered).etag

    def one(_):
        try:
            return house.take_over(caseworker(), delivered, version).etag
        except StreamConflict:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4)), key=str) == [7, None, None, None]
    assert house.steps(delivered).count("handover-taken-over") == 1


def test_the_same_step_again_gets_the_same_answer(house, delivered):
    reader = caseworker()
    first = house.acknowledge(reader, delivered, version=4, key="k")
    house.open(reader, delivered)
    with pytest.raises(IdempotentReplay) as replay:
        house.acknowledge(reader, delivered, version=4, key="k")
    assert (replay.value.outcome.etag, replay.value.outcome.resource) == (first.etag, delivered)
    with pytest.raises(IdempotencyMismatch):
        house.take_over(reader, delivered, key="k")
    assert house.state(delivered).status == "acknowledged"


def test_a_retry_that_comes_while_the_first_still_commits_is_no_stale_view(house, delivered):
    """The retry has looked for an earlier answer or read the case; the first commits only then."""
    looked, committed = Barrier(2), Barrier(2)

    class Slow:
        """A log whose reading of the case meets the first request's commit."""

        def __init__(self, log):
            self._log = log

        def __getattr__(self, name):
            return getattr(self._log, name)

        def fold(self, stream, fold):
            looked.wait(timeout=10)
            committed.wait(timeout=10)
            return self._log.fold(stream, fold)

    reader = caseworker()
    plain = house.services
    slow = msgspec.structs.replace(plain, log=Slow(house.log))

    def retry():
        from domain.handover.commands import Acknowledge
        from workflows.handlers.act import acknowledge

        with pytest.raises(IdempotentReplay) as replay:
            acknowledge(
                slow,
                house.as_(reader, "k", "acknowledge"),
                Acknowledge(handover=delivered, expected_version=4),
            )
        return replay.value.outcome.etag

    with ThreadPoolExecutor(1) as pool:
        retried = pool.submit(retry)
        looked.wait(timeout=10)
        first = house.acknowledge(reader, delivered, version=4, key="k")
        committed.wait(timeout=10)
        assert retried.result() == first.etag


@pytest.fixture
def from_medcom(house):
    house.two_authorities()
    house.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    return house.submit(clinician(), message(), medcom=origin())


def test_a_completed_message_counts_and_both_parties_read_it(house, from_medcom):
    house.open(caseworker(), from_medcom)
    house.complete(clinician(), from_medcom)
    state = house.state(from_medcom)
    assert (state.needs_completion, state.counts_as_overgangsdokument) == (False, True)
    # What was opened is the message; the document that counts now has not been.
    assert (state.template, state.move_from, state.status) == ("overgangsdokument", "integreret", "delivered")
    assert refused(lambda: house.take_over(caseworker(), from_medcom)) == "document-opened-by-receiver"
    assert len(state.documents) == 2
    for reader in (clinician(), caseworker()):
        assert house.open(reader, from_medcom).document["template"] == "overgangsdokument"
    assert house.last_step(from_medcom).header.visible_to == (MUNICIPALITY, REGION)


def test_a_message_is_completed_once_and_by_its_sender(house, from_medcom, store):
    assert refused(lambda: house.complete(caseworker(), from_medcom)) == "wrong-side"
    assert refused(lambda: house.complete(clinician(OTHER_AMBULATORY), from_medcom)) == "outside-unit"
    house.complete(clinician(), from_medcom)
    assert refused(lambda: house.complete(clinician(), from_medcom)) == "needs-completion"


def test_an_overgangsdokument_needs_no_completion(house, delivered):
    assert refused(lambda: house.complete(clinician(), delivered)) == "needs-completion"


def test_a_completion_about_another_citizen_is_refused(house, from_medcom):
    other = document("7103054322")
    assert refused(lambda: house.complete(clinician(), from_medcom, other)) == "another-citizen"
    assert house.state(from_medcom).needs_completion


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"samtykke__objection": True}, "disclosure-basis-live"),
        ({"samtykke__consent_expires_on": "2026-11-22"}, "disclosure-basis-live"),
        ({"municipality": OTHER_MUNICIPALITY}, "receiver-acts"),
    ],
    ids=["the citizen objects", "the consent has lapsed", "another municipality acts"],
)
def test_a_completion_passes_the_same_checks_as_a_submission(house, from_medcom, changes, code):
    assert refused(lambda: house.complete(clinician(), from_medcom, document(**changes))) == code
    assert house.state(from_medcom).needs_completion
    assert house.refusals(from_medcom) == [("complete", code)]


def test_a_completion_may_bring_the_end_of_the_medicine_and_with_it_the_limit(house, from_medcom):
    mailbox = house.state(from_medcom).mailbox
    [before] = house.worklists.mailbox(mailbox, ("delivered",), None, 10)
    house.complete(
        clinician(), from_medcom, document(medicin__supply_ends="2026-11-24", overgang__urgency="hurtig-24h")
    )
    [after] = house.worklists.mailbox(mailbox, ("delivered",), None, 10)
    assert (before.priority, after.priority) == (2, 0)
    assert after.due == "2026-11-23T22:59:59.999999Z" < before.due, "the working day before it ends"


def test_a_message_completed_while_held_is_delivered_with_both_papers(house):
    house.two_authorities()
    handover = house.submit(clinician(), message(), medcom=origin())
    house.complete(clinician(), handover)
    assert house.last_step(handover).header.visible_to == (REGION,), "the receiver is no party yet"
    house.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    assert house.tick() == 1
    assert house.open(caseworker(), handover).document["template"] == "overgangsdokument"
    assert not house.state(handover).needs_completion
