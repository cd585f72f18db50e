"""How OpenAPI describes a CareCommunication message: its frame, and an example that can be sent.

The whole profile is MedCom's and far larger than this; what it demands beyond the frame is checked
by `workflows.delivery.medcom` and answered with reasons.
"""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from workflows.delivery.medcom.build import TEST_PATIENT, NewMessage, Writer, build_new_message
from workflows.delivery.medcom.message import Organisation

MESSAGE_SCHEMA = "CareCommunicationMessage"
"""Name of the schema among the OpenAPI components."""

_SEED = UUID("6e0c3c1e-6f4b-5a52-8f0a-6a4d0f6c2b11")
_RESOURCES = (
    "MessageHeader",
    "Patient",
    "Communication",
    "PractitionerRole",
    "Practitioner",
    "Organization",
    "Provenance",
    "Encounter",
    "CareTeam",
)


def message_schema() -> dict[str, Any]:
    """The frame of a message bundle, as JSON Schema."""
    resource = {
        "type": "object",
        "required": ["resourceType", "id"],
        "properties": {"resourceType": {"enum": list(_RESOURCES)}, "id": {"type": "string"}},
    }
    entry = {
        "type": "object",
        "required": ["fullUrl", "resource"],
        "properties": {"fullUrl": {"type": "string"}, "resource": resource},
    }
    return {
        "title": "CareCommunication",
        "type": "object",
        "description": "A CareCommunication new message (FHIR R4, MedCom CareCommunication 5.0). This is "
        "the frame; MedCom's profiles at https://medcomfhir.dk/ig/carecommunication/ say the rest.",
        "required": ["resourceType", "id", "type", "timestamp", "entry"],
        "properties": {
            "resourceType": {"const": "Bundle"},
            "id": {"type": "string"},
            "type": {"const": "message"},
            "timestamp": {"type": "string", "format": "date-time"},
            "entry": {"type": "array", "minItems": 7, "items": entry},
        },
        "examples": [example_message()],
    }


@cache
def example_message() -> dict[str, Any]:
    """A message of our own making about MedCom's test person."""
    numbers = iter(range(100))
    made = build_new_message(
        NewMessage(
            sender=Organisation("265161000016000", "5790000209354", "Psykiatrisk ambulatorium Næstved"),
            receiver=Organisation("953741000016009", "5790001348120", "Rusmiddelcenter Næstved"),
            patient=TEST_PATIENT,
            writer=Writer("Anne", "Eksempel", "Sygeplejerske", "00000001"),
            text="Borgeren ønsker at fortsætte i kommunal rusmiddelbehandling.",
            sent_at=datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
            topic="Overgang",
        ),
        new_id=lambda: uuid5(_SEED, str(next(numbers))),
    )
    found: dict[str, Any] = json.loads(made)
    return found
