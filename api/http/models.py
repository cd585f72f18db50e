"""What goes in and out of the API, as OpenAPI shows it. Requests are strict; answers document."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from domain.document import formats
from domain.document.example import example_document
from domain.document.library import get_template
from domain.document.schema import json_schema
from domain.handover.parties import kind_of
from domain.identity.municipality import municipalities, region_codes
from domain.law.library import outside_reasons, readable_purposes

TEMPLATE = get_template("overgangsdokument", 1)
UNIT = r"^[a-z0-9][a-z0-9-]{1,47}$"
INSTANT = formats.DATE[:-1] + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z$"
"""RFC 3339 with six digits and Z, as instants stand on the log: a date that exists."""
AUTHORITIES = (*sorted(region_codes()), *sorted(municipalities()))

AuthorityCode = Annotated[
    str, Field(json_schema_extra={"enum": list(AUTHORITIES)}, description="Municipality or region code.")
]
UnitId = Annotated[str, Field(pattern=UNIT, description="The register's id of a unit.")]
Document = Annotated[
    dict[str, Any],
    Field(
        description="An overgangsdokument under its template.",
        json_schema_extra=json_schema(TEMPLATE, cpr="any"),
        examples=[example_document(TEMPLATE)],
    ),
]
Purpose = Literal[readable_purposes()]  # type: ignore[valid-type]
OutsideReason = Literal[tuple(outside_reasons())]  # type: ignore[valid-type]
Outcome = Literal["treatment-started", "citizen-declined", "no-contact", "moved", "deceased", "other"]


class Request(BaseModel):
    """Base of requests: nothing unknown, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class Sender(Request):
    """Who sends; must be what the token says."""

    authority: AuthorityCode
    unit: UnitId
    sor: Annotated[str, Field(pattern=r"^[0-9]{11,18}$")] | None = None
    gln: Annotated[str, Field(pattern=r"^[0-9]{13}$")] | None = None


class HandoverSubmission(Request):
    """A finished document and where it goes."""

    sender: Sender
    document: Document
    receiver_unit: UnitId | None = Field(
        None, description="A unit of another authority; without it the handlekommune decides."
    )
    attachments: list[Annotated[str, Field(json_schema_extra={"format": "uuid"})]] = Field(
        default_factory=list, max_length=20, description="Ids of uploaded attachments, each once."
    )


class CompletionSubmission(Request):
    """The overgangsdokument of a message that came without one."""

    document: Document


class ReadingRequest(Request):
    """Why a document is opened. On one's own work list the purpose is preset."""

    purpose: Purpose = Field("handover", description="Coded purpose (GDPR art. 15 shows it to the citizen).")
    outside_reason: OutsideReason | None = Field(
        None, description="Needed by those outside the unit that has the case; alerts the unit's lead."
    )


class ClosureRequest(Request):
    """How the handover ended."""

    outcome: Outcome


class PersonNumber(Request):
    """A personal number: CPR, X-eCPR, or a local replacement number with its issuer."""

    type: Literal["cpr", "x-ecpr", "local"]
    value: Annotated[str, Field(min_length=1, max_length=40)]
    issuer: Annotated[str, Field(pattern=r"^[a-z0-9.:-]{1,64}$")] | None = None


class MergeRequest(Request):
    """A replacement number and the real CPR number of the same citizen."""

    replacement: PersonNumber
    real: PersonNumber


class DraftContent(Request):
    """A draft: whatever the clinic has so far; it is validated at submission."""

    document: dict[str, Any] = Field(description="Not yet validated.")


class AuthorityEntry(Request):
    """An authority in the register."""

    authority: AuthorityCode
    name: Annotated[str, Field(min_length=2, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
    cvr: Annotated[str, Field(pattern=r"^[0-9]{8}$")] | None = None


class UnitEntry(Request):
    """A unit in the register."""

    unit: UnitId
    kind: Literal["ambulatory", "municipal-centre", "intake", "other"]
    name: Annotated[str, Field(min_length=2, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
    sor: Annotated[str, Field(pattern=r"^[0-9]{11,18}$")] | None = None
    gln: Annotated[str, Field(pattern=r"^[0-9]{13}$", description="GS1 check digit must hold.")] | None = None
    offers_dual_diagnosis: bool = False


class MailboxEntry(Request):
    """A main mailbox (hovedpostkasse) with its valid time."""

    unit: UnitId | None = Field(None, description="None: the authority's own main mailbox.")
    address: Annotated[
        str,
        Field(
            pattern=r"^[a-z][a-z0-9._-]{1,62}@[a-z0-9][a-z0-9.-]{2,180}$",
            description="A functional address, never a person's.",
        ),
    ]
    valid_from: Annotated[str, Field(pattern=INSTANT, description="RFC 3339, UTC, six digits.")]
    valid_to: Annotated[str, Field(pattern=INSTANT, description="Exclusive.")] | None = None


class MailboxEnd(Request):
    """When a main mailbox ends."""

    valid_to: Annotated[str, Field(pattern=INSTANT)]


class Created(BaseModel):
    """What was created, and its version."""

    id: UUID
    version: int | None = None


class Action(BaseModel):
    """A step that the caller may take now."""

    command: str
    label: str = Field(description="In Danish.")
    method: str
    href: str


class HandoverStatus(BaseModel):
    """Where a handover stands, in header and facts: no name, no number, no text."""

    id: UUID
    version: int
    status: str
    side: str
    sender_authority: str
    sender_unit: str
    receiver_authority: str | None
    receiver_unit: str | None
    direction: str
    move_from: str
    move_to: str
    template: str
    template_version: int
    needs_completion: bool
    held_reason: str | None
    held_by: str
    submitted_at: str
    sent_at: str | None
    delivered_at: str | None
    opened_at: str | None
    acknowledged_at: str | None
    taken_over_at: str | None
    closed_at: str | None
    outcome: str | None
    acknowledge_by: str | None
    mailbox: UUID | None
    mailbox_version: int | None
    attachments: list[dict[str, Any]]
    allowed_actions: list[Action]


class HandoverRow(BaseModel):
    """A handover in a list."""

    id: UUID
    version: int
    status: str
    sender_authority: str
    sender_unit: str
    receiver_authority: str | None
    receiver_unit: str | None
    priority: int
    due: str
    needs_completion: bool
    submitted_at: str
    position: int


class Feed(BaseModel):
    """A page of handovers by position."""

    items: list[HandoverRow]
    next: int | None


class Label(BaseModel):
    """The citizen as a work list shows her."""

    name: str
    person_id_type: str
    person_id: str


class MailboxItem(HandoverRow):
    """A handover in a mailbox, with its label."""

    label: Label | None


class MailboxPage(BaseModel):
    """A page of a mailbox by (priority, due, id)."""

    items: list[MailboxItem]
    next: str | None
    shown_position: int | None = Field(description="Position of the event that logs this showing.")


class Reading(BaseModel):
    """An opened document."""

    handover: UUID
    position: int = Field(description="Position of the reading event.")
    version: int
    status: str
    document: dict[str, Any]


class ReadingRecord(BaseModel):
    """That somebody read, as the leader and the auditor of the authority see it."""

    position: int
    recorded_at: str
    actor: UUID
    role: str
    unit: str | None
    purpose: str
    attachment: UUID | None
    outside_reason: str | None


class Readings(BaseModel):
    """The readings of a handover by one's own authority."""

    items: list[ReadingRecord]


class Validation(BaseModel):
    """The outcome of a validation; nothing was stored."""

    valid: bool
    warnings: list[dict[str, str]]


class DraftSummary(BaseModel):
    """A draft without its content."""

    id: UUID
    version: int
    updated_at: str
    expires_at: str


class DraftFull(DraftSummary):
    """A draft with its content."""

    document: dict[str, Any]


class Drafts(BaseModel):
    """One's own drafts."""

    items: list[DraftSummary]


class MailboxOut(BaseModel):
    """A main mailbox."""

    id: UUID
    version: int
    authority: str
    unit: str | None
    purpose: str
    channel: str
    address: str
    valid_from: str
    valid_to: str | None


class UnitOut(BaseModel):
    """A unit."""

    id: str
    authority: str
    kind: str
    name: str
    sor: str | None
    gln: str | None
    offers_dual_diagnosis: bool


class AuthorityOut(BaseModel):
    """An authority with its units and main mailboxes."""

    authority: str
    kind: str
    name: str
    cvr: str | None
    version: int
    units: list[UnitOut]
    mailboxes: list[MailboxOut]


class Alert(BaseModel):
    """A case of the unit was read from outside."""

    position: int
    about_position: int
    handover: UUID
    recorded_at: str


class Alerts(BaseModel):
    """Alerts to a unit's lead."""

    items: list[Alert]


def is_authority(code: str) -> bool:
    """Whether a code is a municipality's or a region's."""
    return kind_of(code) is not None


class UploadedAttachment(BaseModel):
    """An attachment that waits for its handover, at most 24 hours."""

    id: UUID
    ciphertext_sha256: str
    media_type: str
    size: int
