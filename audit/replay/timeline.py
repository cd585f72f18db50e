"""A case told in plain Danish: one sentence an event, from header and facts, without a name of any person."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from audit.replay import words as w
from audit.replay.danish import danish_moment, genitive
from audit.replay.names import Names
from audit.replay.telling import Sentence, actor
from audit.replay.timeline_course import COURSE_SENTENCES
from audit.replay.timeline_steps import STEP_SENTENCES
from domain.events.header import Header
from domain.events.model import Facts, Recorded
from domain.handover import events as e
from domain.handover.limits import take_over_by
from domain.handover.streams import package_file_of
from domain.rights.hers import CITIZEN, REPRESENTATIVE
from domain.rights.model import RightsEvent
from domain.rights.words import told as right_told


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the timeline. `occurred_at` is the legal moment, `recorded_at` the evidence."""

    position: int
    event: str
    occurred_at: str
    recorded_at: str
    text: str


def line(names: Names, recorded: Recorded) -> Line:
    """The line of an event; an event that has no sentence here is named by its stable name."""
    header = recorded.header
    sentence = SENTENCES.get(type(recorded.event))
    told = f"Hændelsen {header.event} blev registreret."
    if isinstance(recorded.event, RightsEvent):
        told = f"{names.authority(header.controller)}: {right_told(recorded.event)}"
        told += OWN_ACTS.get(header.role, "")
    elif sentence is not None:
        told = sentence(names, header, recorded.event)
    occurred, registered = danish_moment(header.occurred_at), danish_moment(header.recorded_at)
    text = f"{occurred}: {told}"
    if occurred != registered:
        text += f" (Registreret {registered}.)"
    return Line(
        position=header.position,
        event=header.event,
        occurred_at=header.occurred_at,
        recorded_at=header.recorded_at,
        text=text,
    )


def _document(template: str) -> str:
    return "en MedCom-besked" if template == "medcom-message" else "et overgangsdokument"


def _mailbox(names: Names, authority: str, mailbox: UUID) -> str:
    found = names.mailbox(authority, mailbox)
    if found is None or found.unit is None:
        return f"{genitive(names.authority(authority))} hovedpostkasse"
    return f"hovedpostkassen for {names.unit(authority, found.unit)}"


def _submitted(names: Names, header: Header, facts: e.HandoverSubmitted) -> str:
    sender = names.unit(facts.sender_authority, facts.sender_unit)
    receiver = names.unit(facts.receiver_authority, facts.receiver_unit)
    told = f"{sender}, indsendte {_document(facts.template)} til {receiver}"
    if "ukendt" not in (facts.move_from, facts.move_to):
        told += f" (fra {_form(facts.move_from)} til {_form(facts.move_to)})"
    told += "."
    if count := len(facts.attachments):
        told += f" Der fulgte {count} bilag med."
    if facts.needs_completion:
        told += " Overgangsdokumentet mangler og skal tilføjes."
    until = take_over_by(facts.document_facts, facts.template, facts.template_version, header.occurred_at)
    return f"{told} Den skal overtages senest {danish_moment(until)}." if until else told


def _form(code: str) -> str:
    return w.FORMS.get(code, f"{code} behandling")


def _held(names: Names, header: Header, facts: e.HandoverHeld) -> str:
    reason = w.HOLD_REASONS.get(facts.reason, f"årsagskode {facts.reason}")
    return f"Overgangen blev tilbageholdt: {reason}. Den er ikke sendt og går ikke tabt."


def _routed(names: Names, header: Header, facts: e.HandoverRouted) -> str:
    how = w.ROUTED_BY.get(facts.routed_by, f"efter reglen {facts.routed_by}")
    mailbox = _mailbox(names, facts.receiver_authority, facts.mailbox)
    return f"Overgangen blev adresseret til {mailbox}, {how} (registrets version {facts.mailbox_version})."


def _sent(names: Names, header: Header, facts: e.HandoverSent) -> str:
    again = f" Det var forsøg nummer {facts.attempt}." if facts.attempt > 1 else ""
    return f"Overgangen blev sendt.{again}"


def _delivered(names: Names, header: Header, facts: e.HandoverDelivered) -> str:
    mailbox = _mailbox(names, facts.receiver_authority, facts.mailbox)
    due = danish_moment(facts.acknowledge_by)
    return f"Overgangen blev leveret i {mailbox}. Der bør kvitteres senest {due}."


def _opened(names: Names, header: Header, facts: e.HandoverOpened) -> str:
    return f"{actor(names, header)} åbnede dokumentet som den første hos modtageren."


def _acknowledged(names: Names, header: Header, facts: e.HandoverAcknowledged) -> str:
    if facts.carried_by_take_over:
        return f"{actor(names, header)} kvitterede for modtagelsen ved at overtage."
    return f"{actor(names, header)} kvitterede for modtagelsen."


def _taken_over(names: Names, header: Header, facts: e.HandoverTakenOver) -> str:
    authority = names.authority(header.authority)
    return f"{actor(names, header)} overtog overgangen. Fra nu af er det {authority}, der skal følge den op."


def _completed(names: Names, header: Header, facts: e.HandoverCompleted) -> str:
    return f"{actor(names, header)} tilføjede overgangsdokumentet. Overgangen tæller med fra nu af."


def _closed(names: Names, header: Header, facts: e.HandoverClosed) -> str:
    outcome = w.code("close", "outcome", facts.outcome)
    return f"{actor(names, header)} afsluttede overgangen. Udfald: {outcome}."


def _read(names: Names, header: Header, facts: e.DocumentRead) -> str:
    package = facts.attachment == package_file_of(facts.document_id)
    what = "aktindsigten" if package else "dokumentet" if facts.attachment is None else "et bilag"
    return f"{actor(names, header)} læste {what}. Formål: {w.purpose(header.purpose)}."


def _outside(names: Names, header: Header, facts: e.OutsideAccessUsed) -> str:
    reason = w.outside_reason(facts.reason)
    owner = names.unit(header.controller, facts.case_unit)
    return (
        f"{actor(names, header)} gik ind i sagen uden for egen enhed."
        f" Sagen hører til {owner}. Grund: {reason}."
    )


def _alerted(names: Names, header: Header, facts: e.LeadAlerted) -> str:
    owner = names.unit(header.controller, facts.case_unit)
    return f"Lederen af {owner}, fik besked om det, der skete ved post {facts.about_position}."


def _shown(names: Names, header: Header, facts: e.MailboxShown) -> str:
    purpose = w.purpose(header.purpose)
    return f"{actor(names, header)} fik vist postkassen med borgerens navn. Formål: {purpose}."


def _listed(names: Names, header: Header, facts: e.UnitListShown) -> str:
    purpose = w.purpose(header.purpose)
    return f"{actor(names, header)} fik vist sin enheds liste med borgerens navn. Formål: {purpose}."


def _refused(names: Names, header: Header, facts: e.CommandRefused) -> str:
    because = w.refused_because(facts.reason)
    return f"{actor(names, header)} fik afslag på at {w.command(facts.command)}. {because}"


OWN_ACTS = {CITIZEN: " Borgeren gjorde det selv.", REPRESENTATIVE: " Borgerens repræsentant gjorde det."}
"""Who did it, where it was nobody in an authority."""
SENTENCES: Mapping[type[Facts], Sentence] = {
    e.HandoverSubmitted: _submitted,
    e.HandoverHeld: _held,
    e.HandoverRouted: _routed,
    e.HandoverSent: _sent,
    e.HandoverDelivered: _delivered,
    e.HandoverOpened: _opened,
    e.HandoverAcknowledged: _acknowledged,
    e.HandoverTakenOver: _taken_over,
    e.HandoverCompleted: _completed,
    e.HandoverClosed: _closed,
    e.DocumentRead: _read,
    e.OutsideAccessUsed: _outside,
    e.LeadAlerted: _alerted,
    e.MailboxShown: _shown,
    e.UnitListShown: _listed,
    e.CommandRefused: _refused,
    **STEP_SENTENCES,
    **COURSE_SENTENCES,
}
"""Event -> sentence, the whole list."""
