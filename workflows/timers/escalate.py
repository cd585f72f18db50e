"""Nobody says yes, and the leaders have not settled it in time: the next in line is told (design section 5).

By case number only. Each dispute is told once; the clocks run on all the while.
"""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from domain.calendar.working_days import danish_day
from domain.course.events import HandoverEscalated
from domain.events.instant import from_instant, to_instant
from domain.events.model import Decided, Recorded
from domain.handover.exits import HandoverResponsibilityUnresolved
from domain.handover.parties import municipality_of
from domain.handover.state import Handover
from domain.handover.steps import HandoverImported
from domain.handover.streams import escalations_of, event_reference
from domain.identity.health_council import health_council_of
from domain.law.loader import basis_of
from domain.law.responsibility import importers_by, then_by, told_after_leaders
from workflows.handlers.case import parties
from workflows.handlers.guard import load
from workflows.handlers.services import SYSTEM, Services
from workflows.ports.log import Append, NewEvent, RegisterClash

AT_ONCE = 200
HEALTH_COUNCIL = "health-council"


class EscalationFailed(Exception):
    """A dispute could not be told of; the others were."""


def escalate_unresolved(services: Services) -> int:
    """Tell of every dispute whose time is up; returns how many were told now.

    One that fails keeps none of the others waiting; EscalationFailed comes at the end.
    """
    told, after, fault = 0, -1, None
    while rows := services.worklists.unresolved(after, AT_ONCE):
        for row in rows:
            try:
                told += _escalate(services, row.handover)
            except Exception as error:  # whatever it is, the others go on
                fault = error
        after = rows[-1].position
    if fault is not None:
        raise EscalationFailed from fault
    return told


def _escalate(services: Services, handover: UUID) -> bool:
    state, now = load(services, handover), services.clock.now()
    dispute = _dispute(services.log.stream(handover))
    if state.unresolved_at is None or dispute is None or now <= _until(dispute):
        return False
    claim = f"escalation:{dispute.header.position}"
    if services.log.claimant(claim) is not None:
        return False
    with suppress(RegisterClash):
        services.log.append(
            Append(
                events=(_event(state, dispute, now),),
                actor=SYSTEM,
                correlation_id=services.ids.uuid(),
                causation_id=event_reference(dispute.header.position),
                claims=(claim,),
            )
        )
        return True
    return False


def _dispute(stream: list[Recorded]) -> Recorded | None:
    """What left it unresolved last."""
    kinds = HandoverResponsibilityUnresolved | HandoverImported
    return next((one for one in reversed(stream) if isinstance(one.event, kinds)), None)


def _until(dispute: Recorded) -> datetime:
    if isinstance(dispute.event, HandoverResponsibilityUnresolved):
        return from_instant(dispute.event.leaders_by)
    return importers_by(from_instant(dispute.header.recorded_at))


def _event(state: Handover, dispute: Recorded, now: datetime) -> NewEvent:
    day = danish_day(now)
    to = told_after_leaders(day)
    municipality = municipality_of(state.sender_authority, state.receiver_authority)
    council = health_council_of(municipality, day) if municipality else None
    escalated = HandoverEscalated(
        handover=state.id,
        cause=getattr(dispute.event, "reason", "imported"),
        to=to,
        health_council=council.code if council is not None and to == HEALTH_COUNCIL else None,
        decides_by=to_instant(then_by(now)),
        about_position=dispute.header.position,
    )
    return NewEvent(
        decided=Decided(event=escalated),
        stream=escalations_of(state.id),
        expected_version=None,
        controller=SYSTEM.authority,
        visible_to=tuple(sorted({*parties(state), SYSTEM.authority})),
        purpose="supervision",
        legal_basis=basis_of("supervision"),
        subjects=(state.sender_key,),
    )
