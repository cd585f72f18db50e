"""Main mailboxes: asked for, proposed, confirmed by another person, stopped, ended (decision 0016)."""

from uuid import UUID

from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.events.model import Facts
from domain.handover.streams import register_of
from domain.register import commands as c
from domain.register.decide import (
    decide_ask,
    decide_confirm,
    decide_confirm_end,
    decide_propose,
    decide_propose_end,
    decide_withdraw_confirmation,
    decide_withdraw_proposal,
)
from domain.register.state import Register
from workflows.handlers.entries import append_entry, deciding, known, unchanged
from workflows.handlers.mailbox import MailboxNotFound
from workflows.handlers.services import MAILBOX_PURPOSE, Context, Services
from workflows.ports.log import Outcome


def ask_for_main_mailbox(services: Services, context: Context, command: c.AskForMainMailbox) -> Outcome:
    """Note that the secretariat asked an authority for its main mailbox. Raises Refused."""
    name = "ask-for-main-mailbox"
    found = known(services, context, command.authority, name, secretariat=True)
    event = deciding(services, context, name, lambda: decide_ask(command, MAILBOX_PURPOSE, _today(services)))
    return append_entry(
        services, context, command.authority, found, event, f"/v1/authorities/{command.authority}"
    )


def propose_main_mailbox(services: Services, context: Context, command: c.ProposeMainMailbox) -> Outcome:
    """Enter a main mailbox; nothing goes there until another person confirms it. Raises Refused."""
    name = "propose-main-mailbox"
    found = known(services, context, command.authority, name)
    mailbox = services.ids.uuid()
    event = deciding(
        services, context, name, lambda: decide_propose(found, command, mailbox, MAILBOX_PURPOSE)
    )
    return append_entry(
        services,
        context,
        command.authority,
        found,
        event,
        _proposals(command.authority),
        (f"mailbox:{mailbox}",),
        mailbox,
        proposed=True,
    )


def withdraw_mailbox_proposal(
    services: Services, context: Context, command: c.WithdrawMailboxProposal
) -> Outcome:
    """Take back what was proposed of a mailbox and waits. Raises Refused, StreamConflict."""
    name = "withdraw-mailbox-proposal"
    found = _of_mailbox(services, context, command.mailbox, name)
    _unchanged_proposal(found, command.mailbox, command.expected_version)
    event = deciding(services, context, name, lambda: decide_withdraw_proposal(found, command))
    location = _proposals(found.authority)
    return append_entry(
        services, context, found.authority, found, event, location, (), command.mailbox, proposed=True
    )


def confirm_main_mailbox(services: Services, context: Context, command: c.ConfirmMainMailbox) -> Outcome:
    """Vouch for an entry that another person made; what it replaces ends by it. Raises Refused."""
    name = "confirm-main-mailbox"
    found = _of_mailbox(services, context, command.mailbox, name)
    if command.mailbox in found.proposals:
        unchanged(found.proposals[command.mailbox].version, command.expected_version)
    else:
        _unchanged_mailbox(found, command.mailbox, command.expected_version)
    event = deciding(
        services,
        context,
        name,
        lambda: decide_confirm(found, command, context.actor.id, to_instant(services.clock.now())),
    )
    return _entry(services, context, found, event, command.mailbox)


def withdraw_mailbox_confirmation(
    services: Services, context: Context, command: c.WithdrawMailboxConfirmation
) -> Outcome:
    """Stop sending to a main mailbox: one person is enough. Raises Refused, StreamConflict."""
    name = "withdraw-mailbox-confirmation"
    found = _of_mailbox(services, context, command.mailbox, name)
    _unchanged_mailbox(found, command.mailbox, command.expected_version)
    now = to_instant(services.clock.now())
    event = deciding(services, context, name, lambda: decide_withdraw_confirmation(found, command, now))
    return _entry(services, context, found, event, command.mailbox)


def propose_mailbox_end(services: Services, context: Context, command: c.ProposeMailboxEnd) -> Outcome:
    """Say when a main mailbox ends; it does so when another person confirms it. Raises Refused."""
    name = "propose-mailbox-end"
    found = _of_mailbox(services, context, command.mailbox, name)
    _unchanged_mailbox(found, command.mailbox, command.expected_version)
    event = deciding(services, context, name, lambda: decide_propose_end(found, command, _today(services)))
    location = _proposals(found.authority)
    return append_entry(
        services, context, found.authority, found, event, location, (), command.mailbox, proposed=True
    )


def confirm_mailbox_end(services: Services, context: Context, command: c.ConfirmMailboxEnd) -> Outcome:
    """Let a main mailbox end as another person proposed. Raises Refused, StreamConflict."""
    name = "confirm-mailbox-end"
    found = _of_mailbox(services, context, command.mailbox, name)
    _unchanged_proposal(found, command.mailbox, command.expected_version)
    event = deciding(services, context, name, lambda: decide_confirm_end(found, command, context.actor.id))
    return _entry(services, context, found, event, command.mailbox)


def _of_mailbox(services: Services, context: Context, mailbox: UUID, command: str) -> Register:
    """The register that a mailbox, proposed or confirmed, stands in. Raises MailboxNotFound."""
    stream = services.log.claimant(f"mailbox:{mailbox}")
    if stream is None:
        raise MailboxNotFound
    authority = str(getattr(services.log.stream(stream)[0].event, "authority", ""))
    assert stream == register_of(authority), "whoever claims a mailbox is its authority's entries"
    return known(services, context, authority, command)


def _unchanged_mailbox(found: Register, mailbox: UUID, expected: int) -> None:
    if mailbox in found.mailboxes:
        unchanged(found.mailboxes[mailbox].version, expected)


def _unchanged_proposal(found: Register, mailbox: UUID, expected: int) -> None:
    """Of an end and an entry, the one that waits; they never both do."""
    waiting = found.end_proposals.get(mailbox) or found.proposals.get(mailbox)
    if waiting is not None:
        unchanged(waiting.version, expected)


def _entry(services: Services, context: Context, found: Register, event: Facts, mailbox: UUID) -> Outcome:
    return append_entry(
        services, context, found.authority, found, event, f"/v1/mailboxes/{mailbox}", (), mailbox
    )


def _proposals(authority: str) -> str:
    return f"/v1/authorities/{authority}/proposals"


def _today(services: Services) -> str:
    return danish_day(services.clock.now()).isoformat()
