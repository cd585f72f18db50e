"""MedCom's official new-message examples are taken in, with the right facts."""

import hashlib
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from workflows.delivery.medcom.parse import parse_new_message

from .medcom_support import AMBULATORY, CENTRE, PDF, encode, official_example, own_raw, rich_bundle

DANISH_SUMMER = timezone(timedelta(hours=2))


def test_the_official_short_message() -> None:
    message = parse_new_message(official_example("Bundle-0d5b3c18"))
    assert message.bundle_id == "0d5b3c18-fab6-4d93-9d88-c9c8abf1f18c"
    assert message.header_id == "025bdfdd-397b-43e2-9e8c-272664a6e471"
    assert message.thread_id == "urn:uuid:cefe0dee-13b5-4bec-a843-09b4d58e4fe6"
    assert (message.activity, message.category, message.definition_version) == (
        "new-message",
        "examination-results",
        "5.0",
    )
    assert message.sent_at == datetime(2024, 6, 1, 13, 55, tzinfo=DANISH_SUMMER)
    assert (message.sender.sor, message.sender.gln) == ("265161000016000", "5790000209354")
    assert (message.receiver.sor, message.receiver.gln) == ("953741000016009", "5790001348120")
    assert message.receiver.name == "Plejecenter Herlev"
    assert (message.patient.identifier.type, message.patient.identifier.value) == ("x-ecpr", "0703921VJ4")
    assert (message.patient.family, message.patient.given) == ("Berggren", ("Birgit",))
    (text,) = message.texts
    assert text.identifier == "urn:uuid:24d01288-ad36-4af2-96a8-fd1432dadee1"
    assert text.text.startswith("Til rette vedkommende. Vi ønsker")
    assert (text.author.name, text.author.role, text.contact_phone) == (
        "Michael Burns",
        "sygeplejerske",
        "38683868",
    )
    assert (message.attachments, message.warnings) == ((), ())


def test_the_official_message_with_attachments() -> None:
    message = parse_new_message(official_example("Bundle-gfd00bc2"))
    assert (message.category, message.priority, message.topic) == (
        "regarding-referral",
        "asap",
        "Journal notat",
    )
    assert (message.patient.identifier.type, message.patient.family) == ("cpr", "Elmer")
    assert message.sender_unit == "Michael Burns"
    assert message.recipient_unit == "Plejecenter Herlev Team 1"
    pdf, link = message.attachments
    assert (pdf.title, pdf.media_type, pdf.creation) == (
        "Blodprøveresultater",
        "application/pdf",
        "2024-04-30T08:00:00+02:00",
    )
    assert pdf.content is not None
    assert pdf.content.startswith(b"%PDF-1.7")
    assert (pdf.size, pdf.sha256) == (len(pdf.content), hashlib.sha256(pdf.content).hexdigest())
    assert (link.url, link.size, link.content, link.path) == ("https://medcom.dk/", 0, None, None)
    # MedCom's own faults: an id with a g in it, and sources that name no segment.
    assert [warning.code for warning in message.warnings] == ["value", "conflict", "conflict"]


def test_all_that_may_be_there_is_read() -> None:
    message = parse_new_message(encode(rich_bundle()))
    patient = message.patient
    assert patient.address is not None
    assert (patient.address.lines, patient.address.postal_code) == (("Prøvevej 1",), "4000")
    assert (patient.address.city, patient.address.municipality_code) == ("Roskilde", "0265")
    assert [(t.system, t.value, t.use) for t in patient.telecom] == [("phone", "12345678", "mobile")]
    assert patient.deceased is False
    assert message.episode_of_care == "urn:uuid:a0a0a0a0-0000-5000-8000-000000000001"
    assert (message.sender_unit, message.recipient_unit) == ("Anne Prøve", "Team Nord")
    assert (message.sender, message.receiver) == (AMBULATORY, CENTRE)


def test_the_strongest_number_of_the_patient_comes_first() -> None:
    bundle = rich_bundle()
    patient = bundle["entry"][1]["resource"]
    patient["identifier"] = [
        {"system": "urn:oid:1.2.208.176.1.6.1.3", "value": "7001010AB1"},
        {"system": "urn:oid:1.2.208.176.1.6.1.1", "value": "0703921VJ4"},
        *patient["identifier"],
    ]
    read = parse_new_message(encode(bundle)).patient
    assert read.identifier.type == "cpr"
    assert [other.type for other in read.other_identifiers] == ["x-ecpr", "local"]


def test_line_breaks_are_kept() -> None:
    (text,) = parse_new_message(own_raw()).texts
    assert text.text == "Første linje\nAnden linje: æøå <&> \u2013"


def test_attachments_go_to_a_private_folder_when_one_is_given(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    message = parse_new_message(own_raw(), attachments_dir=tmp_path)
    (pdf,) = message.attachments
    assert pdf.content is None
    assert pdf.path is not None
    assert Path(pdf.path).read_bytes() == PDF
    assert Path(pdf.path).stat().st_mode & 0o777 == 0o600
    assert Path(pdf.path).parent.parent == tmp_path


def test_a_folder_open_to_others_is_not_used(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(ValueError, match="0700"):
        parse_new_message(own_raw(), attachments_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_base64_may_be_broken_into_lines() -> None:
    bundle = json.loads(own_raw())
    attachment = bundle["entry"][2]["resource"]["payload"][1]["contentAttachment"]
    attachment["data"] = "\n".join(
        attachment["data"][i : i + 20] for i in range(0, len(attachment["data"]), 20)
    )
    assert parse_new_message(encode(bundle)).attachments[0].content == PDF
