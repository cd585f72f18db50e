"""Communication: thread, category, priority, subject, specific sender and recipient.

Source: medcom-careCommunication-communication and -message 5.0.4.
"""

from typing import Final

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import (
    Entry,
    MessageBundle,
    extensions_of,
    object_of,
    objects_of,
    text_of,
)
from workflows.delivery.medcom.identifiers import is_urn_uuid
from workflows.delivery.medcom.issues import Findings
from workflows.delivery.medcom.rules.payload import check_payloads
from workflows.delivery.medcom.rules.references import follow
from workflows.delivery.medcom.strict_json import JsonObject
from workflows.delivery.medcom.terminology import terminology

SENDER_URL: Final = "http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-sender-extension"
_UNITS: Final = ("PractitionerRole", "CareTeam")


def check_communication(bundle: MessageBundle, entry: Entry, found: Findings) -> None:
    """The Communication and its segments."""
    resource, path = entry.resource, entry.path
    identifiers = objects_of(resource, "identifier")
    if len(identifiers) != 1 or text_of(identifiers[0], "value") is None:
        found.required(f"{path}.identifier", "There must be exactly one thread identifier, with a value")
    elif not is_urn_uuid(text_of(identifiers[0], "value") or ""):
        found.invariant(
            "medcom-uuidv4", f"{path}.identifier[0].value", "The thread is a urn:uuid in lower case"
        )
    if resource.get("status") != "unknown":
        found.error("value", f"{path}.status", "The status must be unknown", "value")
    _check_category(resource, path, found)
    follow(bundle, resource, "subject", path, ("Patient",), found)
    _check_encounter(bundle, entry, found)
    _check_units(bundle, entry, found)
    check_payloads(bundle, entry, found)


def category_of(resource: JsonObject) -> str | None:
    """The category's code, where exactly one is given."""
    categories = objects_of(resource, "category")
    codings = objects_of(categories[0], "coding") if len(categories) == 1 else []
    return text_of(codings[0], "code") if len(codings) == 1 else None


def _check_category(resource: JsonObject, path: str, found: Findings) -> None:
    category = category_of(resource)
    if category is None:
        found.required(f"{path}.category", "There must be exactly one category, with exactly one code")
    else:
        coding = objects_of(objects_of(resource, "category")[0], "coding")[0]
        if not terminology().category.holds(coding.get("system"), category):
            found.error(
                issues.VALUESET,
                f"{path}.category[0].coding[0]",
                "The category is not in the value set",
                "code-invalid",
            )
    if "priority" in resource:
        if category not in (None, "regarding-referral"):
            found.invariant(
                "medcom-careCommunication-5",
                f"{path}.priority",
                "Only category regarding-referral has a priority",
            )
        if resource["priority"] not in terminology().priority.codes:
            found.error(
                issues.VALUESET, f"{path}.priority", "The priority is not in the value set", "code-invalid"
            )
    if "topic" in resource and text_of(object_of(resource, "topic"), "text") is None:
        found.required(f"{path}.topic.text", "A topic needs its text")
    if category == "other" and "topic" not in resource:
        found.invariant("medcom-careCommunication-6", f"{path}.topic", "Category other needs a topic")


def _check_encounter(bundle: MessageBundle, entry: Entry, found: Findings) -> None:
    enclosed = bundle.of_type("Encounter")
    path = f"{entry.path}.encounter"
    referred = None
    if "encounter" in entry.resource:
        referred = follow(bundle, entry.resource, "encounter", entry.path, ("Encounter",), found)
    # 5.0.4's wording; 5.0.2's misses an Encounter that nothing refers to.
    if (
        len(enclosed) > 1
        or (enclosed and referred is None)
        or ("encounter" in entry.resource and not enclosed)
    ):
        found.invariant(
            "medcom-careCommunication-15",
            path,
            "An enclosed Encounter, and only such a one, must be referred to",
        )
    if referred is not None and not any(
        object_of(episode, "identifier") for episode in objects_of(referred.resource, "episodeOfCare")
    ):
        found.invariant(
            "medcom-careCommunication-9",
            f"{referred.path}.episodeOfCare",
            "An Encounter names its course of treatment",
        )


def _check_units(bundle: MessageBundle, entry: Entry, found: Findings) -> None:
    header = bundle.header.resource if bundle.header is not None else {}
    senders = extensions_of(entry.resource, SENDER_URL)
    recipients = objects_of(entry.resource, "recipient")
    if len(senders) > 1:
        found.error(issues.NO_REPEAT, f"{entry.path}.extension", "At most one specific sender", "structure")
    if len(recipients) > 1:
        found.error(
            issues.NO_REPEAT, f"{entry.path}.recipient", "At most one specific recipient", "structure"
        )
    for sender in senders:
        position = objects_of(entry.resource, "extension").index(sender)
        unit = follow(bundle, sender, "valueReference", f"{entry.path}.extension[{position}]", _UNITS, found)
        if unit is not None and not _belongs(bundle, unit, object_of(header, "sender")):
            found.invariant(
                "medcom-careCommunication-11",
                unit.path,
                "The specific sender must belong to the sending organisation",
            )
    for position, recipient in enumerate(recipients):
        name = f"recipient[{position}]"
        unit = follow(bundle, {name: recipient}, name, entry.path, _UNITS, found)
        receivers = [object_of(destination, "receiver") for destination in objects_of(header, "destination")]
        if unit is not None and not any(_belongs(bundle, unit, receiver) for receiver in receivers or [{}]):
            found.invariant(
                "medcom-careCommunication-12", unit.path, "The specific recipient must belong to the receiver"
            )


def _belongs(bundle: MessageBundle, unit: Entry, organisation: JsonObject) -> bool:
    if unit.type == "CareTeam":
        owners = objects_of(unit.resource, "managingOrganization")
    else:
        owners = [object_of(unit.resource, "organization")]
    if bundle.header is None:  # said already, and nothing to compare with
        return True
    target = bundle.resolve(organisation)
    return target is not None and any(bundle.resolve(owner) is target for owner in owners)
