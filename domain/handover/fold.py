"""The fold of a workflow stream: one table of how a handover begins, one of how it goes on."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from domain.events.model import Facts, Recorded
from domain.handover.appliers import APPLIERS as FIRST_LINE
from domain.handover.appliers import Applier, submitted
from domain.handover.events import HandoverSubmitted
from domain.handover.exit_appliers import EXIT_APPLIERS, imported
from domain.handover.state import Handover
from domain.handover.steps import HandoverImported

BEGINNINGS: Mapping[type[Facts], Callable[[Recorded], Handover]] = {
    HandoverSubmitted: submitted,
    HandoverImported: imported,
}
"""Event -> the handover that it begins."""

APPLIERS: Mapping[type[Facts], Applier] = {**FIRST_LINE, **EXIT_APPLIERS}
"""Event -> applier, the whole list."""


def fold(state: Handover | None, events: Iterable[Recorded]) -> Handover | None:
    """Fold a workflow stream. An event this table does not know leaves the state alone."""
    for recorded in events:
        kind = type(recorded.event)
        if state is None:
            if (begin := BEGINNINGS.get(kind)) is not None:
                state = begin(recorded)
        elif (applier := APPLIERS.get(kind)) is not None:
            before, state = state, applier(state, recorded)
            if (note := getattr(recorded.event, "note", None)) is not None:
                state = msgspec.structs.replace(state, notes=(*state.notes, note.document_id))
            if before.is_back and recorded.header.authority == before.sender_authority:
                state = _with_senders_own(before, state)
    return state


def _with_senders_own(before: Handover, state: Handover) -> Handover:
    """What the sender wrote in this step, when it had come back, is for itself, until a new leg begins."""
    if state.leg > before.leg:
        return state
    old = {*before.documents, *before.notes}
    written = (one for one in (*state.documents, *state.notes) if one not in old)
    return msgspec.structs.replace(state, senders_own=(*state.senders_own, *written))
