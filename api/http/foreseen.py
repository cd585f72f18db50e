"""What would come of a submission, and what came of one: delivered, held, or refused, in words."""

from typing import Any

from api.bootstrap import Overgang
from audit.replay.words import HOLD_REASONS
from domain.calendar.working_days import danish_day
from domain.document.consent import consent_notices
from domain.events.refusal import Refused
from domain.handover.commands import SubmitHandover
from domain.handover.fold import fold
from workflows.handlers.addressing import addressed_by
from workflows.handlers.guard import load
from workflows.ports.log import Outcome


def foreseen(overgang: Overgang, sender: str, command: SubmitHandover) -> list[dict[str, str]]:
    """As warnings of a validation: that it would be refused or held now, and why. Stores nothing."""
    soon = [
        _warning(one.code, one.detail, one.detail_da)
        for one in consent_notices({"sections": command.document.sections}, danish_day(overgang.clock.now()))
        if one.code == "consent-lapses-soon"
    ]
    try:
        route = addressed_by(overgang.log, sender, command, overgang.clock.now())
    except Refused as refused:
        return [_warning(refused.code, refused.detail, refused.detail_da)]
    if route.hold_reason is None or route.mailbox is not None:
        return soon
    told = HOLD_REASONS.get(route.hold_reason, route.hold_reason)
    return [
        _warning(
            route.hold_reason,
            "It would be held with a task, and go on when the reason is gone.",
            f"Overgangen vil blive tilbageholdt med en opgave: {told}.",
        )
    ]


def came_of(overgang: Overgang, outcome: Outcome) -> dict[str, Any]:
    """Where a submission stood when it had been taken in; the same however often it is asked."""
    state = load(overgang.services, outcome.resource)
    if state.version != outcome.etag:  # it has gone on since
        then = fold(None, overgang.log.stream(outcome.resource)[: outcome.etag])
        assert then is not None, "a submission that was taken in has begun"
        state = then
    return {
        "status": state.status,
        "held_reason": state.held_reason,
        "held_reason_label": HOLD_REASONS.get(state.held_reason or ""),
    }


def _warning(code: str, detail: str, detail_da: str) -> dict[str, str]:
    return {"in": "body", "pointer": "", "code": code, "detail": detail, "detail_da": detail_da}
