"""An empty template as Danish text: what a clinician will be asked, section by section."""

from collections.abc import Iterator

from domain.document.template import Field, Section, Template
from domain.document.words import (
    CITIZENS_COMMENT,
    KINDS,
    PROVENANCE_LABELS,
    approval,
    choices,
    demands,
    in_force,
    refused_choices,
    requirement,
    withholding,
)


def outline(template: Template) -> str:
    """Every section and field with its requirement, its choices, and what may be withheld."""
    lines = [template.title, "=" * len(template.title), "", template.description]
    lines += [f"Version {template.version}. {approval(template)} {in_force(template)}"]
    if template.withholding_reasons:
        reasons = "; ".join(value.label for value in template.values(template.withholding_reasons))
        lines += [
            f"Grunde til at tilbageholde et felt: {reasons}. Modtageren ser, at det er gjort, og hvorfor."
        ]
    lines += [""]
    for section in template.sections:
        lines += [*_section(template, section), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(template: Template, section: Section) -> Iterator[str]:
    heading = f"{section.number}. {section.title}" if section.number else section.title
    yield heading
    yield "-" * len(heading)
    if section.help:
        yield section.help
    for field in section.fields:
        yield f"* {field.label} ({requirement(template, field)})"
        yield from (f"    {line}" for line in _about(template, section, field))


def _about(template: Template, section: Section, field: Field) -> Iterator[str]:
    if field.help:
        yield field.help
    if field.requirement == "computed":
        return
    yield from _answer(template, field)
    if field.kind == "assertions":
        source = PROVENANCE_LABELS[field.provenance or section.provenance]
        yield f"Kilde, når intet andet er angivet: {source}."
    if field.citizen_comment:
        yield f"{CITIZENS_COMMENT} kan føjes til hver oplysning og følger med."
    if field.withhold:
        every = len(field.withhold) == len(template.values(template.withholding_reasons))
        yield "Kan tilbageholdes" + (f": {'; '.join(withholding(template, field))}." if not every else ".")
    if field.address_protected:
        yield "Skjules for andre end myndigheder og borgeren ved navne- og adressebeskyttelse."
    yield from demands(template, field)


def _answer(template: Template, field: Field) -> Iterator[str]:
    values = choices(template, field)
    yield (
        f"Svar: {KINDS[field.kind]}" + (": " if values else ".") + "; ".join(value.label for value in values)
    )
    for label, instead in refused_choices(template, field):
        yield f"Ikke »{label}«: {instead}"
    for member in field.fields:
        yield f"- {member.label} ({requirement(template, member)})"
        options = "; ".join(value.label for value in choices(template, member))
        if options:
            yield f"  {KINDS[member.kind].capitalize()}: {options}"
