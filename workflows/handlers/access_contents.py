"""What may go into an access package: the documents of the case and the lane, and why some of them do not."""

from collections.abc import Iterator, Sequence, Set
from datetime import date
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.events import AttachmentFact, HandoverCompleted, HandoverSent, HandoverSubmitted
from domain.handover.state import Handover
from domain.handover.steps import HandoverCorrected
from domain.law.access_rules import AccessRule
from domain.rights.access import AccessGiven
from domain.rights.events import WORKING, holding
from domain.rights.model import RightsEvent

DOCUMENT, NOTE, LETTER = "document", "note", "letter"
SHUT, NOT_YET, LOCKED, WORKING_DOCUMENT = "shut", "not-yet", "locked", "working-document"
"""Why something is not in a package, beside the passages that a decision leaves out of it."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed text of the case: a document, a note or a letter, and the event that brought it."""

    id: UUID
    kind: str
    event: str
    position: int
    at: str


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A text that is not in the package, why, and from which day it may be."""

    item: Item
    why: str
    ground: str | None = None
    open_from: date | None = None


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into a package, and what does not."""

    items: tuple[Item, ...]
    attachments: tuple[AttachmentFact, ...]
    left_out: tuple[LeftOut, ...]


def contents(
    state: Handover,
    case: Sequence[Recorded],
    lane: Sequence[Recorded],
    *,
    authority: str,
    ours: Set[str],
    rule: AccessRule,
    today: date,
    locked: bool,
    working_shown: bool,
) -> Contents:
    """The texts that an authority has copies of, and those of its own lane.

    `ours`: the authority and those whose place it has taken; `locked`: she said no before the document was
    opened there. What is shut is in no package (design section 5); what was sent today is open from tomorrow.
    """
    side = state.side_of(authority)
    readable = set(state.readable(side)) if side is not None else set()
    items, left_out = list[Item](), list[LeftOut]()
    for item, recorded in _of_case(case, readable):
        sent = _dispatched(case, recorded) if recorded.header.controller in ours else None
        if state.quarantined:
            left_out.append(LeftOut(item=item, why=SHUT))
        elif locked:
            left_out.append(LeftOut(item=item, why=LOCKED))
        elif rule.day_after_dispatch and sent is not None and sent >= today:
            open_from = date.fromordinal(sent.toordinal() + 1)
            left_out.append(LeftOut(item=item, why=NOT_YET, ground="fvl:9.4", open_from=open_from))
        else:
            items.append(item)
    for item, event in _of_lane(lane):
        if type(event) in WORKING and rule.working_documents is not None and not working_shown:
            left_out.append(LeftOut(item=item, why=WORKING_DOCUMENT, ground=rule.working_documents))
        else:
            items.append(item)
    documents_open = any(item.kind == DOCUMENT for item in items)
    return Contents(
        items=tuple(items),
        attachments=state.attachments if side is not None and documents_open else (),
        left_out=tuple(left_out),
    )


def _of_case(case: Sequence[Recorded], readable: Set[UUID]) -> Iterator[tuple[Item, Recorded]]:
    for recorded in case:
        event = recorded.event
        if isinstance(event, HandoverSubmitted | HandoverCompleted | HandoverCorrected):
            found, kind = event.document_id, DOCUMENT
        elif (note := getattr(event, "note", None)) is not None:
            found, kind = note.document_id, NOTE
        else:
            continue
        if found in readable:
            yield _item(found, kind, recorded), recorded


def _of_lane(lane: Sequence[Recorded]) -> Iterator[tuple[Item, RightsEvent]]:
    for recorded in holding(lane):
        event = recorded.event
        if not isinstance(event, RightsEvent):
            continue
        written = getattr(event, "written", None)
        if written is not None:
            yield _item(written.document_id, LETTER, recorded), event
        # What belongs to an access that was given is a package, and no package holds another.
        if event.note is not None and not isinstance(event, AccessGiven):
            yield _item(event.note.document_id, NOTE, recorded), event


def _item(found: UUID, kind: str, recorded: Recorded) -> Item:
    header = recorded.header
    return Item(id=found, kind=kind, event=header.event, position=header.position, at=header.occurred_at)


def _dispatched(case: Sequence[Recorded], recorded: Recorded) -> date | None:
    """The Danish day on which a text left for the other authority; None: it has not."""
    header, event = recorded.header, recorded.event
    sent_with_it = not isinstance(event, HandoverSubmitted) and len(header.visible_to) > 1
    if isinstance(event, HandoverCorrected):
        sent_with_it = event.delivered
    if sent_with_it:
        return danish_day(from_instant(header.occurred_at))
    sent = next(
        (
            one
            for one in case
            if isinstance(one.event, HandoverSent) and one.header.position > header.position
        ),
        None,
    )
    return None if sent is None else danish_day(from_instant(sent.header.occurred_at))
