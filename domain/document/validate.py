"""Validates a document against its template, tells every fault at once, and draws out its facts."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from domain.document.facts import FactValue, extract_facts
from domain.document.loader import UnknownTemplate, get_template, may_be_made_under
from domain.document.problems import DocumentRefused, Findings, Problem
from domain.document.rules import broken_rules, is_marker
from domain.document.template import Field, Section, Template
from domain.document.values import INVALID, Checks, Walk, read_value, standard_checks

_MEMBERS = frozenset({"template", "template_version", "sections"})


class ValidatedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document that keeps to its template. `sections` is personal data; `facts` is not.

    `withheld`: field id -> reason. `skipped`: ids of fields that a named plan holds.
    """

    template: str
    template_version: int
    template_sha256: str
    sections: dict[str, dict[str, Any]]
    facts: dict[str, FactValue]
    withheld: dict[str, str]
    skipped: tuple[str, ...]
    warnings: tuple[Problem, ...]

    def __repr__(self) -> str:
        return f"ValidatedDocument({self.template} {self.template_version}, sealed)"

    def as_document(self) -> dict[str, Any]:
        """The normalised document as it is stored, sent and hashed. Validating it changes nothing."""
        return {
            "template": self.template,
            "template_version": self.template_version,
            "sections": self.sections,
        }


def template_of(document: object) -> Template:
    """The template a document names. Raises DocumentRefused."""
    findings = Findings()
    if not isinstance(document, Mapping):
        findings.add("", "not-an-object", "Dokumentet", "The document")
        findings.raise_if_any()
    assert isinstance(document, Mapping)
    name, version = document.get("template"), document.get("template_version")
    if not isinstance(name, str):
        findings.add("/template", "unknown-template")
    elif isinstance(version, bool) or not isinstance(version, int):
        findings.add("/template_version", "unknown-template-version")
    findings.raise_if_any()
    assert isinstance(name, str) and isinstance(version, int)
    try:
        return get_template(name, version)
    except UnknownTemplate as unknown:
        place = "/template" if unknown.code == "unknown-template" else "/template_version"
        findings.add(place, unknown.code)
    raise DocumentRefused(tuple(findings))


def validate_document(
    document: object, template: Template, *, today: date, checks: Checks | None = None
) -> ValidatedDocument:
    """The document in normal form, with its facts and warnings.

    `document` is decoded JSON. `checks` are those of `domain.identity` unless given. `today` is
    the day in Denmark on which it is submitted. Raises DocumentRefused with every problem found.
    """
    findings = Findings()
    submitted = _sections_of(document, template, findings)
    if not may_be_made_under(template, today):
        findings.add("/template_version", "template-not-in-force")
    walk = Walk(template=template, checks=checks or standard_checks(), findings=findings)
    sections: dict[str, dict[str, Any]] = {}
    for section in template.sections:
        if section.id in submitted:
            sections[section.id] = _read_section(walk, section, submitted)
        elif section.required:
            findings.add(f"/sections/{section.id}", "missing-section", section.title, section.meaning)
    came = {name: value for name, value in submitted.items() if isinstance(value, Mapping)}
    for problem in broken_rules(template, sections, came, severity="error", today=today):
        findings.note(problem)
    findings.raise_if_any()
    return ValidatedDocument(
        template=template.name,
        template_version=template.version,
        template_sha256=template.sha256,
        sections=sections,
        facts=extract_facts(template, sections),
        withheld=_marked(sections, "withheld"),
        skipped=tuple(_marked(sections, "skipped")),
        warnings=tuple(broken_rules(template, sections, came, severity="warning", today=today)),
    )


def _sections_of(document: object, template: Template, findings: Findings) -> Mapping[str, object]:
    """The submitted sections, after the checks of the whole: size, shape, template."""
    if not isinstance(document, Mapping):
        findings.add("", "not-an-object", "Dokumentet", "The document")
        findings.raise_if_any()
    assert isinstance(document, Mapping)
    _check_size(document, template.max_bytes, findings)
    if document.keys() - _MEMBERS:
        findings.add("", "unknown-member", "Dokumentet", "The document")
    version = document.get("template_version")
    if document.get("template") != template.name or isinstance(version, bool) or version != template.version:
        findings.add("/template", "template-mismatch")
    sections = document.get("sections")
    if not isinstance(sections, Mapping):
        findings.add("/sections", "not-an-object", "Dokumentets afsnit", "The document's sections")
        findings.raise_if_any()
    assert isinstance(sections, Mapping)
    if sections.keys() - {section.id for section in template.sections}:
        findings.add("/sections", "unknown-member", "Dokumentet", "The document")
    return sections


def _check_size(document: Mapping[str, object], limit: int, findings: Findings) -> None:
    try:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        findings.add("", "too-deep")
    except (TypeError, ValueError):
        findings.add("", "not-json")
    else:
        # Lone surrogates are refused with their field; here they only must not break the count.
        if len(text.encode("utf-8", "surrogatepass")) > limit:
            findings.add("", "too-large", limit=limit)
    findings.raise_if_any()


def _read_section(walk: Walk, section: Section, submitted: Mapping[str, object]) -> dict[str, Any]:
    pointer = f"/sections/{section.id}"
    raw = submitted[section.id]
    if not isinstance(raw, Mapping):
        walk.findings.add(pointer, "not-an-object", f"»{section.title}«", f"“{section.meaning}”")
        return {}
    if raw.keys() - {field.name for field in section.fields}:
        walk.findings.add(pointer, "unknown-member", f"»{section.title}«", f"“{section.meaning}”")
    has_plan = _names_a_plan(walk.template, submitted)
    found: dict[str, Any] = {}
    for field in section.fields:
        name = field.name
        place = f"{pointer}/{name}"
        if name not in raw:
            if field.requirement in ("always", "skipped-when-plan"):
                walk.fault(field, place, "missing-field")
            continue
        if field.requirement == "computed":
            walk.fault(field, place, "computed-field")
            continue
        value = raw[name]
        if isinstance(value, Mapping) and is_marker(value):
            read = _read_marker(walk, field, value, place, has_plan=has_plan)
        else:
            read = read_value(walk, field, value, place)
        if read is not INVALID:
            found[name] = read
    return found


def _names_a_plan(template: Template, submitted: Mapping[str, object]) -> bool:
    section_id, _, name = (template.plan_field or "").partition(".")
    section = submitted.get(section_id)
    # A plan that is itself withheld or skipped is refused where it stands.
    return isinstance(section, Mapping) and section.get(name) is not None


def _read_marker(walk: Walk, field: Field, raw: Mapping[str, object], pointer: str, *, has_plan: bool) -> Any:
    if len(raw) != 1:
        return walk.fault(field, pointer, "unknown-member")
    if "withheld" in raw:
        if not field.withhold:
            return walk.fault(field, pointer, "may-not-be-withheld")
        if raw["withheld"] not in field.withhold:
            return walk.fault(field, f"{pointer}/withheld", "unknown-withholding-reason")
        return {"withheld": raw["withheld"]}
    if not field.skippable:
        return walk.fault(field, pointer, "may-not-be-skipped")
    if raw["skipped"] != walk.template.plan_code:
        return walk.fault(field, f"{pointer}/skipped", "unknown-skip-reason")
    if not has_plan:
        return walk.fault(field, pointer, "no-plan-to-skip-for")
    return {"skipped": walk.template.plan_code}


def _marked(sections: Mapping[str, Mapping[str, Any]], mark: str) -> dict[str, str]:
    return {
        f"{section_id}.{name}": value[mark]
        for section_id, fields in sections.items()
        for name, value in fields.items()
        if is_marker(value) and mark in value
    }
