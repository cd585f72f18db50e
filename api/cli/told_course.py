"""Whose duty, until when, and what is owed afterwards: told in Danish, a line at a time."""

from collections.abc import Iterator

from audit.replay.case import CaseReplay
from audit.replay.danish import danish_moment
from audit.replay.names import Names
from domain.calendar.danish_dates import danish_date
from domain.course.clocks import Clock
from domain.course.follow_up import FollowUp
from domain.course.responsibility import Duty
from domain.course.spans import Span

DUTY = {"none": "Ingen", "unresolved": "Uafklaret", "authority": ""}
DUTY_REASONS = {
    "visited": "visiteret til integreret behandling",
    "acting-municipality": "handlekommune",
    "acting-meanwhile": "handler imens, retssikkerhedsloven § 9, stk. 8",
    "sender-meanwhile": "afsenderen beholder pligten imens, folkeregisterkommunen er ikke oplyst",
    "admitted": "borgeren er indlagt",
    "deceased": "borgeren er død",
    "second-return": "sendt retur anden gang",
    "both-refuse": "begge har sagt nej",
    "imported": "indlæst, ikke bekræftet",
    "acting-municipality-unknown": "handlekommunen er ikke kendt",
}
CLOCK_STARTS = {
    "availability-with-wish": "dokumentet var i postkassen med borgerens ønske om behandling",
    "inquiry": "borgeren henvendte sig",
    "referral-that-counts": "henvisningen blev modtaget",
}
CLOCKS = {
    "running": "løber",
    "stopped": "standset, behandlingen er begyndt",
    "exempt": "fraveget, borgeren har valgt et andet sted",
    "withdrawn": "bortfaldet, overgangen er trukket tilbage eller var hos en forkert modtager",
}


def course(found: CaseReplay) -> Iterator[str]:
    """The statutory duty, the 14-day clocks and the follow-ups of a case."""
    yield "Hvem der har pligten til at behandle"
    yield from (_duty(span) for span in found.duty)
    if found.clocks:
        yield ""
        yield "14-dages frister til behandling"
        yield from (_clock(clock) for clock in found.clocks)
    if found.follow_ups:
        yield ""
        yield "Opfølgning efter afsluttet behandling"
        yield from (_follow_up(one) for one in found.follow_ups)


def _duty(span: Span[Duty]) -> str:
    until = f"til {danish_moment(span.end)}" if span.end else "og frem"
    duty = span.value
    who = Names().authority(duty.authority) if duty.authority else DUTY[duty.kind]
    return f"  {who} ({DUTY_REASONS.get(duty.reason, duty.reason)}): fra {danish_moment(span.start)} {until}"


def _clock(clock: Clock) -> str:
    who, started = Names().authority(clock.authority), danish_moment(clock.started_at)
    because = CLOCK_STARTS.get(clock.because, clock.because)
    return f"  {who}: fra {started} ({because}), senest {danish_date(clock.due)}: {CLOCKS[clock.status]}"


def _follow_up(one: FollowUp) -> str:
    after = "en måned" if one.after_months == 1 else f"{one.after_months} måneder"
    due = danish_date(one.due) if one.due else "uden for kalenderen"
    done = f"gjort {danish_moment(one.done_at)}" if one.done_at else "ikke registreret"
    return f"  Efter {after}: senest {due}. {done[0].upper()}{done[1:]}."
