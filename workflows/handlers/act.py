"""The receiver's steps: acknowledge, take over, close. And the sender's: complete a message."""

from collections.abc import Sequence
from uuid import UUID

from domain.calendar.working_days import danish_day
from domain.events.model import Decided
from domain.handover.commands import Acknowledge, CloseHandover, CompleteHandover, TakeOver
from domain.handover.decide import (
    acting_municipality,
    decide_acknowledge,
    decide_close,
    decide_complete,
    decide_take_over,
)
from domain.handover.parties import MUNICIPALITY, kind_of
from domain.handover.state import Handover
from workflows.handlers.documents import document_bytes, seal_document
from workflows.handlers.envelope import case_event
from workflows.handlers.guard import guard, load, refusal, refuse
from workflows.handlers.services import Context, Services
from workflows.handlers.submit import holder, person_of
from workflows.ports import Append, IdempotentReplay, Outcome, SealedDocument, StreamConflict
from workflows.rules.conditions import disclosure_basis, disclosure_fault


def acknowledge(services: Services, context: Context, command: Acknowledge) -> Outcome:
    """Confirm receipt for the authority."""
    state = _ready(services, context, command.handover, command.expected_version, "acknowledge")
    return _append(services, context, state, [decide_acknowledge()])


def take_over(services: Services, context: Context, command: TakeOver) -> Outcome:
    """Accept the handover; acknowledges what was not yet acknowledged."""
    state = _ready(services, context, command.handover, command.expected_version, "take_over")
    return _append(services, context, state, decide_take_over(state))


def close(services: Services, context: Context, command: CloseHandover) -> Outcome:
    """End the handover with an outcome."""
    state = _ready(services, context, command.handover, command.expected_version, "close")
    return _append(services, context, state, [decide_close(command.outcome)])


def complete(services: Services, context: Context, command: CompleteHandover) -> Outcome:
    """Give a message its overgangsdokument; both parties' copies get keys of their own."""
    state = _ready(services, context, command.handover, command.expected_version, "complete")
    if not services.subjects.concerns(state.sender_key, person_of(command.document)):
        refuse(services, context, "complete", refusal("another-citizen"), state)
    _check_disclosure(services, context, state, command)
    document_id = services.ids.uuid()
    parties = [state.sender_authority]
    if state.receiver_key is not None and state.receiver_authority is not None:
        parties.append(state.receiver_authority)
    keys = services.subjects.provision(
        key_id=state.sender_key,
        holders=tuple(holder(authority) for authority in parties),
        documents=(document_id,),
    )
    sealed = seal_document(
        services.ids, document_id, document_bytes(command.document), keys.content_keys[document_id]
    )
    decided = decide_complete(state, command.document, document_id, sealed.ciphertext_sha256)
    basis = disclosure_basis(command.document.facts)
    return _append(services, context, state, [decided], (sealed,), basis)


def _check_disclosure(
    services: Services, context: Context, state: Handover, command: CompleteHandover
) -> None:
    """A completion carries content: it passes the same basis check, and goes to whom it concerns."""
    facts, receiver = command.document.facts, state.receiver_authority
    if disclosure_fault(facts, danish_day(services.clock.now())) is not None:
        refuse(services, context, "complete", refusal("no-basis-for-disclosure"), state)
    acting = acting_municipality(command.document)
    if receiver is not None and kind_of(receiver) == MUNICIPALITY and acting != receiver:
        refuse(services, context, "complete", refusal("receiver-does-not-act"), state)


def _ready(services: Services, context: Context, handover: UUID, expected: int, command: str) -> Handover:
    """An earlier answer, a stale view, a refusal, or the case ready for the step; in this order."""
    state = load(services, handover)
    # Asked after the case was read: the same request, committed in between, is no stale view.
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    if state.side_of(context.actor.authority) is not None and state.version != expected:
        raise StreamConflict("the case was changed since it was read")
    guard(services, context, state, command)
    return state


def _append(
    services: Services,
    context: Context,
    state: Handover,
    decided: Sequence[Decided],
    documents: tuple[SealedDocument, ...] = (),
    legal_basis: tuple[str, ...] | None = None,
) -> Outcome:
    authority = context.actor.authority
    key = state.sender_key if authority == state.sender_authority else state.receiver_key
    assert key is not None
    visible = (state.sender_authority, *((state.receiver_authority,) if state.receiver_key else ()))
    version = state.version + len(decided)
    outcome = Outcome(status=201, location=f"/v1/handovers/{state.id}", resource=state.id, etag=version)
    services.log.append(
        Append(
            events=tuple(
                case_event(
                    one,
                    handover=state.id,
                    version=state.version + step,
                    workflow=state.workflow_version,
                    controller=authority,
                    visible_to=tuple(party for party in visible if party),
                    subjects=(key,),
                    legal_basis=legal_basis,
                )
                for step, one in enumerate(decided, start=1)
            ),
            actor=context.actor,
            correlation_id=context.correlation_id,
            idempotency=context.idempotency,
            outcome=outcome,
            documents=documents,
        )
    )
    return outcome
