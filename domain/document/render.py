"""A document as Danish text that a person can read, by the labels of its own template version."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from domain.calendar.danish_dates import danish_date
from domain.calendar.working_days import COPENHAGEN
from domain.document.masking import Audience, is_masked, masked, shown_instead
from domain.document.redaction import MARKER, is_exempted
from domain.document.rules import is_marker
from domain.document.template import Field, Section, Template
from domain.document.words import CITIZENS_COMMENT, PLAN_LABELS, PROVENANCE_LABELS
from domain.identity.municipality import municipalities
from domain.law.references import reference


def plain_text(document: Mapping[str, Any], template: Template, *, audience: Audience | str) -> str:
    """The whole document: sections, labels, values; what is withheld, skipped, masked or left out shows so.

    `document` is a normalised one (`ValidatedDocument.as_document`), or one that passages were left out of
    (`domain.document.redaction`). The text is personal data.
    Raises what `masked` raises: a text is never made for an audience that nobody has thought of.
    """
    shown = masked(document, template, audience)
    lines = [template.title, "=" * len(template.title), ""]
    for section in template.sections:
        stated = shown["sections"].get(section.id)
        if stated:
            lines += [*_section(template, section, stated), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(template: Template, section: Section, stated: Mapping[str, Any]) -> Iterator[str]:
    heading = f"{section.number}. {section.title}" if section.number else section.title
    yield heading
    yield "-" * len(heading)
    if is_exempted(stated):
        yield _left_out(stated)
        return
    for field in section.fields:
        if field.name in stated:
            default = field.provenance or section.provenance
            yield from _field(template, field, stated[field.name], default)


def _field(template: Template, field: Field, value: Any, provenance: str) -> Iterator[str]:
    if is_marker(value) or is_masked(value) or is_exempted(value):
        yield f"{field.label}: {_marker_text(template, value)}"
    elif field.kind == "assertions":
        yield f"{field.label}:"
        for item in value:
            if is_exempted(item):
                yield f"  - {_left_out(item)}"
                continue
            source = _said(item.get("provenance", provenance))
            told = f"[{_said(item['id'])}] {_said(item['text'])}"
            yield from _bullet(f"{told} (kilde: {PROVENANCE_LABELS.get(source, source)})")
            if "citizen_comment" in item:
                first, *rest = _said(item["citizen_comment"]).split("\n")
                yield f"    {CITIZENS_COMMENT}: {first}"
                yield from (f"      {line}" for line in rest)
    elif field.kind == "list":
        yield f"{field.label}:"
        for item in value:
            yield from _bullet(_left_out(item) if is_exempted(item) else _members(template, field, item))
        if not value:
            yield "  ingen"
    elif field.kind == "object":
        yield f"{field.label}: {_members(template, field, value)}"
    else:
        first, *rest = _scalar(template, field, value).split("\n")
        yield f"{field.label}: {first}"
        yield from (f"  {line}" for line in rest)


def _bullet(text: str) -> Iterator[str]:
    first, *rest = text.split("\n")
    yield f"  - {first}"
    yield from (f"    {line}" for line in rest)


def _members(template: Template, field: Field, value: Mapping[str, Any]) -> str:
    parts = [
        f"{member.label}: {_scalar(template, member, value[member.name])}"
        for member in field.fields
        if member.name in value
    ]
    return "; ".join(parts)


def _marker_text(template: Template, value: Mapping[str, str]) -> str:
    if is_masked(value):
        return shown_instead()
    if is_exempted(value):
        return _left_out(value)
    if "withheld" in value:
        reason = template.value(template.withholding_reasons, value["withheld"])
        return f"tilbageholdt: {reason.label if reason else 'ukendt grund'}"
    return f"findes i {PLAN_LABELS.get(template.plan_code, 'planen')}"


def _scalar(template: Template, field: Field, value: Any) -> str:
    if is_masked(value):
        return shown_instead()
    if is_exempted(value):
        return _left_out(value)
    return _SCALARS.get(field.kind, _as_written)(template, field, value)


def _said(value: Any) -> str:
    """A text, or that it was left out."""
    return _left_out(value) if is_exempted(value) else str(value)


def _left_out(value: Mapping[str, str]) -> str:
    return f"udeladt ({reference(value[MARKER])})"


def _as_written(template: Template, field: Field, value: Any) -> str:
    return str(value)


def _label(template: Template, field: Field, code: str) -> str:
    known = template.value(field.value_set, code)
    return known.label if known else code


def _labels(template: Template, field: Field, codes: list[Any]) -> str:
    return ", ".join(
        _left_out(code) if is_exempted(code) else _label(template, field, code) for code in codes
    )


def _date(template: Template, field: Field, value: str) -> str:
    return danish_date(date.fromisoformat(value))


def _datetime(template: Template, field: Field, value: str) -> str:
    local = datetime.fromisoformat(value).astimezone(COPENHAGEN)
    return f"{danish_date(local.date())} kl. {local:%H.%M}"


def _boolean(template: Template, field: Field, value: bool) -> str:
    return "ja" if value else "nej"


def _person_id(template: Template, field: Field, value: Mapping[str, str]) -> str:
    if left_out := next((one for one in value.values() if is_exempted(one)), None):
        return _said(left_out)
    number = value["value"]
    if value["type"] == "cpr":
        number = f"{number[:6]}-{number[6:]}"
    issuer = f", udstedt af {value['issuer']}" if "issuer" in value else ""
    return f"{number} ({_label(template, field, value['type'])}{issuer})"


def _municipality(template: Template, field: Field, value: str) -> str:
    known = municipalities().get(value)
    return f"{known.name} ({value})" if known else value


_SCALARS: dict[str, Callable[[Template, Field, Any], str]] = {
    "code": _label,
    "codes": _labels,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
    "person-id": _person_id,
    "municipality-code": _municipality,
}
