"""Letters to the citizen: sent, and arrived. Without proof of arrival no appeal period runs (RSL §67)."""

from uuid import UUID

from domain.events.model import Code
from domain.rights.model import Day, ReceiptId, RightsEvent


class LetterSent(RightsEvent, frozen=True, kw_only=True):
    """A letter about a matter left the authority: how, by whom, to whom, and what last date it told.

    `matter` is the id of what it is about: a decision, a hearing, a request. `legal_basis` and `track` say of
    a decision which appeal the date is of.
    """

    NAME = "letter-sent"

    letter: UUID
    matter: UUID
    about: Code
    addressee: Code
    way: Code
    carrier: Code | None = None
    dispatched_on: Day
    presumed_on: Day
    track: Code | None = None
    told_last_date: Day | None = None


class LetterArrived(RightsEvent, frozen=True, kw_only=True):
    """A letter has arrived; its own time is when. `evidence`: what proves it, with its receipt if any."""

    NAME = "letter-arrived"

    letter: UUID
    matter: UUID
    about: Code
    evidence: Code
    receipt: ReceiptId | None = None


class LetterNotDelivered(RightsEvent, frozen=True, kw_only=True):
    """A letter came back, or was never made available."""

    NAME = "letter-not-delivered"

    letter: UUID
    matter: UUID
    reason: Code
