"""The small pieces that FHIR resources are built of."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

Json = dict[str, Any]

_IG: Final = "http://medcomfhir.dk/ig/"
_PROFILES: Final = {
    "MessageHeader": _IG + "carecommunication/StructureDefinition/medcom-careCommunication-messageHeader",
    "Communication": _IG + "carecommunication/StructureDefinition/medcom-careCommunication-communication",
    "Provenance": _IG + "carecommunication/StructureDefinition/medcom-careCommunication-provenance",
    "Organization": _IG + "messaging/StructureDefinition/medcom-messaging-organization",
    "Patient": _IG + "core/StructureDefinition/medcom-core-patient",
    "Practitioner": _IG + "core/StructureDefinition/medcom-core-practitioner",
    "PractitionerRole": _IG + "core/StructureDefinition/medcom-core-practitionerrole",
}


def resource(resource_type: str, resource_id: str, text: Json, /, **elements: object) -> Json:
    """A resource under its MedCom profile; elements that are None are left out."""
    head: Json = {
        "resourceType": resource_type,
        "id": resource_id,
        "meta": {"profile": [_PROFILES[resource_type]]},
        "text": text,
    }
    return head | {name: value for name, value in elements.items() if value is not None}


def narrative(title: str, facts: Mapping[str, str | None], *, status: str = "generated") -> Json:
    """A narrative that lists facts (Danish label -> value; None is left out), line breaks kept."""
    lines = "".join(
        f"<p><b>{escape(label)}</b>: {escape(value).replace(chr(10), '<br/>')}</p>"
        for label, value in facts.items()
        if value is not None
    )
    return {"status": status, "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{title}</p>{lines}</div>'}


def reference(resource_type: str, identifier: str) -> Json:
    """A reference as MedCom writes it, `Type/id`."""
    return {"reference": f"{resource_type}/{identifier}"}


def coding(system: str, code: str) -> Json:
    """A Coding."""
    return {"system": system, "code": code}


def extension(url: str, datatype: str, value: object) -> Json:
    """An extension with a value of this datatype."""
    return {"url": url, f"value{datatype}": value}
