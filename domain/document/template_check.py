"""What a template file must keep to, checked when it is read and before anyone relies on it."""

import re
from collections import Counter
from collections.abc import Iterator

from domain.document.formats import IDENTIFIERS
from domain.document.rule_check import rule_faults
from domain.document.template import FACT_KINDS, Field, Section, Template
from domain.document.template_fault import TemplateFault, template_fault

_NAME = re.compile(r"[a-z_]{1,40}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_./:-]{0,63}")
_FACT_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}")
_FACT_KEY_PART = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_RESERVED = frozenset({"withheld", "skipped", "masked"})
_PERSON_KINDS = frozenset({"person-id", "municipality-code", "phone"})

Faults = Iterator[TemplateFault]


def template_faults(template: Template) -> list[TemplateFault]:
    """Every way in which the template breaks the format; empty when it is sound."""
    return list(_faults(template))


def _faults(template: Template) -> Faults:
    ids = [section.id for section in template.sections]
    ids += [field.id for section in template.sections for field in section.fields]
    yield from _twice("id-twice", ids)
    yield from _twice("rule-id-twice", [rule.id for rule in template.rules])
    yield from _version_faults(template)
    for name, values in template.value_sets.items():
        if len({value.code for value in values}) != len(values):
            yield template_fault("code-twice", name)
        if not all(_CODE.fullmatch(value.code) for value in values):
            yield template_fault("code-form", name)
    for section in template.sections:
        yield from _section_faults(template, section)
    for rule in template.rules:
        yield from rule_faults(template, rule)
    yield from _person_faults(template)


def _twice(code: str, ids: list[str]) -> Faults:
    yield from (template_fault(code, place) for place, times in Counter(ids).items() if times > 1)


def _version_faults(template: Template) -> Faults:
    approval = (template.approved_by is not None, template.approved_on is not None)
    if approval != (template.status == "approved",) * 2:
        yield template_fault("approval")
    if template.in_force_to is not None and template.in_force_to < template.in_force_from:
        yield template_fault("force")
    if template.earlier_until is not None and template.version == 1:
        yield template_fault("earlier-of-none")
    reasons = template.withholding_reasons
    withheld = any(field.withhold for section in template.sections for field in section.fields)
    if reasons not in template.value_sets and (reasons is not None or withheld):
        yield template_fault("withholding-reasons")


def _person_faults(template: Template) -> Faults:
    """Who the citizen is, who speaks for her, where she lives, and which plan may hold it."""
    for field_id in template.never_withheld:
        field = template.field(field_id)
        if field is None:
            yield template_fault("protected-unknown", field_id)
        elif field.withhold or field.skippable:
            yield template_fault("protected-withheld", field_id)
    plan = template.field(template.plan_field) if template.plan_field else None
    if template.plan_field and (plan is None or plan.kind != "object" or plan.withhold or plan.skippable):
        yield template_fault("plan-field")
    if not template.plan_field and any(f.skippable for s in template.sections for f in s.fields):
        yield template_fault("no-plan-field")
    yield from _protection_faults(template)


def _protection_faults(template: Template) -> Faults:
    flag = template.field(template.protection_flag) if template.protection_flag else None
    stated = flag is not None and flag.kind == "boolean" and flag.requirement == "always"
    if template.protection_flag and (not stated or flag is None or flag.withhold or flag.skippable):
        yield template_fault("protection-flag")
    for field in _every_field(template):
        if field.address_protected and not template.protection_flag:
            yield template_fault("no-protection-flag", field.id)
        # A note is shown to every audience as it stands (`domain.document.masking`).
        if template.completion == "note" and (field.kind in _PERSON_KINDS or field.other_person):
            yield template_fault("note-about-a-person", field.id)


def _every_field(template: Template) -> Iterator[Field]:
    for section in template.sections:
        for field in section.fields:
            yield field
            yield from field.fields


def _section_faults(template: Template, section: Section) -> Faults:
    if not _NAME.fullmatch(section.id):
        yield template_fault("section-id", section.id)
    if section.required and all(field.requirement == "computed" for field in section.fields):
        yield template_fault("section-computed", section.id)
    for field in section.fields:
        if field.id != f"{section.id}.{field.name}":
            yield template_fault("field-outside-section", field.id)
        yield from _field_faults(template, field)


def _field_faults(template: Template, field: Field) -> Faults:
    if not _NAME.fullmatch(field.name) or field.name in _RESERVED:
        yield template_fault("field-name", field.id)
    yield from _fact_faults(template, field)
    if field.kind in ("code", "codes", "person-id") and field.value_set not in template.value_sets:
        yield template_fault("no-value-set", field.id)
    if field.kind in ("text", "assertions") and not field.max_length:
        yield template_fault("no-max-length", field.id)
    if field.kind == "identifier" and field.format not in IDENTIFIERS:
        yield template_fault("no-identifier", field.id)
    if field.kind == "integer" and field.minimum >= field.maximum:
        yield template_fault("no-range", field.id)
    if field.must_be is not None and field.kind != "boolean":
        yield template_fault("must-be", field.id)
    if field.citizen_comment and field.kind != "assertions":
        yield template_fault("comment-kind", field.id)
    if (field.kind in ("object", "list")) != bool(field.fields):
        yield template_fault("members", field.id)
    reasons = {value.code for value in template.value_sets.get(template.withholding_reasons or "", ())}
    if not set(field.withhold) <= reasons:
        yield template_fault("withhold-reason", field.id)
    for member in field.fields:
        yield from _member_faults(template, field, member)


def _member_faults(template: Template, field: Field, member: Field) -> Faults:
    if member.id != f"{field.id}.{member.name}":
        yield template_fault("member-outside-field", member.id)
    has_members = member.kind in ("object", "list", "assertions")
    if member.fact or member.withhold or member.skippable or has_members:
        yield template_fault("member-of-its-own", member.id)
    yield from _field_faults(template, member)


def _fact_faults(template: Template, field: Field) -> Faults:
    if not field.fact:
        return
    if field.kind not in FACT_KINDS:
        yield template_fault("fact-kind", field.id)
    if field.other_person:
        yield template_fault("fact-other-person", field.id)
    # A list of codes becomes one fact for each code, named by it.
    form = _FACT_KEY_PART if field.kind == "codes" else _FACT_CODE
    values = template.value_sets.get(field.value_set or "", ())
    if not all(form.fullmatch(value.code) for value in values if value.refused is None):
        yield template_fault("fact-code", field.id)
