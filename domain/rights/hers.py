"""What the citizen sees and does herself, or whoever acts for her (FVL §8(1), §9; GDPR art. 15).

She sees every step between the authorities, the facts of her course, and what was done about her rights in
both lanes; not how an authority divides and prepares its own work.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import msgspec

from domain.course.events import HandoverEscalated
from domain.events.catalogue import event_type
from domain.events.lanes import Lane
from domain.events.model import Recorded
from domain.handover.steps import HandoverMigrated
from domain.rights import access, complaints, decisions, disclosure, duties, hearing, letters, persons
from domain.rights.events import INTERNAL, holding
from domain.rights.model import RightsEvent

CITIZEN: Final = "citizen"
REPRESENTATIVE: Final = "representative"
OWN_ROLES: Final = frozenset({CITIZEN, REPRESENTATIVE})
"""Roles of those who stand outside every authority."""
SELF_SERVICE: Final = "self-service"
"""By which means she says something in her own view; nobody else says it so."""
TO_OTHERS: Final = frozenset({HandoverMigrated.NAME, HandoverEscalated.NAME})
"""What passes between authorities and is no step of hers: the workflow's version, and going up by number."""

WHOLE_CASE, ACCESS, APPEAL, HEARING = "whole-case", "access", "appeal", "hearing"
_OF_HEARING = frozenset(
    {
        hearing.HearingSent.NAME,
        hearing.HearingExtended.NAME,
        hearing.HearingAnswered.NAME,
        hearing.HearingOmitted.NAME,
        hearing.StatementDemanded.NAME,
        hearing.StatementLimitSet.NAME,
        hearing.StatementMade.NAME,
        hearing.StatementRefused.NAME,
        hearing.CitizenCommented.NAME,
    }
)
_OF_APPEAL = frozenset(
    {
        decisions.DecisionMade.NAME,
        decisions.WrittenReasonsRequested.NAME,
        decisions.WrittenReasonsDelayed.NAME,
        decisions.WrittenReasonsGiven.NAME,
        decisions.AppealPeriodInterrupted.NAME,
        decisions.AppealPeriodResumed.NAME,
        letters.LetterSent.NAME,
        letters.LetterArrived.NAME,
        *(
            each.NAME
            for each in (
                complaints.ComplaintReceived,
                complaints.ComplaintDelayNotified,
                complaints.ComplaintReconsidered,
                complaints.ComplaintForwarded,
                complaints.ComplaintUpheld,
                complaints.ComplaintWithdrawn,
                complaints.DialogueOpened,
                complaints.DialogueReported,
                complaints.AppealDecided,
            )
        ),
    }
)
_SEES: Mapping[str, frozenset[str] | None] = MappingProxyType(
    {WHOLE_CASE: None, ACCESS: None, HEARING: _OF_HEARING, APPEAL: _OF_APPEAL}
)
"""Scope of a representation -> the events that it shows; None: all that are hers."""

ACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        access.AccessRequested.NAME: frozenset({ACCESS, APPEAL, HEARING}),
        access.AccessWithdrawn.NAME: frozenset({ACCESS}),
        hearing.HearingAnswered.NAME: frozenset({HEARING}),
        hearing.StatementDemanded.NAME: frozenset({HEARING}),
        hearing.StatementMade.NAME: frozenset({HEARING}),
        hearing.CitizenCommented.NAME: frozenset({HEARING}),
        decisions.WrittenReasonsRequested.NAME: frozenset({APPEAL}),
        complaints.ComplaintReceived.NAME: frozenset({APPEAL}),
        complaints.ComplaintUpheld.NAME: frozenset({APPEAL}),
        complaints.ComplaintWithdrawn.NAME: frozenset({APPEAL}),
        disclosure.ConsentGiven.NAME: frozenset(),
        disclosure.ConsentWithdrawn.NAME: frozenset(),
        disclosure.ObjectionRegistered.NAME: frozenset(),
        disclosure.ObjectionLifted.NAME: frozenset(),
        duties.GuidanceRequested.NAME: frozenset({ACCESS, APPEAL, HEARING}),
        duties.TransitionRated.NAME: frozenset(),
        persons.RepresentationEnded.NAME: frozenset(),
    }
)
"""What she does herself -> the narrower scopes of a representation that cover it too.

Who represents her in the whole case does all of it, save what is `PERSONAL`.
"""
PERSONAL = frozenset({duties.TransitionRated.NAME, persons.RepresentationEnded.NAME})
"""Hers alone: how it went for her, and that somebody acts for her no more."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """As whom somebody stands before a case: the citizen, or a representative in a scope."""

    role: str
    scope: str = WHOLE_CASE

    def does(self, event: str) -> bool:
        """Whether the act is one that she, or her representative in this scope, takes."""
        if event not in ACTS or self.role not in OWN_ROLES:
            return False
        if self.role == CITIZEN:
            return True
        return event not in PERSONAL and (self.scope == WHOLE_CASE or self.scope in ACTS[event])

    def sees(self, event: str) -> bool:
        """Whether an event, by its name, is in the view."""
        if self.role not in OWN_ROLES or not is_hers(event):
            return False
        shown = _SEES.get(self.scope, frozenset())
        return shown is None or event in shown

    @property
    def sees_all(self) -> bool:
        """Whether the view is that of the whole case: its course, its clocks and who has read it."""
        return self.role in OWN_ROLES and _SEES.get(self.scope, frozenset()) is None


def is_hers(event: str) -> bool:
    """Whether an event, by its name, is in the citizen's own view."""
    kind = event_type(event)
    if issubclass(kind.facts, RightsEvent):
        return kind.facts not in INTERNAL
    return kind.lane is Lane.SHARED and event not in TO_OTHERS


def represented(lane: Iterable[Recorded], representative: str, scope: str, today: date) -> bool:
    """Whether somebody acts for her by this appointment today, in this scope at the least (FVL §8(1))."""
    holds = holding(lane)
    ended = {
        str(one.event.representative)
        for one in holds
        if isinstance(one.event, persons.RepresentationEnded | persons.RepresentativeRefused)
    }
    return representative not in ended and any(
        str(one.event.representative) == representative
        and one.event.scope in (WHOLE_CASE, scope)
        and (one.event.until is None or one.event.until >= today.isoformat())
        for one in holds
        if isinstance(one.event, persons.RepresentativeAppointed)
    )
