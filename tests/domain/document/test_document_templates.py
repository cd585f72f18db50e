"""The templates as data: what they promise, and what no template file may do."""

import json
from datetime import date
from importlib import resources

import pytest

from domain.document.loader import (
    TemplateBroken,
    UnknownTemplate,
    UnknownTemplateVersion,
    get_template,
    read_template,
    templates,
)
from domain.document.template import FACT_KINDS, Field, Template
from domain.document.template_fault import TEXTS

ALL = list(templates().values())
DOCUMENTS = [template for template in ALL if template.name == "overgangsdokument"]
PUBLISHED = {
    ("bemaerkning", 1): "8db0eee11a5de837c32bd9c07079cdd27adc36a4e5670d2b7235fc7e506a105f",
    ("medcom-message", 1): "9c78eeb9a0b768b248573c624887fb129b200250a43ed6350956cdc3cd06838d",
    ("overgangsdokument", 1): "583145d7ee98cbb618dbffe75ba819113c5973e70c60033ab3a7c4bf947ada08",
    ("overgangsdokument", 2): "768bde6b292bcac3fcd39259f9185b08528973358e9540ad127639b4e76c9a02",
    ("spoergsmaal", 1): "8f83779e2fafd5d2a423007dd0fb4f0dc941f5cd6f5d3e652a8fa64d9bc56cc0",
    ("udtalelse", 1): "86200ac4773405968707630fd16f1735238510c0a418b3cb898e33a58018fd52",
    ("svar", 1): "b8b06003e635e78c9cc122abaf36763a2eeaddd7b9f9d53e96da4b41e3930bb3",
}
"""SHA-256 of each published file. A version is never edited: a change is a new file and a new row."""


def every_field(template: Template) -> list[Field]:
    fields = [field for section in template.sections for field in section.fields]
    return fields + [member for field in fields for member in field.fields]


def file_of(name: str, version: int) -> dict[str, object]:
    data = resources.files("domain.document.templates").joinpath(f"{name}-{version}.json").read_bytes()
    return dict(json.loads(data))


def broken(**changes: object) -> bytes:
    return json.dumps(file_of("overgangsdokument", 1) | changes).encode()


def test_a_published_version_is_never_edited() -> None:
    assert {key: template.sha256 for key, template in templates().items()} == PUBLISHED


def test_the_first_version_has_the_nine_sections_of_the_first_handover() -> None:
    template = get_template("overgangsdokument", 1)
    assert [section.number for section in template.sections] == [1, 2, 3, 4, 8, 9, 10, 16, 19]
    assert all(section.required for section in template.sections)


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.label)
def test_a_template_says_that_it_is_proposed_and_on_what_it_rests(template: Template) -> None:
    assert template.status == "proposed"
    assert template.approved_by is None
    assert template.basis
    assert all(section.derived_from for section in template.sections)
    assert "akut" in template.description  # Overgang is not for acute cases, and says so


@pytest.mark.parametrize("template", DOCUMENTS, ids=lambda template: template.label)
def test_the_overgangsdokument_calls_itself_a_proposed_template(template: Template) -> None:
    assert "foreslået skabelon" in template.title


def test_a_broken_file_is_told_in_danish_with_its_place_and_without_what_stood_there() -> None:
    with pytest.raises(TemplateBroken) as broken_field:
        read_template(with_field(max_length=None))
    [fault] = broken_field.value.faults
    assert (fault.code, fault.place) == ("no-max-length", "stamoplysninger.name")
    assert fault.detail == "stamoplysninger.name har ingen største længde."
    with pytest.raises(TemplateBroken) as malformed:
        read_template(with_field(kind="7001014321"))
    [fault] = malformed.value.faults
    assert (fault.code, fault.place) == ("malformed", "/sections/2/fields/0/kind")
    assert "7001014321" not in str(malformed.value) + repr(fault)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"sections": 7}, "/sections"),
        ({"in_force_from": "i morgen"}, "/in_force_from"),
        ({"Hanne": "Hansen"}, "/"),
        ({"value_sets": {"form": [{"code": "ingen", "label": "Ingen", "meaning": "None", "hours": "x"}]}},
         "/value_sets/form/0/hours"),
        ({"value_sets": {"Hanne Hansen": [7]}}, "/value_sets"),
        ({"rules": [{"id": "r"}]}, "/rules/0"),
        ({"basis": ["x", 7]}, "/basis"),
    ],
)  # fmt: skip
def test_a_misshapen_file_is_told_where(change: dict[str, object], place: str) -> None:
    with pytest.raises(TemplateBroken) as malformed:
        read_template(broken(**change))
    assert [(fault.code, fault.place) for fault in malformed.value.faults] == [("malformed", place)]
    assert "Hanne" not in str(malformed.value)


def test_the_words_for_faults_are_in_both_languages() -> None:
    for code, (danish, english) in TEXTS.items():
        assert danish and english and danish != english, code


def test_a_medcom_message_needs_completion_and_knows_no_move() -> None:
    template = get_template("medcom-message", 1)
    assert template.completion == "needs-completion"
    for name in ("overgang.move_from", "overgang.move_to"):
        field = template.field(name)
        assert field is not None
        assert [value.code for value in template.values(field.value_set)] == ["ukendt"]


def test_only_imports_and_medcom_may_say_that_the_form_is_unknown() -> None:
    codes = [value.code for value in get_template("overgangsdokument", 1).values("form")]
    assert codes == ["ingen", "integreret", "koordineret", "parallel"]


@pytest.mark.parametrize(
    "field_id",
    [
        "stamoplysninger.name",
        "stamoplysninger.person_id",
        "stamoplysninger.protected",
        "stamoplysninger.handlekommune",
        "stamoplysninger.has_representative",
        "stamoplysninger.representative",
    ],
)
def test_who_the_citizen_is_and_who_speaks_for_her_is_never_withheld_or_skipped(field_id: str) -> None:
    template = get_template("overgangsdokument", 1)
    field = template.field(field_id)
    assert field is not None
    assert field_id in template.never_withheld
    assert not field.withhold and not field.skippable


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.label)
def test_no_free_text_and_no_person_is_a_fact(template: Template) -> None:
    for field in every_field(template):
        if field.fact:
            assert field.kind in FACT_KINDS
            assert not field.other_person


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.label)
def test_every_field_has_a_danish_label_and_an_english_meaning(template: Template) -> None:
    for field in every_field(template):
        assert field.label and field.meaning
    for values in template.value_sets.values():
        assert all(value.label and value.meaning for value in values)


def test_assertions_have_a_default_provenance_by_section() -> None:
    template = get_template("overgangsdokument", 1)
    defaults = {section.id: section.provenance for section in template.sections}
    assert defaults["rusmiddelstatus"] == "citizen"
    assert defaults["medicin"] == defaults["risiko"] == "expert-assessment"


def test_the_clinic_sets_no_legal_flags() -> None:
    words = ("afgoerelse", "decision", "partshoering", "hearing", "appeal", "klage")
    for field in every_field(get_template("overgangsdokument", 1)):
        assert not any(word in field.id for word in words)


def test_a_template_in_force_is_in_force_from_its_first_day_to_its_last() -> None:
    ends = read_template(broken(in_force_from="2026-01-01", in_force_to="2026-06-30"))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [ends.in_force(day) for day in days] == [False, True, True, False]


def test_an_unknown_template_and_an_unknown_version_are_told_apart_without_an_echo() -> None:
    with pytest.raises(UnknownTemplateVersion) as version:
        get_template("overgangsdokument", 987654)
    assert version.value.code == "unknown-template-version"
    assert "987654" not in str(version.value)
    with pytest.raises(UnknownTemplate) as name:
        get_template("Hanne Hansen", 1)
    assert name.value.code == "unknown-template"
    assert "Hanne" not in str(name.value)


def test_a_second_version_is_only_a_new_data_file() -> None:
    second = read_template(broken(version=2, title="Overgangsdokument"))
    assert (second.version, second.sha256 == get_template("overgangsdokument", 1).sha256) == (2, False)


def with_field(**changes: object) -> bytes:
    content = file_of("overgangsdokument", 1)
    sections = content["sections"]
    assert isinstance(sections, list)
    sections[2]["fields"][0] |= changes
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"{", "not a template"),
        (broken(colour="red"), "not a template"),
        (broken(sha256="0" * 64), "own hash"),
        (with_field(fact=True), "can never be a fact"),
        (with_field(withhold=["citizens-wish"]), "can never be withheld or skipped"),
        (with_field(plan_may_hold=True), "can never be withheld or skipped"),
        (with_field(max_length=None), "no max_length"),
        (with_field(id="stamoplysninger.withheld"), "reserved"),
        (with_field(id="parter.name"), "does not begin with its section"),
        (with_field(kind="code", value_set="no-such"), "names no value set"),
        (with_field(kind="identifier", format="no-such"), "no known form"),
        (with_field(kind="integer"), "has no range"),
        (with_field(kind="object"), "has members where it should not"),
        (with_field(must_be=True), "must_be"),
        (broken(plan_field=None), "names no plan field"),
        (broken(withholding_reasons="no-such"), "reasons for withholding"),
        (broken(never_withheld=["stamoplysninger.nothing"]), "protected but unknown"),
        (b'{"name": "\xff"}', "not a template"),
        (broken(in_force_to="2024-08-31"), "ends before it begins"),
        (broken(status="approved"), "says who approved it and when"),
        (with_field(citizen_comment=True), "has no assertions"),
        (with_field(address_protected=True), "names no protection flag"),
        (broken(protection_flag="stamoplysninger.address"), "protection flag is a boolean"),
        (broken(protection_flag="stamoplysninger.treatment_testament"), "protection flag is a boolean"),
        (with_field(id="stamoplysninger.masked"), "reserved"),
        (with_field(id="stamoplysninger.person_id"), "is used twice"),
    ],
)
def test_a_template_file_that_breaks_the_format_is_refused(data: bytes, fault: str) -> None:
    with pytest.raises(TemplateBroken, match=fault):
        read_template(data)


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"kind": "not-before-today", "fields": ["overgang.planned_shift"]}, "cannot be said in JSON Schema"),
        ({"kind": "differ", "fields": ["overgang.move_from"]}, "wrong number of fields"),
        ({"kind": "required", "fields": ["overgang.nothing"]}, "unknown field"),
        ({"kind": "one-of", "fields": ["overgang.urgency"]}, "has no values"),
        ({"kind": "alone", "fields": ["samtykke.scope"]}, "has no values"),
        ({"kind": "alone", "fields": ["overgang.urgency"], "values": ["rutine"]}, "does not suit"),
        ({"kind": "required", "fields": ["stamoplysninger.kip.version"]}, "names a member"),
        ({"kind": "same", "fields": ["overgang.move_from", "overgang.move_to"]}, "cannot be said"),
        (
            {
                "kind": "required",
                "fields": ["medicin.supply_ends"],
                "when": {"field": "overgang.urgency", "one_of": ["rutine"]},
            },
            "spans sections",
        ),
    ],
)
def test_a_refusing_rule_must_be_one_that_the_published_schema_can_say(
    rule: dict[str, object], fault: str
) -> None:
    words = {"id": "r", "severity": "error", "detail": "d", "detail_en": "d"}
    with pytest.raises(TemplateBroken, match=fault):
        read_template(broken(rules=[rule | words]))
