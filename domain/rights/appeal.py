"""Where a complaint goes, and whether it comes too late: read from the lane, not asked of her (law.md 7)."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from domain.calendar.working_days import CalendarEnds, danish_day
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.parties import REGION, kind_of
from domain.law.appeal_tracks import AppealTrackUnknown, Track, last_date, tracks_by_id, tracks_for
from domain.rights.access import AccessDecided
from domain.rights.decisions import AppealPeriodInterrupted, AppealPeriodResumed, DecisionMade
from domain.rights.letters import LetterArrived, LetterSent
from domain.rights.rule import rights_register

NO_BODY = "b"
"""No ordinary appeal body known: the complaint is received and passed on all the same (KOM §48)."""
CLINICAL = "d"
"""What a region did without a decision is clinical: she complains of it to the agency (KEL §1)."""
ACCESS_BASIS = {"fvl": "fvl:16", "sul": "sul:38", "ofl": "ofl:36", "gdpr": "gdpr:15"}
"""Regime of access -> the provision under which it was answered."""


def track_of(lane: Sequence[Recorded], authority: str, matter: UUID, today: date) -> str:
    """The track of a complaint of a matter: the one she was told of, or else that of its legal basis.

    `matter`: a decision, a request for access, or anything else, which was done without a decision. A matter
    whose track nobody knows has none, and that is a track of its own.
    """
    found = _told(lane, matter) or _by_basis(lane, authority, matter, today)
    return found if found in rights_register().values["track"] else NO_BODY


def _told(lane: Sequence[Recorded], matter: UUID) -> str | None:
    decided = [
        one.event
        for one in lane
        if (isinstance(one.event, DecisionMade) and one.event.decision == matter)
        or (isinstance(one.event, AccessDecided) and one.event.request == matter)
    ]
    guidance = getattr(decided[-1], "guidance", ()) if decided else ()
    return guidance[0] if guidance else None


def _by_basis(lane: Sequence[Recorded], authority: str, matter: UUID, today: date) -> str:
    kind: Literal["region", "municipality"] = "region" if kind_of(authority) == REGION else "municipality"
    made = {one.event.decision: one.event.legal_basis for one in lane if isinstance(one.event, DecisionMade)}
    regimes = {one.event.request: one.event.regime for one in lane if isinstance(one.event, AccessDecided)}
    if matter in made:
        asked: list[tuple[str, str | None]] = [(made[matter], None)]
    elif matter in regimes:
        # Access is appealed as the main case is (FVL §16(4)), where there is one.
        basis = ACCESS_BASIS[regimes[matter]]
        asked = [(basis, main) for main in (*reversed(made.values()), None)]
    else:
        return CLINICAL if kind == "region" else NO_BODY
    for basis, main in asked:
        try:
            tracks = tracks_for(basis, kind, today, main=main)
        except AppealTrackUnknown:
            continue
        return next((one.code for one in tracks if one.body is not None), tracks[0].code)
    return NO_BODY


def is_late(lane: Sequence[Recorded], matter: UUID, track: str, today: date) -> bool:
    """Whether the period of appeal is over for certain. Without proof of arrival none has begun (RSL §67)."""
    periods = [
        one.event
        for one in sorted(lane, key=lambda one: (one.header.occurred_at, one.header.position))
        if isinstance(one.event, AppealPeriodInterrupted | AppealPeriodResumed)
        and one.event.decision == matter
    ]
    if periods:
        last = periods[-1]
        return isinstance(last, AppealPeriodResumed) and today > date.fromisoformat(last.ends_on)
    known = next((one for one in tracks_by_id().values() if one.code == track), None)
    ends = None if known is None else _ends(lane, matter, known)
    return ends is not None and today > ends


def _ends(lane: Sequence[Recorded], matter: UUID, track: Track) -> date | None:
    arrived = {
        one.event.letter: danish_day(from_instant(one.header.occurred_at))
        for one in lane
        if isinstance(one.event, LetterArrived) and one.event.matter == matter
    }
    sent = [one.event for one in lane if isinstance(one.event, LetterSent) and one.event.letter in arrived]
    try:
        found = [last_date(track, date.fromisoformat(one.presumed_on), arrived[one.letter]) for one in sent]
    except CalendarEnds:
        return None
    told = [date.fromisoformat(one.told_last_date) for one in sent if one.told_last_date is not None]
    # She may rely on the date that the letter told her.
    return max((one for one in (*found, *told) if one is not None), default=None)
