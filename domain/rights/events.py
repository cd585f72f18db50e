"""Every event of an authority's lane of rights, and which of them begins or concerns a matter."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from domain.events.model import Recorded
from domain.rights import access, complaints, decisions, disclosure, duties, hearing, letters, persons
from domain.rights.duties import RightsFactRetracted
from domain.rights.model import RightsEvent

RIGHTS_EVENTS: tuple[type[RightsEvent], ...] = (
    access.AccessRequested,
    access.AccessDelayNotified,
    access.AccessDecided,
    access.AccessGiven,
    access.AccessWithdrawn,
    decisions.ApplicationReceived,
    decisions.ProcessingDelayNotified,
    decisions.DecisionDrafted,
    hearing.HearingSent,
    hearing.HearingExtended,
    hearing.HearingAnswered,
    hearing.HearingAssessed,
    hearing.HearingOmitted,
    hearing.StatementDemanded,
    hearing.StatementLimitSet,
    hearing.StatementMade,
    hearing.StatementRefused,
    decisions.DecisionMade,
    decisions.WrittenReasonsRequested,
    decisions.WrittenReasonsDelayed,
    decisions.WrittenReasonsGiven,
    decisions.AppealPeriodInterrupted,
    decisions.AppealPeriodResumed,
    decisions.EndingNotified,
    letters.LetterSent,
    letters.LetterArrived,
    letters.LetterNotDelivered,
    complaints.ComplaintReceived,
    complaints.ComplaintDelayNotified,
    complaints.ComplaintReconsidered,
    complaints.ComplaintForwarded,
    complaints.ComplaintUpheld,
    complaints.ComplaintWithdrawn,
    complaints.DialogueOpened,
    complaints.DialogueReported,
    complaints.AppealDecided,
    disclosure.ConsentGiven,
    disclosure.ConsentWithdrawn,
    disclosure.ObjectionRegistered,
    disclosure.ObjectionLifted,
    disclosure.DisclosedWithoutConsent,
    disclosure.CitizenInformed,
    persons.RepresentativeAppointed,
    persons.RepresentationEnded,
    persons.RepresentativeRefused,
    persons.CompanionAttended,
    persons.DisqualificationDeclared,
    persons.CaseworkerReplaced,
    duties.OralInformationReceived,
    duties.NoteMade,
    duties.GuidanceRequested,
    duties.GuidanceGiven,
    duties.TransitionRated,
    hearing.CitizenCommented,
    RightsFactRetracted,
)

TOLD_TO_BOTH: frozenset[type[RightsEvent]] = frozenset(
    {
        decisions.EndingNotified,
        disclosure.ConsentGiven,
        disclosure.ConsentWithdrawn,
        disclosure.ObjectionRegistered,
        disclosure.ObjectionLifted,
    }
)
"""What the other party of the handover sees too: what she says of disclosure binds both."""

RECEIVED: frozenset[type[RightsEvent]] = frozenset(
    {
        access.AccessRequested,
        access.AccessWithdrawn,
        decisions.ApplicationReceived,
        hearing.HearingAnswered,
        hearing.StatementDemanded,
        hearing.StatementMade,
        hearing.CitizenCommented,
        decisions.WrittenReasonsRequested,
        letters.LetterArrived,
        letters.LetterNotDelivered,
        complaints.ComplaintReceived,
        complaints.ComplaintUpheld,
        complaints.ComplaintWithdrawn,
        complaints.DialogueOpened,
        complaints.AppealDecided,
        disclosure.ConsentGiven,
        disclosure.ConsentWithdrawn,
        disclosure.ObjectionRegistered,
        disclosure.ObjectionLifted,
        persons.RepresentativeAppointed,
        persons.RepresentationEnded,
        persons.CompanionAttended,
        duties.OralInformationReceived,
        duties.GuidanceRequested,
        duties.TransitionRated,
    }
)
"""What comes to an authority from others, and has the time when it came. Every other act is the authority's
own: it happens now, or it happened outside Overgang and says so."""

WORKING: frozenset[type[RightsEvent]] = frozenset({decisions.DecisionDrafted, hearing.HearingAssessed})
"""What is written with these is an authority's own working document (FVL §12)."""

INTERNAL: frozenset[type[RightsEvent]] = WORKING | {
    persons.DisqualificationDeclared,
    persons.CaseworkerReplaced,
    duties.OralInformationReceived,
    duties.NoteMade,
}
"""Steps of an authority's own work, which are not in the citizen's own view."""

MATTERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "request": frozenset({"access-requested"}),
        "hearing": frozenset({"hearing-sent"}),
        "decision": frozenset({"application-received", "decision-drafted", "decision-made"}),
        "complaint": frozenset({"complaint-received"}),
        "letter": frozenset({"letter-sent"}),
        "consent": frozenset({"consent-given"}),
        "disclosure": frozenset({"disclosed-without-consent"}),
        "representative": frozenset({"representative-appointed", "representative-refused"}),
        "person": frozenset({"disqualification-declared"}),
        "information": frozenset({"oral-information-received"}),
        "inquiry": frozenset({"guidance-requested"}),
    }
)
"""The fact that names a matter -> the events that may begin one. `matter` names any of them."""
MAY_CONCERN: Mapping[str, frozenset[str]] = MappingProxyType({"complaint-received": frozenset({"request"})})
"""Event -> what its decision may be beside a decision: she may complain of an answer to her request for
access, or, with the handover's own id, of what was done without any decision."""


SAME_AS: Mapping[str, tuple[str, str, tuple[str, ...]]] = MappingProxyType(
    {
        "access-decided": ("access-requested", "request", ("regime",)),
        "hearing-extended": ("hearing-sent", "hearing", ("decision",)),
        "hearing-answered": ("hearing-sent", "hearing", ("decision",)),
        "letter-arrived": ("letter-sent", "letter", ("matter", "about")),
        "letter-not-delivered": ("letter-sent", "letter", ("matter",)),
        "appeal-decided": ("complaint-received", "complaint", ("decision",)),
    }
)
"""Event -> what began its matter, by which fact, and what both must say alike: a request is decided under its
own regime, and a letter proves nothing about another matter than its own."""


def holding(events: Iterable[Recorded]) -> list[Recorded]:
    """The events of a lane that hold: without those that were retracted, and without the retractions."""
    lane = list(events)
    retracted = {one.event.position for one in lane if isinstance(one.event, RightsFactRetracted)}
    return [
        one
        for one in lane
        if one.header.position not in retracted and not isinstance(one.event, RightsFactRetracted)
    ]


def matter_fault(event: RightsEvent, lane: Sequence[Recorded]) -> str | None:
    """Why an event names matters wrongly: one that nothing has begun, one that was begun before, or one of
    which it says something else than what began it."""
    known = {name: _known(name, lane) for name in MATTERS}
    for name, begins in MATTERS.items():
        value = getattr(event, name, None)
        if value is None:
            continue
        if event.NAME not in begins:
            if value not in known[name] and not _may_concern(event, name, known):
                return "matter-unknown"
        elif any(one.event.NAME == event.NAME and getattr(one.event, name) == value for one in lane):
            return "matter-known"
    if _differs(event, lane):
        return "matter-differs"
    matter = getattr(event, "matter", None)
    if matter is not None and matter != event.handover and not any(matter in ids for ids in known.values()):
        return "matter-unknown"
    after = getattr(event, "after", None)
    return "matter-unknown" if after is not None and after not in known["decision"] else None


def _differs(event: RightsEvent, lane: Sequence[Recorded]) -> bool:
    if event.NAME not in SAME_AS:
        return False
    began, by, alike = SAME_AS[event.NAME]
    return any(
        getattr(one.event, name) != getattr(event, name)
        for one in lane
        if began == one.event.NAME and getattr(one.event, by) == getattr(event, by)
        for name in alike
    )


def _may_concern(event: RightsEvent, name: str, known: Mapping[str, set[object]]) -> bool:
    others = MAY_CONCERN.get(event.NAME, frozenset())
    if name != "decision" or not others:
        return False
    value = getattr(event, name)
    return value == event.handover or any(value in known[other] for other in others)


def _known(name: str, lane: Sequence[Recorded]) -> set[object]:
    return {getattr(one.event, name) for one in lane if one.event.NAME in MATTERS[name]}


def retracted(event: RightsFactRetracted, lane: Sequence[Recorded]) -> Recorded | None:
    """The event that a retraction names, where the lane has it and it still holds."""
    named = (event.position, event.retracts)
    return next((one for one in lane if (one.header.position, one.header.event) == named), None)
