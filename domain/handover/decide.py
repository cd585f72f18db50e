"""Decisions: state and command -> events. Pure; whether a step is allowed was settled before."""

from datetime import date, datetime
from uuid import UUID

from domain.calendar.working_days import start_of_day
from domain.course.events import TelephoneContactMade
from domain.events.instant import to_instant
from domain.events.model import Decided
from domain.handover import events as e
from domain.handover.commands import SubmitHandover, WrittenDocument
from domain.handover.parties import HANDLEKOMMUNE, direction
from domain.handover.state import Handover
from domain.law.loader import acknowledge_by
from domain.register.mailbox import MainMailbox

OVERGANGSDOKUMENT = "overgangsdokument"
PAPER_WRITTEN_ON = "afslutning.paper_written_on"
UNKNOWN_MOVE = "ukendt"


def decide_submit(
    command: SubmitHandover,
    *,
    sender_authority: str,
    sender_unit: str,
    receiver_authority: str | None,
    receiver_unit: str | None,
    citizen_key: str,
    document_id: UUID,
    document_sha256: str,
    attachments: tuple[e.AttachmentFact, ...],
) -> Decided:
    """The handover exists from now on; from the day it was written, when that was on paper.

    A MedCom message counts only once it is completed.
    """
    document, medcom = command.document, command.medcom
    on_paper = paper_written_at(document)
    complete = document.template == OVERGANGSDOKUMENT
    return Decided(
        event=e.HandoverSubmitted(
            source="medcom-carecommunication" if medcom else "paper-form" if on_paper else "api",
            citizen_key=citizen_key,
            template=document.template,
            template_version=document.template_version,
            move_from=move_of(document, "move_from"),
            move_to=move_of(document, "move_to"),
            direction=direction(sender_authority, receiver_authority),
            sender_authority=sender_authority,
            sender_unit=sender_unit,
            receiver_authority=receiver_authority,
            receiver_unit=receiver_unit,
            acting_municipality=acting_municipality(document),
            document_id=document_id,
            document_sha256=document_sha256,
            document_facts=document.facts,
            attachments=attachments,
            counts_as_overgangsdokument=complete,
            needs_completion=not complete,
            medcom_message=medcom.message if medcom else None,
            medcom_envelope=medcom.envelope if medcom else None,
            medcom_thread=medcom.thread if medcom else None,
            medcom_receiver_sor=medcom.receiver_sor if medcom else None,
            medcom_receiver_gln=medcom.receiver_gln if medcom else None,
        ),
        body=e.LabelBody(person=document.label, representative=document.representative),
        occurred_at=on_paper,
    )


def lies_ahead(document: WrittenDocument, now: datetime) -> bool:
    """Whether it was written, or telephoned about, at a time that has not come: neither has happened then."""
    stated = (document.telephoned_at, paper_written_at(document))
    return any(at is not None and at > to_instant(now) for at in stated)


def paper_written_at(document: WrittenDocument) -> str | None:
    """The first moment of the day that a paper form was written, or None: it was never on paper (OFL §13).

    Limits count from it, and the earliest moment is the cautious one.
    """
    written_on = document.facts.get(PAPER_WRITTEN_ON)
    if not isinstance(written_on, str):
        return None
    return to_instant(start_of_day(date.fromisoformat(written_on)))


def decide_telephoned(handover: UUID, document: WrittenDocument) -> list[Decided]:
    """The telephone call that an urgent document states, as a fact of its own with its own time."""
    if document.telephoned_at is None:
        return []
    made = TelephoneContactMade(handover=handover, unit=None)
    return [Decided(event=made, occurred_at=document.telephoned_at)]


def move_of(document: WrittenDocument, which: str) -> str:
    """The form of treatment before (`move_from`) or after (`move_to`) that a document states."""
    value = document.facts.get(f"overgang.{which}")
    return value if isinstance(value, str) else UNKNOWN_MOVE


def acting_municipality(document: WrittenDocument) -> str | None:
    """The handlekommune that the document states, or None."""
    value = document.facts.get(HANDLEKOMMUNE)
    return value if isinstance(value, str) else None


def decide_hold(reason: str, receiver_authority: str | None, receiver_unit: str | None) -> Decided:
    """Held with a visible task, never sent and never dropped."""
    return Decided(
        event=e.HandoverHeld(
            reason=reason, receiver_authority=receiver_authority, receiver_unit=receiver_unit
        )
    )


def decide_route(mailbox: MainMailbox, routed_by: str) -> Decided:
    """The main mailbox that is valid at this moment, by version."""
    return Decided(
        event=e.HandoverRouted(
            mailbox=mailbox.id,
            mailbox_version=mailbox.version,
            receiver_authority=mailbox.authority,
            receiver_unit=mailbox.served_by,
            routed_by=routed_by,
        )
    )


def decide_send(mailbox: MainMailbox) -> Decided:
    """It leaves us over the mailbox's channel."""
    return Decided(event=e.HandoverSent(channel=mailbox.channel, attempt=1))


def decide_deliver(
    submitted: e.HandoverSubmitted | Handover,
    mailbox: MainMailbox,
    *,
    citizen_key: str,
    document_sha256: str,
    label: e.PersonLabel,
    now: datetime,
) -> Decided:
    """The receiver's system has it, with the label a work list shows under the receiver's key."""
    return Decided(
        event=e.HandoverDelivered(
            channel=mailbox.channel,
            citizen_key=citizen_key,
            mailbox=mailbox.id,
            mailbox_version=mailbox.version,
            receiver_authority=mailbox.authority,
            receiver_unit=mailbox.served_by,
            sender_authority=submitted.sender_authority,
            sender_unit=submitted.sender_unit,
            template=submitted.template,
            template_version=submitted.template_version,
            move_from=submitted.move_from,
            move_to=submitted.move_to,
            direction=direction(submitted.sender_authority, mailbox.authority),
            document_id=submitted.document_id,
            document_sha256=document_sha256,
            document_facts=submitted.document_facts,
            attachments=submitted.attachments,
            needs_completion=submitted.needs_completion,
            acknowledge_by=to_instant(acknowledge_by(now)),
        ),
        body=e.LabelBody(person=label),
    )


def decide_open(state: Handover) -> Decided:
    """A person of the receiving authority read it for the first time."""
    return Decided(event=e.HandoverOpened(document_id=state.document_id))


def decide_acknowledge(*, carried: bool = False) -> Decided:
    """A person confirms receipt; `carried` when a take-over acknowledges at the same time."""
    return Decided(event=e.HandoverAcknowledged(carried_by_take_over=carried))


def decide_take_over(state: Handover) -> list[Decided]:
    """A person accepts the handover, and acknowledges what was not yet acknowledged."""
    carried = [] if state.acknowledged_at else [decide_acknowledge(carried=True)]
    return [*carried, Decided(event=e.HandoverTakenOver(document_id=state.document_id))]


def decide_complete(
    state: Handover, document: WrittenDocument, document_id: UUID, document_sha256: str
) -> Decided:
    """The message has its overgangsdokument and counts from now on."""
    return Decided(
        event=e.HandoverCompleted(
            acknowledge_by=state.acknowledge_by,
            template=document.template,
            template_version=document.template_version,
            move_from=move_of(document, "move_from"),
            move_to=move_of(document, "move_to"),
            document_id=document_id,
            document_sha256=document_sha256,
            document_facts=document.facts,
        )
    )


def decide_close(outcome: str) -> Decided:
    """The receiving authority ends the handover."""
    return Decided(event=e.HandoverClosed(outcome=outcome))
