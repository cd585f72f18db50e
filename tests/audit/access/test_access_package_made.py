"""A package as it is kept: readings first, the same bytes for the same content, gone with its keys."""

import hashlib
import io
import zipfile

import pytest

from audit.access.archive import Archive
from audit.access.package import make_package
from audit.blobs.store import BlobStore
from audit.replay.source import StoredLog, stored_releases
from audit.replay.verify import verify
from domain.events.refusal import Refused
from domain.handover.events import DocumentRead
from domain.handover.streams import package_file_of
from domain.rights.access import AccessDecided, AccessGiven, AccessRequested
from domain.rights.commands import MakePackage, OpenPackage
from domain.rights.decisions import ApplicationReceived
from domain.rights.hearing import HearingSent
from tests.domain.rights.samples import matter, sample
from tests.journeys.cast import MUNICIPALITY, REGION, caseworker, clinician, person
from tests.journeys.house import House
from tests.journeys.papers import document
from tests.workflows.rights.test_letters import HEARING, send
from workflows.handlers.access_reading import open_package
from workflows.handlers.read import ReadingExpired
from workflows.ports.vault import KeyDestroyed

REQUEST = matter("request")


@pytest.fixture
def blobs(tmp_path):
    return BlobStore(tmp_path / "attachments")


@pytest.fixture
def granted(sqlite_store):
    """A case whose municipality has granted a request for access."""
    house = House(sqlite_store)
    house.two_authorities()
    case = house.submit(clinician())
    house.open(caseworker(), case)
    house.right(caseworker(), sample(AccessRequested, handover=case, request=REQUEST, regime="fvl"))
    house.right(
        caseworker(),
        sample(AccessDecided, handover=case, request=REQUEST, outcome="granted", grounds=(), outside=True),
    )
    return house, case


def make(house, blobs, case, actor=None, key=None):
    command = MakePackage(handover=case, request=REQUEST, way="in-person")
    context = house.as_(actor or caseworker(), key, "package")
    return make_package(house.log, blobs, house.services, context, command)


def opened(house, blobs, case, key=None):
    found = open_package(
        house.services, house.as_(caseworker(), key, "open"), OpenPackage(handover=case, request=REQUEST)
    )
    return b"".join(blobs.open(found.file, found.key, found.file.bytes))


def test_the_readings_stand_on_the_log_before_access_is_given(granted, blobs):
    house, case = granted
    length = house.log.length()
    made = make(house, blobs, case)
    reading, given = house.events()[length:]
    assert isinstance(reading.event, DocumentRead) and isinstance(given.event, AccessGiven)
    assert (reading.header.purpose, reading.header.controller) == ("access-request", MUNICIPALITY)
    assert given.event.package_sha256 == made.sha256 == hashlib.sha256(opened(house, blobs, case)).hexdigest()
    # and every release names its reading, and the log holds with the package on it
    verdict = verify(
        StoredLog(house.store.log_database),
        releases=stored_releases(house.store.vault_database),
        tables=True,
    )
    assert verdict.fault is None


def test_the_same_content_is_the_same_bytes_and_no_time_or_platform_is_in_them():
    def zipped():
        archive = Archive()
        files = [("a/1.txt", [b"et", b"to"]), ("b.json", [b"{}"])]
        return b"".join(archive.chunks(files)), archive

    (first, archive), (second, _) = zipped(), zipped()
    assert first == second
    assert (archive.size, archive.sha256) == (len(first), hashlib.sha256(first).hexdigest())
    found = zipfile.ZipFile(io.BytesIO(first))
    assert found.testzip() is None
    assert [(one.filename, one.date_time, one.create_system) for one in found.infolist()] == [
        ("a/1.txt", (1980, 1, 1, 0, 0, 0), 3),
        ("b.json", (1980, 1, 1, 0, 0, 0), 3),
    ]
    assert [one.sha256 for one in archive.packed] == [
        hashlib.sha256(content).hexdigest() for content in (b"etto", b"{}")
    ]


def test_a_package_is_sealed_and_its_file_is_known_to_the_log(granted, blobs, tmp_path):
    house, case = granted
    make(house, blobs, case)
    given = house.events()[-1].event
    file = package_file_of(given.note.document_id)
    assert house.log.claimant(f"attachment:{file}") is not None
    [stored] = list((tmp_path / "attachments").rglob("*.blob"))
    assert b"Test Testesen" not in stored.read_bytes() and stored.read_bytes()[:2] != b"PK"
    assert b"Test Testesen" in opened(house, blobs, case)


def test_with_her_keys_gone_it_is_gone_and_the_answer_is_clear(granted, blobs):
    house, case = granted
    make(house, blobs, case)
    house.vault.destroy(keep=lambda key_id: key_id == house.state(case).sender_key)
    with pytest.raises(KeyDestroyed):
        opened(house, blobs, case)
    with pytest.raises(KeyDestroyed):
        make(house, blobs, case)


def test_an_opening_that_is_repeated_too_late_is_a_new_one(granted, blobs):
    house, case = granted
    make(house, blobs, case)
    first = opened(house, blobs, case, key="once")
    length = house.log.length()
    assert opened(house, blobs, case, key="once") == first and house.log.length() == length
    house.clock.advance(hours=1)
    with pytest.raises(ReadingExpired):
        opened(house, blobs, case, key="once")


def test_another_package_does_not_hold_the_first(granted, blobs):
    house, case = granted
    make(house, blobs, case)
    make(house, blobs, case)
    names = zipfile.ZipFile(io.BytesIO(opened(house, blobs, case))).namelist()
    assert not [name for name in names if name.startswith(("noter/", "breve/"))]


def test_an_outsiders_look_alerts_the_lead_as_every_look_does(granted, blobs):
    house, case = granted
    outsider = person("caseworker", MUNICIPALITY, "socialafdeling")
    command = MakePackage(handover=case, request=REQUEST, way="letter", outside_reason="complaint-handling")
    make_package(house.log, blobs, house.services, house.as_(outsider), command)
    house.relay()
    assert [one.header.event for one in house.alerts(case)] == ["lead-alerted"]
    assert all(one.header.controller != REGION for one in house.alerts(case))


@pytest.mark.parametrize("protected", [True, False])
def test_a_package_for_a_representative_tells_no_protected_address_in_any_letter(
    sqlite_store, blobs, protected
):
    # given a letter to her at her address, which is protected or not
    house = House(sqlite_store)
    house.two_authorities()
    address = {"stamoplysninger__protected": protected, "stamoplysninger__address": "Hemmelig Vej 7"}
    case = house.submit(clinician(), document(**address))
    house.open(caseworker(), case)
    asked = sample(ApplicationReceived, handover=case)
    house.right(caseworker(), asked)
    hearing = sample(HearingSent, handover=case, decision=asked.decision, answer_by="2026-12-15")
    send(house, hearing, HEARING, way="in-person")
    house.right(caseworker(), sample(AccessRequested, handover=case, request=REQUEST, regime="fvl"))
    granted = {"request": REQUEST, "outcome": "granted", "grounds": (), "outside": True}
    house.right(caseworker(), sample(AccessDecided, handover=case, **granted))
    house.clock.advance(minutes=3 * 24 * 60)
    # when it is made for her, and for whoever represents her
    found = {}
    for addressee in ("citizen", "representative"):
        command = MakePackage(handover=case, request=REQUEST, way="in-person", addressee=addressee)
        make_package(house.log, blobs, house.services, house.as_(caseworker()), command)
        files = zipfile.ZipFile(io.BytesIO(opened(house, blobs, case)))
        found[addressee] = {name: files.read(name).decode() for name in files.namelist()}
    # then she sees it, and another only where it is not protected
    assert any("Hemmelig Vej 7" in text for name, text in found["citizen"].items() if "breve/" in name)
    letters = [text for name, text in found["representative"].items() if "breve/" in name]
    assert letters and all(("Hemmelig" in text) is not protected for text in letters)
    if protected:
        assert not any("Hemmelig" in text for text in found["representative"].values())


@pytest.mark.parametrize(("ground", "others_shown"), [("fvl:15", True), ("fvl:15b", False)])
def test_a_partial_refusal_hands_not_everything_over_by_oversight(granted, blobs, ground, others_shown):
    house, case = granted
    partly = sample(
        AccessDecided,
        handover=case,
        request=REQUEST,
        regime="fvl",
        outcome="partly",
        grounds=(ground,),
        outside=True,
    )
    house.clock.advance(minutes=1)
    house.right(caseworker(), partly)
    with pytest.raises(Refused) as refused:
        make_package(
            house.log,
            blobs,
            house.services,
            house.as_(caseworker()),
            MakePackage(
                handover=case, request=REQUEST, way="in-person", others_shown=others_shown, working_shown=True
            ),
        )
    assert refused.value.code == "nothing-withheld"
