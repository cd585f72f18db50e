"""Somebody opens the document: the reading is on the log before any key is released."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Barrier
from uuid import uuid4

import msgspec
import pytest

from domain.events.catalogue import EVENT_TYPES
from domain.events.refusal import Refused
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
    person,
)
from tests.journeys.house import House, refused
from tests.journeys.papers import document
from workflows.handlers.guard import CaseNotFound
from workflows.handlers.read import AttachmentNotFound, ReadingExpired
from workflows.ports.log import IdempotencyMismatch, StreamConflict
from workflows.ports.vault import KeyDestroyed


@pytest.fixture
def delivered(house):
    house.two_authorities()
    return house.submit(clinician())


def test_the_receiver_reads_what_the_sender_wrote(house, delivered):
    reading = house.open(caseworker(), delivered, purpose="treatment")
    paper = document()
    assert reading.document == {
        "template": "overgangsdokument",
        "template_version": 2,
        "sections": msgspec.to_builtins(paper.sections),
    }
    [event] = house.readings(delivered)
    assert (event.header.position, event.header.purpose) == (reading.position, "treatment")
    assert (event.header.role, event.header.unit, event.header.authority) == (
        "caseworker",
        CENTRE,
        MUNICIPALITY,
    )
    assert event.header.visible_to == (MUNICIPALITY,)


def test_the_first_opening_is_a_step_and_later_ones_are_not(house, delivered):
    first = house.open(caseworker(), delivered)
    assert first.etag == 5
    assert house.steps(delivered)[-1] == "handover-opened"
    assert house.last_step(delivered).header.visible_to == (MUNICIPALITY, REGION)
    second = house.open(caseworker(), delivered)
    assert (second.etag, house.state(delivered).version) == (5, 5)
    assert len(house.readings(delivered)) == 2


def test_a_look_from_another_unit_opens_nothing_for_the_unit_that_has_the_case(house, delivered):
    outsider = caseworker(OTHER_CENTRE)
    assert refused(lambda: house.open(outsider, delivered)) == "outside-unit"
    house.open(outsider, delivered, reason="joint-case", purpose="case-administration")
    assert house.state(delivered).status == "delivered"
    assert [one.header.purpose for one in house.readings(delivered)] == ["case-administration"] * 2
    house.open(caseworker(), delivered)
    assert house.state(delivered).status == "opened"


def test_the_senders_own_reading_opens_nothing_for_the_receiver(house, delivered):
    house.open(clinician(), delivered)
    assert house.state(delivered).status == "delivered"
    assert len(house.readings(delivered)) == 1


def test_a_colleagues_look_never_fails_a_take_over(house, delivered):
    mine = house.open(caseworker(), delivered)
    house.open(caseworker(), delivered)
    house.open(clinician(), delivered)
    assert house.take_over(caseworker(), delivered, mine.etag).etag == 7


def test_a_first_opening_after_the_receipt_was_confirmed_is_still_a_step(house, delivered):
    house.acknowledge(caseworker(), delivered)
    house.open(caseworker(), delivered)
    assert house.steps(delivered)[-2:] == ["handover-acknowledged", "handover-opened"]
    assert house.state(delivered).status == "acknowledged"


@pytest.mark.parametrize("role", ["integration", "auditor", "registrar", "steering", "operator"])
@pytest.mark.parametrize("authority", [REGION, MUNICIPALITY])
def test_only_those_who_work_with_citizens_read(sqlite_house, role, authority):
    sqlite_house.two_authorities()
    delivered = sqlite_house.submit(clinician())
    unit = AMBULATORY if authority == REGION else CENTRE
    assert refused(lambda: sqlite_house.open(person(role, authority, unit), delivered)) == "role-not-allowed"
    assert sqlite_house.refusals(delivered) == [("open", "role-not-allowed")]
    assert sqlite_house.readings(delivered) == []
    assert sqlite_house.vault.releases() == set()


def test_another_authority_is_refused_and_it_is_logged(house, delivered):
    stranger = caseworker(authority=OTHER_MUNICIPALITY)
    assert refused(lambda: house.open(stranger, delivered)) == "not-a-party"
    assert house.refusals(delivered) == [("open", "not-a-party")]
    refusal = house.events()[-1]
    assert (refusal.header.controller, refusal.header.actor) == (OTHER_MUNICIPALITY, stranger.id)
    assert refusal.header.subjects == ()


def test_the_addressee_of_a_held_handover_is_no_party_yet(house):
    house.two_authorities()
    handover = house.submit(clinician(), document(samtykke__objection=True))
    assert refused(lambda: house.open(caseworker(), handover)) == "not-a-party"
    assert house.open(clinician(), handover).document is not None


def test_outside_the_unit_a_coded_reason_is_needed_and_the_lead_is_alerted(house, delivered):
    colleague = clinician(OTHER_AMBULATORY)
    assert refused(lambda: house.open(colleague, delivered)) == "outside-unit"

    house.open(colleague, delivered, reason="acute-substitute")

    read, outside = house.readings(delivered)
    assert (outside.event.reason, outside.event.case_unit) == ("acute-substitute", AMBULATORY)
    assert outside.header.position == read.header.position + 1, "they commit together"
    house.relay()
    [alert] = house.alerts(delivered)
    assert (alert.event.case_unit, alert.event.about_position) == (AMBULATORY, outside.header.position)
    assert alert.header.visible_to == (REGION,)


def test_a_reason_inside_ones_own_unit_alerts_nobody(house, delivered):
    house.open(clinician(), delivered, reason="acute-substitute")
    assert [one.header.event for one in house.readings(delivered)] == ["document-read"]


@pytest.mark.parametrize(
    "codes", [{"purpose": "curiosity"}, {"reason": "curiosity"}, {"purpose": "audit"}], ids=str
)
def test_unknown_codes_are_no_purpose(sqlite_house, codes):
    sqlite_house.two_authorities()
    delivered = sqlite_house.submit(clinician())
    assert refused(
        lambda: sqlite_house.open(
            clinician(OTHER_AMBULATORY), delivered, **{"reason": "supervision", **codes}
        )
    ) == ("unknown-code")
    assert sqlite_house.readings(delivered) == []


def test_every_release_names_a_reading_and_only_the_readings_keys(house, delivered):
    house.open(caseworker(), delivered)
    house.open(clinician(), delivered)
    house.open(clinician(OTHER_AMBULATORY), delivered, reason="joint-case")
    assert house.vault.releases() == {
        (event.header.position, ref.key_id)
        for event in house.events()
        if EVENT_TYPES[event.header.event].reading
        for ref in event.header.subjects
    }
    assert len(house.vault.releases()) == 3


def test_a_retried_reading_is_the_same_reading(house, delivered):
    reader = caseworker()
    first = house.open(reader, delivered, key="r1")
    house.clock.advance(minutes=9)
    again = house.open(reader, delivered, key="r1")
    assert (again.position, again.etag, again.document) == (first.position, first.etag, first.document)
    assert len(house.readings(delivered)) == 1


def test_a_retry_after_minutes_needs_a_new_reading(house, delivered):
    reader = caseworker()
    house.open(reader, delivered, key="r1")
    house.clock.advance(minutes=10, seconds=1)
    with pytest.raises(ReadingExpired):
        house.open(reader, delivered, key="r1")
    assert len(house.readings(delivered)) == 1


def test_the_same_key_for_another_case_is_refused(house, delivered):
    reader = caseworker()
    house.open(reader, delivered, key="r1")
    other = house.submit(clinician(), document("7103054322"))
    with pytest.raises(IdempotencyMismatch):
        house.open(reader, other, key="r1")


def test_the_same_reading_sent_twice_at_once_is_one_reading(house, delivered):
    """Both pass the first look for an earlier answer; the log lets one of them in."""
    both = Barrier(2)

    class Waiting:
        """A log on which both requests find no earlier answer before either appends."""

        def __init__(self, log):
            self._log = log

        def __getattr__(self, name):
            return getattr(self._log, name)

        def replayed(self, idempotency):
            found = self._log.replayed(idempotency)
            both.wait(timeout=10)
            return found

    reader = caseworker()
    house.services = msgspec.structs.replace(house.services, log=Waiting(house.log))
    with ThreadPoolExecutor(2) as pool:
        readings = list(pool.map(lambda _: house.open(reader, delivered, key="r1"), range(2)))
    assert len({reading.position for reading in readings}) == 1
    assert readings[0].document == readings[1].document
    assert len(house.readings(delivered)) == 1


def test_colleagues_who_open_at_once_make_one_step_and_a_reading_each(house, delivered):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: house.open(caseworker(), delivered), range(4)))
    assert house.steps(delivered).count("handover-opened") == 1
    assert len(house.readings(delivered)) == 4


def test_a_reader_who_meets_conflict_after_conflict_is_told_so(house, delivered):
    class Busy:
        """A log on which somebody else is always first."""

        def __init__(self, log):
            self._log = log
            self.tries = 0

        def __getattr__(self, name):
            return getattr(self._log, name)

        def append(self, append):
            self.tries += 1
            raise StreamConflict("another was first")

    busy = Busy(house.log)
    house.services = msgspec.structs.replace(house.services, log=busy)
    with pytest.raises(StreamConflict):
        house.open(caseworker(), delivered)
    assert busy.tries == 5


def test_an_attachment_is_read_under_its_own_key(house):
    house.two_authorities()
    doctor = clinician()
    upload = house.upload(doctor)
    handover = house.submit(doctor, attachments=(upload,))
    expected = sha256(upload.bytes).digest()
    for reader in (doctor, caseworker()):
        reading = house.open(reader, handover, attachment=upload)
        assert (reading.attachment_key, reading.document) == (expected, None)
    assert house.state(handover).status == "delivered", "an attachment is not the document"
    assert [one.event.attachment for one in house.readings(handover)] == [upload, upload]


def test_an_attachment_of_another_case_is_not_found(house, delivered):
    doctor = clinician()
    upload = house.upload(doctor)
    house.submit(doctor, attachments=(upload,))
    with pytest.raises(AttachmentNotFound):
        house.open(caseworker(), delivered, attachment=upload)
    assert house.readings(delivered) == []


def test_there_is_no_such_case(house, delivered):
    with pytest.raises(CaseNotFound):
        house.open(caseworker(), uuid4())


def test_a_forgotten_citizen_cannot_be_read_and_the_case_still_stands(house: House, delivered):
    state, view = house.state(delivered), house.rows("worklist")
    house.vault.destroy()
    with pytest.raises(KeyDestroyed):
        house.open(caseworker(), delivered)
    assert house.state(delivered).status == "opened", "the attempt is on the log"
    assert (
        msgspec.structs.replace(house.state(delivered), version=4, status="delivered", opened_at=None)
        == state
    )
    assert [row[0] for row in house.rows("worklist")] == [row[0] for row in view]


def test_refusals_hold_no_input(sqlite_house):
    sqlite_house.two_authorities()
    delivered = sqlite_house.submit(clinician())
    with pytest.raises(Refused) as caught:
        sqlite_house.open(clinician(), delivered, purpose="7001014321")
    assert "7001014321" not in f"{caught.value!r} {caught.value.detail} {caught.value.detail_da}"
