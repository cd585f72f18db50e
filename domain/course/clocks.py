"""The two 14-day clocks to treatment, from facts that can be defended (SUL §82c, §87; SEL §101(4), SUL
§§141-142; law.md 9.2).

The municipality's starts when the document is available in its mailbox with the citizen's documented wish
for treatment, or at her own contact, whichever is first; the region's at a henvisning that counts. What
the law leaves open is a setting (`domain.law.responsibility`).
"""

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from domain.calendar.working_days import danish_day
from domain.course import events as f
from domain.course.facts import standing
from domain.document.moves import Form, starts_receivers_clock
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.events import DocumentFacts, HandoverCompleted, HandoverDelivered
from domain.handover.parties import MUNICIPALITY, kind_of
from domain.handover.steps import HandoverCarriedOver, HandoverCorrected
from domain.law.deadlines import deadline
from domain.law.responsibility import settings

WISH = "borgerens_perspektiv.wishes_treatment"
WISH_DOCUMENTED = "overgang.treatment_wish_documented"
EVERY_MOVE = "every-move"
AVAILABILITY, INQUIRY, REFERRAL = "availability-with-wish", "inquiry", "referral-that-counts"


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What may start a clock: the fact, when, and towards whom."""

    authority: str
    at: str
    because: str
    cause: int


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """A clock: `running`, `stopped` (treatment started, or nobody to treat), `exempt` (she chose another
    place), or `withdrawn`. `starts` are all the facts that would have started it, the first one first."""

    rule: str
    authority: str
    started_at: str
    because: str
    due: date
    status: str
    ended_at: str | None
    starts: tuple[Start, ...]


def clocks(case: Sequence[Recorded]) -> tuple[Clock, ...]:
    """Every clock of a handover, from its workflow stream and its facts, by start."""
    facts, ended, place = standing(case), _taken_back(case), _successors(case)
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
            found.append(_clock(settings()[kind], authority, own, ended.get(authority), facts, place))
    return tuple(sorted(found, key=lambda clock: (clock.started_at, clock.rule, clock.authority)))


def _successors(case: Sequence[Recorded]) -> Callable[[str], str]:
    """A clock of an authority that was succeeded is its successor's, and runs on."""
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


_TAKEN_BACK = frozenset({"handover-withdrawn", "handover-withdrawal-confirmed", "handover-entered-in-error"})
_SENT_BACK = frozenset({"handover-returned", "handover-misdirected", "handover-wrong-person"})


def _taken_back(case: Sequence[Recorded]) -> dict[str, str]:
    """Authority -> when the document was withdrawn from it, or it was shown to be with the wrong one."""
    found: dict[str, str] = {}
    receiver = None
    for recorded in case:
        if isinstance(recorded.event, HandoverDelivered):
            receiver = recorded.event.receiver_authority
            found.pop(receiver, None)
        elif receiver is not None and recorded.header.event in _TAKEN_BACK | _SENT_BACK:
            found[receiver] = recorded.header.occurred_at
    return found


def _clock(
    rule: dict[str, object],
    authority: str,
    starts: tuple[Start, ...],
    taken_back: str | None,
    facts: Sequence[Recorded],
    place: Callable[[str], str],
) -> Clock:
    stopped_by = rule["withdrawal_stops"]
    assert isinstance(stopped_by, list)
    standing_starts = [one for one in starts if taken_back is None or one.because not in stopped_by]
    # A withdrawn handover stops no clock that the citizen's own approach has started.
    first = standing_starts[0] if standing_starts else starts[0]
    status, ended_at = ("running", None) if standing_starts else ("withdrawn", taken_back)
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
