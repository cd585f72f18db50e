"""The state of a handover, folded from header and facts only (design idea 4)."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

import msgspec

from domain.events.model import Facts, Recorded
from domain.handover import events as e


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """One handover as it stands after its workflow stream so far."""

    id: UUID
    version: int
    status: str
    workflow_version: int
    sender_authority: str
    sender_unit: str
    receiver_authority: str | None
    receiver_unit: str | None
    direction: str
    template: str
    template_version: int
    move_from: str
    move_to: str
    document_id: UUID
    document_sha256: str
    document_facts: e.DocumentFacts
    documents: tuple[UUID, ...]
    attachments: tuple[e.AttachmentFact, ...]
    needs_completion: bool
    counts_as_overgangsdokument: bool
    sender_key: str
    receiver_key: str | None = None
    mailbox: UUID | None = None
    mailbox_version: int | None = None
    held_reason: str | None = None
    submitted_at: str
    sent_at: str | None = None
    delivered_at: str | None = None
    opened_at: str | None = None
    acknowledged_at: str | None = None
    taken_over_at: str | None = None
    closed_at: str | None = None
    outcome: str | None = None
    acknowledge_by: str | None = None

    def side_of(self, authority: str) -> str | None:
        """`sender`, `receiver`, or None for an authority that is no party to the case."""
        if authority == self.sender_authority:
            return "sender"
        if authority == self.receiver_authority and self.receiver_key is not None:
            return "receiver"
        return None

    def held_by(self) -> str:
        """The authority with the duty to follow the handover up: the sender until taken over."""
        if self.taken_over_at is not None and self.receiver_authority is not None:
            return self.receiver_authority
        return self.sender_authority


Applier = Callable[[Handover, Recorded], Handover]


def _set(state: Handover, recorded: Recorded, status: str | None = None, **changes: object) -> Handover:
    changes["version"] = recorded.header.stream_version
    if status is not None:
        changes["status"] = status
    return msgspec.structs.replace(state, **changes)


def _submitted(recorded: Recorded) -> Handover:
    facts, header = recorded.event, recorded.header
    assert isinstance(facts, e.HandoverSubmitted)
    assert header.workflow is not None
    return Handover(
        id=header.stream,
        version=header.stream_version,
        status="submitted",
        workflow_version=header.workflow.version,
        sender_authority=facts.sender_authority,
        sender_unit=facts.sender_unit,
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
        direction=facts.direction,
        template=facts.template,
        template_version=facts.template_version,
        move_from=facts.move_from,
        move_to=facts.move_to,
        document_id=facts.document_id,
        document_sha256=facts.document_sha256,
        document_facts=facts.document_facts,
        documents=(facts.document_id,),
        attachments=facts.attachments,
        needs_completion=facts.needs_completion,
        counts_as_overgangsdokument=facts.counts_as_overgangsdokument,
        sender_key=facts.citizen_key,
        submitted_at=header.occurred_at,
    )


def _held(state: Handover, recorded: Recorded) -> Handover:
    assert isinstance(recorded.event, e.HandoverHeld)
    return _set(state, recorded, "held", held_reason=recorded.event.reason)


def _routed(state: Handover, recorded: Recorded) -> Handover:
    facts = recorded.event
    assert isinstance(facts, e.HandoverRouted)
    return _set(
        state,
        recorded,
        "routed",
        held_reason=None,
        mailbox=facts.mailbox,
        mailbox_version=facts.mailbox_version,
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
    )


def _sent(state: Handover, recorded: Recorded) -> Handover:
    return _set(state, recorded, "sent", sent_at=recorded.header.occurred_at)


def _delivered(state: Handover, recorded: Recorded) -> Handover:
    facts, header = recorded.event, recorded.header
    assert isinstance(facts, e.HandoverDelivered)
    return _set(
        state,
        recorded,
        "delivered",
        delivered_at=header.occurred_at,
        receiver_key=facts.citizen_key,
        acknowledge_by=facts.acknowledge_by,
    )


def _opened(state: Handover, recorded: Recorded) -> Handover:
    status = "opened" if state.status == "delivered" else state.status
    return _set(state, recorded, status, opened_at=recorded.header.occurred_at)


def _acknowledged(state: Handover, recorded: Recorded) -> Handover:
    return _set(state, recorded, "acknowledged", acknowledged_at=recorded.header.occurred_at)


def _taken_over(state: Handover, recorded: Recorded) -> Handover:
    return _set(state, recorded, "taken_over", taken_over_at=recorded.header.occurred_at)


def _completed(state: Handover, recorded: Recorded) -> Handover:
    facts = recorded.event
    assert isinstance(facts, e.HandoverCompleted)
    return _set(
        state,
        recorded,
        template=facts.template,
        template_version=facts.template_version,
        move_from=facts.move_from,
        move_to=facts.move_to,
        document_id=facts.document_id,
        document_sha256=facts.document_sha256,
        document_facts=facts.document_facts,
        documents=(*state.documents, facts.document_id),
        needs_completion=False,
        counts_as_overgangsdokument=True,
    )


def _closed(state: Handover, recorded: Recorded) -> Handover:
    assert isinstance(recorded.event, e.HandoverClosed)
    return _set(
        state, recorded, "closed", closed_at=recorded.header.occurred_at, outcome=recorded.event.outcome
    )


APPLIERS: Mapping[type[Facts], Applier] = {
    e.HandoverHeld: _held,
    e.HandoverRouted: _routed,
    e.HandoverSent: _sent,
    e.HandoverDelivered: _delivered,
    e.HandoverOpened: _opened,
    e.HandoverAcknowledged: _acknowledged,
    e.HandoverTakenOver: _taken_over,
    e.HandoverCompleted: _completed,
    e.HandoverClosed: _closed,
}
"""Event -> applier, the whole list."""


def fold(state: Handover | None, events: Iterable[Recorded]) -> Handover | None:
    """Fold a workflow stream. An event this table does not know leaves the state alone."""
    for recorded in events:
        if state is None:
            if isinstance(recorded.event, e.HandoverSubmitted):
                state = _submitted(recorded)
        elif (applier := APPLIERS.get(type(recorded.event))) is not None:
            state = applier(state, recorded)
    return state
