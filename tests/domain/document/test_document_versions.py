"""Old documents read under their own version; a version that comes later is data and nothing else."""

import json
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from domain.document.diff import differences
from domain.document.form import paper_form
from domain.document.loader import (
    NoTemplateInForce,
    UnknownTemplate,
    get_template,
    read_template,
    template_files,
    template_labelled,
    template_on,
)
from domain.document.masking import masked
from domain.document.outline import outline
from domain.document.problems import DocumentRefused
from domain.document.render import plain_text
from domain.document.schema import json_schema
from domain.document.template_trial import example_on_first_day, template_trial
from domain.document.validate import template_of, validate_document
from tests.domain.document.versions import CHECKS, changed, validated

FIRST = get_template("overgangsdokument", 1)
SECOND = get_template("overgangsdokument", 2)


def test_given_two_versions_a_document_is_read_under_the_one_it_was_written_in() -> None:
    old, new = validated(FIRST).as_document(), validated(SECOND).as_document()
    assert (template_of(old), template_of(new)) == (FIRST, SECOND)
    assert "Grundlag for handlekommune: Folkeregisteradresse\n" in plain_text(
        old, FIRST, audience="authority"
    )
    assert "Borgerens eget perspektiv" in plain_text(new, SECOND, audience="authority")
    # And: nothing of the one is taken for the other.
    with pytest.raises(DocumentRefused, match="template-mismatch"):
        validate_document(old, SECOND, today=SECOND.in_force_from, checks=CHECKS)


def test_under_an_earlier_version_documents_are_made_until_the_next_one_says_no_more() -> None:
    last = SECOND.earlier_until
    assert last is not None
    old = validate_document(changed(FIRST, {}), FIRST, today=last, checks=CHECKS)
    assert old.template_version == 1
    with pytest.raises(DocumentRefused) as refused:
        validate_document(changed(FIRST, {}), FIRST, today=last + timedelta(days=1), checks=CHECKS)
    assert "template-not-in-force" in {one.code for one in refused.value.problems}


def test_the_latest_version_is_the_one_that_is_offered() -> None:
    assert template_on("overgangsdokument", SECOND.in_force_from) is SECOND
    assert template_on("overgangsdokument", SECOND.in_force_from - timedelta(days=1)) is FIRST


def test_before_any_version_is_in_force_there_is_none_to_offer() -> None:
    with pytest.raises(NoTemplateInForce):
        template_on("overgangsdokument", date(2024, 8, 31))
    with pytest.raises(UnknownTemplate):
        template_on("nonsense", date(2026, 11, 24))


def test_a_version_is_called_by_name_and_number_in_one() -> None:
    assert template_labelled("overgangsdokument-2") is SECOND
    for label in ("overgangsdokument", "overgangsdokument-02", "overgangsdokument-9", "Hanne-1", ""):
        with pytest.raises(UnknownTemplate) as unknown:
            template_labelled(label)
        assert "Hanne" not in str(unknown.value)


def third_version() -> dict[str, Any]:
    """What the working group might decide after the autumn of 2026: approved, and asking for more."""
    content: dict[str, Any] = json.loads(template_files()["overgangsdokument-2.json"])
    content |= {
        "version": 3,
        "title": "Overgangsdokument",
        "status": "approved",
        "approved_by": "Styregruppen, Rammeaftale Sjælland",
        "approved_on": "2027-02-05",
        "in_force_from": "2027-03-01",
    }
    content["value_sets"]["contact"] = [
        {"code": "morgen", "label": "Morgen", "meaning": "Morning"},
        {"code": "aften", "label": "Aften", "meaning": "Evening"},
    ]
    perspective = next(section for section in content["sections"] if section["id"] == "borgerens_perspektiv")
    perspective["fields"].append(
        {
            "id": "borgerens_perspektiv.contact_time",
            "label": "Bedste tidspunkt",
            "meaning": "Best time",
            "kind": "code",
            "requirement": "always",
            "value_set": "contact",
            "fact": True,
            "example": "morgen",
        }
    )
    content["rules"].append(
        {
            "id": "evening-needs-words",
            "kind": "required",
            "severity": "error",
            "fields": ["borgerens_perspektiv.contact_wish"],
            "when": {"field": "borgerens_perspektiv.contact_time", "one_of": ["aften"]},
            "detail": "Skriv, hvordan borgeren kan kontaktes om aftenen.",
            "detail_en": "Say how the citizen can be reached in the evening.",
        }
    )
    return content


def test_a_third_version_needs_no_code() -> None:
    """Read from bytes, it validates, gives facts and schema, is read, masked, previewed and printed."""
    data = json.dumps(third_version()).encode()
    assert template_trial(data) == ()
    third = read_template(data)
    result = example_on_first_day(third)
    assert result.facts["borgerens_perspektiv.contact_time"] == "morgen"
    document = result.as_document()
    text = plain_text(document, third, audience="authority")
    assert text.startswith("Overgangsdokument\n")
    assert "Bedste tidspunkt: Morgen" in text
    for made in (outline(third), paper_form(third)):
        assert "Godkendt af Styregruppen, Rammeaftale Sjælland den 5. februar 2027." in made
        assert "Bedste tidspunkt" in made
    assert masked(document, third, "relative")["template_version"] == 3
    assert "borgerens_perspektiv.contact_time" in {change.id for change in differences(SECOND, third)}
    # And: its rule is a rule, in validation and in the schema alike.
    schema = jsonschema.Draft202012Validator(json_schema(third, cpr="any"))
    assert schema.is_valid(document)
    silent = deepcopy(document)
    silent["sections"]["borgerens_perspektiv"]["contact_time"] = "aften"
    del silent["sections"]["borgerens_perspektiv"]["contact_wish"]
    assert not schema.is_valid(silent)
    with pytest.raises(DocumentRefused, match="evening-needs-words"):
        validate_document(silent, third, today=third.in_force_from, checks=CHECKS)
    # And: the versions that are installed are as they were.
    assert validated(FIRST).template_version == 1 and validated(SECOND).template_version == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "approved"},
        {"status": "approved", "approved_by": "Styregruppen"},
        {"approved_by": "Styregruppen", "approved_on": "2027-02-05"},
    ],
)
def test_an_approval_is_whole_or_not_there(changes: dict[str, str]) -> None:
    content = json.loads(template_files()["overgangsdokument-2.json"]) | changes
    [fault] = template_trial(json.dumps(content).encode())
    assert fault.code == "approval"
