"""Which recorded facts hold: in order of their own time, without those that were retracted."""

from collections.abc import Iterable

from domain.course.events import CaseFact, CaseFactRetracted
from domain.events.model import Recorded


def standing(events: Iterable[Recorded]) -> list[Recorded]:
    """The facts that hold, by occurred_at and then position (design section 3, idea 3).

    A retraction takes out the fact it names, and is no fact itself.
    """
    facts = [one for one in events if isinstance(one.event, CaseFact)]
    retracted = {one.event.position for one in facts if isinstance(one.event, CaseFactRetracted)}
    held = [
        one
        for one in facts
        if one.header.position not in retracted and not isinstance(one.event, CaseFactRetracted)
    ]
    return sorted(held, key=lambda one: (one.header.occurred_at, one.header.position))
