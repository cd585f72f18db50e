"""What an authority owes beside the case: guidance, notes, and being asked how it went."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domain.events.model import Code, Count
from domain.rights.model import RightsEvent


class OralInformationReceived(RightsEvent, frozen=True, kw_only=True):
    """Something of weight to a decision was told orally, and must be noted (OFL §13)."""

    NAME = "oral-information-received"

    information: UUID
    source: Code


class NoteMade(RightsEvent, frozen=True, kw_only=True):
    """What was told orally, or a step of weight, was noted (notatpligt; OFL §13)."""

    NAME = "note-made"

    information: UUID


class GuidanceRequested(RightsEvent, frozen=True, kw_only=True):
    """She asked for guidance, or wrote to the wrong authority (FVL §7)."""

    NAME = "guidance-requested"

    inquiry: UUID
    topic: Code
    misdirected: bool


class GuidanceGiven(RightsEvent, frozen=True, kw_only=True):
    """She was guided (vejledning; FVL §7(1)), or her inquiry was passed on (§7(2))."""

    NAME = "guidance-given"

    inquiry: UUID
    passed_on: bool


Grade = Annotated[int, Meta(ge=1, le=5)]


class TransitionRated(RightsEvent, frozen=True, kw_only=True):
    """Her answers to three optional questions after the take-over: was it good, meaningful, safe (1 to 5)?"""

    NAME = "transition-rated"

    good: Grade | None = None
    meaningful: Grade | None = None
    safe: Grade | None = None


class RightsFactRetracted(RightsEvent, frozen=True, kw_only=True):
    """An event of the lane that was recorded wrongly does not hold; both stay readable (JFB §20)."""

    NAME = "rights-fact-retracted"

    position: Count
    retracts: Code
    reason: Code
