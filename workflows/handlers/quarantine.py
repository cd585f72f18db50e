"""A document with a wrong receiver, or about a wrong person: shut, assessed as a breach, keyed anew.

The event that shuts it commits first; the vault follows, and the relay makes up for a crash in between.
"""

from collections.abc import Sequence
from datetime import datetime

from domain.course.events import BreachAssessmentOpened
from domain.events.instant import to_instant
from domain.events.model import Decided, Facts, Recorded
from domain.handover.events import DocumentRead, HandoverDelivered
from domain.handover.exits import HandoverForwarded, HandoverReturned, HandoverWrongPerson
from domain.handover.state import Handover
from domain.handover.steps import HandoverCarriedOver, HandoverImportDenied, HandoverImported
from domain.handover.streams import breaches_of, readings_of
from domain.law.deadlines import deadline
from workflows.handlers.envelope import own_event
from workflows.handlers.read import AUDIT
from workflows.handlers.routing import place_of
from workflows.handlers.services import Services
from workflows.ports.log import NewEvent

BREACH = "BRUD"
WRONG_PLACE = frozenset({"wrong-recipient", "not-acting-municipality", "outside-consent"})
"""Reasons of a return that say: this was never for us."""


def breach_assessments(services: Services, state: Handover, shut: Facts) -> tuple[NewEvent, ...]:
    """Each controller that has a copy assesses the breach on its own (GDPR art. 33; law.md 8.10).

    What is about another citizen concerns everybody who ever got it; what went astray, its receiver.
    """
    holders = _of_now(state)
    if isinstance(shut, HandoverWrongPerson):
        for authority, key in _receivers(services.log.stream(state.id)).items():
            # Whoever is no more has left what it had, and what is to be assessed, to its successor.
            place = place_of(services.log, authority, None, services.clock.now(), {})
            holders.setdefault(place[0] if place else authority, key)
    return _assessments(services, state, shut, holders)


def read_astray(services: Services, state: Handover, sent_on: Facts) -> tuple[NewEvent, ...]:
    """What was read by one whom it was not for is a breach, also when it then goes back or on
    (law.md 9.4 FejlsendtVideresendt). The 72 hours run from that; unread, nothing was disclosed."""
    astray = isinstance(sent_on, HandoverForwarded | HandoverImportDenied) or (
        isinstance(sent_on, HandoverReturned) and sent_on.reason in WRONG_PLACE
    )
    if not astray or not _read_by_receiver(services, state):
        return ()
    return _assessments(services, state, sent_on, _of_now(state))


def _of_now(state: Handover) -> dict[str, str]:
    sides = ((state.sender_authority, state.sender_key), (state.receiver_authority, state.receiver_key))
    return {authority: key for authority, key in sides if authority is not None and key is not None}


def _receivers(case: Sequence[Recorded]) -> dict[str, str]:
    """Everybody who got a copy, with its key of the citizen: a succeeded receiver, and its successor."""
    found: dict[str, str] = {}
    for recorded in case:
        match recorded.event:
            case HandoverDelivered() as event:
                found[event.receiver_authority] = event.citizen_key
            case HandoverImported() as event:
                found[event.receiver_authority] = event.receiver_key
            case HandoverCarriedOver(side="receiver") as event if event.citizen_key is not None:
                found[event.to_authority] = event.citizen_key
            case _:
                pass
    return found


def _read_by_receiver(services: Services, state: Handover) -> bool:
    """Whether anybody there has read it since it was delivered; a colleague's look is a reading too.

    An auditor who opens a letter under the receiver's key is nobody there.
    """
    case = services.log.stream(state.id)
    starts = [
        at for at, one in enumerate(case) if isinstance(one.event, HandoverDelivered | HandoverImported)
    ]
    leg = case[starts[-1] :]
    keys = set(_receivers(leg).values())
    return any(
        isinstance(one.event, DocumentRead)
        and one.header.purpose != AUDIT
        and one.header.position > leg[0].header.position
        and not keys.isdisjoint(subject.key_id for subject in one.header.subjects)
        for one in services.log.stream(readings_of(state.id))
    )


def _assessments(
    services: Services, state: Handover, cause: Facts, holders: dict[str, str]
) -> tuple[NewEvent, ...]:
    now = services.clock.now()
    due = deadline(BREACH, now).strict
    assert isinstance(due, datetime)
    opened = BreachAssessmentOpened(
        handover=state.id, cause=cause.NAME, aware_at=to_instant(now), due=to_instant(due)
    )
    return tuple(
        own_event(
            Decided(event=opened),
            stream=breaches_of(state.id),
            authority=authority,
            purpose="case-administration",
            subjects=(key,),
        )
        for authority, key in holders.items()
    )


def shut_away(services: Services, state: Handover, shut: Facts) -> None:
    """Put what is about another citizen out of this citizen's keys' reach; again is harmless.

    Those of former receivers, and of parties that were succeeded, reach it as well as today's.
    """
    assert isinstance(shut, HandoverWrongPerson)
    subjects = (one for recorded in services.log.stream(state.id) for one in recorded.header.subjects)
    services.subjects.rekey(shut.documents, tuple(dict.fromkeys(one.key_id for one in subjects)))
