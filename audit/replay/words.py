"""The Danish of the codes that a timeline meets. A code that is not here is shown as the code."""

from domain.events.header import Header
from domain.law.loader import outside_reasons, purposes
from workflows.handlers.refusals import refusal
from workflows.machines.definition import Definition
from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import definition, definitions

ROLES = {
    "clinician": "en kliniker",
    "caseworker": "en sagsbehandler",
    "leader": "en leder",
    "integration": "fagsystemet",
    "auditor": "en revisor",
    "registrar": "en registerfører",
    "steering": "en fra styregruppen",
    "operator": "en driftsansvarlig",
    "citizen": "borgeren",
    "representative": "borgerens repræsentant",
    "system": "Overgang",
}

HOLD_REASONS = {
    "no-main-mailbox": "modtageren har ingen gyldig hovedpostkasse",
    "receiver-succeeded": "modtageren findes ikke længere, og ingen er angivet som efterfølger",
    "receiver-not-in-register": "modtageren står ikke i registret",
    "receiver-is-sender": "modtageren er den samme som afsenderen",
    "citizen-objects": "borgeren har sagt nej",
    "consent-lapsed": "samtykket er udløbet",
    "basis-not-for-receiver": "grundlaget for videregivelsen rækker ikke til dem, der åbner postkassen",
    "consent-withdrawn": "borgeren har trukket samtykket tilbage",
    "consent-not-yet-given": "samtykket er dateret i fremtiden",
    "consent-does-not-cover": "samtykket dækker ikke den nye modtager",
    "move-does-not-fit": "behandlingsformerne passer ikke til, hvem der sender til hvem",
}

ROUTED_BY = {
    "handlekommune": "fundet ud fra borgerens handlekommune",
    "addressed-unit": "fundet ud fra den enhed, afsenderen har valgt",
    "medcom-address": "fundet ud fra adressen i MedCom-beskeden",
}

OTHER_CODES = {"outside-consent": "den nye modtager er ikke dækket af samtykket"}
"""Codes that only the system gives."""

FORMS = {"ingen": "ingen behandling", "ukendt": "ukendt form"}

COMMANDS = {
    "open": "læse dokumentet",
    "take-over": "overtage",
    "show-mailbox": "se postkassen",
    "record-fact": "registrere en hændelse",
    "assess-breach": "registrere vurderingen af et brud",
    "record-right": "registrere noget om rettigheder",
    "act-herself": "gøre noget selv i sin sag",
    "make-access-package": "lave en aktindsigtspakke",
}
"""What is no step of the workflow; a step is called as its definition calls it."""

ESCALATED_TO = {
    "leaders": "begge ledere",
    "health-council": "sundhedsrådet",
    "steering-group": "styregruppen",
}

CONDITIONS = {
    True: "opfyldt",
    False: "ikke opfyldt",
    None: "kan ikke bedømmes ud fra posterne alene",
}

STARTED = "Behandlingens start registreres for sig og kan ikke sluttes af de andre ord."


def role(header: Header) -> str:
    """Who acted, by role."""
    return ROLES.get(header.role, f"rollen {header.role}")


def purpose(code: str) -> str:
    """A purpose by its Danish name."""
    found = purposes().get(code)
    return str(found["da"]) if found else code


def outside_reason(code: str) -> str:
    """A reason for going in from outside by its Danish name."""
    found = outside_reasons().get(code)
    return found["da"] if found else code


def refused_because(code: str) -> str:
    """Why a command was refused, as the person was told."""
    try:
        return refusal(code).detail_da
    except KeyError:
        return f"Årsagskode: {code}."


def status(workflow: str, version: int, name: str) -> str:
    """A state by the label its workflow version gives it."""
    try:
        return definition(workflow, version).state(name).label
    except WorkflowDefinitionError:
        return name


def command(name: str) -> str:
    """What a refused command asked for, ready for `fik afslag på at`."""
    if name in COMMANDS:
        return COMMANDS[name]
    found = next((step for one in newest() for step in one.steps if step.command == name), None)
    return f"tage trinnet »{found.label}«" if found else name


def code(of: str, name: str, value: str) -> str:
    """A code of a step or a fact by its Danish label."""
    for one in newest():
        for known in one.codes(of, name):
            if known.name == value:
                return known.label
    return OTHER_CODES.get(value, value)


def newest() -> list[Definition]:
    """The workflow definitions, the newest first."""
    return sorted(definitions(), key=lambda one: one.version, reverse=True)
