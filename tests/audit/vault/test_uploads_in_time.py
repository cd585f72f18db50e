"""An upload is taken within 23 hours, forgotten after 24, and its file is swept after 48: in this order,
so that nothing is swept away under a submission that has just looked."""

from datetime import timedelta
from uuid import uuid4

import pytest

from audit.vault.uploads import EXPIRES_AFTER, SWEPT_AFTER, TAKEN_WITHIN, Uploads
from tests.stores import actor
from workflows.ports.uploads import Uploaded
from workflows.ports.vault import Holder

MINUTE = timedelta(minutes=1)


@pytest.fixture
def uploads(store):
    return Uploads(store.vault, store.clock.now)


def keep(uploads, store, owner):
    uploaded = Uploaded(id=uuid4(), ciphertext_sha256="0" * 64, media_type="image/png", size=1)
    return uploads.keep(owner, uuid4(), uploaded, bytes(32), b"f", store.clock.now()).id


def test_an_upload_that_is_about_to_expire_is_taken_by_no_submission(store, uploads):
    doctor = actor()
    old = keep(uploads, store, doctor)
    store.clock.advance(hours=1)
    young = keep(uploads, store, doctor)
    store.clock.set(store.clock.now() + TAKEN_WITHIN - timedelta(hours=1))
    assert set(uploads.waiting(doctor, (old, young))) == {old, young}, "to the minute"
    store.clock.set(store.clock.now() + MINUTE)
    assert set(uploads.waiting(doctor, (old, young))) == {young}
    assert uploads.is_waiting(old), "its file stands, and its key"
    assert uploads.expire(store.clock.now()) == 0


def test_whoever_looked_in_the_last_moment_has_an_hour_left_for_the_key(store, uploads):
    doctor = actor()
    upload = keep(uploads, store, doctor)
    store.clock.set(store.clock.now() + TAKEN_WITHIN)
    assert upload in uploads.waiting(doctor, (upload,))
    store.clock.advance(minutes=59)
    uploads.expire(store.clock.now())
    holder = Holder(controller="1085", retention="journal-10")
    assert store.vault.provision(holders=(holder,), uploads=(upload,)).content_keys[upload] == bytes(32)


def test_the_file_stands_longer_than_the_key_and_the_key_longer_than_it_may_be_named():
    assert TAKEN_WITHIN + timedelta(hours=1) <= EXPIRES_AFTER
    assert EXPIRES_AFTER + timedelta(hours=24) <= SWEPT_AFTER
