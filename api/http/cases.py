"""A case as JSON, from header and facts, with the steps its workflow version allows the caller."""

from datetime import date
from typing import Any

from audit.replay.words import HOLD_REASONS
from domain.calendar.danish_dates import danish_date
from domain.handover.events import DocumentFacts
from domain.handover.limits import take_over_by
from domain.handover.state import Handover
from domain.rights.say import Said
from workflows.handlers.guard import definition_of
from workflows.machines.table import allowed_commands
from workflows.ports.lists import MailboxRow
from workflows.rules.conditions import CONDITIONS, OF_DOCUMENT, Situation

ROUTES = {
    "open": "readings",
    "acknowledge": "acknowledgement",
    "take_over": "takeover",
    "close": "closure",
    "complete": "completion",
    "ask": "questions",
    "answer": "questions/{question}/answer",
    "correct": "correction",
    "return": "return",
    "decline": "decline",
    "insist": "insistence",
    "resolve": "resolution",
    "redirect": "redirection",
    "forward": "forwarding",
    "distribute": "distribution",
    "assign": "assignment",
    "request_withdrawal": "withdrawal-request",
    "confirm_withdrawal": "withdrawal-confirmation",
    "refuse_withdrawal": "withdrawal-refusal",
    "withdraw": "withdrawal",
    "report_misdirected": "misdirection",
    "report_wrong_person": "wrong-person",
    "enter_in_error": "annulment",
    "complete_otherwise": "other-means",
    "confirm_import": "import-confirmation",
    "deny_import": "import-denial",
}
"""Command -> the address under the handover that carries it out."""


BRINGS = {
    "complete": OF_DOCUMENT,
    "correct": OF_DOCUMENT,
    "redirect": frozenset({"move-fits-parties"}),
    "forward": frozenset({"move-fits-parties", "consent-covers-receiver"}),
}
"""Steps that are offered though the document or the receiver there now would not do: they bring another."""


def actions_of(
    state: Handover, side: str, role: str, today: date, facts: DocumentFacts | None = None
) -> list[dict[str, str]]:
    """The steps this caller may take now: structure, side, role and the conditions.

    `facts`: the document's, with what the citizen has said of disclosure since.
    """
    known = state.document_facts if facts is None else facts
    definition = definition_of(state)
    found = []
    for step in allowed_commands(definition, state.status, side, role):
        if step.command not in ROUTES:
            continue
        # An answer names its question, so that each that waits is a step of its own.
        for question in state.questions if step.command == "answer" else (None,):
            situation = Situation(facts=known, today=today, state=state, question=question)
            asked = (name for name in step.conditions if name not in BRINGS.get(step.command, ()))
            if all(CONDITIONS[name](situation) for name in asked):
                path = ROUTES[step.command].format(question=question)
                found.append(
                    {
                        "command": step.command,
                        "label": definition.step(step.command).label,
                        "method": "POST",
                        "href": f"/v1/handovers/{state.id}/{path}",
                    }
                )
    return found


def status_of(
    state: Handover,
    side: str,
    actions: list[dict[str, str]],
    notes: list[dict[str, Any]],
    exits: list[dict[str, Any]],
) -> dict[str, Any]:
    """Where a handover stands, with the steps that its reader may take and the notes that she may open."""
    return {
        "id": state.id,
        "version": state.version,
        "status": state.status,
        "status_label": definition_of(state).state(state.status).label,
        "side": side,
        "sender_authority": state.sender_authority,
        "sender_unit": state.sender_unit,
        "receiver_authority": state.receiver_authority,
        "receiver_unit": state.receiver_unit if side == "receiver" else None,
        "direction": state.direction,
        "move_from": state.move_from,
        "move_to": state.move_to,
        "template": state.template,
        "template_version": state.template_version,
        "needs_completion": state.needs_completion,
        "held_reason": state.held_reason,
        "held_reason_label": HOLD_REASONS.get(state.held_reason or ""),
        "exits": exits,
        "held_by": state.held_by(),
        "submitted_at": state.submitted_at,
        "sent_at": state.sent_at,
        "delivered_at": state.delivered_at,
        "opened_at": state.opened_at,
        "acknowledged_at": state.acknowledged_at,
        "taken_over_at": state.taken_over_at,
        "closed_at": state.closed_at,
        "outcome": state.outcome,
        "corrected_at": state.corrected_at,
        "returned_at": state.returned_at,
        "declined_at": state.declined_at,
        "unresolved_since": state.unresolved_at,
        "leg": state.leg,
        "questions": state.questions,
        "withdrawal_requested": state.withdrawal_asked,
        "quarantined": state.quarantined,
        "documents": [one for one in state.readable(side) if one in state.documents],
        "notes": notes,
        "assignee": state.assignee if side == "receiver" else None,
        "workflow_version": state.workflow_version,
        "acknowledge_by": state.acknowledge_by,
        "take_over_by": take_over_by(
            state.document_facts, state.template, state.template_version, state.submitted_at
        ),
        "mailbox": state.mailbox,
        "mailbox_version": state.mailbox_version,
        "attachments": [
            {"id": one.id, "media_type": one.media_type, "size": one.size} for one in state.attachments
        ],
        "allowed_actions": actions,
    }


def what_she_said(said: Said) -> dict[str, str | None]:
    """What the citizen has said of disclosure since the document was written."""
    return {"consent_withdrawn_at": said.withdrawn_at, "objected_at": said.objected_at}


HASTE = {"hurtig-24h": "Haster: 24 timer", "hurtig-72h": "Haster: 72 timer"}
STANDS = {
    "held": "Tilbageholdt",
    "returned": "Sendt retur",
    "declined": "Afvist, uden at ansvaret er flyttet",
    "misdirected": "Fejlsendt",
}
"""What its status says of a case that waits for somebody to do something unusual."""


def headline(row: MailboxRow) -> list[str]:
    """What a work list says first, in Danish: medicine before all else."""
    said = []
    if row.medicine_until is not None:
        said.append(f"Medicin til {danish_date(date.fromisoformat(row.medicine_until))}")
    if row.urgency in HASTE:
        said.append(HASTE[row.urgency])
    if row.unread:
        said.append("Rettet efter overtagelsen, ikke læst")
    if row.status in STANDS:
        said.append(STANDS[row.status])
    if row.unresolved:
        said.append("Ansvaret er uafklaret")
    if row.withdrawal:
        said.append("Afsenderen vil trække den tilbage")
    if row.questions:
        said.append("Spørgsmål venter på svar")
    if row.needs_completion:
        said.append("Mangler overgangsdokument")
    return said


def row_of(row: MailboxRow) -> dict[str, Any]:
    """A handover in a list."""
    return {
        "id": row.handover,
        "version": row.version,
        "status": row.status,
        "sender_authority": row.sender_authority,
        "sender_unit": row.sender_unit,
        "receiver_authority": row.receiver_authority,
        "receiver_unit": row.receiver_unit,
        "priority": row.priority,
        "due": row.due,
        "headline": headline(row),
        "medicine_until": row.medicine_until,
        "acknowledge_by": row.acknowledge_by,
        "take_over_by": row.take_over_by,
        "questions_waiting": row.questions,
        "withdrawal_requested": row.withdrawal,
        "unresolved": row.unresolved,
        "unread": row.unread,
        "needs_completion": row.needs_completion,
        "submitted_at": row.submitted_at,
        "position": row.position,
    }
