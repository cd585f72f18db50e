"""What a registrar asks for: authorities, units, main mailboxes, successions, referrers.

`expected_version` is the version of what the person saw and decided on.
"""

from uuid import UUID

import msgspec

from domain.register.mailbox_events import Channel


class RegisterAuthority(msgspec.Struct, frozen=True, kw_only=True):
    """Enter an authority."""

    authority: str
    name: str
    cvr: str | None = None


class RegisterUnit(msgspec.Struct, frozen=True, kw_only=True):
    """Enter a unit of an authority."""

    authority: str
    unit: str
    kind: str
    name: str
    sor: str | None
    gln: str | None
    offers_dual_diagnosis: bool = False


class AskForMainMailbox(msgspec.Struct, frozen=True, kw_only=True):
    """Note that the secretariat asked an authority for its main mailbox."""

    authority: str
    means: str
    asked_on: str


class ProposeMainMailbox(msgspec.Struct, frozen=True, kw_only=True):
    """Enter a main mailbox, for another person to confirm."""

    authority: str
    unit: str | None
    served_by: str
    channels: tuple[Channel, ...]
    receiver_kind: str
    owner: str
    valid_from: str
    valid_to: str | None = None
    deputy: str | None = None
    telephone: str | None = None
    kle: tuple[str, ...] = ()
    replaces: UUID | None = None


class WithdrawMailboxProposal(msgspec.Struct, frozen=True, kw_only=True):
    """Take back what was proposed of a mailbox: the entry, or its end."""

    mailbox: UUID
    expected_version: int
    reason: str


class ConfirmMainMailbox(msgspec.Struct, frozen=True, kw_only=True):
    """Vouch for an entry that another person made."""

    mailbox: UUID
    expected_version: int
    evidence: str
    evidence_on: str


class WithdrawMailboxConfirmation(msgspec.Struct, frozen=True, kw_only=True):
    """No longer vouch for a main mailbox, from an instant on (now, unless given)."""

    mailbox: UUID
    expected_version: int
    reason: str
    since: str | None = None


class ProposeMailboxEnd(msgspec.Struct, frozen=True, kw_only=True):
    """Say when a main mailbox ends, for another person to confirm."""

    mailbox: UUID
    expected_version: int
    valid_to: str
    evidence: str
    evidence_on: str


class ConfirmMailboxEnd(msgspec.Struct, frozen=True, kw_only=True):
    """Let a main mailbox end as another person proposed."""

    mailbox: UUID
    expected_version: int


class ProposeSuccession(msgspec.Struct, frozen=True, kw_only=True):
    """Say who succeeds an authority or one of its units, for another person to confirm."""

    authority: str
    unit: str | None
    successor_authority: str
    successor_unit: str | None
    valid_from: str
    basis: str


class ConfirmSuccession(msgspec.Struct, frozen=True, kw_only=True):
    """Let a succession hold as another person proposed."""

    authority: str
    proposal: UUID


class PublishProcessingTime(msgspec.Struct, frozen=True, kw_only=True):
    """Note that a municipality has published its time of decision under a legal basis."""

    authority: str
    legal_basis: str
    length: int
    unit: str
    valid_from: str
    source: str


class PublishReferrer(msgspec.Struct, frozen=True, kw_only=True):
    """Note that a region has published that a type of referrer may refer."""

    authority: str
    referrer: str
    valid_from: str
    valid_to: str | None = None
