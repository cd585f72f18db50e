"""Provenance: what was done to the thread in this step, and by whom.

Source: medcom-messaging-provenance 4.0.2, medcom-careCommunication-provenance 5.0.4.
"""

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import (
    Entry,
    MessageBundle,
    extensions_of,
    object_of,
    objects_of,
    text_of,
)
from workflows.delivery.medcom.dates import is_date_time, read_instant
from workflows.delivery.medcom.issues import Findings
from workflows.delivery.medcom.rules.payload import IDENTIFIER_URL
from workflows.delivery.medcom.rules.references import follow
from workflows.delivery.medcom.terminology import CodeList, terminology


def check_provenances(bundle: MessageBundle, found: Findings) -> None:
    """Every Provenance of a CareCommunication; one of them, and only one, is of this message."""
    if bundle.of_type("Provenance") and bundle.current_provenance is None:
        found.error(
            "business-rule",
            "Bundle.entry.resource.ofType(Provenance).target",
            "Exactly one Provenance must have this message's MessageHeader as its target",
            "business-rule",
        )
    for entry in bundle.of_type("Provenance"):
        check_provenance(bundle, entry, terminology().care_communication_activity, found)
        _check_entities(entry, found)
    current = bundle.current_provenance
    if current is not None:
        _check_sources(bundle, current, found)


def check_provenance(bundle: MessageBundle, entry: Entry, activities: CodeList, found: Findings) -> None:
    """Target, times, activity and agents: the same for acknowledgements, with other activities."""
    resource, path = entry.resource, entry.path
    if len(objects_of(resource, "target")) != 1:
        found.error("structure", f"{path}.target", "There must be exactly one target", "structure")
    if "occurredDateTime" not in resource:
        found.required(f"{path}.occurredDateTime", "The time at which it occurred is required")
    elif not is_date_time(resource["occurredDateTime"]):
        found.error(
            issues.DATE, f"{path}.occurredDateTime", "The time must exist and have a time zone", "value"
        )
    if read_instant(resource.get("recorded")) is None:
        found.error(issues.DATE, f"{path}.recorded", "The time must exist and have a time zone", "value")
    codings = objects_of(object_of(resource, "activity"), "coding")
    if len(codings) != 1:
        found.required(f"{path}.activity.coding", "There must be exactly one activity")
    elif not activities.holds(codings[0].get("system"), codings[0].get("code")):
        found.error(
            issues.VALUESET, f"{path}.activity.coding", "The activity is not in the value set", "code-invalid"
        )
    for position, agent in enumerate(objects_of(resource, "agent")):
        follow(bundle, agent, "who", f"{path}.agent[{position}]", ("Organization",), found)


def _check_entities(entry: Entry, found: Findings) -> None:
    path, entities = f"{entry.path}.entity", objects_of(entry.resource, "entity")
    roles = [entity.get("role") for entity in entities]
    if "source" not in roles:
        found.required(path, "The message segments that this step added must be named as sources")
    if roles.count("revision") > 1:
        found.error(issues.NO_REPEAT, path, "At most one message can precede this one", "structure")
    for position, entity in enumerate(entities):
        if entity.get("role") not in ("source", "revision"):
            found.error("value", f"{path}[{position}].role", "The role must be source or revision", "value")
        elif entity["role"] == "source" and not object_of(object_of(entity, "what"), "identifier"):
            found.required(
                f"{path}[{position}].what.identifier", "A source is named by its segment's identifier"
            )


def _check_sources(bundle: MessageBundle, current: Entry, found: Findings) -> None:
    """MedCom's own examples name segments wrongly, so that this is a warning."""
    communication = bundle.communication
    segments = {
        text_of(object_of(extension, "valueIdentifier"), "value")
        for payload in objects_of(communication.resource if communication else {}, "payload")
        for extension in extensions_of(payload, IDENTIFIER_URL)
    }
    for position, entity in enumerate(objects_of(current.resource, "entity")):
        named = text_of(object_of(object_of(entity, "what"), "identifier"), "value")
        if entity.get("role") == "source" and named not in segments:
            path = f"{current.path}.entity[{position}].what.identifier"
            found.warn("conflict", path, "The source is no segment of this message", "conflict")
    if bundle.activity == "new-message":
        _check_new(bundle, current, found)


def _check_new(bundle: MessageBundle, current: Entry, found: Findings) -> None:
    if any(entity.get("role") == "revision" for entity in objects_of(current.resource, "entity")):
        found.warn("conflict", f"{current.path}.entity", "A new message revises no earlier one", "conflict")
    if len(bundle.of_type("Provenance")) > 1:
        found.warn("conflict", "Bundle.entry", "A new message has no earlier steps", "conflict")
