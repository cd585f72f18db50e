"""Conditions that a table cannot say: each named in the register, each a pure function of what happened."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import msgspec

from domain.calendar.counting import count
from domain.calendar.working_days import CalendarEnds, strict_calendar
from domain.handover.parties import REGION, kind_of
from domain.law.access_rules import access_rules
from domain.law.appeal_tracks import (
    AppealTrackUnknown,
    AuthorityKind,
    Track,
    last_date,
    tracks_by_id,
    tracks_for,
)
from domain.law.deadline_register import deadline_register
from domain.rights.moment import Moment, day_of
from domain.rights.say import DISCLOSURE, withdrawal_stops

RESUMED_AT_LEAST = timedelta(days=14)
"""What is left of an interrupted appeal period at the least (FVL §17(2), §20(3))."""

COVERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "access": frozenset({"access"}),
        "hearing": frozenset({"hearing"}),
        "appeal": frozenset({"complaint"}),
    }
)
"""Scope of a representative -> what letters of it are about; one for the whole case gets all."""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What happened before, and whose act is judged. `place`: who stands in an authority's place today."""

    moments: Sequence[Moment]
    owner: str
    place: Callable[[str], str]

    def of(self, *events: str) -> list[Moment]:
        """The earlier events of these names in the owner's own lane, also from before it took another's
        place. What another authority does in its lane binds nobody else."""
        return [one for one in self.said(*events) if self.place(one.controller) == self.owner]

    def said(self, *events: str) -> list[Moment]:
        """The earlier events of these names in either lane: what she says of disclosure binds both."""
        return [one for one in self.moments if one.event in events]


def by_a_person_not_disqualified(act: Moment, past: Past) -> bool:
    """Whoever was declared disqualified takes no part (FVL §3(3))."""
    return all(one.fact("person") != str(act.actor) for one in past.of("disqualification-declared"))


def addressed_to_representative(act: Moment, past: Past) -> bool:
    """Where somebody acts for her in letters, they go there too (FVL §8(1))."""
    day = _day(act).isoformat()
    ended = {one.fact("representative") for one in past.of("representation-ended")}
    acting = [
        one
        for one in past.of("representative-appointed")
        if one.fact("letters")
        and one.fact("representative") not in ended
        and (one.fact("until") is None or str(one.fact("until")) >= day)
        and act.fact("about") in COVERS.get(str(one.fact("scope")), {act.fact("about")})
    ]
    return not acting or act.fact("addressee") != "citizen"


def resumed_long_enough(act: Moment, past: Past) -> bool:
    """What was left of the appeal period, and 14 days at the least (FVL §17(2), §20(3))."""
    decision = act.fact("decision")
    about = [
        one
        for one in past.of("letter-sent", "letter-arrived", "appeal-period-resumed")
        if decision in (one.fact("matter"), one.fact("decision"))
    ]
    told = [one.fact("told_last_date") or one.fact("ends_on") for one in about]
    ends = [*_told_at_last(told), *_due(about)]
    stopped = [one for one in past.of("appeal-period-interrupted") if one.fact("decision") == decision]
    left = max(ends) - _day(stopped[-1]) if ends and stopped else RESUMED_AT_LEAST
    return date.fromisoformat(str(act.fact("ends_on"))) >= _day(act) + max(left, RESUMED_AT_LEAST)


def _told_at_last(told: Sequence[Any]) -> list[date]:
    return [date.fromisoformat(str(one)) for one in told if one is not None][-1:]


def _due(about: Sequence[Moment]) -> list[date]:
    """The last dates that follow from when the letters arrived, whatever they told (RSL §67, KEL §10)."""
    arrived = {one.fact("letter"): _day(one) for one in about if one.event == "letter-arrived"}
    found = []
    for one in about:
        track = _track(one.fact("track"))
        if one.event == "letter-sent" and track is not None:
            presumed = date.fromisoformat(str(one.fact("presumed_on")))
            with suppress(CalendarEnds):
                found.append(last_date(track, presumed, arrived.get(one.fact("letter"))))
    return [one for one in found if one is not None]


def _track(code: object) -> Track | None:
    return next((one for one in tracks_by_id().values() if one.code == code), None)


def hearing_time_given(act: Moment, past: Past) -> bool:
    """The time to answer runs from the hearing letter's arrival (law.md 11.4, HOERING): one that came later
    than presumed gives as many days more. What she has answered needs no more time."""
    decision, day = act.fact("decision"), _day(act)
    answered = {one.fact("hearing") for one in past.of("hearing-answered")}
    arrived = {one.fact("letter"): _day(one) for one in past.of("letter-arrived")}
    late: dict[Any, timedelta] = {}
    for letter in past.of("letter-sent"):
        if (came := arrived.get(letter.fact("letter"))) is not None:
            late[letter.fact("matter")] = came - date.fromisoformat(str(letter.fact("presumed_on")))
    return not any(
        hearing.fact("decision") == decision
        and hearing.fact("hearing") not in answered
        and (more := late.get(hearing.fact("hearing"), timedelta(0))) > timedelta(0)
        and day <= date.fromisoformat(str(hearing.fact("answer_by"))) + more
        for hearing in past.of("hearing-sent", "hearing-extended")
    )


def decided_anew(act: Moment, past: Past) -> bool:
    """What succeeds on reconsideration is a new decision in place of the one complained of (RSB §11(1)).

    An answer to a request for access is decided anew under its own request.
    """
    complaint = act.fact("complaint")
    received = [one for one in past.of("complaint-received") if one.fact("complaint") == complaint]
    about = {one.fact("decision") for one in received}
    since = min((one.occurred_at for one in received), default=act.occurred_at)
    return any(
        one.fact("after") in about or (one.fact("request") in about and one.occurred_at > since)
        for one in past.of("decision-made", "access-decided")
    )


def promised_within_extension(act: Moment, past: Past) -> bool:
    """The month to answer under GDPR art. 12(3) is extended by two more at the most."""
    asked = [one for one in past.of("access-requested") if one.fact("request") == act.fact("request")]
    rule = access_rules().get(str(asked[-1].fact("regime"))) if asked else None
    if rule is None or rule.months_at_most is None:
        return True
    missing_day = deadline_register().counting.missing_day.value
    last = count(_day(asked[-1]), rule.months_at_most, "months", strict_calendar(), missing_day)
    return date.fromisoformat(str(act.fact("promised_on"))) <= last


def _day(found: Moment) -> date:
    return day_of(found.occurred_at)


def not_known_to_be_withdrawn(act: Moment, past: Past) -> bool:
    """Consent to disclosure that was taken back carries no further leg of what is disclosed on it (SUL §44;
    RSL §11a)."""
    given = ("consent-given",)
    latest = [one for one in past.said("consent-withdrawn", *given) if one.fact("scope") == DISCLOSURE]
    if not latest or latest[-1].event in given:
        return True
    written = [facts for one in (*past.moments, act) if (facts := one.fact("document_facts")) is not None]
    return not withdrawal_stops(written[-1] if written else {}, _day(latest[-1]).isoformat())


def no_objection(act: Moment, past: Past) -> bool:
    """She may say no to disclosure without consent (SUL §41(3))."""
    latest = [
        one
        for one in past.said("objection-registered", "objection-lifted")
        if one.fact("scope") == "disclosure"
    ]
    return not latest or latest[-1].event == "objection-lifted"


def grounds_stated(act: Moment, past: Past) -> bool:
    """What is left out rests on a named provision (FVL §24)."""
    return bool(act.fact("grounds"))


def guidance_stated(act: Moment, past: Past) -> bool:
    """She was told where to appeal (FVL §16(4), §25; OFL §38)."""
    return bool(act.fact("guidance"))


def guidance_matches_tracks(act: Moment, past: Past) -> bool:
    """She was told of every track that the legal basis and the deciding authority give (FVL §25)."""
    stated = set(act.fact("guidance") or ())
    kind: AuthorityKind = "region" if kind_of(act.controller) == REGION else "municipality"
    try:
        due = tracks_for(str(act.fact("legal_basis")), kind, _day(act))
    except AppealTrackUnknown:
        return bool(stated)
    return {track.code for track in due} <= stated


def record_grounds(act: Moment, past: Past) -> bool:
    """The patient record has exceptions of its own (SUL §37); those of FVL do not apply."""
    grounds = act.fact("grounds") or ()
    return bool(grounds) and all(str(one).startswith("sul:37") for one in grounds)


def conditions_not_all_met(act: Moment, past: Past) -> bool:
    """A hearing is due only where all four conditions of FVL §19(1) are met."""
    assessed = [one for one in past.of("hearing-assessed") if one.fact("decision") == act.fact("decision")]
    met = ("factual", "unaware", "detrimental", "essential")
    return bool(assessed) and not all(assessed[-1].fact(name) for name in met)


def hearing_not_returned(act: Moment, past: Past) -> bool:
    """A hearing whose letter came back has not reached her: it is sent again, or the decision waits."""
    decision, returned = act.fact("decision"), False
    hearings = {one.fact("hearing") for one in past.of("hearing-sent") if one.fact("decision") == decision}
    for one in past.of("hearing-sent", "hearing-answered", "letter-not-delivered"):
        if one.event == "letter-not-delivered":
            returned = returned or one.fact("matter") in hearings
        elif one.fact("decision") == decision:
            returned = False
    return not returned


Check = Callable[[Moment, Past], bool]
CONDITIONS: Mapping[str, Check] = MappingProxyType(
    {
        "by-a-person-not-disqualified": by_a_person_not_disqualified,
        "addressed-to-representative": addressed_to_representative,
        "resumed-long-enough": resumed_long_enough,
        "decided-anew": decided_anew,
        "hearing-time-given": hearing_time_given,
        "promised-within-extension": promised_within_extension,
        "not-known-to-be-withdrawn": not_known_to_be_withdrawn,
        "no-objection": no_objection,
        "hearing-not-returned": hearing_not_returned,
        "grounds-stated": grounds_stated,
        "guidance-stated": guidance_stated,
        "guidance-matches-tracks": guidance_matches_tracks,
        "record-grounds": record_grounds,
        "conditions-not-all-met": conditions_not_all_met,
    }
)
