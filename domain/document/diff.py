"""What a new version of a template changes, for those who revise it and those who rely on it."""

from collections.abc import Iterator

from domain.calendar.danish_dates import danish_date
from domain.document.changes import Change, Part, compare, told
from domain.document.template import Field, Rule, Section, Template, Value
from domain.document.words import KINDS, PROVENANCE_LABELS, YES_NO, requirement, withholding

KIND_NAMES = {
    "template": "skabelon",
    "section": "afsnit",
    "field": "felt",
    "value": "valgmulighed",
    "rule": "regel",
}
MEMBER_NAMES = {
    "title": "titel",
    "label": "betegnelse",
    "meaning": "betydning på engelsk",
    "help": "hjælpetekst",
    "kind": "slags",
    "requirement": "krav",
    "number": "nummer",
    "required": "afsnittet kræves",
    "provenance": "kilde, når intet andet er angivet",
    "value_set": "værdiliste",
    "format": "form",
    "limits": "grænser",
    "must_be": "skal være",
    "fact": "står i klar tekst",
    "withhold": "kan tilbageholdes",
    "plan": "kan springes over, når planen har det",
    "other_person": "handler om en anden person",
    "address_protected": "skjules ved adressebeskyttelse",
    "citizen_comment": "borgeren kan knytte en bemærkning",
    "derived_from": "udledt af",
    "hours": "timer",
    "refused": "afvises med",
    "detail": "tekst",
    "detail_en": "tekst på engelsk",
    "severity": "virkning",
    "fields": "felter",
    "values": "værdier",
    "condition": "betingelse",
    "description": "beskrivelse",
    "status": "status",
    "approved_by": "godkendt af",
    "approved_on": "godkendt den",
    "in_force_from": "gælder fra",
    "in_force_to": "gælder til og med",
    "earlier_until": "tidligere udgaver bruges til og med",
    "basis": "grundlag",
    "completion": "fuldstændighed",
    "max_bytes": "største størrelse i byte",
    "never_withheld": "kan aldrig tilbageholdes",
    "withholding_reasons": "grunde til at tilbageholde",
    "plan_field": "planens felt",
    "protection_flag": "feltet for adressebeskyttelse",
}
_STATUS = {"proposed": "foreslået", "approved": "godkendt"}
_SEVERITY = {"error": "afviser", "warning": "advarer"}


def differences(before: Template, after: Template) -> tuple[Change, ...]:
    """Every difference in what two versions say. Their numbers and their examples are not among them."""
    return tuple(compare(_parts(before), _parts(after)))


def told_differences(changes: tuple[Change, ...]) -> Iterator[str]:
    """The differences in Danish, a line each."""
    yield from (told(change, KIND_NAMES, MEMBER_NAMES) for change in changes)


def _parts(template: Template) -> dict[Part, dict[str, str]]:
    found: dict[Part, dict[str, str]] = {("template", template.name): _about(template)}
    for section in template.sections:
        found["section", section.id] = _section(section)
        for field in section.fields:
            found["field", field.id] = _field(template, field)
            for member in field.fields:
                found["field", member.id] = _field(template, member)
    for name, values in template.value_sets.items():
        for value in values:
            found["value", f"{name}: {value.code}"] = _value(value)
    for rule in template.rules:
        found["rule", rule.id] = _rule(rule)
    return found


def _stated(**members: str | None) -> dict[str, str]:
    return {name: value for name, value in members.items() if value}


def _yes(flag: bool) -> str | None:
    return "ja" if flag else None


def _about(template: Template) -> dict[str, str]:
    return _stated(
        title=template.title,
        meaning=template.meaning,
        description=template.description,
        status=_STATUS[template.status],
        approved_by=template.approved_by,
        approved_on=danish_date(template.approved_on) if template.approved_on else None,
        in_force_from=danish_date(template.in_force_from),
        in_force_to=danish_date(template.in_force_to) if template.in_force_to else None,
        earlier_until=danish_date(template.earlier_until) if template.earlier_until else None,
        basis="; ".join(template.basis),
        completion=template.completion,
        max_bytes=str(template.max_bytes),
        never_withheld=", ".join(template.never_withheld),
        withholding_reasons=template.withholding_reasons,
        plan_field=template.plan_field,
        protection_flag=template.protection_flag,
    )


def _section(section: Section) -> dict[str, str]:
    return _stated(
        title=section.title,
        number=str(section.number),
        meaning=section.meaning,
        help=section.help,
        required=YES_NO[section.required],
        provenance=PROVENANCE_LABELS[section.provenance],
        derived_from="; ".join(section.derived_from),
    )


def _field(template: Template, field: Field) -> dict[str, str]:
    return _stated(
        label=field.label,
        meaning=field.meaning,
        help=field.help,
        kind=KINDS[field.kind],
        requirement=requirement(template, field),
        value_set=field.value_set,
        format=field.format,
        limits=_limits(field),
        must_be=None if field.must_be is None else YES_NO[field.must_be],
        fact=_yes(field.fact),
        withhold=", ".join(withholding(template, field)),
        plan=_yes(field.plan_may_hold),
        other_person=_yes(field.other_person),
        address_protected=_yes(field.address_protected),
        citizen_comment=_yes(field.citizen_comment),
        provenance=PROVENANCE_LABELS[field.provenance] if field.provenance else None,
        derived_from="; ".join(field.derived_from),
    )


def _limits(field: Field) -> str | None:
    limits = []
    if field.max_length:
        limits.append(f"højst {field.max_length} tegn" + ("" if field.lines else " på én linje"))
    if field.kind in ("codes", "list", "assertions"):
        limits.append(f"{field.min_items}-{field.max_items} stk.")
    if field.kind == "integer":
        limits.append(f"{field.minimum}-{field.maximum}")
    return ", ".join(limits) or None


def _value(value: Value) -> dict[str, str]:
    return _stated(
        label=value.label,
        meaning=value.meaning,
        hours=None if value.hours is None else str(value.hours),
        refused=value.refused.detail if value.refused else None,
    )


def _rule(rule: Rule) -> dict[str, str]:
    conditions = [
        f"{word} {condition.field}: {', '.join(map(_word, condition.one_of))}"
        for word, condition in (("når", rule.when), ("medmindre", rule.unless))
        if condition
    ]
    return _stated(
        detail=rule.detail,
        detail_en=rule.detail_en,
        kind=rule.kind,
        severity=_SEVERITY[rule.severity],
        fields=", ".join(rule.fields),
        values=", ".join(map(_word, rule.values)),
        condition="; ".join(conditions),
    )


def _word(value: str | bool) -> str:
    return YES_NO[value] if isinstance(value, bool) else value
