"""A case as JSON, from header and facts, with the steps its workflow version allows the caller."""

from datetime import date
from typing import Any

from domain.handover.state import Handover
from workflows.handlers.guard import definition_of
from workflows.machines.table import allowed_commands
from workflows.ports import MailboxRow
from workflows.rules.conditions import CONDITIONS, Situation

ROUTES = {
    "open": "readings",
    "acknowledge": "acknowledgement",
    "take_over": "takeover",
    "close": "closure",
    "complete": "completion",
}
"""Command -> the address under the handover that carries it out."""


def actions_of(state: Handover, side: str, role: str) -> list[dict[str, str]]:
    """The steps this caller may take now: structure, side, role and the conditions."""
    definition = definition_of(state)
    situation = Situation(facts=state.document_facts, today=date.min, state=state)
    return [
        {
            "command": step.command,
            "label": definition.step(step.command).label,
            "method": "POST",
            "href": f"/v1/handovers/{state.id}/{ROUTES[step.command]}",
        }
        for step in allowed_commands(definition, state.status, side, role)
        if step.command in ROUTES and all(CONDITIONS[name](situation) for name in step.conditions)
    ]


def status_of(state: Handover, side: str, role: str) -> dict[str, Any]:
    """Where a handover stands."""
    return {
        "id": state.id,
        "version": state.version,
        "status": state.status,
        "side": side,
        "sender_authority": state.sender_authority,
        "sender_unit": state.sender_unit,
        "receiver_authority": state.receiver_authority,
        "receiver_unit": state.receiver_unit,
        "direction": state.direction,
        "move_from": state.move_from,
        "move_to": state.move_to,
        "template": state.template,
        "template_version": state.template_version,
        "needs_completion": state.needs_completion,
        "held_reason": state.held_reason,
        "held_by": state.held_by(),
        "submitted_at": state.submitted_at,
        "sent_at": state.sent_at,
        "delivered_at": state.delivered_at,
        "opened_at": state.opened_at,
        "acknowledged_at": state.acknowledged_at,
        "taken_over_at": state.taken_over_at,
        "closed_at": state.closed_at,
        "outcome": state.outcome,
        "acknowledge_by": state.acknowledge_by,
        "mailbox": state.mailbox,
        "mailbox_version": state.mailbox_version,
        "attachments": [
            {"id": one.id, "media_type": one.media_type, "size": one.size} for one in state.attachments
        ],
        "allowed_actions": actions_of(state, side, role),
    }


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
        "needs_completion": row.needs_completion,
        "submitted_at": row.submitted_at,
        "position": row.position,
    }
