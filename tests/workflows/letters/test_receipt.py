"""The receipt for a letter in Digital Post: when the letter was available, and hostile or damaged files."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.calendar.working_days import danish_day
from tests.workflows.letters.letter_support import MESSAGE, TYPES, a_status, in_envelope
from workflows.letters.digital_post.read import read_memo
from workflows.letters.digital_post.receipt import MAX_RECEIPT, PostStatus, read_receipt
from workflows.letters.digital_post.refusal import FAULTS, DigitalPostRefused

ENTITY = b'<!DOCTYPE x [<!ENTITY e "Afleveret Digital Post">]>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b"<!DOCTYPE x [" + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
)


def code(raw: bytes) -> str:
    with pytest.raises(DigitalPostRefused) as caught:
        read_receipt(raw)
    assert str(caught.value) == f"{caught.value.code}: {FAULTS[caught.value.code]}"
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return caught.value.code


def test_given_a_receipt_of_delivery_then_the_letter_was_available_at_its_time():
    receipt = read_receipt(a_status())
    assert receipt.message_id == MESSAGE
    assert receipt.status is PostStatus.AVAILABLE
    assert receipt.receipt_id == "b1f0d8a2-6c3e-4f57-9a51-0d2f4f3d9e10"
    assert receipt.available_at == datetime(2026, 9, 7, 9, 31, 12, 345000, tzinfo=UTC)
    assert receipt.error_code is None


def test_given_availability_late_on_a_holiday_then_that_is_the_day_of_arrival():
    receipt = read_receipt(a_status(TransaktionsDatoTid="2026-12-25T22:59:59Z"))
    assert receipt.available_at is not None and danish_day(receipt.available_at).isoformat() == "2026-12-25"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Modtaget Digital Post", PostStatus.RECEIVED),
        ("Fejlet", PostStatus.FAILED),
        ("AFLEVERET DIGITAL POST", PostStatus.AVAILABLE),
    ],
)
def test_only_the_receipt_of_delivery_says_that_the_letter_was_available(text, status):
    receipt = read_receipt(a_status(TransaktionsStatusKode=text))
    assert receipt.status is status
    assert (receipt.available_at is not None) == (status is PostStatus.AVAILABLE)


def test_given_a_failure_then_its_code_is_read_and_its_free_text_is_not():
    raw = a_status(
        TransaktionsStatusKode="Fejlet",
        TransmissionId=None,
        FejlDetaljer="<FejlKode>512</FejlKode><FejlTekst>Modtager 610190-1234 er fritaget</FejlTekst>",
    )
    receipt = read_receipt(raw)
    assert (receipt.status, receipt.error_code, receipt.receipt_id) == (PostStatus.FAILED, "512", None)
    assert "1234" not in repr(receipt)


@pytest.mark.parametrize("data", ["urn:besked:kuvert:1.0", "urn:oio:besked:kuvert:1.0"])
@pytest.mark.parametrize("pushed", [False, True])
def test_given_the_envelope_of_beskedfordeler_then_the_receipt_in_it_is_read(data, pushed):
    assert read_receipt(in_envelope(a_status(), data, pushed)) == read_receipt(a_status())


def test_given_an_empty_element_for_errors_then_there_is_none():
    assert read_receipt(a_status(FejlDetaljer="")).status is PostStatus.AVAILABLE
    assert read_receipt(a_status(FejlDetaljer="<FejlKode/><FejlTekst/>")).error_code is None


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"MessageUUID": None}, "missing"),
        ({"MessageUUID": ""}, "missing"),
        ({"MessageUUID": "610190-1234"}, "message-id"),
        ({"TransmissionId": None}, "receipt-id"),
        ({"TransmissionId": ""}, "receipt-id"),
        ({"TransmissionId": "a b"}, "receipt-id"),
        ({"TransmissionId": "x" * 65}, "receipt-id"),
        ({"TransaktionsStatusKode": None}, "missing"),
        ({"TransaktionsStatusKode": "Modtaget Post Danmark"}, "status-unknown"),
        ({"TransaktionsDatoTid": None}, "missing"),
        ({"TransaktionsDatoTid": "2026-09-07T11:31:12"}, "time-without-zone"),
        ({"TransaktionsDatoTid": "2026-09-07"}, "time-format"),
        ({"TransaktionsDatoTid": "7. september 2026"}, "time-format"),
        ({"TransaktionsDatoTid": "0001-01-01T00:00:00+01:00"}, "time-format"),
        ({"FejlDetaljer": "<FejlKode>12</FejlKode>"}, "contradiction"),
        ({"FejlDetaljer": "<FejlKode>x</FejlKode>", "TransaktionsStatusKode": "Fejlet"}, "error-code"),
        (
            {
                "FejlDetaljer": "<FejlKode>1</FejlKode><FejlKode>2</FejlKode>",
                "TransaktionsStatusKode": "Fejlet",
            },
            "error-code",
        ),
    ],
)
def test_given_a_damaged_receipt_then_it_is_refused_by_name_and_nothing_of_it_is_told(changed, fault):
    assert code(a_status(**changed)) == fault


def test_given_an_element_twice_then_nobody_guesses_which_one_holds():
    twice = a_status().replace(b"</PKO_PostStatus>", b"<MessageUUID>x</MessageUUID></PKO_PostStatus>")
    assert code(twice) == "missing"


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "not-xml"),
        (b"not xml", "not-xml"),
        (a_status()[:-5], "not-xml"),
        (b"<PKO_PostStatus/>", "not-a-receipt"),
        (b'<r xmlns="urn:oio:sts:1.0.0"/>', "not-a-receipt"),
        (b'<ModtagBeskedInput xmlns="urn:oio:sts:1.0.0"/>', "missing"),
        (b'<Haendelsesbesked xmlns="urn:oio:besked:kuvert:1.0"/>', "missing"),
        (in_envelope(b"").replace(b"></b:Base64>", b">%%</b:Base64>"), "not-base64"),
        (in_envelope(b"<x/>"), "not-a-receipt"),
        (in_envelope(in_envelope(a_status())), "not-a-receipt"),
        (ENTITY + b"<x>&e;</x>", "document-type"),
        (EXTERNAL + b"<x>&e;</x>", "document-type"),
        (LAUGHS + b"]><x>&a9;</x>", "document-type"),
        (in_envelope(LAUGHS + b"]><x>&a9;</x>"), "document-type"),
        (b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>', "document-type"),
        (b"<x>&e;</x>", "not-xml"),
        (("\ufeff" + (ENTITY + b"<x>&e;</x>").decode()).encode("utf-16-le"), "not-utf-8"),
        ((ENTITY + b"<x>&e;</x>").decode().encode("utf-32"), "not-utf-8"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-+ACE-DOCTYPE x+AD4-<x/>', "not-xml"),
        (b"\xff\xfe<x/>", "not-utf-8"),
        (b"<a>" * 30000, "not-xml"),
        (b"<a>" * 30000 + b"</a>" * 30000, "not-a-receipt"),
        (b"<a" + b"".join(b' a%d=""' % n for n in range(20000)) + b"/>", "not-a-receipt"),
        (b" " * (MAX_RECEIPT + 1), "too-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_given_a_hostile_or_foreign_file_then_it_is_refused_by_name(raw, fault):
    assert code(raw) == fault


@pytest.mark.parametrize("start", [ENTITY, EXTERNAL, LAUGHS + b"]>"])
def test_given_a_message_with_entities_then_it_is_refused_too(start):
    with pytest.raises(DigitalPostRefused, match="document-type"):
        read_memo(start + b"<x/>")


def test_given_a_byte_order_mark_then_the_receipt_is_read_all_the_same():
    assert read_receipt(b"\xef\xbb\xbf" + a_status()) == read_receipt(a_status())


def test_given_a_declared_encoding_that_is_not_the_files_own_then_the_files_own_is_taken():
    declared = a_status().replace(b"UTF-8", b"ISO-8859-1")
    assert read_receipt(declared) == read_receipt(a_status())


_STATUS = a_status()


@given(st.binary(max_size=300))
@example(b64encode(_STATUS))
def test_any_bytes_are_a_receipt_or_refused_by_name(raw):
    assert code(raw) in FAULTS


@given(st.integers(0, len(_STATUS) - 1), st.binary(min_size=0, max_size=3))
def test_a_receipt_with_damage_anywhere_is_read_or_refused_by_name(at, damage):
    raw = _STATUS[:at] + damage + _STATUS[at + 1 :]
    try:
        receipt = read_receipt(raw)
    except DigitalPostRefused as refused:
        assert refused.code in FAULTS
    else:
        assert receipt.at.tzinfo is UTC and receipt.message_id.version == 4


def test_the_namespace_is_that_of_the_service():
    assert code(a_status().replace(TYPES.encode(), b"urn:other")) == "not-a-receipt"
