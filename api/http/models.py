"""What goes out of the API, as OpenAPI shows it. These models document; answers are our own bytes."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field


class Created(BaseModel):
    """What was created, and its version."""

    id: UUID
    version: int | None = None


class Action(BaseModel):
    """A step that the caller may take now."""

    command: str = Field(description="Its name in the workflow.")
    label: str = Field(description="In Danish.")
    method: str
    href: str


class AttachmentOut(BaseModel):
    """An attachment of a handover."""

    id: UUID
    media_type: str
    size: int = Field(description="In bytes.")


class ExitOut(BaseModel):
    """A step that was taken for a reason: a return, a refusal, a withdrawal, a correction."""

    event: str
    label: str = Field(description="In Danish.")
    recorded_at: str
    reason: str
    reason_label: str = Field(description="In Danish.")
    suggested: str | None = Field(
        description="The authority it seems to belong to, where a return names one."
    )


class NoteOut(BaseModel):
    """A text that belongs to a step: a question, an answer, a remark. It is opened like a document."""

    id: UUID = Field(description="For `document` of a reading.")
    event: str = Field(description="The step's event, such as handover-question-asked.")
    recorded_at: str
    question: UUID | None = Field(description="The question that it is, or that it answers.")
    concerns: list[str] = Field(description="The sections that a question concerns.")


class HandoverStatus(BaseModel):
    """Where a handover stands, in header and facts: no name, no number, no text."""

    id: UUID
    version: int
    status: str
    status_label: str = Field(description="In Danish.")
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
    held_reason_label: str | None = Field(description="In Danish.")
    exits: list[ExitOut] = Field(description="Returns, refusals, withdrawals and corrections with reasons.")
    held_by: str
    submitted_at: str
    sent_at: str | None
    delivered_at: str | None
    opened_at: str | None
    acknowledged_at: str | None
    taken_over_at: str | None
    closed_at: str | None
    outcome: str | None
    corrected_at: str | None
    returned_at: str | None
    declined_at: str | None
    unresolved_since: str | None
    leg: int = Field(description="How often it has been addressed, from 1.")
    questions: list[UUID] = Field(description="Questions that wait for an answer; `notes` has their texts.")
    withdrawal_requested: bool = Field(description="Whether the receiver must confirm or refuse one.")
    quarantined: bool = Field(description="Whether the document is shut.")
    consent_withdrawn_at: str | None = Field(
        description="The citizen took her consent back then: no further leg, and locked if not opened before."
    )
    objected_at: str | None = Field(description="The citizen objected to disclosure then.")
    documents: list[UUID] = Field(description="The last one counts; the others stay readable.")
    notes: list[NoteOut]
    assignee: UUID | None
    workflow_version: int
    acknowledge_by: str | None
    take_over_by: str | None
    mailbox: UUID | None
    mailbox_version: int | None
    attachments: list[AttachmentOut]
    allowed_actions: list[Action] = Field(
        description="Steps of the workflow; none for those outside the unit that has the case. To read again"
        " and to record a fact is no step, and always possible."
    )


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
    due: str | None = Field(description="The earliest of the two limits that runs now.")
    headline: list[str] = Field(description="What to see first, in Danish.")
    medicine_until: str | None = Field(description="The day the medicine supply ends.")
    acknowledge_by: str | None
    take_over_by: str | None
    questions_waiting: int
    withdrawal_requested: bool
    unresolved: bool
    unread: bool = Field(description="Taken over, and the document was corrected since and not opened.")
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
    """A page of a mailbox by (priority, due, take-over limit, id)."""

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
    document: UUID | None = Field(description="The document or note that was read.")
    attachment: UUID | None
    outside_reason: str | None


class Readings(BaseModel):
    """The readings of a handover by one's own authority."""

    items: list[ReadingRecord]


class Warning(BaseModel):
    """What is suspicious but not forbidden."""

    where: str = Field(alias="in")
    pointer: str
    code: str
    detail: str
    detail_da: str


class Submitted(Created):
    """What came of a submission: delivered, or held with a reason; and what the sender should look at."""

    status: str
    held_reason: str | None
    held_reason_label: str | None = Field(description="In Danish.")
    warnings: list[Warning]


class Validation(BaseModel):
    """The outcome of a validation; nothing was stored."""

    valid: bool
    warnings: list[Warning]


class DraftSummary(BaseModel):
    """A draft without its content."""

    id: UUID
    version: int
    updated_at: str
    expires_at: str


class ConsentNoticeOut(BaseModel):
    """What the writer must know of the consent, in both languages."""

    code: str
    detail: str
    detail_da: str
    last_day: str | None = Field(description="The last day on which it counts.")


class DraftBegun(DraftSummary):
    """A draft that was kept, and whether what it is disclosed on will hold when it is sent."""

    consent: list[ConsentNoticeOut]


class DraftFull(DraftSummary):
    """A draft with its content."""

    document: dict[str, Any]


class Drafts(BaseModel):
    """One's own drafts."""

    items: list[DraftSummary]


class UploadedAttachment(BaseModel):
    """An attachment that waits for its handover, at most 23 hours."""

    id: UUID
    ciphertext_sha256: str
    media_type: str
    size: int


class Token(BaseModel):
    """A test token, for an hour."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class KeySet(BaseModel):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, Any]]


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """Log, vault and workers answer."""

    status: Literal["ready"]
    log_position: int = Field(description="Highest position on the log; -1 when it is empty.")


class TemplateSummary(BaseModel):
    """A template version."""

    name: str
    version: int
    title: str
    schema_address: str = Field(alias="schema", description="Where its JSON Schema stands.")


class Templates(BaseModel):
    """Every template version."""

    items: list[TemplateSummary]


class ProblemPage(BaseModel):
    """What a problem code means."""

    code: str
    status: int
    title: str
    detail: str
    detail_da: str
