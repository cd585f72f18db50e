"""Who stands in an authority's place in the course of a citizen (OVL §§6-7, 10; JFB §45)."""

from collections.abc import Callable, Sequence

from domain.events.model import Recorded
from domain.handover.steps import HandoverCarriedOver


def successors(case: Sequence[Recorded]) -> Callable[[str], str]:
    """Authority -> whoever has its place in a case now: what it had there is its successor's."""
    known = {
        one.event.from_authority: one.event.to_authority
        for one in case
        if isinstance(one.event, HandoverCarriedOver)
    }

    def place(authority: str) -> str:
        for _ in known:
            authority = known.get(authority, authority)
        return authority

    return place
