"""Letters and receipts for the tests. The citizen has a number that nobody can hold (day + 60)."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.identity.person import PersonId, PersonIdType
from workflows.letters.digital_post.memo import MemoLetter

CPR = "6101901234"
CITIZEN = PersonId(PersonIdType.CPR, CPR)
MESSAGE = UUID("8c2ea15d-61fb-4ba9-9366-42f8b194c114")
CONTACT_POINT = UUID("241d39f6-998e-4929-b198-ccacbbf4b330")
CVR = "29189641"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
TYPES = "http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types"


def a_letter(**changed: Any) -> MemoLetter:
    """A decision as PDF from a municipality."""
    parts: dict[str, Any] = {
        "message_id": MESSAGE,
        "sender_cvr": CVR,
        "sender_name": "Kommunen",
        "recipient": CITIZEN,
        "title": "Afgørelse om behandling",
        "media_type": "application/pdf",
        "content": PDF,
        "created": datetime(2026, 9, 7, 9, 30, tzinfo=UTC),
    }
    return MemoLetter(**(parts | changed))


def a_status(**changed: str | None) -> bytes:
    """A PKO_PostStatus; an element that is None is left out."""
    parts: dict[str, str | None] = {
        "TransmissionId": "b1f0d8a2-6c3e-4f57-9a51-0d2f4f3d9e10",
        "MessageUUID": str(MESSAGE),
        "KanalKode": "Digital Post",
        "TransaktionsDatoTid": "2026-09-07T11:31:12.345+02:00",
        "TransaktionsStatusKode": "Afleveret Digital Post",
        "CorrelationId": "1c0c8f61-0b1c-4b6e-8a6e-5f9a1f5f0a11",
    }
    kept = {name: text for name, text in (parts | changed).items() if text is not None}
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in kept.items())
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<PKO_PostStatus xmlns="{TYPES}">{inner}</PKO_PostStatus>'.encode()


def in_envelope(status: bytes, data: str = "urn:besked:kuvert:1.0", pushed: bool = False) -> bytes:
    """The same as Beskedfordeler delivers it: fetched from the queue, or pushed to an endpoint."""
    event = (
        '<k:Haendelsesbesked xmlns:k="urn:oio:besked:kuvert:1.0">'
        '<k:BeskedId><u:UUIDIdentifikator xmlns:u="urn:oio:sagdok:3.0.0">'
        "5d5d3f0e-58c5-4a7b-a8e0-5a0a4f1c7b11</u:UUIDIdentifikator></k:BeskedId>"
        f'<k:Beskeddata><b:Base64 xmlns:b="{data}">{b64encode(status).decode()}</b:Base64></k:Beskeddata>'
        "</k:Haendelsesbesked>"
    )
    if pushed:
        event = f'<s:ModtagBeskedInput xmlns:s="urn:oio:sts:1.0.0">{event}</s:ModtagBeskedInput>'
    return event.encode()
