"""A template's refusing rules in the language of JSON Schema (only those that can be said there)."""

from collections.abc import Iterable
from typing import Any

from domain.document.template import Condition, Rule, Template

Schema = dict[str, Any]


def rule_schema(template: Template, rule: Rule) -> Schema:
    """The condition on the section's object that the rule states."""
    demand = _demand(template, rule)
    if rule.unless:
        demand = {"anyOf": [_condition(template, rule.unless), demand]}
    if rule.when:
        return {"if": _condition(template, rule.when), "then": demand}
    return demand


def _name(field_id: str) -> str:
    return field_id.rsplit(".", 1)[-1]


def _condition(template: Template, condition: Condition) -> Schema:
    name = _name(condition.field)
    field = template.field(condition.field)
    several = field is not None and field.kind == "codes"
    stated = _holds_one_of(condition.one_of) if several else {"enum": list(condition.one_of)}
    return {"properties": {name: stated}, "required": [name]}


def _holds_one_of(codes: Iterable[str | bool]) -> Schema:
    return {"type": "array", "contains": {"enum": list(codes)}}


def _demand(template: Template, rule: Rule) -> Schema:
    name = _name(rule.fields[0])
    if rule.kind == "required":
        return {"required": [name]}
    if rule.kind == "absent":
        return {"not": {"required": [name]}}
    if rule.kind == "one-of":
        # A withheld value is not stated, and so breaks no demand on it.
        return {"properties": {name: {"anyOf": [{"enum": list(rule.values)}, {"type": "object"}]}}}
    if rule.kind == "alone":
        return {
            "if": {"properties": {name: _holds_one_of(rule.values)}, "required": [name]},
            "then": {"properties": {name: {"maxItems": 1}}},
        }
    first, second = (template.field(field_id) for field_id in rule.fields)
    assert first is not None and second is not None
    codes = {value.code for value in template.values(first.value_set)}
    shared = [value.code for value in template.values(second.value_set) if value.code in codes]
    other = _name(rule.fields[1])
    return {
        "allOf": [
            {
                "not": {
                    "properties": {name: {"const": code}, other: {"const": code}},
                    "required": [name, other],
                }
            }
            for code in shared
        ]
    }
