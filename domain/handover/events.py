"""What happens to a handover, past tense, as facts (design sections 4 and 5; law.md 9.4).

Six honest words stand apart here: sent, delivered, opened, acknowledged, taken over, started.
None implies the next.
"""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from domain.events.instant import Instant
from domain.events.model import NO_CPR, AuthorityCode, Body, Code, Count, Facts, Sha256, UnitId
from domain.register.events import Gln, Sor

KeyId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
"""The vault's random id of a data key."""

FactKey = Annotated[str, Meta(pattern=r"^[a-z_]+(\.[a-z0-9_-]+){1,3}\Z")]
FactValue = Annotated[str, Meta(pattern=rf"^{NO_CPR}[a-z0-9][a-z0-9_.:-]{{0,63}}\Z")]
DocumentFacts = dict[FactKey, bool | FactValue]
"""The coded fields of a document that its template marks as facts: codes, dates, booleans."""


class AttachmentFact(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment by id and by the hash of its ciphertext."""

    id: UUID
    ciphertext_sha256: Sha256
    media_type: Annotated[str, Meta(pattern=r"^[a-z]+/[a-z0-9.+-]{1,60}\Z")]
    size: Count


class PersonLabel(msgspec.Struct, frozen=True, kw_only=True):
    """What a work list shows of a citizen: enough to recognise, no more."""

    name: str
    person_id_type: str
    person_id: str

    def __repr__(self) -> str:
        return "PersonLabel(sealed)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class OtherPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person beside the citizen, sealed in an envelope of its own."""

    name: str
    relation: str
    phone: str | None = None

    def __repr__(self) -> str:
        return "OtherPerson(sealed)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class LabelBody(Body, frozen=True, kw_only=True):
    """The sealed label of a handover, and the representative under a key of its own."""

    person: PersonLabel
    representative: OtherPerson | None = None


class HandoverSubmitted(Facts, frozen=True, kw_only=True):
    """A sender has finished the document and handed it to Overgang (JFB §20; design 5)."""

    NAME = "handover-submitted"

    source: Code
    citizen_key: KeyId
    template: Code
    template_version: Count
    move_from: Code
    move_to: Code
    direction: Code
    sender_authority: AuthorityCode
    sender_unit: UnitId
    receiver_authority: AuthorityCode | None
    receiver_unit: UnitId | None
    acting_municipality: AuthorityCode | None
    document_id: UUID
    document_sha256: Sha256
    document_facts: DocumentFacts
    attachments: tuple[AttachmentFact, ...] = ()
    counts_as_overgangsdokument: bool = True
    needs_completion: bool = False
    medcom_message: UUID | None = None
    medcom_envelope: UUID | None = None
    medcom_thread: UUID | None = None
    medcom_receiver_sor: Sor | None = None
    medcom_receiver_gln: Gln | None = None


class HandoverHeld(Facts, frozen=True, kw_only=True):
    """No main mailbox is valid for the receiver now: held with a visible task, never dropped."""

    NAME = "handover-held"

    reason: Code
    receiver_authority: AuthorityCode | None
    receiver_unit: UnitId | None


class HandoverRouted(Facts, frozen=True, kw_only=True):
    """The main mailbox valid at this moment, by the version of the register entry."""

    NAME = "handover-routed"

    mailbox: UUID
    mailbox_version: Count
    receiver_authority: AuthorityCode
    receiver_unit: UnitId | None
    routed_by: Code


class HandoverSent(Facts, frozen=True, kw_only=True):
    """It left us, over a channel; attempts count from 1."""

    NAME = "handover-sent"

    channel: Code
    attempt: Count


class HandoverDelivered(Facts, frozen=True, kw_only=True):
    """The receiver's system has it. Repeats the facts that the receiver is entitled to."""

    NAME = "handover-delivered"

    channel: Code
    citizen_key: KeyId
    mailbox: UUID
    mailbox_version: Count
    receiver_authority: AuthorityCode
    receiver_unit: UnitId | None
    sender_authority: AuthorityCode
    sender_unit: UnitId
    template: Code
    template_version: Count
    move_from: Code
    move_to: Code
    direction: Code
    document_id: UUID
    document_sha256: Sha256
    document_facts: DocumentFacts
    attachments: tuple[AttachmentFact, ...] = ()
    needs_completion: bool = False
    acknowledge_by: Instant


class HandoverOpened(Facts, frozen=True, kw_only=True):
    """A person of the receiving authority read the document for the first time."""

    NAME = "handover-opened"

    document_id: UUID


class HandoverAcknowledged(Facts, frozen=True, kw_only=True):
    """A person confirmed receipt for the receiving authority (kvitteret; local agreement KVIT)."""

    NAME = "handover-acknowledged"

    carried_by_take_over: bool


class HandoverTakenOver(Facts, frozen=True, kw_only=True):
    """A person accepted the handover for the receiving authority (overtaget); not a decision."""

    NAME = "handover-taken-over"

    document_id: UUID


class HandoverCompleted(Facts, frozen=True, kw_only=True):
    """A message that came without one has got its overgangsdokument, and counts from now."""

    NAME = "handover-completed"

    acknowledge_by: Instant | None
    template: Code
    template_version: Count
    move_from: Code
    move_to: Code
    document_id: UUID
    document_sha256: Sha256
    document_facts: DocumentFacts


class HandoverClosed(Facts, frozen=True, kw_only=True):
    """The receiving authority ended the handover with an outcome."""

    NAME = "handover-closed"

    outcome: Code


class DocumentRead(Facts, frozen=True, kw_only=True):
    """A person read a document or an attachment; purpose stands in the header (GDPR art. 15)."""

    NAME = "document-read"

    handover: UUID
    document_id: UUID
    attachment: UUID | None = None


class OutsideAccessUsed(Facts, frozen=True, kw_only=True):
    """A person outside the unit that has the case went in, with a coded reason."""

    NAME = "outside-access-used"

    handover: UUID
    reason: Code
    case_unit: UnitId


class LeadAlerted(Facts, frozen=True, kw_only=True):
    """The lead of a unit was told that its case was read from outside."""

    NAME = "lead-alerted"

    handover: UUID
    case_unit: UnitId
    about_position: Count


class MailboxShown(Facts, frozen=True, kw_only=True):
    """One page of a mailbox with citizens' names was shown to a person."""

    NAME = "mailbox-shown"

    mailbox: UUID
    handovers: tuple[UUID, ...]


class UnitListShown(Facts, frozen=True, kw_only=True):
    """A page of a unit's own list was shown with names: cases that were given to it from a main mailbox."""

    NAME = "unit-list-shown"

    unit: UnitId
    handovers: tuple[UUID, ...]


class CommandRefused(Facts, frozen=True, kw_only=True):
    """A command was refused by a rule, for lack of authority, or on another's case."""

    NAME = "command-refused"

    command: Code
    reason: Code
    handover: UUID | None
