"""Notes: a question, an answer, a remark. They are documents of their own, and about nobody."""

import json
from typing import Any

import pytest

from domain.document.loader import get_template, read_template, template_files, templates
from domain.document.masking import Audience
from domain.document.problems import DocumentRefused
from domain.document.render import plain_text
from domain.document.template import Template
from domain.document.template_trial import template_trial
from domain.document.validate import template_of, validate_document
from tests.domain.document.versions import faults, validated

NOTES = [template for template in templates().values() if template.completion == "note"]
QUESTION = get_template("spoergsmaal", 1)


def test_there_are_four_kinds_of_note() -> None:
    assert {template.name for template in NOTES} == {"spoergsmaal", "svar", "bemaerkning", "udtalelse"}


@pytest.mark.parametrize("template", NOTES, ids=lambda template: template.label)
def test_a_note_is_validated_like_any_document_and_needs_nothing_about_the_citizen(
    template: Template,
) -> None:
    document = validated(template).as_document()
    assert template_of(document) is template
    assert set(document["sections"]) == {template.name}


@pytest.mark.parametrize("template", NOTES, ids=lambda template: template.label)
@pytest.mark.parametrize("audience", list(Audience))
def test_a_note_holds_no_address_and_reads_alike_for_everybody(
    template: Template, audience: Audience
) -> None:
    document = validated(template).as_document()
    text = plain_text(document, template, audience=audience)
    assert document["sections"][template.name]["text"] in text


def test_a_question_says_in_facts_which_sections_it_concerns_and_nothing_more() -> None:
    changes: dict[str, Any] = {"spoergsmaal.concerns": ["medicin", "boern"]}
    assert validated(QUESTION, changes).facts == {
        "spoergsmaal.concerns.medicin": True,
        "spoergsmaal.concerns.boern": True,
    }


def test_a_question_may_concern_every_section_of_the_latest_overgangsdokument() -> None:
    sections = {section.id for section in get_template("overgangsdokument", 2).sections}
    assert {value.code for value in QUESTION.values("section")} == sections


def test_a_question_without_words_or_without_a_section_is_refused() -> None:
    pointer = "/sections/spoergsmaal"
    assert faults(QUESTION, {"spoergsmaal.text": "  "}) == {("blank", f"{pointer}/text")}
    assert faults(QUESTION, {"spoergsmaal.concerns": []}) == {("too-few", f"{pointer}/concerns")}
    assert faults(QUESTION, {"spoergsmaal.concerns": ["journal"]}) == {
        ("unknown-code", f"{pointer}/concerns/0")
    }


@pytest.mark.parametrize("name", ["svar", "bemaerkning"])
def test_an_answer_and_a_remark_give_no_facts(name: str) -> None:
    assert validated(get_template(name, 1)).facts == {}


def test_a_person_section_in_a_note_is_refused_as_unknown() -> None:
    with pytest.raises(DocumentRefused, match="unknown-member"):
        validate_document(
            {
                "template": "svar",
                "template_version": 1,
                "sections": {"svar": {"text": "Ja."}, "stamoplysninger": {"name": "Test Testesen"}},
            },
            get_template("svar", 1),
            today=QUESTION.in_force_from,
        )


@pytest.mark.parametrize(
    "extra",
    [
        {"kind": "phone"},
        {"kind": "municipality-code"},
        {"kind": "text", "max_length": 10, "other_person": True},
    ],
)
def test_a_note_template_that_asks_who_the_citizen_is_is_broken(extra: dict[str, Any]) -> None:
    content = json.loads(template_files()["svar-1.json"])
    content["sections"][0]["fields"].append(
        {"id": "svar.more", "label": "Mere", "meaning": "More", "requirement": "if-known", **extra}
    )
    faults_found = template_trial(json.dumps(content).encode())
    assert [fault.code for fault in faults_found] == ["note-about-a-person"]


def test_a_note_may_do_without_everything_it_has_no_use_for() -> None:
    content = json.loads(template_files()["svar-1.json"])
    assert not {"withholding_reasons", "plan_field", "plan_code", "never_withheld"} & content.keys()
    assert read_template(json.dumps(content).encode()).withholding_reasons is None
