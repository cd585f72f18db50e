"""Cases with a past, over each database in turn."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from audit.blobs.store import BlobStore
from tests.journeys.cast import (
    OTHER_AMBULATORY,
    caseworker,
    clinician,
)
from tests.journeys.house import House, refused
from tests.journeys.papers import cpr, document
from tests.stores import Store
from workflows.ports.uploads import Uploaded


@dataclass
class Past:
    """A house in which something has happened."""

    house: House
    store: Store
    blobs: BlobStore
    case: UUID
    """Submitted with an attachment, shown, read, acknowledged, taken over, closed."""
    waiting: UUID
    """Delivered, and not opened."""


@pytest.fixture
def house(store: Store) -> House:
    """An installation in which nothing has happened."""
    return House(store)


@pytest.fixture
def past(house: House, store: Store, tmp_path: Path) -> Past:
    """Two handovers; each step some minutes after the one before."""
    return make_past(house, store, tmp_path)


@pytest.fixture
def sqlite_past(sqlite_store: Store, tmp_path: Path) -> Past:
    """The same over SQLite alone, where the question is not the database's."""
    return make_past(House(sqlite_store), sqlite_store, tmp_path)


def make_past(house: House, store: Store, tmp_path: Path) -> Past:
    """Two handovers; each step some minutes after the one before."""
    clock, blobs = house.clock, BlobStore(tmp_path / "attachments")
    mailbox = house.two_authorities()
    sender, receiver = clinician(), caseworker()
    attachment = uuid4()
    key = bytes(range(32))
    receipt = blobs.put(attachment, [b"%PDF-1.7 test"], key, attachment.bytes)
    house.uploads.keep(
        sender,
        uuid4(),
        Uploaded(
            id=attachment, ciphertext_sha256=receipt.sha256, media_type="application/pdf", size=receipt.size
        ),
        key,
        b"fingerprint",
        clock.now(),
    )
    clock.advance(minutes=10)
    case = house.submit(sender, document(), attachments=(attachment,))
    clock.advance(minutes=10)
    house.show(receiver, mailbox)
    clock.advance(minutes=10)
    assert refused(lambda: house.take_over(receiver, case)) == "document-opened-by-receiver"
    clock.advance(minutes=10)
    house.open(receiver, case)
    clock.advance(minutes=10)
    house.acknowledge(receiver, case)
    clock.advance(minutes=10)
    house.take_over(receiver, case)
    clock.advance(hours=2)
    house.open(clinician(unit=OTHER_AMBULATORY), case, purpose="treatment", reason="joint-case")
    house.relay()
    house.close(receiver, case)
    clock.advance(minutes=10)
    waiting = house.submit(sender, document(cpr(2)))
    house.project()
    return Past(house=house, store=store, blobs=blobs, case=case, waiting=waiting)
