"""Attachments that wait for their handover: their owner's unit's only, for one handover, for a day."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from tests.journeys.cast import (
    AMBULATORY,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    caseworker,
    clinician,
    person,
)
from tests.journeys.papers import cpr, document
from workflows.ports.log import IdempotencyMismatch, RegisterClash
from workflows.ports.uploads import Uploaded


def test_a_units_uploads_wait_for_that_unit(house):
    doctor = clinician()
    mine, theirs = house.upload(doctor), house.upload(clinician(OTHER_AMBULATORY))
    assert set(house.uploads.waiting(clinician(), (mine, theirs))) == {mine}
    assert house.uploads.waiting(person("caseworker", MUNICIPALITY, AMBULATORY), (mine,)) == {}
    assert house.uploads.waiting(doctor, ()) == {}
    assert house.uploads.waiting(doctor, (uuid4(),)) == {}


def test_the_same_request_again_is_the_same_upload(house):
    doctor, request = clinician(), uuid4()

    def keep(fingerprint=b"f"):
        upload = Uploaded(id=uuid4(), ciphertext_sha256="0" * 64, media_type="image/png", size=1)
        return house.uploads.keep(doctor, request, upload, b"k" * 32, fingerprint, house.clock.now())

    first = keep()
    assert keep() == first
    assert house.uploads.earlier(request, b"f") == first
    with pytest.raises(IdempotencyMismatch):
        keep(b"other")
    assert house.uploads.earlier(uuid4(), b"f") is None


def test_an_upload_is_known_until_it_expires_and_after_that_by_its_handover(house):
    house.two_authorities()
    doctor = clinician()
    sent, left = house.upload(doctor), house.upload(doctor)
    handover = house.submit(doctor, attachments=(sent,))
    house.clock.advance(hours=23)
    assert house.uploads.expire(house.clock.now()) == 0
    house.clock.advance(hours=2)
    assert house.uploads.expire(house.clock.now()) == 2
    assert not house.uploads.is_waiting(left)
    assert house.log.claimant(f"attachment:{sent}") == handover
    assert house.log.claimant(f"attachment:{left}") is None
    assert house.open(caseworker(), handover, attachment=sent).attachment_key is not None


def test_one_upload_goes_with_one_handover_even_when_sent_at_once(house):
    house.two_authorities()
    doctor = clinician()
    upload = house.upload(doctor)

    def one(n):
        try:
            return house.submit(doctor, document(cpr(n)), attachments=(upload,))
        except RegisterClash:
            return None

    with ThreadPoolExecutor(4) as pool:
        sent = [handover for handover in pool.map(one, range(4)) if handover]
    assert len(sent) == 1
    assert isinstance(sent[0], UUID)
    assert house.log.claimant(f"attachment:{upload}") == sent[0]
    assert [e.header.event for e in house.events()].count("handover-submitted") == 1
