"""A document with a wrong receiver, or about a wrong person: shut, assessed as a breach, keyed anew.

The event that shuts it commits first; the vault follows, and the relay makes up for a crash in between.
"""

from datetime import datetime

from domain.course.events import BreachAssessmentOpened
from domain.events.instant import to_instant
from domain.events.model import Decided, Facts
from domain.handover.exits import HandoverWrongPerson
from domain.handover.state import Handover
from domain.handover.streams import breaches_of
from domain.law.deadlines import deadline
from workflows.handlers.envelope import own_event
from workflows.handlers.services import Services
from workflows.ports import NewEvent

BREACH = "BRUD"


def breach_assessments(state: Handover, cause: str, now: datetime) -> tuple[NewEvent, ...]:
    """Each controller that has a copy assesses the breach on its own (GDPR art. 33; law.md 8.10)."""
    due = deadline(BREACH, now).strict
    assert isinstance(due, datetime)
    sides = ((state.sender_authority, state.sender_key), (state.receiver_authority, state.receiver_key))
    return tuple(
        own_event(
            Decided(
                event=BreachAssessmentOpened(
                    handover=state.id, cause=cause, aware_at=to_instant(now), due=to_instant(due)
                )
            ),
            stream=breaches_of(state.id),
            authority=authority,
            purpose="case-administration",
            subjects=(key,),
        )
        for authority, key in sides
        if authority is not None and key is not None
    )


def shut_away(services: Services, state: Handover, shut: Facts) -> None:
    """Put what is about another citizen out of this citizen's keys' reach; again is harmless.

    Those of former receivers, and of parties that were succeeded, reach it as well as today's.
    """
    assert isinstance(shut, HandoverWrongPerson)
    subjects = (one for recorded in services.log.stream(state.id) for one in recorded.header.subjects)
    services.subjects.rekey(shut.documents, tuple(dict.fromkeys(one.key_id for one in subjects)))
