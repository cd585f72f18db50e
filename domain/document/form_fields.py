"""The fields of the paper form: what is asked, what may be crossed off, and room to write."""

from collections.abc import Callable, Iterable, Iterator
from html import escape

from domain.document.template import PROVENANCES, Field, Section, Template
from domain.document.words import (
    CITIZENS_COMMENT,
    PLAN_LABELS,
    PROVENANCE_LABELS,
    choices,
    demands,
    refused_choices,
    requirement,
    withholding,
)

ROWS = 2
"""Rows of a list, and blocks of assertions where some are demanded. More go on a sheet of its own."""
CPR_DIGITS = 10
_SHORT = 120
"""A text of at most so many characters gets one line to write on."""
_LINES = 2
_ROOM = '<span class="unseen">Plads til at skrive.</span>'


def form_field(template: Template, section: Section, field: Field, number: str) -> Iterator[str]:
    """One field as HTML. `number` is the one people refer to, such as 3.4."""
    anchor = f"felt-{field.id.replace('.', '-')}"
    yield f'<div class="field" role="group" aria-labelledby="{anchor}">'
    asked = requirement(template, field)
    yield (
        f'<h3 id="{anchor}">{number} {escape(field.label)} '
        f'<span class="requirement">({escape(asked)})</span></h3>'
    )
    if field.help:
        yield f"<p>{escape(field.help)}</p>"
    if field.requirement != "computed":
        yield from _WIDGETS[field.kind](template, section, field)
        yield from _instead(template, field)
    yield "</div>"


def _instead(template: Template, field: Field) -> Iterator[str]:
    """What can stand in place of an answer, and what is demanded or refused."""
    reasons = list(withholding(template, field))
    if reasons:
        yield _boxes(reasons, "Tilbageholdt:")
    if field.skippable:
        yield _boxes([f"Findes i {PLAN_LABELS.get(template.plan_code, 'planen')}"])
    if field.address_protected:
        yield "<p>Skjules for andre end myndigheder og borgeren ved navne- og adressebeskyttelse.</p>"
    yield from (f"<p>Bemærk: {escape(demand)}</p>" for demand in demands(template, field))
    for label, instead in refused_choices(template, field):
        yield f"<p>Ikke »{escape(label)}«. {escape(instead)}</p>"


def _boxes(labels: Iterable[str], before: str = "") -> str:
    items = "".join(f'<li><span class="box"></span>{escape(label)}</li>' for label in labels)
    lead = f"<p>{escape(before)}</p>" if before else ""
    return f'<div class="choices">{lead}<ul>{items}</ul></div>'


def _blank(label: str) -> str:
    return f'<p>{escape(label)}: <span class="blank">{_ROOM}</span></p>'


def _lines(count: int) -> str:
    return f'<span class="line">{_ROOM}</span>' + '<span class="line"></span>' * (count - 1)


def _text(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _lines(1 if (field.max_length or 0) <= _SHORT or not field.lines else _LINES)


def _one_line(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _lines(1)


def _code(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _boxes((value.label for value in choices(template, field)), "Ét kryds:")


def _codes(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _boxes((value.label for value in choices(template, field)), "Et eller flere krydser:")


def _boolean(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _boxes([word for word, value in (("Ja", True), ("Nej", False)) if field.must_be in (None, value)])


def _date(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _blank("Dag, måned og år")


def _datetime(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _blank("Dag, måned, år og klokkeslæt")


def _integer(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _blank(f"Et tal fra {field.minimum} til {field.maximum}")


def _person_id(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _boxes(value.label for value in choices(template, field))
    digits = '<span class="digit"></span>' * CPR_DIGITS
    yield f"<p>{_ROOM}{digits}</p>"
    if any(value.code == "local" for value in choices(template, field)):
        yield _blank("Lokalt nummer og hvem der har udstedt det")


def _municipality(template: Template, section: Section, field: Field) -> Iterator[str]:
    yield _blank("Kommunens navn")


def _object(template: Template, section: Section, field: Field) -> Iterator[str]:
    for member in field.fields:
        asked = requirement(template, member)
        yield '<div class="field">'
        yield f'<p>{escape(member.label)} <span class="requirement">({escape(asked)})</span></p>'
        yield from _WIDGETS[member.kind](template, section, member)
        yield "</div>"


def _list(template: Template, section: Section, field: Field) -> Iterator[str]:
    for member in field.fields:
        options = "; ".join(value.label for value in choices(template, member))
        if options:
            yield f"<p>{escape(member.label)}: {escape(options)}.</p>"
    heads = "".join(f'<th scope="col">{escape(member.label)}</th>' for member in field.fields)
    row = f"<tr>{f'<td>{_ROOM}</td>' * len(field.fields)}</tr>"
    rows = row * min(max(ROWS, field.min_items), field.max_items)
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _assertions(template: Template, section: Section, field: Field) -> Iterator[str]:
    default = PROVENANCE_LABELS[field.provenance or section.provenance]
    yield f"<p>En oplysning ad gangen. Uden kryds er kilden: {escape(default)}.</p>"
    for number in range(1, (ROWS if field.requirement == "always" else 1) + 1):
        yield f'<div class="item"><p>Oplysning {number}</p>{_lines(2)}'
        yield _boxes((PROVENANCE_LABELS[source] for source in PROVENANCES), "Kilde:")
        yield _blank("Set af borgeren den")
        if field.citizen_comment:
            yield f"<p>{CITIZENS_COMMENT}:</p>{_lines(1)}"
        yield "</div>"


_WIDGETS: dict[str, Callable[[Template, Section, Field], Iterator[str]]] = {
    "text": _text,
    "code": _code,
    "codes": _codes,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
    "integer": _integer,
    "person-id": _person_id,
    "municipality-code": _municipality,
    "phone": _one_line,
    "identifier": _one_line,
    "object": _object,
    "list": _list,
    "assertions": _assertions,
}
