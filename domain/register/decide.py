"""Decisions about main mailboxes: what is known and a command -> the event, or Refused. Pure.

Where a document goes is changed by two persons; one is enough to stop it (decision 0016).
"""

from uuid import UUID

from msgspec.structs import asdict

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.law.mailbox_rules import delivers, fits, looks_personal
from domain.register import commands as c
from domain.register import mailbox_events as m
from domain.register.events import MainMailboxEnded
from domain.register.mailbox import MainMailbox
from domain.register.refusals import no
from domain.register.state import Register


def decide_ask(command: c.AskForMainMailbox, purpose: str, today: str) -> m.MainMailboxAsked:
    """The authority has been asked. Raises Refused `date-in-future`."""
    _not_later(command.asked_on, today)
    return m.MainMailboxAsked(
        authority=command.authority, purpose=purpose, means=command.means, asked_on=command.asked_on
    )


def decide_propose(
    register: Register, command: c.ProposeMainMailbox, mailbox: UUID, purpose: str
) -> m.MainMailboxProposed:
    """An entry by one person. Whether its time is free is asked when it is confirmed. Raises Refused."""
    units = {command.served_by, command.owner, command.unit, command.deputy} - {None}
    if not units <= register.units.keys():
        raise no("unit-unknown")
    if command.deputy == command.owner:
        raise no("deputy-is-owner")
    if command.valid_to is not None and command.valid_to <= command.valid_from:
        raise no("valid-time-empty")
    _check_channels(command.channels)
    if command.replaces is not None:
        before = register.mailboxes.get(command.replaces)
        if before is None or (before.unit, before.purpose) != (command.unit, purpose):
            raise no("replaces-unknown")
        _check_goes_on(before, command.valid_to)
    return m.MainMailboxProposed(mailbox=mailbox, purpose=purpose, **asdict(command))


def _check_goes_on(before: MainMailbox, valid_to: str | None) -> None:
    """What ends before the one it replaces would have ended leaves none after it, and nobody said so."""
    if valid_to is not None and before.valid_within(valid_to, None):
        raise no("replacement-ends-first")


def _check_channels(channels: tuple[m.Channel, ...]) -> None:
    if not all(fits(one.channel, one.address) for one in channels):
        raise no("channel-address")
    if any(looks_personal(one.address) for one in channels):
        raise no("personal-mailbox")
    if not any(delivers(one.channel) for one in channels):
        raise no("channel-does-not-deliver")


def decide_withdraw_proposal(
    register: Register, command: c.WithdrawMailboxProposal
) -> m.MainMailboxProposalWithdrawn:
    """What waits is taken back. Raises Refused `nothing-proposed`."""
    if command.mailbox not in register.proposals and command.mailbox not in register.end_proposals:
        raise no("nothing-proposed")
    return m.MainMailboxProposalWithdrawn(
        mailbox=command.mailbox, authority=register.authority, reason=command.reason
    )


def decide_confirm(
    register: Register, command: c.ConfirmMainMailbox, by: UUID, now: str
) -> m.MainMailboxConfirmed:
    """Another person vouches for the entry: the first time, on newer evidence, or again. Raises Refused."""
    entry, entered_by = _waiting(register, command.mailbox)
    if by == entered_by:
        raise no("same-person")
    _not_later(command.evidence_on, danish_day(from_instant(now)).isoformat())
    but = command.mailbox
    times = [(entry.valid_from, entry.valid_to)]
    replaced = entry.replaces
    if command.mailbox not in register.proposals:
        times = [*register.mailboxes[command.mailbox].confirmed_again(now).valid_times()]
    elif replaced is not None:
        # It may have been confirmed again since, or have been proposed when this was not asked yet.
        _check_goes_on(register.mailboxes[replaced], entry.valid_to)
        but = replaced
    if any(register.overlapping(entry.unit, entry.purpose, *time, but) for time in times):
        raise no("valid-time-overlaps")
    return m.MainMailboxConfirmed(**asdict(entry), evidence=command.evidence, evidence_on=command.evidence_on)


def _waiting(register: Register, mailbox: UUID) -> tuple[m.MailboxEntry, UUID | None]:
    """The entry that is to be confirmed, and who entered it. Raises Refused `nothing-proposed`."""
    proposal = register.proposals.get(mailbox)
    if proposal is not None:
        return proposal.entry, proposal.entered_by
    known = register.mailboxes.get(mailbox)
    if known is None:
        raise no("nothing-proposed")
    return _entry_of(known), known.entered_by


def _entry_of(known: MainMailbox) -> m.MailboxEntry:
    """A main mailbox as an entry; one of the first years has no owner but the unit that opens it."""
    return m.MailboxEntry(
        mailbox=known.id,
        authority=known.authority,
        unit=known.unit,
        served_by=known.served_by,
        purpose=known.purpose,
        channels=known.channels,
        receiver_kind=known.receiver_kind,
        kle=known.kle,
        owner=known.owner or known.served_by,
        deputy=known.deputy,
        telephone=known.telephone,
        valid_from=known.valid_from,
        valid_to=known.valid_to,
        replaces=known.replaces,
    )


def decide_withdraw_confirmation(
    register: Register, command: c.WithdrawMailboxConfirmation, now: str
) -> m.MainMailboxUnconfirmed:
    """Nobody vouches for it any more from that instant on. Raises Refused."""
    known = register.mailboxes.get(command.mailbox)
    if known is None or known.unconfirmed_since is not None:
        raise no("not-confirmed")
    since = command.since or now
    # What is to end later on is an end, and that takes two.
    _not_later(since, now)
    return m.MainMailboxUnconfirmed(
        mailbox=command.mailbox, authority=register.authority, reason=command.reason, since=since
    )


def decide_propose_end(
    register: Register, command: c.ProposeMailboxEnd, today: str
) -> m.MainMailboxEndProposed:
    """One person says when it ends. Raises Refused."""
    known = register.mailboxes.get(command.mailbox)
    if known is None:
        raise no("not-confirmed")
    _check_end(known, command.valid_to)
    _not_later(command.evidence_on, today)
    return m.MainMailboxEndProposed(
        mailbox=command.mailbox,
        authority=register.authority,
        valid_to=command.valid_to,
        evidence=command.evidence,
        evidence_on=command.evidence_on,
    )


def decide_confirm_end(register: Register, command: c.ConfirmMailboxEnd, by: UUID) -> MainMailboxEnded:
    """Another person lets it end. Raises Refused."""
    proposal = register.end_proposals.get(command.mailbox)
    if proposal is None:
        raise no("nothing-proposed")
    if by == proposal.entered_by:
        raise no("same-person")
    # It may have been replaced since, and so have ended sooner.
    _check_end(register.mailboxes[command.mailbox], proposal.valid_to)
    return MainMailboxEnded(mailbox=command.mailbox, authority=register.authority, valid_to=proposal.valid_to)


def _check_end(known: MainMailbox, valid_to: str) -> None:
    if valid_to <= known.valid_from or (known.valid_to is not None and known.valid_to < valid_to):
        raise no("valid-time-empty")


def _not_later(given: str, than: str) -> None:
    if given > than:
        raise no("date-in-future")
