"""A CareCommunication message as a document under the template `medcom-message`.

Nothing is interpreted: the move stays unknown, the text segments stay the sender's words, and the
handover needs completion before it counts as an overgangsdokument.
"""

from typing import Any
from uuid import UUID

from workflows.delivery.medcom.message import CareCommunication, TextSegment

TEMPLATE = "medcom-message"
TEMPLATE_VERSION = 1
UNKNOWN = "ukendt"
_URN = "urn:uuid:"


def to_document(message: CareCommunication, attachments: dict[str, UUID], issuer: str) -> dict[str, Any]:
    """The document of a message. `attachments`: FHIR identifier -> our id of what was stored.

    `issuer` makes a local replacement number unique; MedCom's own system does where it is given.
    """
    return {
        "template": TEMPLATE,
        "template_version": TEMPLATE_VERSION,
        "sections": {
            "overgang": {"move_from": UNKNOWN, "move_to": UNKNOWN},
            "parter": _parties(message),
            "stamoplysninger": _person(message, issuer),
            "besked": _message(message),
            **_attachments(message, attachments),
        },
    }


def _without_none(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _parties(message: CareCommunication) -> dict[str, Any]:
    return {
        "sender_name": message.sender.name or message.sender.gln,
        "sender_sor": message.sender.sor,
        "sender_gln": message.sender.gln,
        "receiver_name": message.receiver.name or message.receiver.gln,
        "receiver_sor": message.receiver.sor,
        "receiver_gln": message.receiver.gln,
    }


def _person(message: CareCommunication, issuer: str) -> dict[str, Any]:
    patient = message.patient
    number = {"type": patient.identifier.type, "value": patient.identifier.value}
    if patient.identifier.type == "local":
        number["issuer"] = issuer
    municipality = patient.address.municipality_code if patient.address else None
    return _without_none(
        {
            "name": " ".join((*patient.given, patient.family)),
            "person_id": number,
            "handlekommune": municipality,
        }
    )


def _message(message: CareCommunication) -> dict[str, Any]:
    return _without_none(
        {
            "category": message.category,
            "priority": message.priority,
            "topic": message.topic,
            "thread_id": message.thread_id.removeprefix(_URN),
            "message_id": message.header_id,
            "sent_at": message.sent_at.isoformat(timespec="seconds"),
            "segments": [_segment(message, segment) for segment in message.texts],
        }
    )


def _segment(message: CareCommunication, segment: TextSegment) -> dict[str, Any]:
    # A FHIR dateTime may lack the time of day; then the message's own time is what is known.
    written_at = segment.date if "T" in segment.date else message.sent_at.isoformat(timespec="seconds")
    return _without_none(
        {
            "id": segment.identifier.removeprefix(_URN),
            "sent_at": written_at,
            "author": segment.author.name,
            "author_title": segment.author.role,
            "phone": segment.contact_phone,
            "text": segment.text,
        }
    )


def _attachments(message: CareCommunication, stored: dict[str, UUID]) -> dict[str, Any]:
    found = [
        _without_none(
            {
                "id": one.identifier.removeprefix(_URN),
                "title": one.title,
                "media_type": one.media_type,
                "created_at": one.creation if one.creation and "T" in one.creation else None,
                "attachment_id": str(stored[one.identifier]) if one.identifier in stored else None,
            }
        )
        for one in message.attachments
        if one.media_type is not None
    ]
    return {"vedhaeftninger": {"attachments": found}} if found else {}
