"""A page of a work list with names: one event for the page, then the labels' keys."""

from uuid import UUID

import msgspec

from domain.events.model import Decided, Facts, Recorded
from domain.handover.commands import ShowMailbox, ShowUnitList
from domain.handover.events import LabelBody, MailboxShown, PersonLabel, UnitListShown
from domain.handover.streams import lists_of, showings_of
from domain.register.fold import fold
from domain.register.mailbox import MainMailbox
from workflows.handlers.envelope import own_event
from workflows.handlers.guard import refuse
from workflows.handlers.read import READER_ROLES
from workflows.handlers.refusals import refusal
from workflows.handlers.services import Context, Services
from workflows.ports.lists import MailboxRow
from workflows.ports.log import Append
from workflows.ports.vault import OpenBody, Opener


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a work list with its label; None when the citizen's key is gone or the document is shut."""

    row: MailboxRow
    label: PersonLabel | None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a work list, and the position of the event that says it was shown."""

    listed: tuple[Listed, ...]
    shown_position: int | None

    def __repr__(self) -> str:
        return f"Page({len(self.listed)} rows)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class MailboxNotFound(Exception):
    """There is no such mailbox."""


def find_mailbox(services: Services, mailbox: UUID) -> MainMailbox:
    """A main mailbox by id, ended or not, once it was confirmed. Raises MailboxNotFound."""
    stream = services.log.claimant(f"mailbox:{mailbox}")
    if stream is None:
        raise MailboxNotFound
    found = services.log.fold(stream, fold)  # whoever claims a mailbox is its authority's entries
    if found is None or mailbox not in found.mailboxes:
        raise MailboxNotFound
    return found.mailboxes[mailbox]


def show_mailbox(services: Services, context: Context, command: ShowMailbox, open_body: OpenBody) -> Page:
    """Show a page of a main mailbox. Raises MailboxNotFound, Refused."""
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
    shown = MailboxShown(mailbox=command.mailbox, handovers=tuple(row.handover for row in rows))
    return _page(services, context, rows, shown, showings_of(command.mailbox), open_body)


def show_unit_list(services: Services, context: Context, command: ShowUnitList, open_body: OpenBody) -> Page:
    """Show what a unit was given from its authority's main mailbox. Raises Refused."""
    actor = context.actor
    code = None
    if actor.role not in READER_ROLES:
        code = "role-not-allowed"
    elif command.unit != actor.unit:
        code = "outside-unit"
    if code is not None:
        refuse(services, context, "show-unit-list", refusal(code))
    found = services.worklists.unit(command.unit, command.after, command.limit)
    rows = [row for row in found if row.receiver_authority == actor.authority]
    shown = UnitListShown(unit=command.unit, handovers=tuple(row.handover for row in rows))
    return _page(services, context, rows, shown, lists_of(command.unit), open_body)


def _page(
    services: Services,
    context: Context,
    rows: list[MailboxRow],
    shown: Facts,
    stream: UUID,
    open_body: OpenBody,
) -> Page:
    if not rows:
        return Page(listed=(), shown_position=None)
    (recorded,) = services.log.append(
        Append(
            events=(
                own_event(
                    Decided(event=shown),
                    stream=stream,
                    authority=context.actor.authority,
                    purpose="handover",
                    subjects=tuple(row.receiver_key for row in rows if row.receiver_key and not row.shut),
                ),
            ),
            actor=context.actor,
            correlation_id=context.correlation_id,
        )
    )
    openers = services.subjects.release(recorded).openers()
    entries = services.log.at(row.label_position for row in rows if row.label_position is not None)
    return Page(
        listed=tuple(Listed(row=_shown(row), label=_label(row, entries, openers, open_body)) for row in rows),
        shown_position=recorded.header.position,
    )


def _shown(row: MailboxRow) -> MailboxRow:
    """What is shut or has gone back to the sender says no more of its content than that it is there."""
    if not row.shut and row.status != "returned":
        return row
    return msgspec.structs.replace(
        row, medicine_until=None, urgency=None, due=None, acknowledge_by=None, take_over_by=None
    )


def _label(
    row: MailboxRow, entries: dict[int, Recorded], openers: dict[str, Opener], open_body: OpenBody
) -> PersonLabel | None:
    if row.label_position is None or row.receiver_key not in openers or row.shut:
        return None
    body = open_body(entries[row.label_position].entry, openers)
    return body.person if isinstance(body, LabelBody) else None
