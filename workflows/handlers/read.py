"""Reading: the reading event commits before any key is released (design sections 4 and 8.11).

A first opening by the receiving authority is a step of the case; later readings are not, so a
colleague's look never fails a take-over.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.events.model import Decided, Recorded
from domain.events.refusal import Refused
from domain.handover.commands import OpenDocument
from domain.handover.decide import decide_open
from domain.handover.events import AttachmentFact, DocumentRead, OutsideAccessUsed
from domain.handover.fold import fold
from domain.handover.state import Handover
from domain.handover.streams import readings_of
from domain.law.loader import outside_reasons, readable_purposes
from workflows.handlers.documents import open_document
from workflows.handlers.envelope import case_event, own_event
from workflows.handlers.guard import case_unit, definition_of, load, outside_unit, refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.rights import lane_of
from workflows.handlers.said import stopped
from workflows.handlers.services import Context, Services
from workflows.machines.table import transition
from workflows.ports.log import Append, IdempotentReplay, NewEvent, Outcome, StreamConflict
from workflows.ports.vault import KeyDestroyed
from workflows.rules.conditions import CONDITIONS, Situation

READER_ROLES = frozenset({"clinician", "caseworker", "leader"})
ATTEMPTS = 5
ASSESSOR = ("leader", "supervision")
"""The role and the purpose with which a document that is shut may still be opened."""
AUDIT = "audit"
"""The purpose with which an auditor has a letter opened (`overgang audit case --bodies`)."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader gets: the document as decoded JSON, or the key of an attachment."""

    handover: UUID
    position: int
    etag: int
    state: Handover
    document: Any = None
    attachment: AttachmentFact | None = None
    attachment_key: bytes | None = None

    def __repr__(self) -> str:
        return f"Reading(position={self.position})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


class ReadingExpired(Exception):
    """The retry came too late: a new reading, with a new key, is needed."""


class AttachmentNotFound(Exception):
    """The handover has no such attachment."""


def open_for_reading(services: Services, context: Context, command: OpenDocument) -> Reading:
    """Read a document or an attachment. Raises CaseNotFound, Refused, ReadingExpired."""
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        return _again(services, context, command, earlier)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _read(services, context, command)
        except IdempotentReplay as replay:
            # The same request came twice at once, and the other was first.
            return _again(services, context, command, replay.outcome)
        except StreamConflict:
            # Somebody opened first, or the case moved on: look again.
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("the last attempt returns or raises")


def _read(services: Services, context: Context, command: OpenDocument) -> Reading:
    state = load(services, command.handover)
    attachment = _attachment(state, command)
    key = _key(services, context, state, command)
    document = _document(services, context, state, command)
    events = [_reading(context, state, command, key, document)]
    if command.outside_reason is not None and outside_unit(context, state):
        events.append(outside_access(context, state, command.outside_reason, command.purpose, key))
    events.extend(_first_opening(services, context, state, command))
    etag = state.version + (1 if events[-1].stream == state.id else 0)
    recorded = services.log.append(
        Append(
            events=tuple(events),
            actor=context.actor,
            correlation_id=context.correlation_id,
            idempotency=context.idempotency,
            outcome=Outcome(
                status=201, location=f"/v1/handovers/{state.id}/readings", resource=state.id, etag=etag
            ),
        )
    )
    state = fold(state, [one for one in recorded if one.header.stream == state.id]) or state
    return _release(services, state, recorded[0], attachment, etag)


def _again(services: Services, context: Context, command: OpenDocument, earlier: Outcome) -> Reading:
    """The same reading answered again, to the same client within minutes."""
    assert earlier.position is not None and earlier.etag is not None
    recorded = services.log.at([earlier.position])[earlier.position]
    age = services.clock.now() - from_instant(recorded.header.recorded_at)
    if age > timedelta(seconds=services.reading_replay_seconds):
        raise ReadingExpired
    # As the case stood then: the answer must not mix an old ETag with a later state.
    then = [one for one in services.log.stream(command.handover) if one.header.stream_version <= earlier.etag]
    state = fold(None, then)
    assert state is not None
    # Whether it may still be opened, and by whom, is asked of the case as it stands now.
    now = load(services, command.handover)
    _key(services, context, now, command)
    _document(services, context, now, command)
    return _release(services, state, recorded, _attachment(state, command), earlier.etag)


def _release(
    services: Services,
    state: Handover,
    recorded: Recorded,
    attachment: AttachmentFact | None,
    etag: int,
) -> Reading:
    event = recorded.event
    assert isinstance(event, DocumentRead)
    wanted = event.attachment or event.document_id
    content_key = services.subjects.release(recorded, (wanted,)).content_key(wanted)
    document = None
    if attachment is None:
        ciphertext = services.log.document(event.document_id)
        if ciphertext is None:
            raise KeyDestroyed("the document is not in the store")
        document = open_document(event.document_id, ciphertext, content_key)
    return Reading(
        handover=state.id,
        position=recorded.header.position,
        etag=etag,
        state=state,
        document=document,
        attachment=attachment,
        attachment_key=content_key if attachment else None,
    )


def _attachment(state: Handover, command: OpenDocument) -> AttachmentFact | None:
    if command.attachment is None:
        return None
    for attachment in state.attachments:
        if attachment.id == command.attachment:
            return attachment
    raise AttachmentNotFound


def _document(services: Services, context: Context, state: Handover, command: OpenDocument) -> UUID:
    """The document or note that is read; one that is shut by a leader who assesses it, if by anybody."""
    side = state.side_of(context.actor.authority)
    document = command.document or state.newest(side)
    code, handed_over = None, document in state.readable(side)
    if not handed_over and not _of_lane(services, context, state, document):
        code = "document-unknown"
    elif handed_over and is_locked(services, state, side):
        code = "consent-withdrawn"
    elif state.quarantined and (context.actor.role, command.purpose) != ASSESSOR:
        code = "quarantined"
    if code is not None:
        refuse(services, context, "open", refusal(code), state)
    return document


def _of_lane(services: Services, context: Context, state: Handover, document: UUID) -> bool:
    """Whether it is a letter or a note of the reader's own lane of rights."""
    lane = lane_of(services, state.id, context.actor.authority)
    written = (getattr(one.event, name, None) for one in lane.events for name in ("written", "note"))
    return document in {one.document_id for one in written if one is not None}


def is_locked(services: Services, state: Handover, side: str | None) -> bool:
    """Whether she took her consent back, or objected, before the receiver had opened the document."""
    if side != "receiver" or state.opened_at is not None:
        return False
    return stopped(services, state)


def _key(services: Services, context: Context, state: Handover, command: OpenDocument) -> str:
    """The citizen's key under the reader's authority, when the reader may read."""
    side = state.side_of(context.actor.authority)
    code = None
    if side is None:
        code = "not-a-party"
    elif context.actor.role not in READER_ROLES:
        code = "role-not-allowed"
    elif outside_unit(context, state) and command.outside_reason is None:
        code = "outside-unit"
    if code is not None:
        refuse(services, context, "open", refusal(code), state)
    if command.purpose not in readable_purposes() or (
        command.outside_reason is not None and command.outside_reason not in outside_reasons()
    ):
        raise Refused("unknown-code", "The purpose or reason is not known.", "Ukendt formål eller grund.")
    key = state.sender_key if side == "sender" else state.receiver_key
    assert key is not None
    return key


def _reading(context: Context, state: Handover, command: OpenDocument, key: str, document: UUID) -> NewEvent:
    return own_event(
        Decided(event=DocumentRead(handover=state.id, document_id=document, attachment=command.attachment)),
        stream=readings_of(state.id),
        authority=context.actor.authority,
        purpose=command.purpose,
        subjects=(key,),
    )


def outside_access(context: Context, state: Handover, reason: str, purpose: str, key: str) -> NewEvent:
    """That somebody went in from outside the unit that has the case; it follows the reading."""
    unit = case_unit(context, state)
    assert unit is not None
    return own_event(
        Decided(event=OutsideAccessUsed(handover=state.id, reason=reason, case_unit=unit)),
        stream=readings_of(state.id),
        authority=context.actor.authority,
        purpose=purpose,
        subjects=(key,),
    )


def _first_opening(
    services: Services, context: Context, state: Handover, command: OpenDocument
) -> list[NewEvent]:
    """The step `open`, when this reading is the receiving authority's first of the document."""
    if command.attachment is not None or state.side_of(context.actor.authority) != "receiver":
        return []
    if command.document not in (None, state.document_id):
        return []
    if outside_unit(context, state):
        # Somebody else's look is no opening by those who have the case.
        return []
    step = transition(definition_of(state), state.status, "open")
    situation = Situation(facts=state.document_facts, today=danish_day(services.clock.now()), state=state)
    if step is None or not all(CONDITIONS[name](situation) for name in step.conditions):
        return []
    receiver = context.actor.authority
    assert state.receiver_key is not None
    return [
        case_event(
            decide_open(state),
            handover=state.id,
            version=state.version + 1,
            workflow=state.workflow_version,
            controller=receiver,
            visible_to=(state.sender_authority, receiver),
            subjects=(state.receiver_key,),
            purpose=command.purpose,
        )
    ]
