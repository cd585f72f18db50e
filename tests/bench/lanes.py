"""Fills a store with cases that have lanes of rights, by the real log, many cases to an append.

The steps are those of one real handover, again and again under other ids; beside them readings, facts of the
course and the lanes of both authorities. In every tenth case an adverse decision comes before her time to
answer is up: what the verdicts must find.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from api.bootstrap import Overgang
from domain.course import events as f
from domain.events.instant import to_instant
from domain.events.model import Decided, Facts
from domain.handover.events import DocumentRead, HandoverTakenOver
from domain.handover.streams import facts_of, readings_of, rights_of
from domain.rights import access, complaints, decisions, disclosure, hearing, letters
from tests.bench.store import (
    AUTHORITY,
    CASEWORKER,
    MUNICIPALITY,
    enter_register,
    hand_over,
    open_store,
    relax,
)
from workflows.ports.log import Append, NewEvent

BROKEN_EVERY = 10
_AT_ONCE = 20
_AGO = timedelta(days=200)


def fill(data: Path, cases: int) -> int:
    """Make the store in `data` (which exists, empty) one with so many cases; returns how many events."""
    overgang = open_store(data)
    try:
        enter_register(overgang)
        relax(overgang.database)
        steps = _steps(overgang)
        for first in range(0, cases, _AT_ONCE):
            events = tuple(
                event
                for number in range(first, min(first + _AT_ONCE, cases))
                for event in _case(number, uuid4(), steps)
            )
            overgang.log.append(Append(events=events, actor=CASEWORKER, correlation_id=uuid4()))
        return overgang.log.length()
    finally:
        overgang.close()


def _steps(overgang: Overgang) -> list[tuple[Facts, str]]:
    """The steps of a real handover to its acknowledgement, and whose each is; then it is taken over."""
    stream = overgang.log.stream(hand_over(overgang, 1))
    found = [(one.event, one.header.controller) for one in stream]
    document = next(one.event.document_id for one in stream if one.header.event == "handover-submitted")
    return [*found, (HandoverTakenOver(document_id=document), MUNICIPALITY)]


def _case(number: int, handover: UUID, steps: list[tuple[Facts, str]]) -> Iterator[NewEvent]:
    begun = datetime.now(UTC) - _AGO + timedelta(hours=number % 2000)

    def event(facts: Facts, stream: UUID, days: float, by: str = MUNICIPALITY) -> NewEvent:
        return NewEvent(
            decided=Decided(event=facts, occurred_at=to_instant(begun + timedelta(days=days))),
            stream=stream,
            expected_version=None,
            controller=by,
            visible_to=(by,),
            purpose="handover",
            subjects=(f"{number:032x}",),
        )

    for minute, (facts, by) in enumerate(steps):
        yield event(facts, handover, minute / 1440, by)
    for day in (1, 2, 3):
        yield event(DocumentRead(handover=handover, document_id=handover), readings_of(handover), day)
    on = {"handover": handover}
    course = facts_of(handover)
    yield event(f.InquiryReceived(**on, channel="telephone", wishes_treatment=True), course, 1)
    yield event(f.TreatmentStarted(**on, authority=MUNICIPALITY, provisional=False), course, 9)
    town, region = rights_of(handover, MUNICIPALITY), rights_of(handover, AUTHORITY)
    for facts, days in _lane(handover, begun, early=number % BROKEN_EVERY == 0):
        yield event(facts, town, days)
    for facts in (
        disclosure.ConsentGiven(
            **on,
            consent=uuid4(),
            scope="disclosure",
            basis="sul:43",
            form="written",
            giver="citizen",
            given_on=f"{begun:%Y-%m-%d}",
        ),
        disclosure.CitizenInformed(**on, matter=handover, of="places-and-choice", way="digital-post"),
    ):
        yield event(facts, region, 1, AUTHORITY)


def _lane(handover: UUID, begun: datetime, *, early: bool) -> Iterator[tuple[Facts, float]]:
    """What the municipality did, and on which day: access, a hearing, an adverse decision, a complaint."""
    request, decision, heard, letter, complaint = (uuid4() for _ in range(5))
    on, about = {"handover": handover}, {"handover": handover, "decision": decision}

    def day(after: int) -> str:
        return f"{begun + timedelta(days=after):%Y-%m-%d}"

    yield disclosure.CitizenInformed(**on, matter=handover, of="data-held", way="digital-post"), 1
    yield access.AccessRequested(**on, request=request, regime="fvl", means="letter", form="pdf"), 1
    yield (
        access.AccessDecided(
            **on,
            request=request,
            regime="fvl",
            outcome="granted",
            reasons_given=False,
            extra_considered=False,
        ),
        2,
    )
    yield access.AccessGiven(**on, request=request, way="digital-post"), 2.1
    yield decisions.DecisionDrafted(**about, legal_basis="sel:101", kind="refusal", adverse=True), 3
    yield hearing.HearingSent(**about, hearing=heard, assertions=("risiko",), answer_by=day(20)), 3.1
    if not early:
        yield hearing.HearingAnswered(**about, hearing=heard, means="letter"), 8
    yield (
        decisions.DecisionMade(
            **about,
            legal_basis="sel:101",
            kind="refusal",
            outcome="refusal",
            adverse=True,
            oral=False,
            reasons_rules=True,
            reasons_considerations=True,
            reasons_facts=True,
            guidance=("a",),
        ),
        10,
    )
    yield (
        letters.LetterSent(
            **on,
            letter=letter,
            matter=decision,
            about="decision",
            addressee="citizen",
            way="digital-post",
            dispatched_on=day(10),
            presumed_on=day(10),
            track="a",
            told_last_date=day(60),
        ),
        10,
    )
    arrived = letters.LetterArrived(
        **on, letter=letter, matter=decision, about="decision", evidence="digital-post-receipt"
    )
    yield arrived, 10.1
    yield (
        complaints.ComplaintReceived(
            **about, complaint=complaint, track="a", urgent=False, late=False, means="letter"
        ),
        20,
    )
    yield complaints.ComplaintReconsidered(**on, complaint=complaint, outcome="upheld"), 30
    yield (
        complaints.ComplaintForwarded(
            **on, complaint=complaint, to="ankestyrelsen", lateness_noted=False, citizen_told=True
        ),
        31,
    )
