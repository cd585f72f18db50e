"""Given a document, when it is validated, then every fault is told at once and none repeats it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.document.example import example_document
from domain.document.loader import get_template
from domain.document.problems import MAX_PROBLEMS, DocumentRefused
from domain.document.validate import ValidatedDocument, template_of, validate_document
from domain.document.values import standard_checks

TEMPLATE = get_template("overgangsdokument", 2)
TODAY = date(2026, 11, 23)
CHECKS = standard_checks(allow_test_numbers=True)
Document = dict[str, Any]


def example() -> Document:
    return example_document(TEMPLATE)


def with_value(section: str, field: str, value: object) -> Document:
    document = example()
    document["sections"][section][field] = value
    return document


def without(section: str, field: str) -> Document:
    document = example()
    del document["sections"][section][field]
    return document


def validated(document: object) -> ValidatedDocument:
    return validate_document(document, TEMPLATE, today=TODAY, checks=CHECKS)


def faults(document: object) -> set[tuple[str, str]]:
    with pytest.raises(DocumentRefused) as refused:
        validated(document)
    return {(problem.code, problem.pointer) for problem in refused.value.problems}


def test_the_example_is_valid_and_gives_no_warning() -> None:
    assert validated(example()).warnings == ()


def test_the_facts_of_the_example_are_codes_dates_and_booleans() -> None:
    facts = validated(example()).facts
    assert facts["overgang.move_from"] == "integreret"
    assert facts["overgang.planned_shift"] == "2026-12-14"
    assert facts["stamoplysninger.handlekommune"] == "0370"
    assert facts["medicin.supply_ends"] == "2026-12-31"
    assert facts["samtykke.scope.medicin"] is True
    assert "stamoplysninger.name" not in facts
    assert "risiko.staff_safety" not in facts


def test_all_problems_are_told_at_once() -> None:
    document = example()
    document["sections"]["overgang"]["urgency"] = "snart"
    document["sections"]["overgang"]["planned_shift"] = "2026-02-30"
    del document["sections"]["risiko"]
    assert faults(document) == {
        ("unknown-code", "/sections/overgang/urgency"),
        ("not-a-date", "/sections/overgang/planned_shift"),
        ("missing-section", "/sections/risiko"),
    }


def test_an_acute_case_is_sent_to_the_telephone() -> None:
    expected = {("not-for-acute-cases", "/sections/overgang/urgency")}
    assert faults(with_value("overgang", "urgency", "akut")) == expected


@pytest.mark.parametrize(
    ("section", "field", "value", "code", "tail"),
    [
        ("parter", "sender_unit", 7, "wrong-type", ""),
        ("parter", "sender_unit", "", "blank", ""),
        ("parter", "sender_unit", " \u00a0\u200b", "blank", ""),
        ("parter", "sender_unit", "x" * 201, "too-long", ""),
        # Each of these characters becomes two under NFC.
        ("parter", "sender_unit", "\u0958" * 200, "too-long", ""),
        ("parter", "sender_unit", "a\nb", "control-character", ""),
        ("parter", "sender_unit", "a\u202eb", "control-character", ""),
        ("parter", "sender_unit", "a\ud800b", "control-character", ""),
        ("parter", "sender_phone", "12", "not-a-phone", ""),
        ("parter", "sender_phone", "+45 00 00 00 01\n", "not-a-phone", ""),
        ("parter", "mailbox", "m1", "computed-field", ""),
        ("overgang", "reason_text", "a\x00b", "control-character", ""),
        ("overgang", "planned_shift", "2026-12-14T00:00:00Z", "not-a-date", ""),
        ("overgang", "planned_shift", "1899-12-31", "not-a-date", ""),
        ("overgang", "planned_shift", "2100-01-01", "not-a-date", ""),
        ("overgang", "planned_shift", "2027-02-29", "not-a-date", ""),
        ("overgang", "planned_shift", 20261214, "not-a-date", ""),
        ("overgang", "move_to", None, "wrong-type", ""),
        ("overgang", "move_to", "ukendt", "unknown-code", ""),
        ("overgang", "treatment_wish_documented", 1, "wrong-type", ""),
        ("afslutning", "signed_at", "2026-11-23T09:15:00", "not-a-datetime", ""),
        ("afslutning", "signed_at", "2026-11-23T25:15:00Z", "not-a-datetime", ""),
        ("afslutning", "final", False, "must-be", ""),
        ("stamoplysninger", "handlekommune", "9999", "unknown-municipality", ""),
        ("stamoplysninger", "handlekommune", 370, "wrong-type", ""),
        ("stamoplysninger", "person_id", "7001014321", "wrong-type", ""),
        (
            "stamoplysninger",
            "person_id",
            {"type": "cpr", "value": "7013014321"},
            "invalid-person-id",
            "/value",
        ),
        (
            "stamoplysninger",
            "person_id",
            {"type": "cpr", "value": "700101-4321"},
            "invalid-person-id",
            "/value",
        ),
        ("stamoplysninger", "person_id", {"type": "pas", "value": "7001014321"}, "unknown-code", "/type"),
        ("stamoplysninger", "person_id", {"type": "local", "value": "A17"}, "invalid-person-id", "/issuer"),
        ("stamoplysninger", "person_id", {"type": "cpr"}, "invalid-person-id", "/value"),
        ("stamoplysninger", "person_id", {"type": "cpr", "extra": 1}, "unknown-member", ""),
        ("stamoplysninger", "name", {"withheld": "citizens-wish"}, "may-not-be-withheld", ""),
        ("stamoplysninger", "handlekommune", {"withheld": "objection"}, "may-not-be-withheld", ""),
        ("stamoplysninger", "person_id", {"skipped": "kip"}, "may-not-be-skipped", ""),
        ("stamoplysninger", "protected", {"skipped": "kip"}, "may-not-be-skipped", ""),
        ("stamoplysninger", "address", {"withheld": "shyness"}, "unknown-withholding-reason", "/withheld"),
        ("stamoplysninger", "address", {"withheld": "objection", "x": 1}, "unknown-member", ""),
        ("stamoplysninger", "address", {"skipped": "kip"}, "no-plan-to-skip-for", ""),
        ("stamoplysninger", "address", {"skipped": "journal"}, "unknown-skip-reason", "/skipped"),
        ("stamoplysninger", "kip", {"coordinator": "Bo"}, "missing-field", "/date"),
        ("stamoplysninger", "kip", {"date": "2026-01-01", "x": 1}, "unknown-member", ""),
        ("rusmiddelstatus", "substances", [], "too-few", ""),
        ("rusmiddelstatus", "substances", ["alkohol", "alkohol"], "repeated", ""),
        ("rusmiddelstatus", "substances", ["alkohol", "te"], "unknown-code", "/1"),
        ("rusmiddelstatus", "substances", "alkohol", "wrong-type", ""),
        ("rusmiddelstatus", "audit_score", 41, "out-of-range", ""),
        ("rusmiddelstatus", "audit_score", True, "wrong-type", ""),
        ("rusmiddelstatus", "audit_score", 3.5, "wrong-type", ""),
        ("rusmiddelstatus", "assertions", [{"id": "a1"}], "missing-field", "/0/text"),
        ("rusmiddelstatus", "assertions", [{"text": "x", "id": "A 1"}], "not-an-identifier", "/0/id"),
        (
            "rusmiddelstatus",
            "assertions",
            [{"text": "x", "provenance": "rumour"}],
            "unknown-code",
            "/0/provenance",
        ),
        ("rusmiddelstatus", "assertions", [{"text": "x", "source": 1}], "unknown-member", "/0"),
        ("rusmiddelstatus", "assertions", ["x"], "wrong-type", "/0"),
        (
            "rusmiddelstatus",
            "assertions",
            [{"text": "x", "seen_by_citizen_at": "i går"}],
            "not-a-datetime",
            "/0/seen_by_citizen_at",
        ),
        ("risiko", "assertions", [{"text": "x"}] * 61, "too-many", ""),
        ("risiko", "assertions", [{"id": "q", "text": "x"}] * 2, "repeated-assertion-id", ""),
        (
            "aftaler",
            "agreements",
            [{"task": "x", "responsible": "y", "deadline": "snart"}],
            "not-a-date",
            "/0/deadline",
        ),
    ],
)
def test_a_faulty_field_is_refused_at_its_place(
    section: str, field: str, value: object, code: str, tail: str
) -> None:
    document = with_value(section, field, value)
    assert (code, f"/sections/{section}/{field}{tail}") in faults(document)


@pytest.mark.parametrize(
    ("section", "field"), [("overgang", "planned_shift"), ("stamoplysninger", "address")]
)
def test_a_field_that_must_be_there_is_missed(section: str, field: str) -> None:
    assert faults(without(section, field)) == {("missing-field", f"/sections/{section}/{field}")}


def test_a_field_stated_if_known_may_simply_be_absent() -> None:
    assert validated(without("rusmiddelstatus", "audit_score")).warnings == ()


def test_given_a_kip_master_data_may_be_skipped_and_the_receiver_sees_it() -> None:
    document = with_value("stamoplysninger", "kip", {"date": "2026-05-01", "coordinator": "Bo Eksempel"})
    document["sections"]["stamoplysninger"]["address"] = {"skipped": "kip"}
    document["sections"]["stamoplysninger"]["phone"] = {"skipped": "kip"}
    assert validated(document).skipped == ("stamoplysninger.address", "stamoplysninger.phone")


def test_given_a_kip_a_field_must_still_be_stated_or_said_to_be_skipped() -> None:
    document = with_value("stamoplysninger", "kip", {"date": "2026-05-01"})
    del document["sections"]["stamoplysninger"]["address"]
    assert faults(document) == {("missing-field", "/sections/stamoplysninger/address")}


def test_a_withheld_field_stays_withheld_with_its_reason_and_gives_no_fact() -> None:
    document = with_value("medicin", "supply_ends", {"withheld": "citizens-wish"})
    result = validated(document)
    assert result.withheld == {"medicin.supply_ends": "citizens-wish"}
    assert "medicin.supply_ends" not in result.facts


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (lambda document: document.update(note="x"), "unknown-member", ""),
        (lambda document: document["sections"].update(journal={}), "unknown-member", "/sections"),
        (lambda document: document["sections"]["parter"].update(x=1), "unknown-member", "/sections/parter"),
        (lambda document: document.update(sections=[]), "not-an-object", "/sections"),
        (lambda document: document["sections"].update(parter="x"), "not-an-object", "/sections/parter"),
        (lambda document: document.update(template_version=True), "template-mismatch", "/template"),
        (lambda document: document["sections"].update(parter="x" * 1_048_577), "too-large", ""),
        (lambda document: document["sections"].update(parter={1, 2}), "not-json", ""),
    ],
)
def test_a_document_of_the_wrong_shape_is_refused(
    change: Callable[[Document], None], code: str, pointer: str
) -> None:
    document = example()
    change(document)
    assert (code, pointer) in faults(document)


def test_a_document_nested_without_end_is_refused_and_breaks_nothing() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert faults(with_value("overgang", "reason", deep)) == {("too-deep", "")}


@pytest.mark.parametrize("document", [None, [], "x", 7])
def test_something_that_is_not_an_object_is_no_document(document: object) -> None:
    assert faults(document) == {("not-an-object", "")}


def test_the_template_of_a_document_is_found_by_name_and_version() -> None:
    assert template_of(example()) is TEMPLATE


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "unknown-template"),
        ({"template": "Hanne", "template_version": 1}, "unknown-template"),
        ({"template": "overgangsdokument", "template_version": 99}, "unknown-template-version"),
        ({"template": "overgangsdokument", "template_version": True}, "unknown-template-version"),
        ({"template": "overgangsdokument", "template_version": [1]}, "unknown-template-version"),
        ([], "not-an-object"),
    ],
)
def test_a_template_that_is_not_here_is_refused(document: object, code: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        template_of(document)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_new_document_is_refused_before_its_template_is_in_force() -> None:
    with pytest.raises(DocumentRefused, match="template-not-in-force"):
        validate_document(example(), TEMPLATE, today=date(2024, 8, 31), checks=CHECKS)


def test_texts_are_normalised_and_assertions_get_ids() -> None:
    document = with_value("overgang", "reason_text", "  Sa\u030a\r\nvidt\rher \n")
    document["sections"]["risiko"]["assertions"] = [
        {"text": "en"},
        {"id": "a1", "text": "to"},
        {"text": "tre"},
    ]
    sections = validated(document).sections
    assert sections["overgang"]["reason_text"] == "Så\nvidt\nher"
    assert [item["id"] for item in sections["risiko"]["assertions"]] == ["a1-x", "a1", "a3"]


def test_a_test_number_is_refused_where_test_numbers_are_not_allowed() -> None:
    with pytest.raises(DocumentRefused, match="invalid-person-id"):
        validate_document(example(), TEMPLATE, today=TODAY)


def test_a_hostile_document_gets_a_bounded_answer() -> None:
    document = example()
    document["sections"] = {
        "risiko": {"assertions": [{"x": 1}] * 60},
        "aftaler": {"agreements": [{"x": 1}] * 40},
    }
    with pytest.raises(DocumentRefused) as refused:
        validated(document)
    assert len(refused.value.problems) == MAX_PROBLEMS


def test_a_validated_document_does_not_show_itself() -> None:
    assert "Testesen" not in repr(validated(example()))
