"""A deadline comes near, or has passed: somebody is told by role, once (law.md 3.16, 9.5).

The due table says which cases to look at; what is told follows from the log alone, so that a table that lags
behind tells nothing wrong. A claim on the log keeps every reminder to one, whoever runs the tick and however
often it was started again; what came while nothing ran is told when something does.
"""

from contextlib import suppress
from uuid import UUID

from domain.due.case import obligations
from domain.due.events import DeadlineWarned
from domain.due.obligation import Obligation, Reminder
from domain.events.instant import to_instant
from domain.events.model import Decided
from domain.handover.state import Handover
from domain.handover.streams import escalations_of, event_reference
from workflows.handlers.envelope import own_event
from workflows.handlers.guard import load
from workflows.handlers.services import SYSTEM, Services
from workflows.ports.log import Append, RegisterClash

AT_ONCE = 200


class RemindersFailed(Exception):
    """Of some case nobody could be reminded; of the others somebody was."""


def remind_all(services: Services) -> int:
    """Give every reminder whose time has come; returns how many were given now.

    A case that fails keeps none of the others waiting; RemindersFailed comes at the end.
    """
    now = to_instant(services.clock.now())
    told, after, fault = 0, ("", ""), None
    seen: set[UUID] = set()
    while rows := services.worklists.reminders(now, after, AT_ONCE):
        for row in rows:
            if row.handover in seen:
                continue
            seen.add(row.handover)
            try:
                told += _remind(services, row.handover, now)
            except Exception as error:  # whatever it is, the others go on
                fault = error
        after = rows[-1].next_at, rows[-1].key
    if fault is not None:
        raise RemindersFailed from fault
    return told


def _remind(services: Services, handover: UUID, now: str) -> int:
    found = obligations(services.log.stream, handover)
    ripe = [(each, one) for one in found for each in one.waiting() if each.at <= now]
    if not ripe:
        return 0
    state = load(services, handover)
    told = sorted(ripe, key=lambda one: (one[0].at, one[1].rule))
    return sum(_tell(services, state, obligation, reminder) for reminder, obligation in told)


def _tell(services: Services, state: Handover, obligation: Obligation, reminder: Reminder) -> bool:
    """Put a reminder on the log; False where it stands there."""
    event = obligation.warning(reminder)
    if services.log.claimant(event.claim) is not None:
        return False
    with suppress(RegisterClash):
        services.log.append(_append(services, state, obligation.authority, event))
        return True
    return False


def _append(services: Services, state: Handover, authority: str, event: DeadlineWarned) -> Append:
    return Append(
        events=(
            own_event(
                Decided(event=event),
                stream=escalations_of(state.id),
                authority=authority,
                purpose="supervision",
                subjects=_subjects(state, authority),
            ),
        ),
        actor=SYSTEM,
        correlation_id=services.ids.uuid(),
        causation_id=None if event.about_position is None else event_reference(event.about_position),
        claims=(event.claim,),
    )


def _subjects(state: Handover, authority: str) -> tuple[str, ...]:
    """The authority's own key of the citizen, where it is a party."""
    if authority == state.sender_authority:
        return (state.sender_key,)
    if authority == state.receiver_authority and state.receiver_key is not None:
        return (state.receiver_key,)
    return ()
