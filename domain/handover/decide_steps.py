"""Decisions beside the first line: state and command -> events. Pure; the guard has let them through."""

from datetime import datetime
from uuid import UUID

import msgspec

from domain.events.instant import to_instant
from domain.events.model import Decided
from domain.handover import exits as x
from domain.handover import step_commands as c
from domain.handover import steps as s
from domain.handover.decide import decide_acknowledge, move_of
from domain.handover.events import LabelBody
from domain.handover.parties import HANDLEKOMMUNE, MUNICIPALITY, kind_of
from domain.handover.state import Handover
from domain.law.responsibility import leaders_by, settings

REGISTERED_IN = "stamoplysninger.folkeregisterkommune"
ACTING_BASIS = "stamoplysninger.handlekommune_basis"
TEMPORARILY = "rsl-9-8"
"""The document says that a municipality acts under disagreement."""
SENDER = "sender"


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision is told beside state and command."""

    now: datetime
    side: str
    authority: str
    note: s.Note | None = None
    id: UUID


def decide_ask(state: Handover, command: c.AskQuestion, given: Given) -> list[Decided]:
    """A question, with an id of its own that the answer names."""
    assert given.note is not None
    asked = s.HandoverQuestionAsked(
        question=given.id,
        sections=command.sections,
        note=given.note,
        waiting=len(state.questions) + 1,
    )
    return [Decided(event=asked)]


def decide_answer(state: Handover, command: c.AnswerQuestion, given: Given) -> list[Decided]:
    """The answer to one question."""
    assert given.note is not None
    answered = s.HandoverQuestionAnswered(
        question=command.question, note=given.note, waiting=max(0, len(state.questions) - 1)
    )
    return [Decided(event=answered)]


def decide_correct(
    state: Handover, command: c.CorrectDocument, document_id: UUID, sha256: str, label_key: str
) -> Decided:
    """The corrected document, and its label under the key of whoever lists it."""
    document = command.document
    return Decided(
        event=s.HandoverCorrected(
            reason=command.reason,
            supersedes=state.document_id,
            template=document.template,
            template_version=document.template_version,
            move_from=move_of(document, "move_from"),
            move_to=move_of(document, "move_to"),
            document_id=document_id,
            document_sha256=sha256,
            document_facts=document.facts,
            label_key=label_key,
            delivered=state.receiver_key is not None and not state.is_back,
            submitted_at=state.submitted_at,
            acknowledge_by=None if state.acknowledged_at else state.acknowledge_by,
        ),
        body=LabelBody(person=document.label),
    )


def decide_return(state: Handover, command: c.ReturnHandover, given: Given) -> list[Decided]:
    """Back to the sender."""
    returned = x.HandoverReturned(reason=command.reason, suggested=command.suggested, note=given.note)
    return [Decided(event=returned)]


def decide_decline(state: Handover, command: c.DeclineHandover, given: Given) -> list[Decided]:
    """A substantive no; a receipt that was missing is carried along."""
    carried = [] if state.acknowledged_at else [decide_acknowledge(carried=True)]
    return [*carried, Decided(event=x.HandoverDeclined(reason=command.reason, note=given.note))]


def decide_insist(state: Handover, command: c.InsistOnHandover, given: Given) -> list[Decided]:
    """The sender's no to the receiver's no."""
    return [Decided(event=x.HandoverInsisted(note=given.note))]


def decide_unresolved(state: Handover, now: datetime) -> Decided:
    """Nobody says yes: both leaders by the next working day (design section 5; RSL §9(8))."""
    assert state.reason_unresolved is not None
    meanwhile, basis = _acting_meanwhile(state)
    return Decided(
        event=x.HandoverResponsibilityUnresolved(
            reason=state.reason_unresolved,
            leaders_by=to_instant(leaders_by(now)),
            acting_meanwhile=meanwhile,
            basis=basis,
        )
    )


def _acting_meanwhile(state: Handover) -> tuple[str | None, str | None]:
    """Who acts while two municipalities disagree, and by what: the one where she is registered, otherwise
    the one stated to act temporarily; where neither is known the sender keeps it, by a setting and no law."""
    parties = (state.sender_authority, state.receiver_authority or "")
    if not all(kind_of(party) == MUNICIPALITY for party in parties):
        return None, None
    facts = state.document_facts
    stated = facts.get(HANDLEKOMMUNE) if facts.get(ACTING_BASIS) == TEMPORARILY else None
    for by_law in (facts.get(REGISTERED_IN), stated):
        if isinstance(by_law, str):
            return by_law, "rsl:9.8"
    keeps = settings()["unresolved"]["acting_where_registration_is_unknown"] == SENDER
    return (state.sender_authority if keeps else None), None


def decide_resolve(state: Handover, command: c.ResolveResponsibility, given: Given) -> list[Decided]:
    """Who has it, and who settled it."""
    resolved = x.HandoverResponsibilityResolved(
        authority=command.authority, decided_by=command.decided_by, note=given.note
    )
    return [Decided(event=resolved)]


def decide_redirect(state: Handover, authority: str, unit: str | None) -> Decided:
    """To another receiver: a new leg."""
    return Decided(
        event=x.HandoverRedirected(receiver_authority=authority, receiver_unit=unit, leg=state.leg + 1)
    )


def decide_forward(state: Handover, authority: str, unit: str | None, note: s.Note | None) -> Decided:
    """From the receiver to another authority: a new leg."""
    assert state.receiver_authority is not None
    return Decided(
        event=x.HandoverForwarded(
            from_authority=state.receiver_authority,
            receiver_authority=authority,
            receiver_unit=unit,
            leg=state.leg + 1,
            note=note,
        )
    )


def decide_distribute(state: Handover, command: c.DistributeHandover, given: Given) -> list[Decided]:
    """Another unit has it now."""
    return [Decided(event=s.HandoverDistributed(unit=command.unit))]


def decide_assign(state: Handover, command: c.AssignHandover, given: Given) -> list[Decided]:
    """A member of staff has it now."""
    return [Decided(event=s.HandoverAssigned(assignee=command.assignee))]


def decide_request_withdrawal(state: Handover, command: c.RequestWithdrawal, given: Given) -> list[Decided]:
    """The sender asks."""
    return [Decided(event=x.HandoverWithdrawalRequested(reason=command.reason, note=given.note))]


def decide_confirm_withdrawal(state: Handover, command: c.ConfirmWithdrawal, given: Given) -> list[Decided]:
    """The receiver agrees."""
    return [Decided(event=x.HandoverWithdrawalConfirmed())]


def decide_refuse_withdrawal(state: Handover, command: c.RefuseWithdrawal, given: Given) -> list[Decided]:
    """The receiver goes on."""
    return [Decided(event=x.HandoverWithdrawalRefused(reason=command.reason, note=given.note))]


def decide_withdraw(state: Handover, command: c.WithdrawHandover, given: Given) -> list[Decided]:
    """Nobody has to confirm."""
    return [Decided(event=x.HandoverWithdrawn(reason=command.reason, note=given.note))]


def decide_misdirected(state: Handover, command: c.ReportMisdirected, given: Given) -> list[Decided]:
    """With a wrong receiver."""
    return [Decided(event=x.HandoverMisdirected(found_by=given.side, note=given.note))]


def decide_wrong_person(state: Handover, command: c.ReportWrongPerson, given: Given) -> list[Decided]:
    """About another citizen; names every document that is shut."""
    shut = (*state.documents, *(attachment.id for attachment in state.attachments), *state.notes)
    return [Decided(event=x.HandoverWrongPerson(found_by=given.side, documents=shut))]


def decide_in_error(state: Handover, command: c.EnterInError, given: Given) -> list[Decided]:
    """Never to have been made."""
    return [Decided(event=x.HandoverEnteredInError(reason=command.reason))]


def decide_otherwise(state: Handover, command: c.CompleteOtherwise, given: Given) -> list[Decided]:
    """Handed over by other means, at its own time."""
    done = x.HandoverCompletedOtherwise(means=command.means, authority=command.authority, note=given.note)
    return [Decided(event=done, occurred_at=command.occurred_at)]


def decide_confirm_import(state: Handover, command: c.ConfirmImport, given: Given) -> list[Decided]:
    """The receiver has it."""
    return [Decided(event=s.HandoverImportConfirmed())]


def decide_deny_import(state: Handover, command: c.DenyImport, given: Given) -> list[Decided]:
    """The receiver does not have it."""
    return [Decided(event=s.HandoverImportDenied(note=given.note))]
