"""The template as JSON Schema 2020-12, for those who fill documents in by machine.

It says what `validate_document` says, so that a document made by the schema is accepted, except
for what the language cannot say: no assertion id twice in a list, the size of the whole, and a
local replacement number that looks like a CPR number. Everything is written out in place (no
$ref), so the schema can stand inside an OpenAPI document as it is.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal

from domain.document import formats
from domain.document.example import example_document
from domain.document.rule_schema import rule_schema
from domain.document.template import PROVENANCES, Field, Section, Template
from domain.identity.municipality import municipalities

Schema = dict[str, Any]
CprNumbers = Literal["real", "test", "any"]
_PROVENANCE_LABELS = (
    "Hvor oplysningen kommer fra: borgeren, egen iagttagelse, tredjepart eller faglig vurdering."
)
_COMMENT = "Borgerens bemærkning til oplysningen. Den følger med, hvor oplysningen går hen."


def json_schema(
    template: Template,
    *,
    schema_id: str | None = None,
    cpr: CprNumbers = "real",
    municipality_codes: Iterable[str] | None = None,
    today: date | None = None,
) -> Schema:
    """The JSON Schema of a document under this template.

    `schema_id`: the fixed address it is published at; without it `$schema` and `$id` are left
    out, for use inside another document. `cpr`: which CPR numbers its pattern lets through
    (`test`: day + 60 only, for demo and fuzzing). `municipality_codes`: those of
    `domain.identity` unless given. `today`: the day that the example's dates follow.
    """
    codes = tuple(municipality_codes) if municipality_codes is not None else tuple(municipalities())
    writer = _Writer(template, cpr, codes)
    head: Schema = {}
    if schema_id is not None:
        head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": schema_id}
    return head | {
        "title": template.title,
        "description": f"{template.description} ({template.meaning}, version {template.version}.)",
        "type": "object",
        "properties": {
            "template": {"const": template.name},
            "template_version": {"const": template.version},
            "sections": {
                "type": "object",
                "properties": {section.id: writer.section(section) for section in template.sections},
                "required": [section.id for section in template.sections if section.required],
                "additionalProperties": False,
            },
        },
        "required": ["template", "template_version", "sections"],
        "additionalProperties": False,
        "examples": [example_document(template, today=today)],
    }


class _Writer:
    def __init__(self, template: Template, cpr: CprNumbers, municipality_codes: tuple[str, ...]) -> None:
        self._template = template
        self._cpr = cpr
        self._municipality_codes = municipality_codes

    def section(self, section: Section) -> Schema:
        fields = [field for field in section.fields if field.requirement != "computed"]
        required = [f.name for f in fields if f.requirement in ("always", "skipped-when-plan")]
        schema: Schema = {
            "title": section.title,
            "description": f"{section.help} ({section.meaning})".strip(),
            "type": "object",
            "properties": {field.name: self._field(field) for field in fields},
            "required": required,
            "additionalProperties": False,
        }
        conditions = [
            rule_schema(self._template, rule)
            for rule in self._template.rules
            if rule.severity == "error" and rule.fields[0].startswith(f"{section.id}.")
        ]
        conditions += self._plan_condition(section)
        return schema | ({"allOf": conditions} if conditions else {})

    def _plan_condition(self, section: Section) -> list[Schema]:
        """Without the plan, nothing may be skipped. Said within the section that holds the plan."""
        plan_section, _, plan = (self._template.plan_field or "").partition(".")
        if section.id != plan_section:
            return []
        stated = {
            field.name: {"not": _skip_marker(self._template)} for field in section.fields if field.skippable
        }
        return [{"if": {"not": {"required": [plan]}}, "then": {"properties": stated}}]

    def _field(self, field: Field) -> Schema:
        value = self._value(field)
        markers: list[Schema] = []
        if field.withhold:
            markers.append(_marker("withheld", field.withhold, "Tilbageholdt, med grunden."))
        if field.skippable:
            markers.append(_skip_marker(self._template))
        labels = {"title": field.label, "description": self._description(field)}
        return labels | ({"anyOf": [value, *markers]} if markers else value)

    def _description(self, field: Field) -> str:
        parts = [field.help, f"({field.meaning})"]
        if field.value_set and field.kind in ("code", "codes"):
            values = self._template.values(field.value_set)
            parts.append("; ".join(f"{value.code}: {value.label}" for value in values) + ".")
        return " ".join(part for part in parts if part)

    def _value(self, field: Field) -> Schema:
        return _WRITERS[field.kind](self, field)

    def _text(self, field: Field) -> Schema:
        pattern = formats.TEXT if field.lines else formats.TEXT_ONE_LINE
        return {"type": "string", "minLength": 1, "maxLength": field.max_length, "pattern": pattern}

    def _code(self, field: Field) -> Schema:
        return {"type": "string", "enum": [value.code for value in self._template.values(field.value_set)]}

    def _codes(self, field: Field) -> Schema:
        return self._array(field, self._code(field)) | {"uniqueItems": True}

    def _date(self, field: Field) -> Schema:
        return {"type": "string", "format": "date", "pattern": formats.DATE}

    def _datetime(self, field: Field) -> Schema:
        return {"type": "string", "format": "date-time", "pattern": formats.DATETIME}

    def _boolean(self, field: Field) -> Schema:
        return {"type": "boolean"} | ({} if field.must_be is None else {"const": field.must_be})

    def _integer(self, field: Field) -> Schema:
        return {"type": "integer", "minimum": field.minimum, "maximum": field.maximum}

    def _phone(self, field: Field) -> Schema:
        return {"type": "string", "maxLength": 32, "pattern": formats.PHONE}

    def _identifier(self, field: Field) -> Schema:
        return {"type": "string", "pattern": formats.IDENTIFIERS[field.format or ""]}

    def _municipality(self, field: Field) -> Schema:
        return {"type": "string", "enum": list(self._municipality_codes)}

    def _person_id(self, field: Field) -> Schema:
        alternatives: list[Schema] = []
        for value in self._template.values(field.value_set):
            patterns = [formats.PERSON_NUMBERS[value.code]]
            if value.code == "cpr":
                real, test = formats.PERSON_NUMBERS["cpr"], formats.TEST_CPR
                patterns = {"real": [real], "test": [test], "any": [real, test]}[self._cpr]
            alternatives += [_person_number(value.code, value.label, pattern) for pattern in patterns]
        return {"anyOf": alternatives}

    def _object(self, field: Field) -> Schema:
        return {
            "type": "object",
            "properties": {member.name: self._field(member) for member in field.fields},
            "required": [member.name for member in field.fields if member.requirement == "always"],
            "additionalProperties": False,
        }

    def _list(self, field: Field) -> Schema:
        return self._array(field, self._object(field))

    def _assertions(self, field: Field) -> Schema:
        members: Schema = {
            "id": {"type": "string", "pattern": formats.ASSERTION_ID},
            "text": self._text(field),
            "provenance": {"type": "string", "enum": list(PROVENANCES), "description": _PROVENANCE_LABELS},
            "seen_by_citizen_at": self._datetime(field),
        }
        if field.citizen_comment:
            members["citizen_comment"] = self._text(field) | {"description": _COMMENT}
        item: Schema = {
            "type": "object",
            "properties": members,
            "required": ["text"],
            "additionalProperties": False,
        }
        return self._array(field, item)

    def _array(self, field: Field, items: Schema) -> Schema:
        return {"type": "array", "items": items, "minItems": field.min_items, "maxItems": field.max_items}


def _marker(mark: str, reasons: Iterable[str], title: str) -> Schema:
    return {
        "title": title,
        "type": "object",
        "properties": {mark: {"type": "string", "enum": list(reasons)}},
        "required": [mark],
        "additionalProperties": False,
    }


def _skip_marker(template: Template) -> Schema:
    return _marker("skipped", [template.plan_code], "Findes i den plan, der er henvist til.")


def _person_number(kind: str, label: str, pattern: str) -> Schema:
    properties: Schema = {"type": {"const": kind}, "value": {"type": "string", "pattern": pattern}}
    if kind == "local":
        properties["issuer"] = {"type": "string", "pattern": formats.ISSUER}
    return {
        "title": label,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_WRITERS: dict[str, Callable[[_Writer, Field], Schema]] = {
    "text": _Writer._text,
    "code": _Writer._code,
    "codes": _Writer._codes,
    "date": _Writer._date,
    "datetime": _Writer._datetime,
    "boolean": _Writer._boolean,
    "integer": _Writer._integer,
    "person-id": _Writer._person_id,
    "municipality-code": _Writer._municipality,
    "phone": _Writer._phone,
    "identifier": _Writer._identifier,
    "object": _Writer._object,
    "list": _Writer._list,
    "assertions": _Writer._assertions,
}
