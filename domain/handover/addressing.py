"""Whom a handover is addressed to, when nobody has got it yet and its document is corrected (RSL §9).

Who addresses no unit leaves it to the handlekommune, so a corrected handlekommune leads it elsewhere.
"""

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.events.refusal import Refused
from domain.handover.events import DocumentFacts
from domain.handover.parties import HANDLEKOMMUNE, receiving_authority
from domain.handover.state import Handover


def addressed_after(state: Handover, facts: DocumentFacts, at: str) -> str | None:
    """The authority it is addressed to once a corrected document with these facts is in place, at an instant.

    What was delivered, and what was addressed to a unit or anew by a person, stays addressed as it is.
    """
    first = state.receiver_key is None and state.leg == 1
    if not first or not state.by_handlekommune:
        return state.addressed
    return led_by(state.sender_authority, state.addressed, state.document_facts, facts, at)


def led_by(
    sender: str, addressed: str | None, before: DocumentFacts, facts: DocumentFacts, at: str
) -> str | None:
    """Where a corrected handlekommune leads what was left to it; as addressed before where it is the same."""
    acting = facts.get(HANDLEKOMMUNE)
    if not isinstance(acting, str) or acting == before.get(HANDLEKOMMUNE):
        return addressed
    try:
        return receiving_authority(sender, acting, None, danish_day(from_instant(at)))
    except Refused:
        return addressed
