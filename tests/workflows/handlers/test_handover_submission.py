"""A sender hands a document to Overgang: it is delivered, or held with a visible task."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.events.refusal import Refused
from domain.handover.events import OtherPerson
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
from tests.journeys.house import MORNING, refused
from tests.journeys.papers import GLN, SOR, document, message, origin, to_another_municipality
from workflows.handlers.submit import UnknownUpload
from workflows.ports.log import IdempotencyMismatch, IdempotentReplay, RegisterClash

DELIVERED = ["handover-submitted", "handover-routed", "handover-sent", "handover-delivered"]
HELD = ["handover-submitted", "handover-held"]


def test_a_handover_is_delivered_to_the_main_mailbox_of_the_handlekommune(house):
    mailbox = house.two_authorities()

    outcome = house.submitted(clinician())

    assert house.steps(outcome.resource) == DELIVERED
    assert (outcome.status, outcome.etag) == (201, 4)
    state = house.state(outcome.resource)
    assert (state.status, state.receiver_authority, state.receiver_unit) == (
        "delivered",
        MUNICIPALITY,
        CENTRE,
    )
    assert (state.status, state.mailbox, state.direction) == ("delivered", mailbox, "region-to-municipality")
    assert (state.move_from, state.move_to) == ("integreret", "koordineret")
    assert state.held_by() == REGION, "the sender follows up until somebody has taken over"
    [row] = house.worklists.mailbox(mailbox, ("delivered",), None, 10)
    assert (row.handover, row.version, row.needs_completion) == (outcome.resource, 4, False)


def test_sender_and_receiver_each_hold_a_key_of_their_own(house):
    house.two_authorities()
    handover = house.submit(clinician())
    submitted, *_, delivered = house.log.stream(handover)
    assert submitted.event.citizen_key != delivered.event.citizen_key
    assert [ref.key_id for ref in submitted.header.subjects] == [submitted.event.citizen_key]
    assert [ref.key_id for ref in delivered.header.subjects] == [delivered.event.citizen_key]
    assert (submitted.header.controller, delivered.header.controller) == (REGION, MUNICIPALITY)
    assert house.vault.releases() == set(), "nobody has read anything"


def test_a_second_handover_of_the_same_citizen_goes_under_the_same_keys(house):
    house.two_authorities()
    first, second = (house.state(house.submit(clinician())) for _ in range(2))
    other = house.state(house.submit(clinician(), document("7103054322")))
    assert (first.sender_key, first.receiver_key) == (second.sender_key, second.receiver_key)
    assert len({first.sender_key, first.receiver_key, other.sender_key, other.receiver_key}) == 4


def test_without_a_main_mailbox_it_is_held_and_seen(house):
    house.authority(REGION)
    handover = house.submit(clinician())
    assert house.steps(handover) == HELD
    assert house.state(handover).held_reason == "no-main-mailbox"
    assert [row.handover for row in house.worklists.stalled(-1, 10)] == [handover]
    assert house.last_step(handover).header.visible_to == (REGION,)


@pytest.mark.parametrize("starts_in", [timedelta(minutes=1), timedelta(days=-30)], ids=["later", "ended"])
def test_a_mailbox_that_is_not_valid_now_does_not_count(house, starts_in):
    house.authority(MUNICIPALITY)
    begins = MORNING + starts_in
    house.mailbox(MUNICIPALITY, valid_from=begins, valid_to=begins + timedelta(days=30))
    assert house.state(house.submit(clinician())).held_reason == "no-main-mailbox"


def test_a_citizen_who_objects_holds_it_back(house):
    house.two_authorities()
    handover = house.submit(clinician(), document(samtykke__objection=True))
    assert house.steps(handover) == HELD
    assert house.state(handover).held_reason == "citizen-objects"


def test_a_consent_counts_to_the_end_of_its_last_danish_day(house):
    house.two_authorities()
    paper = document(samtykke__consent_expires_on="2026-11-23")
    house.clock.set(MORNING.replace(hour=22, minute=59))
    assert house.state(house.submit(clinician(), paper)).status == "delivered"
    house.clock.set(MORNING.replace(hour=23, minute=1))  # 00.01 on the 24th in Denmark
    late = house.state(house.submit(clinician(), paper))
    assert (late.status, late.held_reason) == ("held", "consent-lapsed")


def test_within_ones_own_authority_nothing_is_handed_over(house):
    house.two_authorities()
    house.unit(REGION, OTHER_AMBULATORY)
    work = lambda: house.submit(clinician(), receiver_unit=OTHER_AMBULATORY)  # noqa: E731
    assert refused(work) == "receiver-is-sender"
    assert house.refusals_by(REGION) == [("submit", "receiver-is-sender")]


def test_a_unit_that_nobody_registered_is_refused_on_the_log(house):
    house.two_authorities()
    assert refused(lambda: house.submit(clinician(), receiver_unit="amb-intet")) == "receiver-unit-unknown"
    assert house.refusals_by(REGION) == [("submit", "receiver-unit-unknown")]


def test_a_municipality_hands_over_to_an_ambulatory(house):
    house.two_authorities()
    mailbox = house.mailbox(REGION, AMBULATORY)
    handover = house.submit(caseworker(), receiver_unit=AMBULATORY)
    state = house.state(handover)
    assert (state.status, state.direction) == ("delivered", "municipality-to-region")
    assert (state.receiver_authority, state.receiver_unit, state.mailbox) == (REGION, AMBULATORY, mailbox)
    assert house.log.stream(handover)[1].event.routed_by == "addressed-unit"


def test_the_authoritys_main_mailbox_does_not_stand_in_for_an_addressed_unit(house):
    house.two_authorities()
    house.mailbox(REGION)
    state = house.state(house.submit(caseworker(), receiver_unit=AMBULATORY))
    assert (state.status, state.held_reason) == ("held", "no-main-mailbox")


def test_a_municipality_hands_over_to_the_next_when_the_citizen_has_moved(house):
    house.authority(OTHER_MUNICIPALITY)
    house.mailbox(OTHER_MUNICIPALITY)
    handover = house.submit(caseworker(), to_another_municipality(municipality=OTHER_MUNICIPALITY))
    state = house.state(handover)
    assert (state.status, state.direction) == ("delivered", "municipality-to-municipality")
    assert state.receiver_authority == OTHER_MUNICIPALITY


def test_a_municipality_that_acts_itself_hands_over_to_its_region(house):
    house.authority(REGION)
    house.mailbox(REGION)
    state = house.state(house.submit(caseworker()))
    assert (state.receiver_authority, state.status) == (REGION, "delivered")


@pytest.mark.parametrize("role", ["auditor", "registrar", "steering", "operator", "citizen"])
def test_other_roles_submit_nothing(sqlite_house, role):
    sqlite_house.two_authorities()
    assert refused(lambda: sqlite_house.submit(person(role, REGION, AMBULATORY))) == "role-not-allowed"
    assert sqlite_house.refusals_by(REGION) == [("submit", "role-not-allowed")]


def test_whoever_works_in_no_unit_submits_nothing(sqlite_house):
    sqlite_house.two_authorities()
    assert refused(lambda: sqlite_house.submit(person("clinician", REGION))) == "role-not-allowed"


def test_the_same_request_again_gets_the_same_answer(house):
    house.two_authorities()
    doctor = clinician()
    first = house.submitted(doctor, key="a")
    before = len(house.events())
    with pytest.raises(IdempotentReplay) as replay:
        house.submitted(doctor, key="a")
    again = replay.value.outcome
    assert (again.resource, again.status, again.location, again.etag) == (
        first.resource,
        first.status,
        first.location,
        first.etag,
    )
    assert len(house.events()) == before


def test_the_same_key_with_another_document_is_refused(house):
    house.two_authorities()
    doctor = clinician()
    house.submitted(doctor, key="a")
    with pytest.raises(IdempotencyMismatch):
        house.submitted(doctor, document("7103054322"), key="a")


def test_the_same_request_many_times_at_once_makes_one_handover(house):
    house.two_authorities()
    doctor = clinician()

    def one(_):
        try:
            return house.submitted(doctor, key="a").resource
        except IdempotentReplay as replay:
            return replay.outcome.resource

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(one, range(12)))) == 1
    assert [e.header.event for e in house.events()].count("handover-submitted") == 1


def test_a_representative_is_sealed_under_a_key_of_her_own(house):
    house.two_authorities()
    relative = OtherPerson(name="Pårørende Eksempel", relation="soester", phone="+45 00 00 00 03")
    handover = house.submit(clinician(), document(relative=relative))
    submitted = house.log.stream(handover)[0]
    assert len(submitted.header.subjects) == 2
    assert b"Eksempel" not in submitted.entry


def test_attachments_go_along_and_belong_to_one_handover(house):
    house.two_authorities()
    doctor = clinician()
    upload = house.upload(doctor)
    handover = house.submit(doctor, attachments=(upload,))
    state = house.state(handover)
    assert [fact.id for fact in state.attachments] == [upload]
    assert house.log.claimant(f"attachment:{upload}") == handover
    with pytest.raises(RegisterClash, match="attachment"):
        house.submit(doctor, attachments=(upload,))


def test_a_colleague_of_the_unit_may_send_the_upload_and_another_unit_may_not(house):
    house.two_authorities()
    upload = house.upload(clinician())
    for stranger in (clinician(OTHER_AMBULATORY), caseworker(), person("clinician", REGION, CENTRE)):
        with pytest.raises(UnknownUpload):
            house.submit(stranger, attachments=(upload,))
    assert house.submit(clinician(), attachments=(upload,))


def test_an_upload_that_has_expired_is_unknown(house):
    house.two_authorities()
    doctor = clinician()
    upload = house.upload(doctor)
    house.clock.advance(hours=24, seconds=1)
    assert house.uploads.expire(house.clock.now()) == 1
    with pytest.raises(UnknownUpload):
        house.submit(doctor, attachments=(upload,))


def test_a_medcom_message_is_routed_by_sor_and_gln_and_needs_completion(house):
    mailbox = house.two_authorities()
    house.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    handover = house.submit(person("integration", REGION, AMBULATORY), message(), medcom=origin())
    state = house.state(handover)
    assert (state.status, state.mailbox, state.receiver_unit) == ("delivered", mailbox, CENTRE)
    assert (state.needs_completion, state.counts_as_overgangsdokument) == (True, False)
    assert (state.move_from, state.move_to) == ("ukendt", "ukendt")
    routed = house.log.stream(handover)[1].event
    assert routed.routed_by == "medcom-address"


@pytest.mark.parametrize(
    ("sor", "gln"), [(SOR, "5790000000005"), ("265161000016000", GLN)], ids=["another gln", "another sor"]
)
def test_a_medcom_message_to_a_unit_not_in_the_register_is_held(house, sor, gln):
    house.two_authorities()
    house.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
    handover = house.submit(clinician(), message(), medcom=origin(sor=sor, gln=gln))
    assert house.state(handover).held_reason == "receiver-not-in-register"


def test_a_medcom_message_to_the_sender_itself_is_held(house):
    house.two_authorities()
    house.mailbox(REGION)
    house.unit(REGION, OTHER_AMBULATORY, sor=SOR, gln=GLN)
    handover = house.submit(clinician(), message(), medcom=origin())
    assert house.state(handover).held_reason == "receiver-is-sender"


def test_a_medcom_message_comes_in_once(house):
    house.two_authorities()
    sent = origin()
    house.submit(clinician(), message(), medcom=sent)
    with pytest.raises(RegisterClash, match="medcom-message"):
        house.submit(clinician(), message(), medcom=sent)


def test_a_refusal_repeats_nothing_of_what_was_asked(sqlite_house):
    sqlite_house.two_authorities()
    with pytest.raises(Refused) as caught:
        sqlite_house.submit(clinician(), receiver_unit="amb-intet")
    assert "amb-intet" not in f"{caught.value!r} {caught.value.detail} {caught.value.detail_da}"
