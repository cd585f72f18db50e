"""The two 14-day clocks to treatment, from facts that can be defended (SUL §82c, §87; SEL §101(4), SUL
§§141-142; law.md 9.2).

The municipality's starts when the document is available in its mailbox with the citizen's documented wish
for treatment, or at her own contact, whichever is first; the region's at a henvisning that counts. What
the law leaves open is a setting (`domain.law.responsibility`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from domain.calendar.working_days import danish_day
from domain.course import events as f
from domain.course.facts import standing
from domain.course.succeeded import successors
from domain.document.moves import Form, starts_receivers_clock
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover import exits as x
from domain.handover.events import (
    DocumentFacts,
    HandoverCompleted,
    HandoverDelivered,
    HandoverTakenOver,
)
from domain.handover.parties import MUNICIPALITY, kind_of
from domain.handover.steps import HandoverCorrected
from domain.law.deadlines import deadline
from domain.law.responsibility import settings

WISH = "borgerens_perspektiv.wishes_treatment"
WISH_DOCUMENTED = "overgang.treatment_wish_documented"
EVERY_MOVE = "every-move"
AVAILABILITY, INQUIRY, REFERRAL = "availability-with-wish", "inquiry", "referral-that-counts"
WITHDRAWAL, WRONG_RECEIVER, UNRESOLVED = "withdrawal_stops", "wrong_receiver_stops", "unresolved_stops"
"""The settings that say which starts no longer count when the document was taken back, was with a wrong
receiver, or is with one of two that both say no."""


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What may start a clock: the fact, when, and towards whom."""

    authority: str
    at: str
    because: str
    cause: int


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """A clock: `running`, `stopped` (treatment started, or nobody to treat), `exempt` (she chose another
    place), or `withdrawn` (taken back, or with a wrong receiver). `starts` are all the facts that would have
    started it, the first one first."""

    rule: str
    authority: str
    started_at: str
    because: str
    due: date
    status: str
    ended_at: str | None
    starts: tuple[Start, ...]


def clocks(case: Sequence[Recorded]) -> tuple[Clock, ...]:
    """Every clock of a handover, from its workflow stream and its facts, by start.

    One of an authority that was succeeded is its successor's, and runs on.
    """
    facts, place = standing(case), successors(case)
    stops = _stops(case, place)
    found: list[Clock] = []
    for kind, starts in (
        ("municipal_clock", _available(case) + _inquiries(facts)),
        ("regional_clock", _referrals(facts)),
    ):
        allowed = settings()[kind]["starts"]
        by_time = sorted(starts, key=lambda start: (start.at, start.cause))
        placed = [
            msgspec.structs.replace(start, authority=place(start.authority))
            for start in by_time
            if start.because in allowed
        ]
        for authority in dict.fromkeys(start.authority for start in placed):
            own = tuple(start for start in placed if start.authority == authority)
            found.append(_clock(settings()[kind], authority, own, stops.get(authority, {}), facts, place))
    return tuple(sorted(found, key=lambda clock: (clock.started_at, clock.rule, clock.authority)))


def _own(recorded: Recorded) -> bool:
    """Whether a document is the sender's alone: it had come back, and reaches no mailbox."""
    event = recorded.event
    if isinstance(event, HandoverCorrected):
        return not event.delivered
    return isinstance(event, HandoverCompleted) and len(recorded.header.visible_to) < 2


def _available(case: Sequence[Recorded]) -> list[Start]:
    """Each document that came to a municipality's mailbox with the wish: delivered, completed, corrected."""
    starts: list[Start] = []
    sender = receiver = None
    for recorded in case:
        event = recorded.event
        if isinstance(event, HandoverDelivered):
            sender, receiver = event.sender_authority, event.receiver_authority
        if (
            isinstance(event, HandoverDelivered | HandoverCompleted | HandoverCorrected)
            and not _own(recorded)
            and sender is not None
            and receiver is not None
            and kind_of(receiver) == MUNICIPALITY
            and _wishes(event.document_facts)
            and _at_stake(event, sender, receiver)
        ):
            starts.append(_start(receiver, recorded, AVAILABILITY))
    return starts


def _at_stake(
    event: HandoverDelivered | HandoverCompleted | HandoverCorrected, sender: str, receiver: str
) -> bool:
    """Whether the move changes whose the treatment is (design section 5; law.md 9.2, U)."""
    if settings()["municipal_clock"]["availability_of"] == EVERY_MOVE:
        return True
    between = kind_of(sender) == kind_of(receiver) == MUNICIPALITY
    return starts_receivers_clock(Form(event.move_from), Form(event.move_to), change_of_handlekommune=between)


def _inquiries(facts: Sequence[Recorded]) -> list[Start]:
    return [
        _start(one.header.authority, one, INQUIRY)
        for one in facts
        if isinstance(one.event, f.InquiryReceived)
        and one.event.wishes_treatment
        and kind_of(one.header.authority) == MUNICIPALITY
    ]


def _referrals(facts: Sequence[Recorded]) -> list[Start]:
    return [
        _start(one.event.region, one, REFERRAL)
        for one in facts
        if isinstance(one.event, f.ReferralReceived) and one.event.counts
    ]


def _wishes(facts: DocumentFacts) -> bool:
    """The citizen's documented wish for treatment; the first template had one field for both."""
    return facts.get(WISH, facts.get(WISH_DOCUMENTED)) is True


def _start(authority: str, recorded: Recorded, because: str) -> Start:
    header = recorded.header
    return Start(authority=authority, at=header.occurred_at, because=because, cause=header.position)


def _stops(case: Sequence[Recorded], place: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """Authority -> setting -> since when the document has not been with it in the way that starts a clock.

    A document that a receiver sends on, or back, was with a wrong one, until both say no: then nobody
    knows which was the wrong one, and what either says of it stops nothing until it is settled.
    """
    found: dict[str, dict[str, str]] = {}
    receiver, unresolved = "", False
    for recorded in case:
        event, at = recorded.event, recorded.header.occurred_at
        if isinstance(event, HandoverDelivered):
            receiver = place(event.receiver_authority)
            found[receiver] = {}
        if not receiver:
            continue
        stops = found[receiver]
        match event:
            case x.HandoverResponsibilityUnresolved():
                unresolved = True
                stops[UNRESOLVED] = stops.pop(WRONG_RECEIVER, at)
            case x.HandoverResponsibilityResolved() | HandoverTakenOver():
                unresolved = False
                stops.pop(UNRESOLVED, None)
            case x.HandoverReturned() | x.HandoverMisdirected() if not unresolved:
                stops.setdefault(WRONG_RECEIVER, at)
            case x.HandoverForwarded() | x.HandoverWrongPerson():
                stops.setdefault(WRONG_RECEIVER, at)
            case x.HandoverRedirected() if place(event.receiver_authority) != receiver:
                stops.setdefault(WRONG_RECEIVER, at)
            case x.HandoverWithdrawn() | x.HandoverWithdrawalConfirmed() | x.HandoverEnteredInError():
                stops[WITHDRAWAL] = at
    return found


def _clock(
    rule: Mapping[str, Any],
    authority: str,
    starts: tuple[Start, ...],
    stops: Mapping[str, str],
    facts: Sequence[Recorded],
    place: Callable[[str], str],
) -> Clock:
    def stopped(start: Start) -> str | None:
        return min((at for setting, at in stops.items() if start.because in rule[setting]), default=None)

    standing_starts = [one for one in starts if stopped(one) is None]
    # A withdrawn handover stops no clock that the citizen's own approach has started.
    first = standing_starts[0] if standing_starts else starts[0]
    status, ended_at = ("running", None) if standing_starts else ("withdrawn", stopped(first))
    ending = _ending(facts, authority, place, first.at)
    if ending is not None and status == "running":
        status, ended_at = ending
    due = deadline(str(rule["rule"]), danish_day(from_instant(first.at))).strict
    return Clock(
        rule=str(rule["rule"]),
        authority=authority,
        started_at=first.at,
        because=first.because,
        due=due,
        status=status,
        ended_at=ended_at,
        starts=starts,
    )


def _ending(
    facts: Sequence[Recorded], authority: str, place: Callable[[str], str], since: str
) -> tuple[str, str] | None:
    """What ended a clock first, and when: treatment that began before it counts while it lasts."""
    in_treatment: str | None = None
    for recorded in facts:
        at = recorded.header.occurred_at
        if in_treatment is not None and at >= since:
            break
        match recorded.event:
            case f.TreatmentStarted(authority=by) if place(by) == authority:
                in_treatment = at
            case f.TreatmentEnded(authority=by) if place(by) == authority:
                in_treatment = None
            case f.CitizenDeceased():
                return "stopped", at
            case f.ReferredElsewhere(citizens_choice=True) if (
                at >= since and place(recorded.header.authority) == authority
            ):
                return "exempt", at
    return None if in_treatment is None else ("stopped", in_treatment)
