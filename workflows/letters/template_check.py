"""What a letter's template must keep to, checked when it is read and before anyone relies on it."""

from collections.abc import Iterator

from domain.law.deadline_register import deadline_rules
from workflows.letters.template import (
    INLINE,
    Condition,
    Field,
    Frame,
    LetterTemplate,
    Section,
    is_limit,
    limit_id,
    placeholders,
)

Faults = Iterator[str]


def template_faults(template: LetterTemplate, frame: Frame) -> list[str]:
    """Every way in which the template breaks the format, each as `code: place`; empty when it is sound."""
    return list(_faults(template, frame))


def _faults(template: LetterTemplate, frame: Frame) -> Faults:
    every = (*frame.fields, *template.fields)
    fields = {field.name: field for field in every}
    if len(fields) != len(every):
        yield "field-twice: fields"
    if len({section.id for section in template.sections}) != len(template.sections):
        yield "section-twice: sections"
    for field in every:
        yield from _field_faults(field, fields)
    for section in template.sections:
        yield from _section_faults(section, fields)
    yield from _sentence_faults("title", template.title, fields)
    yield from _unused(template)
    yield from _part_faults(template, fields)
    if not template.examples:
        yield "no-example: examples"


def _field_faults(field: Field, fields: dict[str, Field]) -> Faults:
    if (field.kind == "code") != bool(field.values):
        yield f"values: {field.name}"
    if (field.kind == "items") != bool(field.members):
        yield f"members: {field.name}"
    if isinstance(field.required, Condition):
        yield from _condition_faults(field.name, field.required, fields)


def _condition_faults(place: str, condition: Condition | None, fields: dict[str, Field]) -> Faults:
    if condition is None:
        return
    asked = fields.get(condition.field)
    if asked is None or asked.kind != "code" or not set(condition.among) <= asked.values.keys():
        yield f"condition: {place}"


def _section_faults(section: Section, fields: dict[str, Field]) -> Faults:
    if not section.paragraphs and not section.shows:
        yield f"section-empty: {section.id}"
    if not section.basis:
        yield f"section-without-basis: {section.id}"
    yield from _condition_faults(section.id, section.when, fields)
    for sentence in section.paragraphs:
        yield from _sentence_faults(section.id, sentence, fields)
    for name in section.shows:
        if name not in fields or fields[name].kind in INLINE:
            yield f"shows: {section.id}/{name}"


def _sentence_faults(place: str, sentence: str, fields: dict[str, Field]) -> Faults:
    for name in placeholders(sentence):
        if is_limit(name):
            rule = deadline_rules().get(limit_id(name))
            if rule is None or rule.length is None:
                yield f"limit-unknown: {place}/{name}"
        elif name not in fields or fields[name].kind not in INLINE:
            yield f"placeholder-unknown: {place}/{name}"


def _unused(template: LetterTemplate) -> Faults:
    used = {name for section in template.sections for name in section.told} | set(
        placeholders(template.title)
    )
    used |= {section.when.field for section in template.sections if section.when}
    for field in template.fields:
        if field.name not in used:
            yield f"field-unused: {field.name}"


def _part_faults(template: LetterTemplate, fields: dict[str, Field]) -> Faults:
    """A required part must not be able to vanish: its values are required when it is."""
    sections = {section.id: section for section in template.sections}
    for part in template.required_parts:
        section = sections.get(part.section)
        if section is None or section.when not in (None, part.when):
            yield f"required-part: {part.section}"
            continue
        for name in section.told:
            if name in fields and fields[name].required not in (True, part.when):
                yield f"required-part: {part.section}/{name}"
