"""What a handover needs of a CareCommunication message, free of FHIR.

Every carrier here may hold personal data, so none shows its fields in `repr` (nor in rich's): a message
that lands in a log line or a traceback shows its type only.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from workflows.delivery.medcom.issues import Issue

PatientIdentifierType = Literal["cpr", "x-ecpr", "local"]
Activity = Literal["new-message", "reply-message", "forward-message"]
Priority = Literal["routine", "asap"]


class Opaque(msgspec.Struct, frozen=True):
    """A carrier whose repr never shows a value."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []


class Organisation(Opaque, frozen=True):
    """A sending or receiving unit: SOR-id and GLN (lokationsnummer), both always present."""

    sor: str
    gln: str
    name: str | None = None


class PatientIdentifier(Opaque, frozen=True):
    """`cpr`, `x-ecpr` (national replacement) or `local` (any other system, D-eCPR included)."""

    type: PatientIdentifierType
    value: str
    system: str | None = None


class Address(Opaque, frozen=True):
    """A postal address. `municipality_code` is dk-core's kommunekode, four digits."""

    lines: tuple[str, ...] = ()
    postal_code: str | None = None
    city: str | None = None
    municipality_code: str | None = None


class Telecom(Opaque, frozen=True):
    """`system` is phone, email and so on; `use` home, work, mobile."""

    value: str
    system: str | None = None
    use: str | None = None


class Patient(Opaque, frozen=True):
    """The citizen. `identifier` is the strongest one given: CPR, then X-eCPR, then local."""

    identifier: PatientIdentifier
    family: str
    given: tuple[str, ...] = ()
    other_identifiers: tuple[PatientIdentifier, ...] = ()
    address: Address | None = None
    telecom: tuple[Telecom, ...] = ()
    deceased: bool | None = None
    """True also where only a date of death is given; None where nothing is said."""


class Author(Opaque, frozen=True):
    """The person who wrote a segment. `role_code` is the code, `role` the words (or the code again)."""

    name: str
    role: str
    role_code: str | None = None


class TextSegment(Opaque, frozen=True):
    """A message text (beskedsegment). `date` is a FHIR dateTime as sent, which may lack the time of day."""

    identifier: str
    """`urn:uuid:…`, named by Provenance in this and later messages of the thread."""
    date: str
    text: str
    author: Author
    contact_phone: str


class Attachment(Opaque, frozen=True):
    """An attachment or a link.

    With data, exactly one of `content` (decoded bytes) and `path` (file of decoded bytes) is set; `size` is
    in bytes and `sha256` in hex, both of the decoded bytes. A link has only `url`; it is never fetched.
    """

    identifier: str
    date: str
    title: str
    media_type: str | None = None
    creation: str | None = None
    """FHIR dateTime at which the attached document was made."""
    size: int = 0
    sha256: str | None = None
    content: bytes | None = None
    path: str | None = None
    url: str | None = None
    author: Author | None = None
    contact_phone: str | None = None


class CareCommunication(Opaque, frozen=True):
    """One CareCommunication message. All datetimes carry their time zone."""

    bundle_id: str
    """Envelope id: new for every sending, resending included."""
    header_id: str
    """MessageHeader id: the same over resendings; what an acknowledgement refers to."""
    thread_id: str
    """Communication.identifier, `urn:uuid:…`."""
    activity: Activity
    definition_version: str
    """Version of the message definition, `5.x`."""
    category: str
    sent_at: datetime
    """Bundle.timestamp."""
    occurred_at: str
    """Provenance.occurredDateTime: a FHIR dateTime as sent."""
    recorded_at: datetime
    """Provenance.recorded: when the sender's system sent it."""
    sender: Organisation
    receiver: Organisation
    patient: Patient
    texts: tuple[TextSegment, ...]
    attachments: tuple[Attachment, ...] = ()
    topic: str | None = None
    priority: Priority | None = None
    sender_unit: str | None = None
    """Name of the specific sender (care team or practitioner), where given."""
    recipient_unit: str | None = None
    """Name of the specific recipient within the receiving organisation, where given."""
    episode_of_care: str | None = None
    """Identifier of the course of treatment (forløb), where an Encounter is enclosed."""
    warnings: tuple[Issue, ...] = ()
    """What was suspicious but not forbidden."""
