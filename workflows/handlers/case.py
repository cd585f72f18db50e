"""What every step on a case shares: the case made ready, notes sealed, events appended."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain.course.events import TelephoneContactMade
from domain.events.catalogue import event_type
from domain.events.lanes import Lane
from domain.events.model import Decided, Recorded
from domain.handover.commands import WrittenDocument
from domain.handover.decide import decide_telephoned
from domain.handover.parties import kind_of
from domain.handover.state import Handover
from domain.handover.step_commands import WrittenNote
from domain.handover.steps import Note
from domain.law.loader import retention_class
from workflows.handlers.documents import document_bytes, seal_document
from workflows.handlers.envelope import case_event, fact_event
from workflows.handlers.guard import Asked, guard, load, refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.services import SYSTEM, Context, Services
from workflows.ports.log import (
    Actor,
    Append,
    IdempotentReplay,
    NewEvent,
    Outcome,
    SealedDocument,
    StreamConflict,
)
from workflows.ports.vault import BodyKeys, Holder


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A decided event of the workflow stream, and what its envelope needs beside."""

    decided: Decided
    actor: Actor | None = None
    """Who acts where it is not the caller: the system's own consequence."""
    keys: BodyKeys | None = None
    subjects: tuple[str, ...] | None = None
    legal_basis: tuple[str, ...] | None = None
    visible_to: tuple[str, ...] | None = None
    """Who may see it, where that is not both parties."""


def holder(authority: str) -> Holder:
    """An authority as holder of a citizen's data, under its kind's retention class."""
    kind = kind_of(authority)
    assert kind is not None
    return Holder(controller=authority, retention=retention_class(kind))


def parties(state: Handover) -> tuple[str, ...]:
    """The authorities that have a copy: the sender, and the receiver once it was delivered."""
    receiver = (state.receiver_authority,) if state.receiver_key and state.receiver_authority else ()
    return (state.sender_authority, *receiver)


def ready(
    services: Services,
    context: Context,
    handover: UUID,
    expected: int,
    command: str,
    asked: Asked | None = None,
) -> Handover:
    """An earlier answer, a stranger turned away, a stale view, a refusal, or the case ready for the step."""
    state = of_ones_own(services, context, handover, command)
    if state.version != expected:
        raise StreamConflict("the case was changed since it was read")
    guard(services, context, state, command, asked or Asked())
    return state


def of_ones_own(services: Services, context: Context, handover: UUID, command: str) -> Handover:
    """The case of a party to it. Raises CaseNotFound, IdempotentReplay, or Refused for a stranger."""
    state = load(services, handover)
    # Asked after the case was read: the same request, committed in between, is no stale view.
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    if state.side_of(context.actor.authority) is None:
        refuse(services, context, command, refusal("not-a-party"), state)
    return state


def seal(
    services: Services, state: Handover, written: WrittenDocument | WrittenNote, readers: tuple[str, ...]
) -> SealedDocument:
    """Seal what a step writes under a content key that the readers' keys reach; its keys commit first."""
    document_id = services.ids.uuid()
    keys = services.subjects.provision(
        key_id=state.sender_key, holders=tuple(map(holder, readers)), documents=(document_id,)
    )
    return seal_document(services.ids, document_id, document_bytes(written), keys.content_keys[document_id])


def readers_of(state: Handover, author: str) -> tuple[str, ...]:
    """Who reads what an authority writes now: the parties; the sender alone when it has come back to it."""
    return (author,) if state.is_back and author == state.sender_authority else parties(state)


def seal_note(
    services: Services, state: Handover, note: WrittenNote | None, author: str
) -> tuple[Note | None, tuple[SealedDocument, ...]]:
    """A text that belongs to a step, sealed, where there is one."""
    if note is None:
        return None, ()
    sealed = seal(services, state, note, readers_of(state, author))
    return Note(document_id=sealed.id, document_sha256=sealed.ciphertext_sha256), (sealed,)


def telephoned(
    handover: UUID,
    document: WrittenDocument,
    sender: str,
    visible_to: tuple[str, ...],
    key: str,
    known: Sequence[Recorded] = (),
) -> tuple[NewEvent, ...]:
    """The telephone call that an urgent document states, for its own stream: once, though it is stated again.

    `known` are the facts that the case has already.
    """
    told = {one.header.occurred_at for one in known if isinstance(one.event, TelephoneContactMade)}
    return tuple(
        fact_event(decided, handover=handover, authority=sender, visible_to=visible_to, subjects=(key,))
        for decided in decide_telephoned(handover, document)
        if decided.occurred_at not in told
    )


def append(
    services: Services,
    context: Context,
    state: Handover,
    planned: Sequence[Planned],
    documents: tuple[SealedDocument, ...] = (),
    beside: tuple[NewEvent, ...] = (),
) -> Outcome:
    """Append a step's events, in order, with what belongs beside the workflow stream."""
    version = state.version + len(planned)
    outcome = Outcome(status=201, location=f"/v1/handovers/{state.id}", resource=state.id, etag=version)
    services.log.append(
        Append(
            events=(
                *(
                    _envelope(context, state, one, state.version + step)
                    for step, one in enumerate(planned, start=1)
                ),
                *beside,
            ),
            actor=context.actor,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
            idempotency=context.idempotency,
            outcome=outcome,
            documents=documents,
        )
    )
    return outcome


def _envelope(context: Context, state: Handover, planned: Planned, version: int) -> NewEvent:
    actor = planned.actor or context.actor
    authority = state.sender_authority if actor == SYSTEM else actor.authority
    key = state.receiver_key if authority == state.receiver_authority else state.sender_key
    own = event_type(planned.decided.event.NAME).lane is Lane.OWN
    visible = planned.visible_to or ((authority,) if own else parties(state))
    return case_event(
        planned.decided,
        handover=state.id,
        version=version,
        workflow=state.workflow_version,
        controller=authority,
        visible_to=visible,
        subjects=planned.subjects or ((key,) if key else ()),
        keys=planned.keys,
        actor=planned.actor,
        legal_basis=planned.legal_basis,
    )
