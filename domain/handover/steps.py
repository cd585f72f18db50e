"""What happens to a handover on its way, beside the first line of it: corrected, asked, distributed, moved.

Free text never stands here: it is a note, a sealed document that the event names by id and hash.
"""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from domain.events.instant import Instant
from domain.events.model import AuthorityCode, Code, Count, Facts, Sha256, UnitId
from domain.handover.events import DocumentFacts, KeyId

SectionId = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}\Z")]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed text that belongs to a step: a question, an answer, a remark."""

    document_id: UUID
    document_sha256: Sha256


class HandoverCorrected(Facts, frozen=True, kw_only=True):
    """The sender put a corrected document in place of the one before, which stays readable (JFB §20).

    `label_key` is the key that seals the label in the body: the receiver's, once it was delivered.
    `acknowledge_by` is the limit that still runs, None once it was acknowledged.
    """

    NAME = "handover-corrected"

    reason: Code
    supersedes: UUID
    template: Code
    template_version: Count
    move_from: Code
    move_to: Code
    document_id: UUID
    document_sha256: Sha256
    document_facts: DocumentFacts
    label_key: KeyId
    delivered: bool
    submitted_at: Instant
    acknowledge_by: Instant | None


class HandoverQuestionAsked(Facts, frozen=True, kw_only=True):
    """The receiver lacks something and asks; not a return, and no clock stops (design section 5).

    `waiting`: how many questions wait for an answer after this.
    """

    NAME = "handover-question-asked"

    question: UUID
    sections: tuple[SectionId, ...]
    note: Note
    waiting: Count


class HandoverQuestionAnswered(Facts, frozen=True, kw_only=True):
    """The sender answered a question."""

    NAME = "handover-question-answered"

    question: UUID
    note: Note
    waiting: Count


class HandoverDistributed(Facts, frozen=True, kw_only=True):
    """The receiving authority gave the case to another of its units (fordelt)."""

    NAME = "handover-distributed"

    unit: UnitId


class HandoverAssigned(Facts, frozen=True, kw_only=True):
    """The receiving authority gave the case to one of its staff, by pseudonym (tildelt)."""

    NAME = "handover-assigned"

    assignee: UUID


class HandoverMigrated(Facts, frozen=True, kw_only=True):
    """The case goes on under another version of the workflow, in the state named (design section 3)."""

    NAME = "handover-migrated"

    from_version: Count
    to_version: Count
    from_state: Code
    to_state: Code


class HandoverCarriedOver(Facts, frozen=True, kw_only=True):
    """A successor stands in a party's place, with its consents and clocks (OVL §§6-7, 10; JFB §45).

    `citizen_key` is the successor's own key of the citizen, None where that side has no copy yet. `mailbox`
    is the successor's main mailbox, where a receiver finds the case from now on. `labelled`: the body holds
    the label for the work list, under that key.
    """

    NAME = "handover-carried-over"

    side: Code
    from_authority: AuthorityCode
    from_unit: UnitId | None
    to_authority: AuthorityCode
    to_unit: UnitId | None
    citizen_key: KeyId | None
    mailbox: UUID | None
    labelled: bool


class CarryOverBegun(Facts, frozen=True, kw_only=True):
    """Cases of an authority are about to be carried over; against this the keys of their citizens are
    released, so that the successor gets copies under keys of its own."""

    NAME = "carry-over-begun"

    authority: AuthorityCode
    successor: AuthorityCode
    handovers: tuple[UUID, ...]


class CarryOverCompleted(Facts, frozen=True, kw_only=True):
    """Nothing is left of an authority, or of one of its units, that its successor does not have."""

    NAME = "carry-over-completed"

    authority: AuthorityCode
    unit: UnitId | None


class HandoverImported(Facts, frozen=True, kw_only=True):
    """A case that was under way before Overgang; responsibility is unresolved until it is confirmed.

    `claimed`: where the authority that imported it says it stood. `row_fingerprint`: HMAC-SHA-256 of the row
    under the installation's key.
    """

    NAME = "handover-imported"

    citizen_key: KeyId
    receiver_key: KeyId
    sender_authority: AuthorityCode
    sender_unit: UnitId
    receiver_authority: AuthorityCode
    receiver_unit: UnitId
    mailbox: UUID | None
    direction: Code
    move_from: Code
    move_to: Code
    acting_municipality: AuthorityCode | None
    claimed: Code
    row_fingerprint: Sha256


class HandoverImportConfirmed(Facts, frozen=True, kw_only=True):
    """The receiver confirmed that it has taken an imported case over."""

    NAME = "handover-import-confirmed"


class HandoverImportDenied(Facts, frozen=True, kw_only=True):
    """The receiver says that an imported case is not its own."""

    NAME = "handover-import-denied"

    note: Note | None = None
