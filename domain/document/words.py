"""What the parts of a template are called in Danish, the same on screen, on paper and in a comparison."""

from collections.abc import Iterator
from datetime import date

from domain.calendar.danish_dates import danish_date
from domain.document.template import Field, Template, Value

PROVENANCE_LABELS = {
    "citizen": "borgeren",
    "own-observation": "egen iagttagelse",
    "third-party": "tredjepart",
    "expert-assessment": "faglig vurdering",
}
PLAN_LABELS = {"kip": "KIP"}
CITIZENS_COMMENT = "Borgerens bemærkning"
REQUIREMENTS = {
    "always": "skal udfyldes",
    "if-known": "udfyldes, hvis det vides",
    "if-relevant": "udfyldes, hvis det er relevant",
    "skipped-when-plan": "skal udfyldes, medmindre planen har det",
    "computed": "udfyldes af Overgang",
}
KINDS = {
    "text": "tekst",
    "code": "ét valg",
    "codes": "et eller flere valg",
    "date": "dato",
    "datetime": "dato og klokkeslæt",
    "boolean": "ja eller nej",
    "integer": "tal",
    "person-id": "personnummer",
    "municipality-code": "kommune",
    "phone": "telefonnummer",
    "identifier": "nummer",
    "object": "samlet oplysning",
    "list": "liste",
    "assertions": "oplysninger en ad gangen, hver med sin kilde",
}
YES_NO = {True: "ja", False: "nej"}


def requirement(template: Template, field: Field) -> str:
    """Whether the field is to be filled in; the plan by its name where it may stand in."""
    if field.requirement == "skipped-when-plan":
        plan = PLAN_LABELS.get(template.plan_code, "planen")
        return f"skal udfyldes, medmindre {plan} har det"
    return REQUIREMENTS[field.requirement]


def approval(template: Template) -> str:
    """Who approved the version and when, or that nobody has."""
    if template.status == "proposed" or template.approved_by is None or template.approved_on is None:
        return "Foreslået. Ingen har godkendt den."
    return f"Godkendt af {template.approved_by} den {danish_date(template.approved_on)}."


def in_force(template: Template) -> str:
    """When new documents may be made under the version."""
    return f"Gælder {_period(template.in_force_from, template.in_force_to)}."


def _period(first: date, last: date | None) -> str:
    return f"fra {danish_date(first)}" + (f" til og med {danish_date(last)}" if last else "")


def choices(template: Template, field: Field) -> tuple[Value, ...]:
    """The values people may choose between; none where the field has no value set."""
    return template.values(field.value_set) if field.value_set else ()


def refused_choices(template: Template, field: Field) -> Iterator[tuple[str, str]]:
    """Label and explanation of the values that are known but refused, and what to do instead."""
    for value in template.value_sets.get(field.value_set or "", ()):
        if value.refused is not None:
            yield value.label, value.refused.detail


def withholding(template: Template, field: Field) -> Iterator[str]:
    """The reasons for which the sender may withhold the field."""
    for reason in field.withhold:
        value = template.value(template.withholding_reasons, reason)
        yield value.label if value else reason


def demands(template: Template, field: Field) -> Iterator[str]:
    """The refusing rules about the field, in words.

    One that says what must not be there speaks to a document that has it, not to an empty form.
    """
    for rule in template.rules:
        if rule.severity == "error" and rule.kind != "absent" and rule.fields[0] == field.id:
            yield rule.detail
