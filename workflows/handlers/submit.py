"""Submit: seal the document, route it to the main mailbox, deliver it; or hold it, visibly.

For the mailbox that Overgang itself keeps, routing, sending and delivery commit together with
the submission: either the receiver has it, or it is held with a task, and nothing lies between.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.model import Decided
from domain.events.refusal import Refused
from domain.handover.commands import SubmitHandover, WrittenDocument
from domain.handover.decide import (
    decide_deliver,
    decide_hold,
    decide_route,
    decide_send,
    decide_submit,
)
from domain.handover.events import AttachmentFact, HandoverSubmitted
from domain.handover.parties import kind_of
from domain.identity.person import PersonId
from workflows.handlers.addressing import addressed_by
from workflows.handlers.case import holder, telephoned
from workflows.handlers.documents import document_bytes, seal_document
from workflows.handlers.envelope import case_event
from workflows.handlers.guard import refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.routing import Route
from workflows.handlers.services import SYSTEM, WORKFLOW, Context, Services
from workflows.handlers.succeeded import as_of_now, places_of
from workflows.machines.installed import definition_on
from workflows.machines.table import transition
from workflows.ports.log import Append, IdempotentReplay, NewEvent, Outcome, SealedDocument
from workflows.ports.uploads import Uploaded
from workflows.ports.vault import BodyKeys, Person, Provisioned
from workflows.rules.conditions import disclosure_basis


class UnknownUpload(Exception):
    """An attachment that the document names was not uploaded by this unit, or is used already."""


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    """What the steps of one submission share."""

    id: UUID
    workflow: int
    sender: str
    unit: str
    route: Route
    basis: tuple[str, ...]
    keys: Provisioned
    now: datetime


def person_known_by(number: PersonId) -> Person:
    """The citizen as the vault knows her."""
    return Person(lookup=number.lookup_key(), sealed=msgspec.json.encode(number))


def person_of(document: WrittenDocument) -> Person:
    """The citizen of a document, as the vault knows her."""
    return person_known_by(document.person_id)


def submit(services: Services, context: Context, command: SubmitHandover) -> Outcome:
    """Submit a handover. Raises Refused, UnknownUpload, or one of the log's conflicts."""
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    now = services.clock.now()
    workflow = definition_on(WORKFLOW, danish_day(now))
    context = as_of_now(services, context, "submit")
    sender, unit = context.actor.authority, context.actor.unit
    step = transition(workflow, workflow.initial.name, "submit")
    assert step is not None
    if context.actor.role not in step.roles or unit is None or kind_of(sender) is None:
        refuse(services, context, "submit", refusal("role-not-allowed"))
    attachments = _attachments(services, context, command.attachments)
    try:
        route = addressed_by(services.log, sender, command, now)
    except Refused as refused:
        refuse(services, context, "submit", refused)
    holders = tuple(holder(a) for a in _authorities(sender, route))
    document_id, handover = services.ids.uuid(), services.ids.uuid()
    keys = services.subjects.provision(
        person=person_of(command.document),
        holders=holders,
        documents=(document_id,),
        uploads=tuple(found.id for found in attachments),
        other_persons=1 if command.document.representative else 0,
    )
    sealed = seal_document(
        services.ids, document_id, document_bytes(command.document), keys.content_keys[document_id]
    )
    case = _Case(
        id=handover,
        workflow=workflow.version,
        sender=sender,
        unit=unit,
        route=route,
        basis=disclosure_basis(command.document.facts),
        keys=keys,
        now=now,
    )
    events = _events(services, case, command, sealed, attachments)
    called = _telephoned(case, command.document)
    outcome = Outcome(status=201, location=f"/v1/handovers/{handover}", resource=handover, etag=len(events))
    services.log.append(
        Append(
            events=(*events, *called),
            actor=context.actor,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
            idempotency=context.idempotency,
            outcome=outcome,
            documents=(sealed,),
            claims=_claims(command, attachments),
        )
    )
    return outcome


def _claims(command: SubmitHandover, attachments: tuple[Uploaded, ...]) -> tuple[str, ...]:
    """An upload belongs to one handover, and a MedCom message comes in once."""
    medcom = (f"medcom-message:{command.medcom.message}",) if command.medcom else ()
    return (*(f"attachment:{found.id}" for found in attachments), *medcom)


def _attachments(services: Services, context: Context, ids: tuple[UUID, ...]) -> tuple[Uploaded, ...]:
    if not ids:
        return ()
    actor = context.actor
    waiting = services.uploads.waiting(actor, ids, places_of(services, actor.authority, actor.unit))
    if any(upload not in waiting for upload in ids):
        raise UnknownUpload
    return tuple(waiting[upload] for upload in ids)


def _authorities(sender: str, route: Route) -> tuple[str, ...]:
    receiver = route.mailbox.authority if route.mailbox else None
    return (sender,) if receiver is None or receiver == sender else (sender, receiver)


def _events(
    services: Services,
    case: _Case,
    command: SubmitHandover,
    sealed: SealedDocument,
    attachments: tuple[Uploaded, ...],
) -> tuple[NewEvent, ...]:
    sender_key = case.keys.keys[case.sender]
    others = ("/representative",) if command.document.representative else ()
    submitted = decide_submit(
        command,
        sender_authority=case.sender,
        sender_unit=case.unit,
        receiver_authority=case.route.receiver_authority,
        receiver_unit=case.route.receiver_unit,
        citizen_key=sender_key,
        document_id=sealed.id,
        document_sha256=sealed.ciphertext_sha256,
        attachments=tuple(
            AttachmentFact(
                id=found.id,
                ciphertext_sha256=found.ciphertext_sha256,
                media_type=found.media_type,
                size=found.size,
            )
            for found in attachments
        ),
    )
    first = case_event(
        submitted,
        handover=case.id,
        version=1,
        workflow=case.workflow,
        controller=case.sender,
        visible_to=(case.sender,),
        legal_basis=case.basis,
        subjects=(sender_key, *case.keys.other_persons),
        keys=BodyKeys(
            main=case.keys.sealers[sender_key],
            others={
                pointer: case.keys.sealers[key]
                for pointer, key in zip(others, case.keys.other_persons, strict=True)
            },
        ),
    )
    assert isinstance(submitted.event, HandoverSubmitted)
    return (first, *_onward(services, case, command, submitted.event, sealed.ciphertext_sha256))


def _telephoned(case: _Case, document: WrittenDocument) -> tuple[NewEvent, ...]:
    seen_by = _authorities(case.sender, case.route)
    return telephoned(case.id, document, case.sender, seen_by, case.keys.keys[case.sender])


def _onward(
    services: Services, case: _Case, command: SubmitHandover, submitted: HandoverSubmitted, sha256: str
) -> tuple[NewEvent, ...]:
    """Held; or routed, sent and delivered."""
    mailbox, route = case.route.mailbox, case.route
    if mailbox is None:
        held = decide_hold(route.hold_reason or "unknown", route.receiver_authority, route.receiver_unit)
        return (_system_event(case, held, 2, case.sender, (case.sender,)),)
    receiver_key = case.keys.keys[mailbox.authority]
    both = (case.sender, mailbox.authority)
    delivered = decide_deliver(
        submitted,
        mailbox,
        citizen_key=receiver_key,
        document_sha256=sha256,
        label=command.document.label,
        now=case.now,
    )
    return (
        _system_event(case, decide_route(mailbox, route.routed_by), 2, case.sender, both),
        _system_event(case, decide_send(mailbox), 3, case.sender, both),
        _system_event(
            case,
            delivered,
            4,
            mailbox.authority,
            both,
            BodyKeys(main=case.keys.sealers[receiver_key]),
        ),
    )


def _system_event(
    case: _Case,
    decided: Decided,
    version: int,
    controller: str,
    visible_to: tuple[str, ...],
    keys: BodyKeys | None = None,
) -> NewEvent:
    return case_event(
        decided,
        handover=case.id,
        version=version,
        workflow=case.workflow,
        controller=controller,
        visible_to=visible_to,
        subjects=(case.keys.keys[controller],),
        keys=keys,
        actor=SYSTEM,
        legal_basis=case.basis,
    )
