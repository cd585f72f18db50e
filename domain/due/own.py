"""The handover's own limits: what waits on its way, with its receiver, or back with its sender.

Nothing unread expires, it escalates (design idea 5); and so does what is held, did not arrive, came back, or
asks something that nobody answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from uuid import UUID

import msgspec

from domain.calendar.counting import count
from domain.calendar.working_days import CalendarEnds, danish_day, lenient_calendar, strict_calendar
from domain.due.obligation import Obligation
from domain.due.reminders import DELIVERED, HELD, QUESTION, RETURNED, TAKEN_OVER, own_limits
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.events import HandoverCompleted, HandoverSubmitted
from domain.handover.fold import fold
from domain.handover.limits import take_over_by
from domain.handover.state import Handover
from domain.handover.steps import HandoverCorrected, HandoverQuestionAsked
from domain.rights.dates import NONE, Ends

PHASES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("submitted", "routed", "sent"), DELIVERED),
        "held": HELD,
        **dict.fromkeys(("returned", "misdirected"), RETURNED),
        **dict.fromkeys(("delivered", "opened", "acknowledged", "declined"), TAKEN_OVER),
    }
)
"""Status -> what is awaited in it."""
ANSWERED_IN = frozenset({"delivered", "opened", "acknowledged", "declined", "taken_over"})
"""Where a question still waits for its answer."""


class Walked(msgspec.Struct, frozen=True, kw_only=True):
    """A handover's steps, walked through: how it stands, since when, and which unit had it where."""

    state: Handover
    since: Recorded
    """The step that brought it into what is awaited now."""
    take_over_by: str | None
    asked: Mapping[UUID, Recorded]
    units: Mapping[str, str]
    """Authority -> the unit of it that had the case last."""


def walk(steps: Sequence[Recorded]) -> Walked | None:
    """Walk through a workflow stream; None where it does not begin."""
    state: Handover | None = None
    since: Recorded | None = None
    limit: str | None = None
    asked: dict[UUID, Recorded] = {}
    units: dict[str, str] = {}
    for one in steps:
        before, state = state, fold(state, [one])
        if state is None:
            continue
        if before is None or PHASES.get(before.status) != PHASES.get(state.status):
            since = one
        limit = _limit(one, limit)
        if isinstance(one.event, HandoverQuestionAsked):
            asked[one.event.question] = one
        units[state.sender_authority] = state.sender_unit
        if state.receiver_authority is not None and state.receiver_unit is not None:
            units[state.receiver_authority] = state.receiver_unit
    if state is None or since is None:
        return None
    return Walked(state=state, since=since, take_over_by=limit, asked=asked, units=units)


def _limit(one: Recorded, before: str | None) -> str | None:
    """The take-over limit after a step; the hours of an urgency count from when it was stated."""
    facts = one.event
    if not isinstance(facts, HandoverSubmitted | HandoverCompleted | HandoverCorrected):
        return before
    stated = facts.submitted_at if isinstance(facts, HandoverCorrected) else one.header.occurred_at
    return take_over_by(facts.document_facts, facts.template, facts.template_version, stated)


def own_obligations(walked: Walked) -> Iterator[Obligation]:
    """What the handover itself waits for."""
    state = walked.state
    awaited = PHASES.get(state.status)
    if awaited == TAKEN_OVER:
        if walked.take_over_by is not None and state.receiver_authority is not None:
            limit = from_instant(walked.take_over_by)
            yield _made(walked, TAKEN_OVER, state.receiver_authority, walked.since, (limit, limit))
    elif awaited is not None and not (awaited == RETURNED and state.unresolved_at is not None):
        # A dispute goes its own way up, at once.
        yield _made(walked, awaited, state.sender_authority, walked.since)
    if state.status in ANSWERED_IN:
        for question in state.questions:
            yield _made(walked, QUESTION, state.sender_authority, walked.asked[question], matter=question)


def _made(
    walked: Walked,
    rule: str,
    authority: str,
    since: Recorded,
    ends: Ends | None = None,
    matter: UUID | None = None,
) -> Obligation:
    at = since.header.occurred_at
    strict, lenient = _counted(rule, danish_day(from_instant(at))) if ends is None else ends
    return Obligation(
        handover=walked.state.id,
        authority=authority,
        unit=walked.units.get(authority),
        rule=rule,
        certainty=own_limits()[rule].certainty,
        matter=matter or walked.state.id,
        trigger=since.header.position,
        trigger_event=since.header.event,
        since=at,
        strict=strict,
        lenient=lenient,
    )


def _counted(rule: str, day: date) -> Ends:
    length = own_limits()[rule].length
    if length is None:
        return NONE
    try:
        strict, lenient = (
            count(day, length, "working-days", calendar, "last-of-month")
            for calendar in (strict_calendar(), lenient_calendar())
        )
    except CalendarEnds:
        return NONE
    return strict, lenient
