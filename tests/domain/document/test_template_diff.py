"""What a version changes, told part by part in Danish."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from domain.document.diff import differences, told_differences
from domain.document.loader import get_template, read_template, template_files, templates
from domain.document.template import Template

FIRST = get_template("overgangsdokument", 1)
SECOND = get_template("overgangsdokument", 2)
Content = dict[str, Any]


def revised(change: Callable[[Content], None]) -> Template:
    content = json.loads(template_files()["overgangsdokument-2.json"]) | {"version": 3}
    change(content)
    return read_template(json.dumps(content).encode())


def told(before: Template, after: Template) -> list[str]:
    return list(told_differences(differences(before, after)))


def field_of(content: Content, field_id: str) -> Content:
    fields = [field for section in content["sections"] for field in section["fields"]]
    return next(field for field in fields if field["id"] == field_id)


@pytest.mark.parametrize("template", list(templates().values()), ids=lambda template: template.label)
def test_a_version_differs_in_nothing_from_itself(template: Template) -> None:
    assert differences(template, template) == ()


def test_a_version_that_only_has_another_number_and_other_examples_says_the_same() -> None:
    def change(content: Content) -> None:
        field_of(content, "stamoplysninger.name")["example"] = "Prøve Prøvesen"

    assert differences(SECOND, revised(change)) == ()


def test_a_changed_requirement_is_told_in_words() -> None:
    def change(content: Content) -> None:
        field_of(content, "risiko.safety_plan")["requirement"] = "always"

    assert told(SECOND, revised(change)) == [
        "Ændret felt: Sikkerhedsplan (risiko.safety_plan): krav: »udfyldes, hvis det vides« → »skal udfyldes«"
    ]


def test_a_section_taken_out_takes_its_fields_with_it() -> None:
    def change(content: Content) -> None:
        content["sections"] = [
            section for section in content["sections"] if section["id"] != "andre_aktoerer"
        ]

    lines = told(SECOND, revised(change))
    assert lines[0] == "Fjernet afsnit: Andre aktører (andre_aktoerer)"
    assert "Fjernet felt: Telefon (andre_aktoerer.actors.phone), udfyldes, hvis det vides" in lines
    assert all(line.startswith("Fjernet") for line in lines)


def test_values_and_rules_are_told_too() -> None:
    def change(content: Content) -> None:
        content["value_sets"]["copy_channel"].append(
            {"code": "e-boks", "label": "e-Boks", "meaning": "e-Boks"}
        )
        rule = next(rule for rule in content["rules"] if rule["id"] == "reason-needs-words")
        rule["when"]["one_of"] = ["anden", "frafald"]

    assert told(SECOND, revised(change)) == [
        "Ændret regel: Årsagen »anden« skal uddybes. (reason-needs-words): betingelse: "
        "»når overgang.reason: anden« → »når overgang.reason: anden, frafald«",
        "Tilføjet valgmulighed: e-Boks (copy_channel: e-boks)",
    ]


def test_an_approval_is_told() -> None:
    def change(content: Content) -> None:
        content |= {"status": "approved", "approved_by": "Styregruppen", "approved_on": "2027-02-05"}

    lines = told(SECOND, revised(change))
    assert any("status: »foreslået« → »godkendt«" in line for line in lines)
    assert any("godkendt den: intet → »5. februar 2027«" in line for line in lines)


def test_between_the_installed_versions_ten_sections_came_and_no_field_went() -> None:
    changes = differences(FIRST, SECOND)
    assert len([one for one in changes if (one.change, one.kind) == ("added", "section")]) == 10
    assert not [one for one in changes if (one.change, one.kind) == ("removed", "field")]


def test_a_difference_reads_the_other_way_round() -> None:
    there, back = differences(FIRST, SECOND), differences(SECOND, FIRST)
    other = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted((other[one.change], one.kind, one.id, one.member or "") for one in there) == sorted(
        (one.change, one.kind, one.id, one.member or "") for one in back
    )
