"""How each event of the first line changes a handover: pure, total and short."""

from collections.abc import Callable, Mapping

import msgspec

from domain.events.model import Facts, Recorded
from domain.handover import events as e
from domain.handover.state import Handover
from domain.handover.steps import HandoverCorrected

Applier = Callable[[Handover, Recorded], Handover]


def changed(state: Handover, recorded: Recorded, status: str | None = None, **changes: object) -> Handover:
    """The state after an event: its version, perhaps another status, and what else changes."""
    changes["version"] = recorded.header.stream_version
    if status is not None:
        changes["status"] = status
    return msgspec.structs.replace(state, **changes)


def submitted(recorded: Recorded) -> Handover:
    """The handover as it begins."""
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
        addressed=facts.receiver_authority,
        by_handlekommune=facts.receiver_unit is None and facts.medcom_message is None,
    )


def _held(state: Handover, recorded: Recorded) -> Handover:
    facts = recorded.event
    assert isinstance(facts, e.HandoverHeld)
    return changed(
        state,
        recorded,
        "held",
        held_reason=facts.reason,
        held_for=facts.receiver_authority,
        receiver_authority=facts.receiver_authority or state.receiver_authority,
        receiver_unit=facts.receiver_unit if facts.receiver_authority else state.receiver_unit,
    )


def _routed(state: Handover, recorded: Recorded) -> Handover:
    facts = recorded.event
    assert isinstance(facts, e.HandoverRouted)
    return changed(
        state,
        recorded,
        "routed",
        held_reason=None,
        mailbox=facts.mailbox,
        mailbox_version=facts.mailbox_version,
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
        addressed=state.addressed or facts.receiver_authority,
    )


def _sent(state: Handover, recorded: Recorded) -> Handover:
    return changed(state, recorded, "sent", sent_at=recorded.header.occurred_at)


def _delivered(state: Handover, recorded: Recorded) -> Handover:
    facts, header = recorded.event, recorded.header
    assert isinstance(facts, e.HandoverDelivered)
    return changed(
        state,
        recorded,
        "delivered",
        delivered_at=header.occurred_at,
        receiver_key=facts.citizen_key,
        acknowledge_by=facts.acknowledge_by,
        documents_before=max(0, len(state.documents) - 1),
        notes_before=len(state.notes),
    )


def _opened(state: Handover, recorded: Recorded) -> Handover:
    status = "opened" if state.status == "delivered" else state.status
    return changed(state, recorded, status, opened_at=recorded.header.occurred_at)


def _acknowledged(state: Handover, recorded: Recorded) -> Handover:
    return changed(state, recorded, "acknowledged", acknowledged_at=recorded.header.occurred_at)


def _taken_over(state: Handover, recorded: Recorded) -> Handover:
    return changed(
        state, recorded, "taken_over", taken_over_at=recorded.header.occurred_at, unresolved_at=None
    )


def newer_document(state: Handover, facts: e.HandoverCompleted | HandoverCorrected) -> dict[str, object]:
    """What changes with the document that counts now, whether it was missing or is put in another's place."""
    return {
        "template": facts.template,
        "template_version": facts.template_version,
        "move_from": facts.move_from,
        "move_to": facts.move_to,
        "document_id": facts.document_id,
        "document_sha256": facts.document_sha256,
        "document_facts": facts.document_facts,
        "documents": (*state.documents, facts.document_id),
    }


def _completed(state: Handover, recorded: Recorded) -> Handover:
    facts = recorded.event
    assert isinstance(facts, e.HandoverCompleted)
    # Under the first workflow what had been opened stayed so: it has no step that opens it again.
    again = state.workflow_version > 1
    return changed(
        state,
        recorded,
        "delivered" if again and state.status == "opened" else None,
        opened_at=None if again else state.opened_at,
        **newer_document(state, facts),
        needs_completion=False,
        counts_as_overgangsdokument=True,
    )


def _closed(state: Handover, recorded: Recorded) -> Handover:
    assert isinstance(recorded.event, e.HandoverClosed)
    return changed(
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
"""Event -> applier: the first line."""
