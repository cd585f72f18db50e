"""The Danish of the codes that a timeline meets. A code that is not here is shown as the code."""

from domain.events.header import Header
from domain.law.loader import outside_reasons, purposes
from workflows.handlers.guard import refusal
from workflows.machines.definition import definition
from workflows.machines.validation import WorkflowDefinitionError

ROLES = {
    "clinician": "en kliniker",
    "caseworker": "en sagsbehandler",
    "leader": "en leder",
    "integration": "fagsystemet",
    "auditor": "en revisor",
    "registrar": "en registerfører",
    "steering": "en fra styregruppen",
    "operator": "en driftsansvarlig",
    "system": "Overgang",
}

HOLD_REASONS = {
    "no-main-mailbox": "modtageren har ingen gyldig hovedpostkasse",
    "receiver-not-in-register": "modtageren står ikke i registret",
    "receiver-is-sender": "modtageren er den samme som afsenderen",
    "citizen-objects": "borgeren har sagt nej",
    "consent-lapsed": "samtykket er udløbet",
}

ROUTED_BY = {
    "handlekommune": "fundet ud fra borgerens handlekommune",
    "addressed-unit": "fundet ud fra den enhed, afsenderen har valgt",
    "medcom-address": "fundet ud fra adressen i MedCom-beskeden",
}

FORMS = {"ingen": "ingen behandling", "ukendt": "ukendt form"}

OUTCOMES = {
    "treatment-started": "behandlingen er begyndt",
    "citizen-declined": "borgeren har takket nej",
    "no-contact": "der blev ikke kontakt til borgeren",
    "moved": "borgeren er flyttet",
    "deceased": "borgeren er død",
    "other": "andet",
}

COMMANDS = {
    "submit": "indsende en overgang",
    "open": "læse dokumentet",
    "acknowledge": "kvittere",
    "take_over": "overtage",
    "take-over": "overtage",
    "complete": "tilføje et overgangsdokument",
    "close": "afslutte",
    "show-mailbox": "se postkassen",
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
