"""A page of a mailbox with names: one `MailboxShown` for the page, then the labels' keys."""

from collections.abc import Callable
from uuid import UUID

import msgspec

from domain.events.model import Body, Decided, Recorded
from domain.handover.commands import ShowMailbox
from domain.handover.events import LabelBody, MailboxShown, PersonLabel
from domain.handover.streams import showings_of
from domain.register.state import MainMailbox, fold
from workflows.handlers.envelope import own_event
from workflows.handlers.guard import refusal, refuse
from workflows.handlers.read import READER_ROLES
from workflows.handlers.services import Context, Services
from workflows.ports import Append, MailboxRow, Opener

OpenBody = Callable[[bytes, dict[str, Opener]], Body | None]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a work list with its label; None when the citizen's key is gone."""

    row: MailboxRow
    label: PersonLabel | None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a mailbox, and the position of the event that says it was shown."""

    listed: tuple[Listed, ...]
    shown_position: int | None

    def __repr__(self) -> str:
        return f"Page({len(self.listed)} rows)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class MailboxNotFound(Exception):
    """There is no such mailbox."""


def find_mailbox(services: Services, mailbox: UUID) -> MainMailbox:
    """A main mailbox by id, ended or not. Raises MailboxNotFound."""
    stream = services.log.claimant(f"mailbox:{mailbox}")
    if stream is None:
        raise MailboxNotFound
    found = services.log.fold(stream, fold)  # whoever claims a mailbox is its authority's entries
    if found is None or mailbox not in found.mailboxes:
        raise MailboxNotFound
    return found.mailboxes[mailbox]


def show_mailbox(services: Services, context: Context, command: ShowMailbox, open_body: OpenBody) -> Page:
    """Show a page. Raises MailboxNotFound, Refused."""
    mailbox, actor = find_mailbox(services, command.mailbox), context.actor
    code = None
    if mailbox.authority != actor.authority:
        code = "not-a-party"
    elif actor.role not in READER_ROLES:
        code = "role-not-allowed"
    elif mailbox.served_by != actor.unit:
        code = "outside-unit"
    if code is not None:
        refuse(services, context, "show-mailbox", refusal(code))
    rows = services.worklists.mailbox(command.mailbox, command.statuses, command.after, command.limit)
    if not rows:
        return Page(listed=(), shown_position=None)
    (shown,) = services.log.append(
        Append(
            events=(
                own_event(
                    Decided(
                        event=MailboxShown(
                            mailbox=command.mailbox, handovers=tuple(row.handover for row in rows)
                        )
                    ),
                    stream=showings_of(command.mailbox),
                    authority=actor.authority,
                    purpose="handover",
                    subjects=tuple(row.receiver_key for row in rows if row.receiver_key),
                ),
            ),
            actor=actor,
            correlation_id=context.correlation_id,
        )
    )
    openers = services.subjects.release(shown).openers()
    entries = services.log.at(row.label_position for row in rows if row.label_position is not None)
    return Page(
        listed=tuple(Listed(row=row, label=_label(row, entries, openers, open_body)) for row in rows),
        shown_position=shown.header.position,
    )


def _label(
    row: MailboxRow, entries: dict[int, Recorded], openers: dict[str, Opener], open_body: OpenBody
) -> PersonLabel | None:
    if row.label_position is None or row.receiver_key not in openers:
        return None
    body = open_body(entries[row.label_position].entry, openers)
    return body.person if isinstance(body, LabelBody) else None
