"""How each event beside the first line changes a handover: pure, total and short."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from domain.events.model import Facts, Recorded
from domain.handover import exits as x
from domain.handover import steps as s
from domain.handover.addressing import addressed_after
from domain.handover.appliers import Applier, changed, newer_document
from domain.handover.state import WRONG_PERSON, Handover

NO_DOCUMENT = UUID(int=0)


def imported(recorded: Recorded) -> Handover:
    """An imported case: it has no document, and its receiver is a party at once."""
    facts, header = recorded.event, recorded.header
    assert isinstance(facts, s.HandoverImported)
    assert header.workflow is not None
    return Handover(
        id=header.stream,
        version=header.stream_version,
        status="imported",
        workflow_version=header.workflow.version,
        sender_authority=facts.sender_authority,
        sender_unit=facts.sender_unit,
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
        direction=facts.direction,
        template="import",
        template_version=1,
        move_from=facts.move_from,
        move_to=facts.move_to,
        document_id=NO_DOCUMENT,
        document_sha256="",
        document_facts={},
        documents=(),
        attachments=(),
        needs_completion=True,
        counts_as_overgangsdokument=False,
        sender_key=facts.citizen_key,
        receiver_key=facts.receiver_key,
        mailbox=facts.mailbox,
        submitted_at=header.occurred_at,
        addressed=facts.receiver_authority,
        unresolved_at=header.recorded_at,
    )


def _corrected(state: Handover, recorded: Recorded) -> Handover:
    facts, header = recorded.event, recorded.header
    assert isinstance(facts, s.HandoverCorrected)
    return changed(
        state,
        recorded,
        "delivered" if state.status == "opened" else None,
        **newer_document(state, facts),
        addressed=addressed_after(state, facts.document_facts, header.occurred_at),
        corrected_at=header.occurred_at,
        opened_at=None,
    )


def _asked(state: Handover, recorded: Recorded) -> Handover:
    assert isinstance(recorded.event, s.HandoverQuestionAsked)
    return changed(state, recorded, questions=(*state.questions, recorded.event.question))


def _answered(state: Handover, recorded: Recorded) -> Handover:
    assert isinstance(recorded.event, s.HandoverQuestionAnswered)
    answered = recorded.event.question
    return changed(state, recorded, questions=tuple(one for one in state.questions if one != answered))


def _distributed(state: Handover, recorded: Recorded) -> Handover:
    assert isinstance(recorded.event, s.HandoverDistributed)
    return changed(state, recorded, receiver_unit=recorded.event.unit, assignee=None)


def _assigned(state: Handover, recorded: Recorded) -> Handover:
    assert isinstance(recorded.event, s.HandoverAssigned)
    return changed(state, recorded, assignee=recorded.event.assignee)


def _returned(state: Handover, recorded: Recorded) -> Handover:
    return changed(
        state,
        recorded,
        "returned",
        returned_at=recorded.header.occurred_at,
        returns=state.returns + 1,
        resolved_to=None,
    )


def _declined(state: Handover, recorded: Recorded) -> Handover:
    return changed(state, recorded, "declined", declined_at=recorded.header.occurred_at)


def _insisted(state: Handover, recorded: Recorded) -> Handover:
    return changed(state, recorded, insisted=True)


def _unresolved(state: Handover, recorded: Recorded) -> Handover:
    return changed(state, recorded, unresolved_at=recorded.header.occurred_at)


def _resolved(state: Handover, recorded: Recorded) -> Handover:
    assert isinstance(recorded.event, x.HandoverResponsibilityResolved)
    return changed(state, recorded, unresolved_at=None, resolved_to=recorded.event.authority)


def _addressed_again(state: Handover, recorded: Recorded) -> Handover:
    """A new leg: whatever was said of the last receiver is not said of the next, nor was it misdirected."""
    facts = recorded.event
    assert isinstance(facts, x.HandoverRedirected | x.HandoverForwarded)
    former = (state.receiver_authority,) if state.receiver_authority and state.receiver_key else ()
    return changed(
        state,
        recorded,
        "submitted",
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
        receiver_key=None,
        mailbox=None,
        mailbox_version=None,
        former_receivers=tuple(dict.fromkeys((*state.former_receivers, *former))),
        leg=facts.leg,
        sent_at=None,
        delivered_at=None,
        opened_at=None,
        acknowledged_at=None,
        taken_over_at=None,
        acknowledge_by=None,
        declined_at=None,
        insisted=False,
        resolved_to=None,
        questions=(),
        assignee=None,
        senders_own=(),
        withdrawal_asked=False,
        closed_at=None,
        outcome=None,
        shut=None,
    )


def _withdrawal_requested(state: Handover, recorded: Recorded) -> Handover:
    return changed(state, recorded, withdrawal_asked=True)


def _withdrawal_refused(state: Handover, recorded: Recorded) -> Handover:
    return changed(state, recorded, withdrawal_asked=False)


def _withdrawn(state: Handover, recorded: Recorded) -> Handover:
    return changed(
        state,
        recorded,
        "withdrawn",
        closed_at=recorded.header.occurred_at,
        withdrawal_asked=False,
    )


def _misdirected(state: Handover, recorded: Recorded) -> Handover:
    return changed(state, recorded, "misdirected", taken_over_at=None, shut="misdirected")


def _wrong_person(state: Handover, recorded: Recorded) -> Handover:
    return _ended(state, recorded, WRONG_PERSON, shut=WRONG_PERSON)


def _in_error(state: Handover, recorded: Recorded) -> Handover:
    return _ended(state, recorded, "entered_in_error", shut="entered_in_error")


def _otherwise(state: Handover, recorded: Recorded) -> Handover:
    assert isinstance(recorded.event, x.HandoverCompletedOtherwise)
    ended = _ended(state, recorded, "completed_otherwise")
    return msgspec.structs.replace(ended, handed_to=recorded.event.authority)


def _ended(state: Handover, recorded: Recorded, status: str, **more: object) -> Handover:
    """A dispute is not settled by an end: whoever is told of it goes on being told (decision 0019)."""
    return changed(state, recorded, status, closed_at=recorded.header.occurred_at, **more)


def _import_confirmed(state: Handover, recorded: Recorded) -> Handover:
    return changed(
        state, recorded, "taken_over", taken_over_at=recorded.header.occurred_at, unresolved_at=None
    )


def _carried_over(state: Handover, recorded: Recorded) -> Handover:
    facts = recorded.event
    assert isinstance(facts, s.HandoverCarriedOver)
    before = dict.fromkeys((*state.predecessors, facts.from_authority))
    state = msgspec.structs.replace(state, predecessors=tuple(before))
    if state.handed_to == facts.from_authority:
        state = msgspec.structs.replace(state, handed_to=facts.to_authority)
    if facts.side == "sender":
        return changed(
            state,
            recorded,
            sender_authority=facts.to_authority,
            sender_unit=facts.to_unit or state.sender_unit,
            sender_key=facts.citizen_key or state.sender_key,
        )
    # The citizen's consent to the authority before is one to its successor.
    return changed(
        state,
        recorded,
        receiver_authority=facts.to_authority,
        receiver_unit=facts.to_unit,
        receiver_key=facts.citizen_key,
        mailbox=facts.mailbox if facts.citizen_key is not None else state.mailbox,
        addressed=facts.to_authority if state.addressed == facts.from_authority else state.addressed,
    )


def _migrated(state: Handover, recorded: Recorded) -> Handover:
    facts = recorded.event
    assert isinstance(facts, s.HandoverMigrated)
    return changed(state, recorded, facts.to_state, workflow_version=facts.to_version)


EXIT_APPLIERS: Mapping[type[Facts], Applier] = {
    s.HandoverCorrected: _corrected,
    s.HandoverQuestionAsked: _asked,
    s.HandoverQuestionAnswered: _answered,
    s.HandoverDistributed: _distributed,
    s.HandoverAssigned: _assigned,
    s.HandoverMigrated: _migrated,
    s.HandoverCarriedOver: _carried_over,
    s.HandoverImportConfirmed: _import_confirmed,
    s.HandoverImportDenied: _returned,
    x.HandoverReturned: _returned,
    x.HandoverDeclined: _declined,
    x.HandoverInsisted: _insisted,
    x.HandoverResponsibilityUnresolved: _unresolved,
    x.HandoverResponsibilityResolved: _resolved,
    x.HandoverRedirected: _addressed_again,
    x.HandoverForwarded: _addressed_again,
    x.HandoverWithdrawalRequested: _withdrawal_requested,
    x.HandoverWithdrawalConfirmed: _withdrawn,
    x.HandoverWithdrawalRefused: _withdrawal_refused,
    x.HandoverWithdrawn: _withdrawn,
    x.HandoverMisdirected: _misdirected,
    x.HandoverWrongPerson: _wrong_person,
    x.HandoverEnteredInError: _in_error,
    x.HandoverCompletedOtherwise: _otherwise,
}
"""Event -> applier: beside the first line."""
