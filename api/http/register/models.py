"""What the register answers, as OpenAPI shows it."""

from uuid import UUID

from pydantic import BaseModel, Field


class ChannelOut(BaseModel):
    """A way to reach a mailbox."""

    channel: str
    address: str


class GapOut(BaseModel):
    """Nobody vouched for it in this time; what came then was held. `until` is exclusive."""

    since: str
    until: str
    reason: str


class MailboxOut(BaseModel):
    """A main mailbox that was confirmed."""

    id: UUID
    version: int
    authority: str
    unit: str | None
    served_by: str
    purpose: str
    channel: str = Field(description="The channel that Overgang delivers over.")
    address: str
    channels: list[ChannelOut]
    receiver_kind: str
    counts_as: str = Field(
        description="The kind by whose rules on disclosure one sends there; mixed counts as social."
    )
    kle: list[str]
    owner: str | None
    deputy: str | None
    telephone: str | None
    replaces: UUID | None
    valid_from: str
    valid_to: str | None
    confirmed_at: str | None
    evidence: str | None
    evidence_on: str | None
    unconfirmed_since: str | None = Field(description="Nobody vouches for it from then on.")
    unconfirmed_reason: str | None
    gaps: list[GapOut] = Field(description="When nobody vouched for it before it was confirmed again.")


class UnitOut(BaseModel):
    """A unit."""

    id: str
    authority: str
    kind: str
    name: str
    sor: str | None
    gln: str | None
    offers_dual_diagnosis: bool


class SuccessionOut(BaseModel):
    """Who stands in the place of the authority (`unit` null) or of a unit, and from when."""

    unit: str | None
    successor_authority: str
    successor_unit: str | None
    valid_from: str
    basis: str


class PublicationOut(BaseModel):
    """A type of referrer that a region has published."""

    referrer: str
    valid_from: str
    valid_to: str | None


class ProcessingTimeOut(BaseModel):
    """A time of decision that a municipality has published, from a Danish day on."""

    legal_basis: str
    length: int
    unit: str
    valid_from: str
    source: str


class AuthorityOut(BaseModel):
    """An authority with its units, main mailboxes, successors, and what it has published."""

    authority: str
    kind: str
    name: str
    cvr: str | None
    version: int
    state: str = Field(description="Of its own main mailbox: not-asked, asked, answered, confirmed.")
    units: list[UnitOut]
    mailboxes: list[MailboxOut]
    successions: list[SuccessionOut]
    referrers: list[PublicationOut]
    processing_times: list[ProcessingTimeOut]


class MailboxProposalOut(BaseModel):
    """A main mailbox that waits for another person."""

    mailbox: UUID
    version: int
    entered_at: str
    unit: str | None
    served_by: str
    purpose: str
    channels: list[ChannelOut]
    receiver_kind: str
    kle: list[str]
    owner: str
    deputy: str | None
    telephone: str | None
    valid_from: str
    valid_to: str | None
    replaces: UUID | None


class EndProposalOut(BaseModel):
    """An end that waits for another person."""

    mailbox: UUID
    version: int
    entered_at: str
    valid_to: str
    evidence: str
    evidence_on: str


class SuccessionProposalOut(SuccessionOut):
    """A succession that waits for another person."""

    proposal: UUID
    entered_at: str


class ProposalsOut(BaseModel):
    """What waits for another person at an authority."""

    mailboxes: list[MailboxProposalOut]
    ends: list[EndProposalOut]
    successions: list[SuccessionProposalOut]
