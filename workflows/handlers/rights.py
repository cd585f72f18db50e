"""The citizen's rights on a case: done or recorded in the authority's own lane.

The rules that bind before an act refuse it here; the same rules judge the log (`domain.rights.judge`). A
fact that happened outside is never refused for what the law says of it (design section 3, idea 2).
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.catalogue import event_type
from domain.events.instant import from_instant, to_instant
from domain.events.lanes import Lane
from domain.events.model import Decided, Recorded
from domain.events.refusal import Refused
from domain.handover.state import Handover
from domain.handover.steps import Note
from domain.handover.streams import breaches_of, facts_of, rights_of
from domain.law.loader import basis_of
from domain.rights.appeal import is_late
from domain.rights.case import judge_case
from domain.rights.codes import code_fault
from domain.rights.commands import RecordRight
from domain.rights.complaints import ComplaintReceived
from domain.rights.decisions import DecisionMade
from domain.rights.duties import RightsFactRetracted
from domain.rights.events import RECEIVED, holding, matter_fault, retracted
from domain.rights.hers import OWN_ROLES, SELF_SERVICE
from domain.rights.judge import broken_by
from domain.rights.letters import LetterSent
from domain.rights.model import RightsEvent
from domain.rights.moment import Moment, in_time_order
from domain.rights.published import publications
from domain.rights.verdict import Verdict
from workflows.handlers.case import parties, seal
from workflows.handlers.claimed import arrival_fault, without_letter, without_reason, without_receipt
from workflows.handlers.guard import load, refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.said import heard_on
from workflows.handlers.services import Context, Services
from workflows.handlers.succeeded import seen_as
from workflows.ports.log import (
    Append,
    IdempotentReplay,
    NewEvent,
    Outcome,
    SealedDocument,
    StreamConflict,
)

COMMAND = "record-right"
ROLES = frozenset({"clinician", "caseworker", "leader", "integration"})
PURPOSE = "rights"
ATTEMPTS = 5


class LaneOfRights(msgspec.Struct, frozen=True, kw_only=True):
    """An authority's lane on a case, with what those wrote whose place it has taken."""

    authority: str
    stream: UUID
    version: int
    events: tuple[Recorded, ...]
    """By position."""


def lane_of(services: Services, handover: UUID, authority: str) -> LaneOfRights:
    """An authority's lane of rights on a case."""
    ours = rights_of(handover, authority)
    events = [
        one
        for each in sorted(seen_as(services, handover, authority) | {authority})
        for one in services.log.stream(rights_of(handover, each))
    ]
    return LaneOfRights(
        authority=authority,
        stream=ours,
        version=sum(1 for one in events if one.header.stream == ours),
        events=tuple(sorted(events, key=lambda one: one.header.position)),
    )


def told_by_the_other(services: Services, state: Handover, authority: str) -> list[Recorded]:
    """What the other party's lane tells this one: what she said of disclosure, and a service that ends."""
    ours = seen_as(services, state.id, authority) | {authority}
    return [
        one
        for each in state.ever_parties
        if each not in ours
        for one in services.log.stream(rights_of(state.id, each))
        if not ours.isdisjoint(one.header.visible_to)
    ]


def happened(
    services: Services, state: Handover, lane: Sequence[Recorded], as_of: str | None = None
) -> list[Moment]:
    """All that the rules look at: the case's steps, the facts of its course, the lane, what she has said to
    the other party that binds both, and what those of the lane have published."""
    own = holding(lane)
    known = {one.header.position for one in own}
    events: Iterable[Recorded] = (
        *services.log.stream(state.id),
        *services.log.stream(facts_of(state.id)),
        *own,
        *(one for one in heard_on(services, state) if one.header.position not in known),
        *publications(own, {one.header.controller for one in own}, services.log.stream),
    )
    return in_time_order(events, as_of)


def record_right(services: Services, context: Context, command: RecordRight) -> Outcome:
    """Do it, or record it. Raises CaseNotFound, Refused, StreamConflict, IdempotentReplay.

    A colleague who wrote in the lane meanwhile is no reason to refuse: it is judged again.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(StreamConflict):
            return _record(services, context, command)
    return _record(services, context, command)


def _record(services: Services, context: Context, command: RecordRight) -> Outcome:
    event = command.event
    state, lane = ready_for_rights(services, context, event.handover)
    if isinstance(event, ComplaintReceived):
        event = _lateness_read(event, lane, command.occurred_at or to_instant(services.clock.now()))
    now = to_instant(services.clock.now())
    occurred_at = command.occurred_at or now
    said = fault_of(context, event, lane, occurred_at, now)
    if said is None:
        said = without_reason(command)
    if said is None and not event.outside:
        said = without_letter(event) or broken(services, context, state, lane, (event,), occurred_at)
    if said is not None:
        refuse(services, context, COMMAND, said, state)
    sealed: tuple[SealedDocument, ...] = ()
    if command.note is not None:
        document = seal(services, state, command.note, (lane.authority,))
        event, sealed = with_note(event, document), (document,)
    return append_rights(services, context, state, lane, ((event, occurred_at),), sealed)


def ready_for_rights(services: Services, context: Context, handover: UUID) -> tuple[Handover, LaneOfRights]:
    """A case and one's own lane of it. Who is a party no more goes on with what it has begun there: a
    complaint of its decision still comes to it. Raises CaseNotFound, IdempotentReplay, Refused."""
    state = load(services, handover)
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    authority = context.actor.authority
    lane = lane_of(services, handover, authority)
    if state.side_of(authority) is None and not lane.events:
        refuse(services, context, COMMAND, refusal("not-a-party"), state)
    return state, lane


def append_rights(
    services: Services,
    context: Context,
    state: Handover,
    lane: LaneOfRights,
    events: Sequence[tuple[RightsEvent, str]],
    documents: tuple[SealedDocument, ...] = (),
    claims: tuple[str, ...] = (),
    *,
    location: str | None = None,
) -> Outcome:
    """Append to the lane as it was read: what was decided on it must still be all that there is.

    `location`: where what was made is shown; `claims`: what belongs to it alone.
    """
    outcome = Outcome(
        status=201,
        location=location or f"/v1/handovers/{state.id}/rights",
        resource=state.id,
        etag=lane.version + len(events),
    )
    recorded = services.log.append(
        Append(
            events=tuple(
                _envelope(context, state, lane, event, occurred_at, lane.version + number)
                for number, (event, occurred_at) in enumerate(events, start=1)
            ),
            actor=context.actor,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
            idempotency=context.idempotency,
            outcome=outcome,
            documents=documents,
            claims=claims,
        )
    )
    return msgspec.structs.replace(outcome, position=recorded[0].header.position)


def fault_of(
    context: Context, event: RightsEvent, lane: LaneOfRights, occurred_at: str, now: str
) -> Refused | None:
    """Why an event cannot be recorded at all, whatever the law says of it."""
    if context.actor.role not in ROLES:
        return refusal("role-not-allowed")
    if occurred_at > now:
        return refusal("in-the-future")
    if code_fault(event) is not None or getattr(event, "means", None) == SELF_SERVICE:
        return refusal("code-unknown")
    if occurred_at < now and not event.outside and type(event) not in RECEIVED:
        return refusal("own-act-dated-back")
    if _over_already(event, occurred_at):
        return refusal("limit-over-already")
    holds = holding(lane.events)
    if isinstance(event, RightsFactRetracted):
        named = retracted(event, holds)
        if named is None:
            return refusal("fact-unknown")
        if named.header.role in OWN_ROLES:
            return refusal("not-ones-own-fact")
        if isinstance(named.event, LetterSent) or getattr(named.event, "written", None) is not None:
            return refusal("sent-is-sent")
    code = matter_fault(event, holds) or arrival_fault(event, holds, occurred_at)
    return without_receipt(event) if code is None else refusal(code)


def _over_already(event: RightsEvent, occurred_at: str) -> bool:
    """Whether a day is given her to speak by that is no day at all: the same, or one that has passed."""
    answer_by = getattr(event, "answer_by", None)
    day = danish_day(from_instant(occurred_at)).isoformat()
    return answer_by is not None and not event.outside and answer_by <= day


def _lateness_read(event: ComplaintReceived, lane: LaneOfRights, occurred_at: str) -> ComplaintReceived:
    """Whether a complaint is late follows from its letter and the proven arrival, where the log has them.

    Nobody takes her reconsideration from her by calling it late (RSL §67, RSB §13).
    """
    held = holding(lane.events)
    if not any(isinstance(one.event, LetterSent) and one.event.matter == event.decision for one in held):
        return event
    day = danish_day(from_instant(occurred_at))
    made = [one.event for one in held if isinstance(one.event, DecisionMade)]
    tracks = next((one.guidance for one in reversed(made) if one.decision == event.decision), ())
    # A track that she was told of is hers to choose; no other is.
    track = event.track if event.track in tracks or not tracks else tracks[0]
    return msgspec.structs.replace(event, track=track, late=is_late(held, event.decision, track, day))


def broken(
    services: Services,
    context: Context,
    state: Handover,
    lane: LaneOfRights,
    acts: Sequence[RightsEvent],
    at: str | None = None,
) -> Refused | None:
    """The first right that acts, taken one after the other, would break; at an instant, now by default."""
    occurred_at = at or to_instant(services.clock.now())
    before = happened(services, state, lane.events, occurred_at)
    for act in acts:
        proposed = propose(act, context, occurred_at, lane.authority)
        rule = next(broken_by(proposed, before, state.id), None)
        if rule is not None and rule.refusal is not None:
            basis = ", ".join(rule.basis)
            return Refused(rule.id, f"{rule.refusal.en} ({basis})", f"{rule.refusal.da} ({basis})")
        before.append(proposed)
    return None


def propose(event: RightsEvent, context: Context, occurred_at: str, authority: str | None = None) -> Moment:
    """An act before it is taken, as the rules see it; in the actor's own lane, or another authority's."""
    return Moment(
        event=event.NAME,
        facts=msgspec.to_builtins(event),
        occurred_at=occurred_at,
        position=None,
        controller=authority or context.actor.authority,
        actor=context.actor.id,
    )


def with_note(event: RightsEvent, document: SealedDocument) -> RightsEvent:
    """An event with what was written of it."""
    note = Note(document_id=document.id, document_sha256=document.ciphertext_sha256)
    return msgspec.structs.replace(event, note=note)


def _envelope(
    context: Context,
    state: Handover,
    lane: LaneOfRights,
    event: RightsEvent,
    occurred_at: str,
    version: int,
) -> NewEvent:
    authority = lane.authority
    shared = event_type(event.NAME).lane is Lane.SHARED
    return NewEvent(
        decided=Decided(event=event, occurred_at=occurred_at),
        stream=lane.stream,
        expected_version=version,
        controller=authority,
        visible_to=tuple(sorted({authority, *(parties(state) if shared else ())})),
        purpose=PURPOSE,
        legal_basis=basis_of_event(event),
        subjects=own_subjects(state, lane, authority),
    )


def own_subjects(state: Handover, lane: LaneOfRights, authority: str) -> tuple[str, ...]:
    """An authority's own key of the citizen: a party's of today, otherwise that of its lane."""
    if authority == state.sender_authority:
        return (state.sender_key,)
    if authority == state.receiver_authority and state.receiver_key is not None:
        return (state.receiver_key,)
    return next((tuple(each.key_id for each in one.header.subjects) for one in lane.events), ())


def basis_of_event(event: RightsEvent) -> tuple[str, ...]:
    """The legal references of an act: the decision's own basis, or that of the purpose."""
    stated = getattr(event, "legal_basis", None)
    return (str(stated),) if stated else basis_of(PURPOSE)


def verdicts_of(services: Services, handover: UUID, authority: str, as_of: str) -> list[Verdict]:
    """What became of every right that an authority owes on a case, at an instant; by trigger."""
    lane = lane_of(services, handover, authority)
    course = [*services.log.stream(handover), *services.log.stream(facts_of(handover))]
    course += services.log.stream(breaches_of(handover))
    own = holding(lane.events)
    known = {one.header.position for one in own}
    heard = heard_on(services, load(services, handover))
    ours = seen_as(services, handover, authority) | {authority}
    events = [
        *course,
        *own,
        *(one for one in heard if one.header.position not in known),
        *publications(own, ours, services.log.stream),
    ]
    found = judge_case(events, handover, as_of)
    return [one for one in found if one.authority in ours]
