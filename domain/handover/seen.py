"""What is an authority's own on a case: also what was that of those whose place it has taken."""

from collections.abc import Sequence

from domain.events.model import Recorded
from domain.handover.steps import HandoverCarriedOver


def seen_as(case: Sequence[Recorded], authority: str) -> frozenset[str]:
    """An authority, and those that it has succeeded on a case, by the case's workflow stream."""
    found = {authority}
    for recorded in reversed(case):
        event = recorded.event
        if isinstance(event, HandoverCarriedOver) and event.to_authority in found:
            found.add(event.from_authority)
    return frozenset(found)
