"""MessageHeader: what the message is, from whom and to whom.

Source: medcom-messaging-messageHeader 4.0.2, medcom-careCommunication-messageHeader 5.0.4.
"""

import re
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
from workflows.delivery.medcom.identifiers import SOR_SYSTEM, is_bare_uuid
from workflows.delivery.medcom.issues import Findings
from workflows.delivery.medcom.rules.references import follow
from workflows.delivery.medcom.strict_json import JsonObject
from workflows.delivery.medcom.terminology import terminology

DEFINITION: Final = re.compile(
    r"http://medcomfhir\.dk/ig/messagedefinitions/MessageDefinition/MedComCareCommunicationMessageDefinition"
    r"[|](5\.[0-9]{1,2})"
)
"""Invariant medcom-carecommunication-definition-url of 5.0.4 (in 5.0.2 the bar was not escaped)."""

USE_URL: Final = (
    "http://medcomfhir.dk/ig/messaging/StructureDefinition/medcom-messaging-destinationUseExtension"
)
_SOR_ENDPOINT: Final = re.compile(r"https?://sor2\.sum\.dsdn\.dk/#id=([0-9]+)")


def check_header(bundle: MessageBundle, header: Entry, found: Findings) -> None:
    """The CareCommunication header."""
    check_routing(bundle, header, found)
    focus = objects_of(header.resource, "focus")
    if len(focus) != 1:
        found.required(f"{header.path}.focus", "There must be exactly one focus, the Communication")
    else:
        follow(bundle, {"focus[0]": focus[0]}, "focus[0]", header.path, ("Communication",), found)
    definition = text_of(header.resource, "definition")
    if definition is None:
        found.required(f"{header.path}.definition", "The message definition is required")
    elif DEFINITION.fullmatch(definition) is None:
        found.invariant(
            "medcom-carecommunication-definition-url",
            f"{header.path}.definition",
            "The definition must be MedCom's CareCommunication, version 5.x",
        )


def check_routing(bundle: MessageBundle, header: Entry, found: Findings) -> None:
    """Event, sender and the only destination: the same for acknowledgements."""
    resource, path = header.resource, header.path
    if header.id is not None and not is_bare_uuid(header.id):
        found.warn("value", f"{path}.id", "The message id should be a UUID in lower case", "value")
    event = object_of(resource, "eventCoding")
    if not terminology().event.holds(event.get("system"), event.get("code")):
        found.error(
            issues.VALUESET, f"{path}.eventCoding", "The event is not one of MedCom's", "code-invalid"
        )
    sender = follow(bundle, resource, "sender", path, ("Organization",), found)
    _check_endpoint(object_of(resource, "source"), f"{path}.source", sender, found)
    destinations = objects_of(resource, "destination")
    if len(destinations) != 1:
        found.error(
            "structure",
            f"{path}.destination",
            "There must be exactly one destination, and no copies",
            "structure",
        )
    for position, destination in enumerate(destinations):
        at = f"{path}.destination[{position}]"
        _check_use(destination, at, found)
        receiver = follow(bundle, destination, "receiver", at, ("Organization",), found)
        _check_endpoint(destination, at, receiver, found)


def _check_use(destination: JsonObject, path: str, found: Findings) -> None:
    uses = extensions_of(destination, USE_URL)
    if len(uses) != 1:
        found.required(f"{path}.extension", "The use of the destination must be given once")
        return
    coding = object_of(uses[0], "valueCoding")
    if not terminology().destination_use.holds(coding.get("system"), coding.get("code")):
        found.error(
            issues.VALUESET, f"{path}.extension", "The use of the destination is unknown", "code-invalid"
        )
    elif coding.get("code") != "primary":
        found.error(
            "value", f"{path}.extension", "A CareCommunication goes to a primary destination only", "value"
        )


def _check_endpoint(parent: JsonObject, path: str, organisation: Entry | None, found: Findings) -> None:
    endpoint = text_of(parent, "endpoint")
    if endpoint is None:
        found.required(f"{path}.endpoint", "The endpoint is required")
        return
    sor = _SOR_ENDPOINT.fullmatch(endpoint)
    if sor is None or organisation is None:
        return
    own = [
        text_of(i, "value")
        for i in objects_of(organisation.resource, "identifier")
        if i.get("system") == SOR_SYSTEM
    ]
    if own and sor[1] not in own:
        found.warn(
            "conflict",
            f"{path}.endpoint",
            "The endpoint and the organisation have different SOR-ids",
            "conflict",
        )
