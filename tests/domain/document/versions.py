"""A document under any version, with changes, and what validation and the published schema say of it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import jsonschema  # type: ignore[import-untyped]

from domain.document.example import example_document
from domain.document.loader import get_template
from domain.document.problems import DocumentRefused
from domain.document.schema import json_schema
from domain.document.template import Template
from domain.document.validate import ValidatedDocument, validate_document
from domain.document.values import standard_checks

CHECKS = standard_checks(allow_test_numbers=True)
GONE: Final = object()
"""In place of a value: take the field away."""


def changed(template: Template, changes: Mapping[str, object]) -> dict[str, Any]:
    """The template's example, as written on its first day, with these fields changed."""
    document = example_document(template, today=template.in_force_from)
    for field_id, value in changes.items():
        section, name = field_id.split(".")
        document["sections"].setdefault(section, {})[name] = value
        if value is GONE:
            del document["sections"][section][name]
    return document


def validated(template: Template, changes: Mapping[str, object] | None = None) -> ValidatedDocument:
    """The changed example, which is accepted on the version's first day, as by the published schema."""
    document = changed(template, changes or {})
    result = validate_document(document, template, today=template.in_force_from, checks=CHECKS)
    assert _schema(template).is_valid(document)
    return result


def faults(template: Template, changes: Mapping[str, object]) -> set[tuple[str, str]]:
    """Code and pointer of every fault of the changed example, which the schema refuses too."""
    document = changed(template, changes)
    try:
        validate_document(document, template, today=template.in_force_from, checks=CHECKS)
    except DocumentRefused as refused:
        assert not _schema(template).is_valid(document)
        return {(problem.code, problem.pointer) for problem in refused.problems}
    raise AssertionError("the document was accepted")


@cache
def _installed_schema(name: str, version: int) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema(get_template(name, version), cpr="any"))


def _schema(template: Template) -> jsonschema.Draft202012Validator:
    return _installed_schema(template.name, template.version)
