"""How a main mailbox comes to be: asked for, proposed by one person, confirmed by another.

What is confirmed is public and stands whole in its own event, so that nobody needs the proposal to
read the register. A proposal is for those who keep the register only: an address that nobody has
confirmed is what sends documents astray (decision 0016).
"""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from domain.events.instant import Day, Instant
from domain.events.model import NO_CPR, AuthorityCode, Code, Facts, UnitId

ChannelAddress = Annotated[
    str,
    Meta(
        pattern=rf"^(?:{NO_CPR}[a-z][a-z0-9._-]{{1,62}}@[a-z0-9.-]{{3,190}}|[0-9]{{13}}"
        r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\Z"
    ),
]
"""A functional address, a GLN or a contact point in Digital Post; which of them follows from the channel."""

Telephone = Annotated[str, Meta(pattern=r"^[2-9][0-9]{7}\Z")]
"""The number of a function, eight digits."""

Kle = Annotated[str, Meta(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\Z")]
"""A KLE number (kle-online.dk): which municipal subject the mailbox serves."""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A way to reach the mailbox."""

    channel: Code
    address: ChannelAddress


class MailboxEntry(Facts, frozen=True, kw_only=True):
    """A main mailbox (hovedpostkasse) as it is proposed or confirmed.

    `unit` None means the authority's own; `served_by` is the unit that opens it. `channels` stand in
    the order in which they are to be used. `owner` and `deputy` are units, never persons. `valid_to`
    is exclusive. `replaces` is the main mailbox that ends where this one begins.
    """

    mailbox: UUID
    authority: AuthorityCode
    unit: UnitId | None
    served_by: UnitId
    purpose: Code
    channels: tuple[Channel, ...]
    receiver_kind: Code
    kle: tuple[Kle, ...]
    owner: UnitId
    deputy: UnitId | None
    telephone: Telephone | None
    valid_from: Instant
    valid_to: Instant | None
    replaces: UUID | None


class MainMailboxAsked(Facts, frozen=True, kw_only=True):
    """The secretariat asked an authority for its main mailbox (steering group 6/2/2026, point 5)."""

    NAME = "main-mailbox-asked"

    authority: AuthorityCode
    purpose: Code
    means: Code
    asked_on: Day


class MainMailboxProposed(MailboxEntry, frozen=True, kw_only=True):
    """One person entered a main mailbox. Nothing is sent there until another confirms it."""

    NAME = "main-mailbox-proposed"


class MainMailboxProposalWithdrawn(Facts, frozen=True, kw_only=True):
    """What was proposed of a mailbox, the entry or its end, is taken back."""

    NAME = "main-mailbox-proposal-withdrawn"

    mailbox: UUID
    authority: AuthorityCode
    reason: Code


class MainMailboxConfirmed(MailboxEntry, frozen=True, kw_only=True):
    """Another person than the proposer vouches for the entry, on evidence of that day.

    The main mailbox that it `replaces` ends by this very event, at `valid_from`.
    """

    NAME = "main-mailbox-confirmed"

    evidence: Code
    evidence_on: Day


class MainMailboxUnconfirmed(Facts, frozen=True, kw_only=True):
    """The confirmation is withdrawn from an instant on: what comes then is held, not sent.

    One person is enough to stop; to go on again takes a confirmation.
    """

    NAME = "main-mailbox-unconfirmed"

    mailbox: UUID
    authority: AuthorityCode
    reason: Code
    since: Instant


class MainMailboxEndProposed(Facts, frozen=True, kw_only=True):
    """One person says when a main mailbox ends; it does so by `main-mailbox-ended` of another."""

    NAME = "main-mailbox-end-proposed"

    mailbox: UUID
    authority: AuthorityCode
    valid_to: Instant
    evidence: Code
    evidence_on: Day
