"""The templates of letters: sound, in plain Danish of our own, and every part of them shown by an example."""

import json
import re
from datetime import date, timedelta
from importlib.resources import files

import pytest

from tests.workflows.letters.examples import EXAMPLES, letter_of
from workflows.letters.guidance import sentences
from workflows.letters.letter import as_text
from workflows.letters.loader import (
    LetterTemplateBroken,
    UnknownLetterTemplate,
    frame,
    letter_template,
    letter_template_called,
    letter_template_on,
    letter_templates,
    read_letter_template,
)

TEMPLATES = list(letter_templates().values())
WRITTEN_OUT = re.compile(
    r"\b\w*(afgoer|hoer[ie]|soeg|behoer|faar\b|gaar\b|paa\b|naar\b|faerdig|naevn)\w*", re.I
)
OFFICIALESE = re.compile(
    r"\b(såfremt|jf|jævnfør|nærværende|vedrørende|i henhold til|i medfør af|herunder|samt|endvidere|"
    r"ovennævnte|pågældende|foretages|fremsendes|stk)\b",
    re.I,
)


def sentences_of(template) -> list[str]:
    """Every sentence that is ours: not a value, not an example."""
    texts = [template.title]
    for section in template.sections:
        texts += [section.heading or "", *section.paragraphs]
    for field in template.fields:
        texts += field.values.values()
    return [text for text in texts if text]


def every_sentence() -> list[str]:
    guidance = json.loads(files("workflows.letters.data").joinpath("klagevejledning-1.json").read_bytes())
    said = [text for value in guidance.values() for text in _texts(value)]
    frames = [frame().to_representative, frame().greeting, frame().finality, *frame().labels.values()]
    return [*said, *frames, *(text for template in TEMPLATES for text in sentences_of(template))]


def _texts(value) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [value] if isinstance(value, str) and " " in value else []


def test_every_kind_of_letter_that_the_law_asks_for_has_a_template():
    assert {template.name for template in TEMPLATES} == {
        "partshoering",
        "aktindsigt-svar",
        "fristbrev",
        "afgoerelse",
        "skriftlig-begrundelse",
        "orientering-videregivelse",
        "klage-kvittering",
        "anmodning-bekraeftelse",
    }


@pytest.mark.parametrize(("name", "version", "number"), EXAMPLES)
def test_every_example_composes_to_a_letter_with_all_that_the_frame_demands(name, version, number):
    letter = letter_of(name, version, number)
    text = as_text(letter)
    head = (letter.authority, letter.unit, letter.caseworker, letter.caseworker_title, letter.case_number)
    for shown in (*head, *letter.recipient, *letter.contact, letter.template_id, letter.sha256):
        assert shown in text
    assert "Dette dokument er endeligt." in text
    assert not re.search(r"[{}]", text)
    assert re.search("[æøå]", text) and not WRITTEN_OUT.search(text.replace(letter.template_id, ""))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.id)
def test_every_section_is_shown_by_an_example(template):
    texts = [as_text(letter_of(template.name, template.version, n)) for n in range(len(template.examples))]
    for section in template.sections:
        own = [section.heading, *(sentence.split("{")[0] for sentence in section.paragraphs)]
        told = next(one for one in own if one) if any(own) else ""
        assert any(told in text for text in texts), section.id


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.id)
def test_a_template_names_its_basis_and_the_parts_that_the_law_demands(template):
    assert template.basis and template.required_parts and template.status == "proposed"
    assert all(section.basis for section in template.sections)


def test_no_sentence_is_copied_from_the_law_or_from_what_was_read_of_it(shared):
    words = re.findall(r"\w+", (shared / "law.md").read_text().lower())
    runs = {tuple(words[at : at + 6]) for at in range(len(words) - 5)}
    for sentence in every_sentence():
        ours = re.findall(r"\w+", sentence.lower())
        copied = [ours[at : at + 6] for at in range(len(ours) - 5) if tuple(ours[at : at + 6]) in runs]
        assert copied == []


def test_the_sentences_are_plain_danish_and_not_the_language_of_statutes():
    for text in every_sentence():
        assert not OFFICIALESE.search(text), text
        for sentence in re.split(r"(?<=[.?])\s", text):
            assert len(sentence.split()) <= 25, sentence
        assert not WRITTEN_OUT.search(text), text


def test_the_sentences_of_guidance_are_versioned_with_a_basis():
    assert (sentences().version, sentences().basis[0]) == (1, "fvl:25")


def content() -> dict:
    raw = files("workflows.letters.templates").joinpath("partshoering-1.json").read_bytes()
    return json.loads(raw)


def spoil_placeholder(template) -> None:
    template["sections"][0]["paragraphs"].append("Se {hemmelig}.")


def spoil_block_in_a_sentence(template) -> None:
    template["sections"][0]["paragraphs"].append("Se {facts}.")


def spoil_limit(template) -> None:
    template["sections"][0]["paragraphs"].append("Inden {limit.SAGSBEH}.")


def spoil_field_twice(template) -> None:
    template["fields"].append(template["fields"][0])


def spoil_frame_field(template) -> None:
    template["fields"].append({"name": "caseworker", "label": "x", "kind": "line"})


def spoil_required_part(template) -> None:
    template["required_parts"].append({"section": "findes-ikke"})


def spoil_part_that_can_vanish(template) -> None:
    next(one for one in template["fields"] if one["name"] == "answer_by")["required"] = False


def spoil_basis(template) -> None:
    template["sections"][0]["basis"] = []


def spoil_condition(template) -> None:
    template["sections"][0]["when"] = {"field": "subject", "in": ["x"]}


def spoil_unused(template) -> None:
    template["fields"].append({"name": "unused", "label": "x", "kind": "line"})


def spoil_members(template) -> None:
    template["fields"][1]["members"] = []


def spoil_shows(template) -> None:
    template["sections"][1]["shows"].append("subject")


def spoil_examples(template) -> None:
    template["examples"] = []


def spoil_hash(template) -> None:
    template["sha256"] = "0" * 64


def spoil_shape(template) -> None:
    template["version"] = "Hanne Hansen"


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (spoil_placeholder, "placeholder-unknown: why/hemmelig"),
        (spoil_block_in_a_sentence, "placeholder-unknown: why/facts"),
        (spoil_limit, "limit-unknown: why/limit.SAGSBEH"),
        (spoil_field_twice, "field-twice: fields"),
        (spoil_frame_field, "field-twice: fields"),
        (spoil_required_part, "required-part: findes-ikke"),
        (spoil_part_that_can_vanish, "required-part: answer/answer_by"),
        (spoil_basis, "section-without-basis: why"),
        (spoil_condition, "condition: why"),
        (spoil_unused, "field-unused: unused"),
        (spoil_members, "members: facts"),
        (spoil_shows, "shows: facts/subject"),
        (spoil_examples, "no-example: examples"),
        (spoil_hash, "states-own-hash"),
        (spoil_shape, "malformed"),
    ],
)
def test_a_template_that_breaks_the_format_is_refused_by_name(spoil, fault):
    template = content()
    spoil(template)
    with pytest.raises(LetterTemplateBroken) as broken:
        read_letter_template(json.dumps(template).encode())
    assert fault in str(broken.value) and "Hanne" not in str(broken.value)


def test_the_sound_file_is_read():
    raw = json.dumps(content()).encode()
    assert read_letter_template(raw).sha256 != letter_template("partshoering", 1).sha256 != ""


def test_a_letter_is_written_under_the_version_of_its_day():
    assert letter_template_on("afgoerelse", date(2026, 11, 24)).version == 1
    assert letter_template_called("afgoerelse") is letter_template_called("afgoerelse-1")
    before = letter_template("afgoerelse", 1).valid_from - timedelta(days=1)
    with pytest.raises(UnknownLetterTemplate):
        letter_template_on("afgoerelse", before)


@pytest.mark.parametrize("label", ["7001014321", "afgoerelse-9", "findes-ikke", "", "AFGOERELSE"])
def test_an_unknown_letter_is_an_error_without_an_echo(label):
    with pytest.raises(UnknownLetterTemplate) as unknown:
        letter_template_called(label)
    assert not label or label not in str(unknown.value)
