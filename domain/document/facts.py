"""The coded values of a document that may stand in clear on the log (design idea 4)."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.document.formats import has_form
from domain.document.template import FACT_KINDS, Field, Template

FactValue = str | bool


def extract_facts(template: Template, sections: Mapping[str, Mapping[str, Any]]) -> dict[str, FactValue]:
    """Field id -> code, date (yyyy-mm-dd) or boolean, of validated sections.

    Only fields the template marks as facts, and of them only values that *are* a code of the
    template, a date, a municipality code or a boolean: free text has no way here, whatever the
    sections hold. A list of codes gives `<field id>.<code>: true` for each. A withheld or
    skipped field gives nothing.
    """
    facts: dict[str, FactValue] = {}
    for section in template.sections:
        stated = sections.get(section.id, {})
        for field in section.fields:
            if field.fact and field.kind in FACT_KINDS and field.name in stated:
                facts.update(_facts_of(template, field, stated[field.name]))
    return facts


def _facts_of(template: Template, field: Field, value: object) -> Iterator[tuple[str, FactValue]]:
    codes = [entry.code for entry in template.values(field.value_set)] if field.value_set else []
    if field.kind == "boolean" and isinstance(value, bool):
        yield field.id, value
    elif field.kind == "codes" and isinstance(value, list):
        yield from ((f"{field.id}.{code}", True) for code in codes if code in value)
    elif isinstance(value, str):
        allowed = {
            "code": value in codes,
            "date": has_form("date", value),
            "municipality-code": has_form("municipality", value),
        }
        if allowed.get(field.kind, False):
            yield field.id, value
