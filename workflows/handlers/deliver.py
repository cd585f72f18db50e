"""A handover that waits is routed and delivered as soon as a main mailbox is valid.

Each step commits before the next; the keys are used for the delivery only after `routed` has
committed, and the vault's release names that event. A crash in between is taken up again.
"""

from collections.abc import Callable

from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.events.model import Body, Decided, Recorded
from domain.handover.commands import DeliverStalled, MedComOrigin
from domain.handover.decide import decide_deliver, decide_hold, decide_route, decide_send
from domain.handover.events import HandoverRouted, HandoverSubmitted, LabelBody
from domain.handover.state import Handover
from domain.register.state import MainMailbox
from workflows.handlers.envelope import case_event
from workflows.handlers.guard import definition_of, load
from workflows.handlers.routing import Route, find_route, register
from workflows.handlers.services import SYSTEM, Context, Services
from workflows.handlers.submit import holder
from workflows.machines.table import transition
from workflows.ports import Append, BodyKeys, Opener
from workflows.rules.conditions import CONDITIONS, Situation, disclosure_basis, disclosure_fault

OpenBody = Callable[[bytes, dict[str, Opener]], Body | None]


def deliver_stalled(
    services: Services, context: Context, command: DeliverStalled, open_body: OpenBody
) -> bool:
    """Take a waiting handover onward. Returns whether it is delivered now."""
    state = load(services, command.handover)
    submitted = services.log.stream(state.id)[0]
    if state.status in ("submitted", "held"):
        if not _route_now(services, context, state, submitted):
            return False
        state = load(services, state.id)
    if state.status not in ("routed", "sent") or state.mailbox is None:
        return False
    if state.status == "routed" and not _may_still_go(services, context, state):
        return False
    _deliver(services, context, state, submitted, open_body)
    return True


def _route_now(services: Services, context: Context, state: Handover, submitted: Recorded) -> bool:
    facts = submitted.event
    assert isinstance(facts, HandoverSubmitted)
    medcom = _origin(facts)
    route = find_route(
        services.log,
        sender=state.sender_authority,
        # As addressed: an earlier routing has put the unit that serves the mailbox in its place.
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
        facts=state.document_facts,
        medcom=medcom,
        now=services.clock.now(),
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


def _may_still_go(services: Services, context: Context, state: Handover) -> bool:
    """Asked again before sending: a crash may lie between, and the consent or the mailbox have ended."""
    now = services.clock.now()
    reason = disclosure_fault(state.document_facts, danish_day(now))
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
    """A MedCom message is routed by its address each time, as it was the first time."""
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
    content = (*state.documents, *(attachment.id for attachment in state.attachments))
    released = services.subjects.share(routed, content, receiver_key)
    label = open_body(submitted.entry, released.openers())
    assert isinstance(label, LabelBody)
    delivered = decide_deliver(
        state,
        mailbox,
        citizen_key=receiver_key,
        document_sha256=state.document_sha256,
        label=label.person,
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
