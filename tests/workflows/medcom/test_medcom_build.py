"""A message of our own making comes back as it was made."""

import json
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.delivery.medcom.build import TEST_PATIENT, build_new_message
from workflows.delivery.medcom.issues import MedComRefused
from workflows.delivery.medcom.message import Organisation, Patient, PatientIdentifier
from workflows.delivery.medcom.parse import parse_new_message
from workflows.delivery.medcom.terminology import terminology

from .medcom_support import AMBULATORY, CENTRE, PDF, ids, own_message, own_raw

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=200
).filter(str.strip)


@settings(max_examples=50, deadline=None)
@given(
    text=TEXT,
    family=TEXT,
    topic=st.none() | TEXT,
    category=st.sampled_from(sorted(terminology().category.codes - {"other"})),
    pdf=st.none() | st.binary(min_size=1, max_size=5000),
)
def test_what_is_built_is_read_back(
    text: str, family: str, topic: str | None, category: str, pdf: bytes | None
) -> None:
    patient = Patient(PatientIdentifier("cpr", "2509479989"), family, ("Bruno",))
    made = own_message(text=text, patient=patient, topic=topic, category=category, pdf=pdf)
    read = parse_new_message(build_new_message(made, new_id=uuid4))
    assert (read.texts[0].text, read.patient.family, read.topic, read.category) == (
        text,
        family,
        topic,
        category,
    )
    assert [attachment.content for attachment in read.attachments] == ([] if pdf is None else [pdf])
    assert (read.sender, read.receiver, read.sent_at) == (AMBULATORY, CENTRE, made.sent_at)
    assert read.warnings == ()


def test_the_parts_are_read_back() -> None:
    read = parse_new_message(own_raw())
    assert read.patient.identifier.value == TEST_PATIENT.identifier.value == "2509479989"
    (text,), (pdf,) = read.texts, read.attachments
    assert (text.author.name, text.author.role, text.author.role_code) == (
        "Anne Prøve",
        "Sygeplejerske",
        None,
    )
    assert (pdf.title, pdf.media_type, pdf.content) == ("Overgangsdokument", "application/pdf", PDF)
    assert len({read.bundle_id, read.header_id, read.thread_id, text.identifier, pdf.identifier}) == 5


def test_the_same_ids_make_the_same_bytes() -> None:
    assert own_raw() == own_raw()


def test_the_narrative_escapes_and_keeps_line_breaks() -> None:
    communication = json.loads(own_raw())["entry"][2]["resource"]
    assert "Første linje<br/>Anden linje: æøå &lt;&amp;&gt;" in communication["text"]["div"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sender": Organisation("265161000016000", "5790000209355", "A")}, "gln-modulus-10"),
        ({"category": "handover"}, "MSG_VALUESET_VALUE_UNKNOWN"),
        ({"category": "other", "topic": None}, "medcom-careCommunication-6"),
        ({"priority": "asap"}, "medcom-careCommunication-5"),
        ({"patient": Patient(PatientIdentifier("cpr", "7001014321"), "Prøve")}, "cpr"),
        ({"text": ""}, "ele-1"),
    ],
)
def test_what_would_be_no_valid_message_is_not_built(changes: dict[str, object], code: str) -> None:
    with pytest.raises(MedComRefused) as refused:
        build_new_message(own_message(**changes), new_id=ids())
    assert refused.value.issues[0].code == code
