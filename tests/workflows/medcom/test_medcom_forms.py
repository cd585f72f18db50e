"""Identifiers, dates, narratives and code lists, one by one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from workflows.delivery.medcom import identifiers as ids
from workflows.delivery.medcom.dates import is_date_time, read_instant
from workflows.delivery.medcom.narrative import narrative_fault
from workflows.delivery.medcom.terminology import terminology

from .medcom_support import official

DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


@pytest.mark.parametrize(
    ("value", "is_cpr"),
    [
        ("2509479989", True),
        ("3102479989", False),
        ("2902479989", True),
        ("250947998", False),
        ("２５09479989", False),
    ],
)
def test_cpr(value: str, is_cpr: bool) -> None:
    assert ids.is_cpr(value) is is_cpr


@pytest.mark.parametrize(
    ("value", "is_x_ecpr"),
    [("0703921VJ4", True), ("0703927VJ4", True), ("0703920VJ4", False), ("0703921vj4", False)],
)
def test_x_ecpr(value: str, is_x_ecpr: bool) -> None:
    assert ids.is_x_ecpr(value) is is_x_ecpr


@given(st.text("0123456789", min_size=12, max_size=12), st.sampled_from("0123456789"))
def test_one_check_digit_alone_makes_a_gln(head: str, last: str) -> None:
    expected = None if ean.is_valid(head + last) else "gln-modulus-10"
    assert ids.gln_fault(head + last) == expected


def test_sor() -> None:
    assert ids.is_sor("265161000016000")
    assert ids.sor_check_digit_holds("265161000016000")
    assert not ids.sor_check_digit_holds("123456789012345")
    assert not ids.is_sor("1234567890")


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("2026", True),
        ("2026-11", True),
        ("2026-11-20", True),
        ("2026-02-29", False),
        ("2024-02-29", True),
        ("2026-13", False),
        ("0000", False),
        ("2026-11-20T09:30:00Z", True),
        ("2026-11-20T09:30:00.123456789+01:00", True),
        ("2026-11-20T09:30:00", False),
        ("2026-11-20T09:30Z", False),
        ("2026-11-20T24:00:00Z", False),
        ("2026-02-30T09:30:00Z", False),
        ("2026-11-20T09:30:00+25:00", False),
        (20261120, False),
        (None, False),
    ],
)
def test_a_date_time_has_the_form_and_exists(value: object, good: bool) -> None:
    assert is_date_time(value) is good


def test_an_instant_keeps_its_zone() -> None:
    instant = read_instant("2026-11-20T09:30:00+01:00")
    assert instant is not None
    assert instant.isoformat() == "2026-11-20T09:30:00+01:00"
    assert read_instant("2026-11-20") is None


@pytest.mark.parametrize(
    ("div", "fault"),
    [
        (DIV.format("tekst"), None),
        (DIV.format("<p>a&nbsp;b &aelig;</p>"), None),
        (DIV.format('<p><b>x</b>: <a href="https://x.example">y</a><br/></p>'), None),
        (DIV.format('<img src="#a" alt="x"/>'), None),
        (DIV.format("<!-- only a comment -->"), "txt-2"),
        (DIV.format("  <p> </p>"), "txt-2"),
        ("<div>x</div>", "txt-1"),
        ("<p>x</p>", "txt-1"),
        ("x", "txt-1"),
        (DIV.format("<p>x"), "txt-1"),
        (DIV.format("<script>x</script>"), "txt-1"),
        (DIV.format("<form>x</form>"), "txt-1"),
        (DIV.format('<p onclick="x()">x</p>'), "txt-1"),
        (DIV.format('<a href="javascript:x()">x</a>'), "txt-1"),
        (DIV.format('<a href=" JavaScript:x()">x</a>'), "txt-1"),
        (DIV.format("&nosuch;"), "txt-1"),
        ('<!DOCTYPE d [<!ENTITY a "b">]>' + DIV.format("&a;"), "txt-1"),
        ('<div xmlns="http://x.example">x</div>', "txt-1"),
        (DIV.format("<b>" * 50_000 + "x" + "</b>" * 50_000), None),
    ],
)
def test_a_narrative_is_basic_xhtml_with_some_content(div: str, fault: str | None) -> None:
    assert narrative_fault(div) == fault


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("category", "CodeSystem-medcom-careCommunication-categoryCodes"),
        ("activity", "CodeSystem-medcom-messaging-activityCodes"),
        ("event", "CodeSystem-medcom-messaging-eventCodes"),
        ("destination_use", "CodeSystem-medcom-messaging-destinationUse"),
        ("acknowledgement_error", "CodeSystem-medcom-acknowledgement-error-codes"),
        ("municipality", "CodeSystem-dk-core-municipality-codes"),
        ("priority", "ValueSet-medcom-careCommunication-requestPriority"),
        ("care_communication_activity", "ValueSet-medcom-careCommunication-messagingActivities"),
        ("attachment_media_type", "ValueSet-medcom-core-attachmentMimeTypes"),
        ("operation_outcome", "ValueSet-medcom-acknowledgement-issue-details"),
    ],
)
def test_the_packaged_codes_are_the_published_ones(name: str, resource: str) -> None:
    published = json.loads((official("terminology") / f"{resource}.json").read_text(encoding="utf-8"))
    ours = getattr(terminology(), name)
    if published["resourceType"] == "CodeSystem":
        assert (ours.system, ours.version) == (published["url"], published["version"])
        assert ours.codes == {concept["code"] for concept in published["concept"]}
    else:
        (included,) = [i for i in published["compose"]["include"] if i["system"] == ours.system]
        assert ours.version == published["version"]
        assert ours.codes == {concept["code"] for concept in included["concept"]}
