"""What a template file must keep to, checked when it is read and before anyone relies on it."""

import re
from collections.abc import Iterator

from domain.document.formats import IDENTIFIERS
from domain.document.template import FACT_KINDS, Field, Rule, Section, Template

_NAME = re.compile(r"[a-z_]{1,40}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_./:-]{0,63}")
_FACT_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}")
_RESERVED = frozenset({"withheld", "skipped"})
_RULE_FIELDS = {"differ": 2, "not-before": 2}
_SCHEMA_RULES = frozenset({"differ", "required", "absent", "one-of"})


def template_faults(template: Template) -> list[str]:
    """Every way in which the template breaks the format; empty when it is sound."""
    return list(_faults(template))


def _faults(template: Template) -> Iterator[str]:
    ids = [section.id for section in template.sections]
    ids += [field.id for section in template.sections for field in section.fields]
    if len(set(ids)) != len(ids):
        yield "an id is used twice"
    if template.withholding_reasons not in template.value_sets:
        yield "the reasons for withholding are not a value set"
        return
    for name, values in template.value_sets.items():
        if len({value.code for value in values}) != len(values):
            yield f"value set {name} has a code twice"
        if not all(_CODE.fullmatch(value.code) for value in values):
            yield f"value set {name} has a code that is not lower-case letters, digits and -_./:"
    for section in template.sections:
        yield from _section_faults(template, section)
    for rule in template.rules:
        yield from _rule_faults(template, rule)
    for field_id in template.never_withheld:
        field = template.field(field_id)
        if field is None:
            yield f"{field_id} is protected but unknown"
        elif field.withhold or field.skippable:
            yield f"{field_id} can never be withheld or skipped"
    plan = template.field(template.plan_field) if template.plan_field else None
    if template.plan_field and (plan is None or plan.kind != "object" or plan.withhold or plan.skippable):
        yield "the plan field is an object that can be neither withheld nor skipped"
    if not template.plan_field and any(f.skippable for s in template.sections for f in s.fields):
        yield "a field can be skipped, but the template names no plan field"


def _section_faults(template: Template, section: Section) -> Iterator[str]:
    if not _NAME.fullmatch(section.id):
        yield f"section id {section.id} is not lower-case letters and _"
    for field in section.fields:
        if field.id != f"{section.id}.{field.name}":
            yield f"{field.id} does not begin with its section"
        yield from _field_faults(template, field)


def _field_faults(template: Template, field: Field) -> Iterator[str]:
    if not _NAME.fullmatch(field.name) or field.name in _RESERVED:
        yield f"{field.id} has a name that is reserved or not lower-case letters and _"
    if field.fact and field.kind not in FACT_KINDS:
        yield f"{field.id} is {field.kind} and can never be a fact"
    if field.fact and field.other_person:
        yield f"{field.id} concerns another person and can never be a fact"
    if field.kind in ("code", "codes"):
        if field.value_set not in template.value_sets:
            yield f"{field.id} names no value set of the template"
        elif field.fact:
            # A list of codes becomes one fact for each code, named by it.
            form = _NAME if field.kind == "codes" else _FACT_CODE
            if not all(form.fullmatch(value.code) for value in template.values(field.value_set)):
                yield f"{field.id} is a fact, and a code of its value set cannot stand in facts"
    if field.kind == "text" and not field.max_length:
        yield f"{field.id} has no max_length"
    if field.kind == "identifier" and field.format not in IDENTIFIERS:
        yield f"{field.id} names no known form of identifier"
    if field.kind == "integer" and field.minimum >= field.maximum:
        yield f"{field.id} has no range"
    if field.must_be is not None and field.kind != "boolean":
        yield f"{field.id} is not boolean and has must_be"
    if (field.kind in ("object", "list")) != bool(field.fields):
        yield f"{field.id} has members where it should not, or none where it should"
    reasons = {value.code for value in template.value_sets[template.withholding_reasons]}
    if not set(field.withhold) <= reasons:
        yield f"{field.id} can be withheld for an unknown reason"
    for member in field.fields:
        if member.id != f"{field.id}.{member.name}":
            yield f"{member.id} does not begin with its field"
        if (
            member.fact
            or member.withhold
            or member.skippable
            or member.kind in ("object", "list", "assertions")
        ):
            yield f"{member.id} is a member: not a fact, not withheld, not skipped, without members"
        yield from _field_faults(template, member)


def _rule_faults(template: Template, rule: Rule) -> Iterator[str]:
    if len(rule.fields) != _RULE_FIELDS.get(rule.kind, 1):
        yield f"rule {rule.id} has the wrong number of fields"
    named = [*rule.fields]
    named += [condition.field for condition in (rule.when, rule.unless) if condition]
    unknown = [field_id for field_id in named if template.field(field_id) is None]
    if unknown:
        yield f"rule {rule.id} names an unknown field"
        return
    if rule.severity == "error":
        # The published JSON Schema must say the same as validation does, section by section.
        if rule.kind not in _SCHEMA_RULES:
            yield f"rule {rule.id} cannot be said in JSON Schema, so it can only warn"
        if len({field_id.partition(".")[0] for field_id in named}) > 1:
            yield f"rule {rule.id} spans sections, so it can only warn"
    if rule.kind == "one-of" and not rule.values:
        yield f"rule {rule.id} has no values"
