"""The rules between fields, in the words of the law: what refuses, and what only warns."""

import json
from copy import deepcopy
from datetime import date
from importlib import resources
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from domain.document.example import example_document
from domain.document.loader import get_template, read_template
from domain.document.problems import DocumentRefused
from domain.document.rules import a_year_after
from domain.document.schema import json_schema
from domain.document.validate import validate_document
from domain.document.values import standard_checks

TEMPLATE = get_template("overgangsdokument", 2)
SCHEMA = jsonschema.Draft202012Validator(json_schema(TEMPLATE, cpr="any"))
TODAY = date(2026, 11, 23)
GONE = object()
REPRESENTATIVE = {"name": "Ida Eksempel", "relation": "advokat"}


def outcome(changes: dict[str, object], today: date = TODAY) -> tuple[set[str], set[str]]:
    """Given the example with these changes: (codes that refuse, codes that warn).

    The published schema says of each case what validation says.
    """
    document: dict[str, Any] = example_document(TEMPLATE)
    for field_id, value in changes.items():
        section, name = field_id.split(".")
        document["sections"][section][name] = value
        if value is GONE:
            del document["sections"][section][name]
    try:
        result = validate_document(
            document, TEMPLATE, today=today, checks=standard_checks(allow_test_numbers=True)
        )
    except DocumentRefused as refused:
        assert not SCHEMA.is_valid(document)
        return {problem.code for problem in refused.problems}, set()
    assert SCHEMA.is_valid(document)
    return set(), {warning.code for warning in result.warnings}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"overgang.move_to": "integreret"}, "move-changes-nothing"),
        ({"overgang.change_of_handlekommune": True}, "change-of-handlekommune-form"),
        (
            {
                "overgang.change_of_handlekommune": True,
                "overgang.move_from": "parallel",
                "overgang.move_to": "ingen",
            },
            "change-of-handlekommune-form-after",
        ),
        ({"overgang.reason": "anden", "overgang.reason_text": GONE}, "reason-needs-words"),
        ({"stamoplysninger.has_representative": True}, "representative-missing"),
        ({"stamoplysninger.representative": REPRESENTATIVE}, "representative-contradicted"),
        ({"samtykke.consent_given_on": GONE}, "consent-date-missing"),
        ({"samtykke.consent_form": GONE}, "consent-form-missing"),
        ({"samtykke.consent_given_by": GONE}, "consent-giver-missing"),
        ({"samtykke.basis": "psyl-13c"}, "discharge-plan-missing"),
        ({"samtykke.basis": "sul-41-2-4"}, "exception-reason-missing"),
        ({"medicin.status": "ingen-medicin"}, "supply-contradicted"),
    ],
)
def test_a_document_that_contradicts_itself_is_refused(changes: dict[str, object], code: str) -> None:
    assert outcome(changes) == ({code}, set())


@pytest.mark.parametrize(
    "changes",
    [
        {
            "overgang.change_of_handlekommune": True,
            "overgang.move_from": "koordineret",
            "overgang.move_to": "koordineret",
        },
        {"overgang.move_from": "ingen", "overgang.move_to": "parallel"},
        {"overgang.move_to": "ingen"},
        {"stamoplysninger.has_representative": True, "stamoplysninger.representative": REPRESENTATIVE},
        {"samtykke.basis": "psyl-13c", "samtykke.discharge_plan_on": "2026-11-01"},
        {"overgang.reason": "anden", "overgang.reason_text": {"withheld": "citizens-wish"}},
    ],
)
def test_a_document_that_agrees_with_itself_is_accepted(changes: dict[str, object]) -> None:
    assert outcome(changes) == (set(), set())


@pytest.mark.parametrize(
    ("changes", "warnings"),
    [
        ({"overgang.planned_shift": "2026-11-22"}, {"shift-in-the-past"}),
        ({"overgang.planned_shift": "2026-11-23"}, set()),
        ({"medicin.supply_ends": "2026-12-13"}, {"supply-ends-before-shift"}),
        ({"medicin.supply_ends": "2026-12-14"}, set()),
        ({"medicin.supply_ends": "2026-11-22"}, {"supply-ends-before-shift", "supply-ended"}),
        ({"medicin.supply_ends": GONE}, {"supply-end-missing"}),
        ({"medicin.supply_ends": {"withheld": "objection"}}, set()),
        ({"medicin.prescriber_after": GONE}, {"prescriber-missing"}),
        ({"samtykke.consent_form": "mundtligt"}, {"consent-not-written"}),
        ({"samtykke.basis": "sul-41-1", "samtykke.consent_form": "mundtligt"}, set()),
        ({"samtykke.consent_given_on": "2026-11-24"}, {"consent-in-the-future"}),
        ({"samtykke.consent_expires_on": "2026-12-13"}, {"consent-expires-before-shift"}),
        ({"samtykke.consent_expires_on": "2026-11-22"}, {"consent-expires-before-shift", "consent-expired"}),
        ({"samtykke.basis": "sul-41-2-1", "samtykke.objection": True}, {"objection-blocks-basis"}),
        ({"samtykke.objection": True}, set()),
        ({"samtykke.consequences_informed": False}, {"consequences-not-explained"}),
        ({"overgang.treatment_wish_documented": False}, {"wish-not-documented"}),
        ({"afslutning.signed_at": "2026-11-24T00:00:00+01:00"}, {"signed-in-the-future"}),
        (
            {"stamoplysninger.protection_checked_at": "2026-11-25T00:00:00Z"},
            {"protection-check-in-the-future"},
        ),
    ],
)
def test_what_a_sender_should_look_at_is_a_warning_and_stops_nothing(
    changes: dict[str, object], warnings: set[str]
) -> None:
    assert outcome(changes) == (set(), warnings)


@pytest.mark.parametrize(
    ("given_on", "today", "lapsed"),
    [
        ("2026-03-15", date(2027, 3, 14), False),
        ("2026-03-15", date(2027, 3, 15), True),
        ("2028-02-29", date(2029, 2, 27), False),
        ("2028-02-29", date(2029, 2, 28), True),
    ],
)
def test_a_written_consent_lapses_the_day_before_its_anniversary_has_passed(
    given_on: str, today: date, lapsed: bool
) -> None:
    """SUL §44; the last valid day is the one before the anniversary (law.md 5.11, 11.3)."""
    _, warnings = outcome({"samtykke.consent_given_on": given_on}, today)
    assert ("consent-lapsed" in warnings) is lapsed


def test_a_withheld_value_breaks_no_demand_on_the_value() -> None:
    """Given a later version with a refusing rule on a field that may be withheld."""
    content = json.loads(
        resources.files("domain.document.templates").joinpath("overgangsdokument-2.json").read_bytes()
    )
    words = {"id": "r", "kind": "one-of", "severity": "error", "detail": "d", "detail_en": "d"}
    content |= {"version": 2, "rules": [words | {"fields": ["medicin.status"], "values": ["ingen-medicin"]}]}
    later = read_template(json.dumps(content).encode())
    schema = jsonschema.Draft202012Validator(json_schema(later, cpr="any"))
    checks = standard_checks(allow_test_numbers=True)
    stated = example_document(later)
    withheld = deepcopy(stated)
    withheld["sections"]["medicin"]["status"] = {"withheld": "citizens-wish"}
    assert validate_document(withheld, later, today=TODAY, checks=checks).withheld
    assert schema.is_valid(withheld)
    with pytest.raises(DocumentRefused):
        validate_document(stated, later, today=TODAY, checks=checks)
    assert not schema.is_valid(stated)


def test_a_year_after_a_leap_day_is_the_last_of_february() -> None:
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_field_that_came_but_was_refused_is_not_also_called_missing() -> None:
    assert outcome({"samtykke.consent_given_on": "i går"}) == ({"not-a-date"}, set())
