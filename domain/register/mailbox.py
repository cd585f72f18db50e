"""A main mailbox (hovedpostkasse) in time, and what is proposed of one."""

from collections.abc import Iterator
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.law.mailbox_rules import MIXED, delivers
from domain.register.mailbox_events import Channel, MailboxEntry


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody vouched for a main mailbox in this time; `until` is exclusive, when it was confirmed again."""

    since: str
    until: str
    reason: str


class MainMailbox(msgspec.Struct, frozen=True, kw_only=True):
    """A main mailbox that was confirmed, with its valid time; `version` is the entry's stream version.

    `channel` and `address` are those that Overgang delivers over; `channels` are all of them, in the
    order of the owner's choice. What an entry of the first years does not say is None, and its
    receivers are then taken to be mixed.
    """

    id: UUID
    version: int
    authority: str
    unit: str | None
    served_by: str
    purpose: str
    channel: str
    address: str
    valid_from: str
    valid_to: str | None
    channels: tuple[Channel, ...] = ()
    receiver_kind: str = MIXED
    kle: tuple[str, ...] = ()
    owner: str | None = None
    deputy: str | None = None
    telephone: str | None = None
    replaces: UUID | None = None
    entered_by: UUID | None = None
    """The person who proposed it, a pseudonymous id; another must confirm it."""
    confirmed_at: str | None = None
    evidence: str | None = None
    evidence_on: str | None = None
    unconfirmed_since: str | None = None
    unconfirmed_reason: str | None = None
    gaps: tuple[Gap, ...] = ()
    """When nobody vouched for it, though it was confirmed again since: what came then was held."""

    @property
    def ends(self) -> str | None:
        """When it stops being valid: its end, or the instant from which nobody vouches for it any more."""
        known = [instant for instant in (self.valid_to, self.unconfirmed_since) if instant is not None]
        return min(known, default=None)

    def valid_at(self, instant: str) -> bool:
        """Whether the mailbox is valid at an instant; `ends` is exclusive."""
        return any(
            begins <= instant and (ends is None or instant < ends) for begins, ends in self.valid_times()
        )

    def valid_within(self, begins: str, ends: str | None) -> bool:
        """Whether it is valid at any instant of a span, whose end is exclusive."""
        return any(
            all(end is None or max(first, begins) < end for end in (last, ends))
            for first, last in self.valid_times()
        )

    def valid_times(self) -> Iterator[tuple[str, str | None]]:
        """The spans in which it is valid, in order; an end is exclusive, None that there is none."""
        begins = self.valid_from
        for gap in sorted(self.gaps, key=lambda one: one.since):
            until = gap.since if self.ends is None else min(gap.since, self.ends)
            if begins < until:
                yield begins, until
            begins = max(begins, gap.until)
        if self.ends is None or begins < self.ends:
            yield begins, self.ends

    def has_ended(self, instant: str) -> bool:
        """Whether its end has come at an instant. One that nobody vouches for has not ended."""
        return self.valid_to is not None and self.valid_to <= instant

    def confirmed_again(self, instant: str) -> "MainMailbox":
        """The same, vouched for from that instant on. What it was not before it stays so."""
        since, reason = self.unconfirmed_since, self.unconfirmed_reason
        gaps = self.gaps
        if since is not None and reason is not None and since < instant:
            gaps = (*gaps, Gap(since=since, until=instant, reason=reason))
        return replace(self, unconfirmed_since=None, unconfirmed_reason=None, gaps=gaps)


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that waits for a second person."""

    version: int
    entered_by: UUID
    entered_at: str
    entry: MailboxEntry


class EndProposal(msgspec.Struct, frozen=True, kw_only=True):
    """An end that waits for a second person."""

    version: int
    entered_by: UUID
    entered_at: str
    mailbox: UUID
    valid_to: str
    evidence: str
    evidence_on: str


def delivering(channels: tuple[Channel, ...]) -> Channel:
    """The first channel that Overgang can deliver over; the first of all when there is none."""
    return next((one for one in channels if delivers(one.channel)), channels[0])
