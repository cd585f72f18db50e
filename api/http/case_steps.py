"""What was written and why, step by step, as a party to the case may see it."""

from collections.abc import Sequence, Set
from typing import Any

import msgspec

from audit.replay.words import code
from domain.events.model import Recorded
from domain.handover.exits import HandoverMisdirected, HandoverReturned
from domain.handover.fold import fold
from domain.handover.state import Handover
from domain.handover.steps import HandoverImportDenied, HandoverQuestionAsked
from workflows.handlers.guard import definition_of

WENT_BACK = HandoverReturned | HandoverMisdirected | HandoverImportDenied


def notes_of(state: Handover, side: str, case: Sequence[Recorded]) -> list[dict[str, Any]]:
    """The texts of steps that a side can open, each with the step that it belongs to, oldest first."""
    readable = set(state.readable(side))
    found = []
    for recorded in case:
        event = recorded.event
        note = getattr(event, "note", None)
        if note is None or note.document_id not in readable:
            continue
        found.append(
            {
                "id": note.document_id,
                "event": recorded.header.event,
                "recorded_at": recorded.header.recorded_at,
                "question": getattr(event, "question", None),
                "concerns": event.sections if isinstance(event, HandoverQuestionAsked) else (),
            }
        )
    return found


def seen(state: Handover, side: str, ours: Set[str], case: Sequence[Recorded]) -> Sequence[Recorded]:
    """A case's events as a side may know them: who sent it back knows nothing of what is written since."""
    if side == "sender" or not state.senders_own:
        return case
    back = max(number for number, one in enumerate(case) if isinstance(one.event, WENT_BACK))
    known = (one for one in case[back + 1 :] if not ours.isdisjoint(one.header.visible_to))
    return [*case[: back + 1], *known]


def as_seen(state: Handover, side: str, case: Sequence[Recorded]) -> Handover:
    """The case as those events tell it, at its own version."""
    if side == "sender" or not state.senders_own:
        return state
    told = fold(None, case)
    assert told is not None, "a party has seen it begin"
    return msgspec.structs.replace(told, version=state.version)


def exits_of(state: Handover, ours: Set[str], case: Sequence[Recorded]) -> list[dict[str, Any]]:
    """The steps that were taken for a reason, oldest first: returns, refusals, withdrawals, corrections.

    `ours`: the authority that asks, and those whose place it has taken.
    """
    steps = {step.event: step for step in definition_of(state).steps}
    found = []
    for recorded in case:
        header, event = recorded.header, recorded.event
        reason, step = getattr(event, "reason", None), steps.get(header.event)
        # What is held has its own place: its reason is a state and not an answer.
        told = reason is not None and step is not None and step.command != "hold"
        if not told or ours.isdisjoint(header.visible_to):
            continue
        assert step is not None and isinstance(reason, str)
        found.append(
            {
                "event": header.event,
                "label": step.event_label,
                "recorded_at": header.recorded_at,
                "reason": reason,
                "reason_label": code(step.command, "reason", reason),
                "suggested": getattr(event, "suggested", None),
            }
        )
    return found
