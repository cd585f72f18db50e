"""A handover that waits is routed and delivered as soon as a main mailbox is valid.

Each step commits before the next; the keys are used for the delivery only after `routed` has
committed, and the vault's release names that event. A crash in between is taken up again.
"""

from contextlib import suppress
from uuid import UUID

from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.events.model import Decided, Recorded
from domain.handover.commands import DeliverStalled, MedComOrigin
from domain.handover.decide import decide_deliver, decide_hold, decide_route, decide_send
from domain.handover.events import HandoverRouted, HandoverSubmitted, LabelBody, PersonLabel
from domain.handover.exits import HandoverForwarded, HandoverRedirected
from domain.handover.state import Handover
from domain.register.mailbox import MainMailbox
from workflows.handlers.carry_over import carry_over_undelivered
from workflows.handlers.case import holder
from workflows.handlers.documents import open_document
from workflows.handlers.envelope import case_event
from workflows.handlers.guard import definition_of, load
from workflows.handlers.routing import Route, consent_reaches, find_route, register
from workflows.handlers.said import live_facts
from workflows.handlers.services import SYSTEM, Context, Services
from workflows.machines.table import transition
from workflows.ports.log import Append, StreamConflict
from workflows.ports.vault import BodyKeys, KeyDestroyed, OpenBody, Released
from workflows.rules.conditions import (
    CONDITIONS,
    Situation,
    disclosure_basis,
    disclosure_fault,
)


def deliver_stalled(
    services: Services, context: Context, command: DeliverStalled, open_body: OpenBody
) -> bool:
    """Take a waiting handover onward. Returns whether it is delivered now."""
    state = load(services, command.handover)
    submitted = services.log.stream(state.id)[0]
    if state.status in ("submitted", "held"):
        state = carry_over_undelivered(services, state)
        if not _route_now(services, context, state):
            return False
        state = load(services, state.id)
    if state.status not in ("routed", "sent") or state.mailbox is None:
        return False
    if state.status == "routed" and not _may_still_go(services, context, state):
        return False
    _deliver(services, context, state, submitted, open_body)
    return True


def deliver_now(services: Services, context: Context, handover: UUID, open_body: OpenBody) -> bool:
    """Try once, for a caller whose own step stands already; what fails here the tick tries again."""
    with suppress(StreamConflict, KeyDestroyed):
        return deliver_stalled(services, context, DeliverStalled(handover=handover), open_body)
    return False


def _route_now(services: Services, context: Context, state: Handover) -> bool:
    addressed = _as_addressed(services, state)
    route = find_route(
        services.log,
        sender=state.sender_authority,
        receiver_authority=_authority(state, addressed),
        receiver_unit=addressed.receiver_unit,
        facts=live_facts(services, state),
        # A MedCom message is routed by its address each time, as it was the first time.
        medcom=_origin(addressed) if isinstance(addressed, HandoverSubmitted) else None,
        now=services.clock.now(),
        first=state.addressed,
    )
    if route.mailbox is None:
        _hold(services, context, state, route)
        return False
    _step(
        services,
        context,
        state,
        decide_route(route.mailbox, route.routed_by),
        (state.sender_authority, route.mailbox.authority),
        disclosure_basis(state.document_facts),
    )
    return True


def _as_addressed(
    services: Services, state: Handover
) -> HandoverSubmitted | HandoverRedirected | HandoverForwarded:
    """How this leg was addressed: a routing before put the unit that serves the mailbox in its place."""
    for recorded in reversed(services.log.stream(state.id)):
        if isinstance(recorded.event, HandoverSubmitted | HandoverRedirected | HandoverForwarded):
            return recorded.event
    raise AssertionError("a case that waits has been addressed")


def _authority(
    state: Handover, addressed: HandoverSubmitted | HandoverRedirected | HandoverForwarded
) -> str | None:
    """As it was addressed; what was left to the handlekommune follows a correction of it."""
    left_to_it = isinstance(addressed, HandoverSubmitted) and state.by_handlekommune
    return state.addressed if left_to_it else addressed.receiver_authority


def _may_still_go(services: Services, context: Context, state: Handover) -> bool:
    """Asked again before sending: a crash may lie between, and the consent or the mailbox have ended."""
    now = services.clock.now()
    reason = disclosure_fault(live_facts(services, state), danish_day(now))
    addressed = _as_addressed(services, state)
    if reason is None and not consent_reaches(
        services.log,
        state.document_facts,
        state.addressed,
        _authority(state, addressed) or state.receiver_authority or "",
        addressed.receiver_unit,
        now,
    ):
        reason = "consent-does-not-cover"
    if reason is None and not _mailbox(services, state).valid_at(to_instant(now)):
        reason = "no-main-mailbox"
    if reason is None:
        return True
    route = Route(
        receiver_authority=state.receiver_authority,
        receiver_unit=state.receiver_unit,
        mailbox=None,
        routed_by="",
        hold_reason=reason,
    )
    _hold(services, context, state, route)
    return False


def _origin(facts: HandoverSubmitted) -> MedComOrigin | None:
    if facts.medcom_message is None:
        return None
    assert facts.medcom_envelope and facts.medcom_thread and facts.medcom_receiver_gln
    return MedComOrigin(
        message=facts.medcom_message,
        envelope=facts.medcom_envelope,
        thread=facts.medcom_thread,
        receiver_sor=facts.medcom_receiver_sor or "",
        receiver_gln=facts.medcom_receiver_gln,
    )


def _hold(services: Services, context: Context, state: Handover, route: Route) -> None:
    """Held, or held for another reason than before."""
    step = transition(definition_of(state), state.status, "hold")
    situation = Situation(
        facts=state.document_facts,
        today=danish_day(services.clock.now()),
        state=state,
        hold_reason=route.hold_reason,
        target=route.receiver_authority,
    )
    if step is None or not all(CONDITIONS[name](situation) for name in step.conditions):
        return
    held = decide_hold(route.hold_reason or "no-main-mailbox", route.receiver_authority, route.receiver_unit)
    _step(services, context, state, held, (state.sender_authority,), None)


def _deliver(
    services: Services, context: Context, state: Handover, submitted: Recorded, open_body: OpenBody
) -> None:
    mailbox = _mailbox(services, state)
    routed = next(
        recorded
        for recorded in reversed(services.log.stream(state.id))
        if isinstance(recorded.event, HandoverRouted)
    )
    keys = services.subjects.provision(key_id=state.sender_key, holders=(holder(mailbox.authority),))
    receiver_key = keys.keys[mailbox.authority]
    content = (state.document_id, *(attachment.id for attachment in state.attachments))
    released = services.subjects.share(routed, content, receiver_key)
    label = _label(services, state, submitted, released, open_body)
    delivered = decide_deliver(
        state,
        mailbox,
        citizen_key=receiver_key,
        document_sha256=state.document_sha256,
        label=label,
        now=services.clock.now(),
    )
    both = (state.sender_authority, mailbox.authority)
    basis = disclosure_basis(state.document_facts)
    version = state.version + 1
    if state.status == "routed":
        _step(services, context, state, decide_send(mailbox), both, basis)
        # Counted on, not loaded again: if another process delivers in between, this must conflict.
        version += 1
    services.log.append(
        Append(
            events=(
                case_event(
                    delivered,
                    handover=state.id,
                    version=version,
                    workflow=state.workflow_version,
                    controller=mailbox.authority,
                    visible_to=both,
                    subjects=(receiver_key,),
                    keys=BodyKeys(main=keys.sealers[receiver_key]),
                    legal_basis=basis,
                ),
            ),
            actor=SYSTEM,
            correlation_id=context.correlation_id,
        )
    )


def _label(
    services: Services, state: Handover, submitted: Recorded, released: Released, open_body: OpenBody
) -> PersonLabel:
    """The label of the document that is delivered: the first one's, or what a later one says of her."""
    first = getattr(submitted.event, "document_id", None) == state.document_id
    # A successor of the sender has another key than the one that sealed the first label.
    if first and state.sender_key in released.openers():
        body = open_body(submitted.entry, released.openers())
        assert isinstance(body, LabelBody)
        return body.person
    ciphertext = services.log.document(state.document_id)
    assert ciphertext is not None, "a document commits with the event that names it"
    document = open_document(state.document_id, ciphertext, released.content_key(state.document_id))
    person = document["sections"]["stamoplysninger"]
    number = person["person_id"]
    return PersonLabel(name=person["name"], person_id_type=number["type"], person_id=number["value"])


def _mailbox(services: Services, state: Handover) -> MainMailbox:
    assert state.receiver_authority is not None and state.mailbox is not None
    found = register(services.log, state.receiver_authority)
    assert found is not None
    return found.mailboxes[state.mailbox]


def _step(
    services: Services,
    context: Context,
    state: Handover,
    decided: Decided,
    visible_to: tuple[str, ...],
    legal_basis: tuple[str, ...] | None,
) -> None:
    services.log.append(
        Append(
            events=(
                case_event(
                    decided,
                    handover=state.id,
                    version=state.version + 1,
                    workflow=state.workflow_version,
                    controller=state.sender_authority,
                    visible_to=visible_to,
                    subjects=(state.sender_key,),
                    legal_basis=legal_basis,
                ),
            ),
            actor=SYSTEM,
            correlation_id=context.correlation_id,
        )
    )
