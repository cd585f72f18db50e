"""What the citizen does herself, or who represents her: in the lane of the authority that it concerns.

She belongs to no authority. Her token names the cases that it opens, and a representative's works only while
an appointment holds on the case (FVL §8(1)). To a stranger a case is not there. What she says is never gated
away: a complaint that comes late, or that no body is known for, is received.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.handover.state import Handover
from domain.law.loader import consent_last_day, stated_consent_lapses
from domain.rights.appeal import is_late, track_of
from domain.rights.codes import code_fault
from domain.rights.commands import ActHerself
from domain.rights.complaints import ComplaintReceived
from domain.rights.disclosure import ConsentGiven
from domain.rights.duties import GuidanceRequested, TransitionRated
from domain.rights.events import MATTERS, holding, matter_fault
from domain.rights.hearing import HearingAnswered, HearingSent
from domain.rights.hers import OWN_ROLES, REPRESENTATIVE, SELF_SERVICE, Standing, represented
from domain.rights.model import RightsEvent
from domain.rights.persons import RepresentationEnded
from workflows.handlers.case import seal
from workflows.handlers.guard import CaseNotFound, load, refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.rights import (
    ATTEMPTS,
    LaneOfRights,
    append_rights,
    broken,
    lane_of,
    with_note,
)
from workflows.handlers.services import Context, Services
from workflows.ports.log import IdempotentReplay, Outcome, SealedDocument, StreamConflict

COMMAND = "act-herself"
WRITTEN = "written"
"""What she states in her own view is in writing (SUL §44)."""


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes to a citizen's cases, as the token says."""

    standing: Standing
    handovers: frozenset[UUID]
    representative: UUID | None = None


def lanes_of(services: Services, state: Handover) -> Iterator[LaneOfRights]:
    """The lanes of everybody who has, or had, a part in the case: the sender's first."""
    known: dict[str | None, None] = dict.fromkeys((state.sender_authority,))
    if state.receiver_key is not None:
        known[state.receiver_authority] = None
    parties = set(known)
    known |= dict.fromkeys(state.former_receivers)
    for authority in known:
        if authority is not None and (
            (lane := lane_of(services, state.id, authority)).events or authority in parties
        ):
            yield lane


def own_case(services: Services, coming: Coming, handover: UUID) -> Handover:
    """The case that somebody may come to. Raises CaseNotFound for everybody else, whoever they are."""
    if coming.standing.role not in OWN_ROLES or handover not in coming.handovers:
        raise CaseNotFound
    state = load(services, handover)
    if coming.standing.role == REPRESENTATIVE:
        today = danish_day(services.clock.now())
        by = str(coming.representative)
        scope = coming.standing.scope
        if not any(represented(lane.events, by, scope, today) for lane in lanes_of(services, state)):
            raise CaseNotFound
    return state


def act_herself(services: Services, context: Context, coming: Coming, command: ActHerself) -> Outcome:
    """Do it. Raises CaseNotFound, Refused, StreamConflict, IdempotentReplay."""
    for _ in range(ATTEMPTS - 1):
        with suppress(StreamConflict):
            return _act(services, context, coming, command)
    return _act(services, context, coming, command)


def _act(services: Services, context: Context, coming: Coming, command: ActHerself) -> Outcome:
    state = own_case(services, coming, command.handover)
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    lane = next((one for one in lanes_of(services, state) if one.authority == command.authority), None)
    if lane is None:
        _refuse(services, context, state, "no-part-in-case")
    if not coming.standing.does(command.event.NAME):
        _refuse(services, context, state, "outside-representation")
    now = services.clock.now()
    event = _event(services, coming, state, lane, command, now)
    code = _fault(state, event, lane)
    if code is not None:
        _refuse(services, context, state, code)
    instant = to_instant(now)
    said = broken(services, context, state, lane, (event,), instant)
    if said is not None:
        refuse(services, context, COMMAND, said, state)
    sealed: tuple[SealedDocument, ...] = ()
    if command.note is not None:
        document = seal(services, state, command.note, (lane.authority,))
        event, sealed = with_note(event, document), (document,)
    return append_rights(
        services,
        context,
        state,
        lane,
        ((event, instant),),
        sealed,
        location=f"/v1/citizens/handovers/{state.id}",
    )


def _refuse(services: Services, context: Context, state: Handover, code: str) -> NoReturn:
    refuse(services, context, COMMAND, refusal(code), state)


def _fault(state: Handover, event: RightsEvent, lane: LaneOfRights) -> str | None:
    if code_fault(event) is not None:
        return "code-unknown"
    if isinstance(event, TransitionRated) and state.taken_over_at is None:
        return "not-taken-over"
    return matter_fault(event, holding(lane.events))


def _event(
    services: Services,
    coming: Coming,
    state: Handover,
    lane: LaneOfRights,
    command: ActHerself,
    now: datetime,
) -> RightsEvent:
    """The event of the lane: what she stated, and what follows from the case."""
    kind, today = command.event, danish_day(now)
    facts: dict[str, Any] = {"handover": state.id, **command.stated}
    if "means" in kind.__struct_fields__:
        facts["means"] = SELF_SERVICE
    for name, begins in MATTERS.items():
        if kind.NAME in begins and name in kind.__struct_fields__:
            facts[name] = services.ids.uuid()
    holds = holding(lane.events)
    if kind is HearingAnswered:
        facts["decision"] = _decision_of(holds, UUID(str(facts["hearing"]))) or state.id
    elif kind is ComplaintReceived:
        decision = UUID(str(facts["decision"] or state.id))
        track = track_of(holds, lane.authority, decision, today)
        facts |= {"decision": decision, "track": track, "late": is_late(holds, decision, track, today)}
    elif kind is ConsentGiven:
        lapses = consent_last_day(today).isoformat() if stated_consent_lapses(facts["basis"]) else None
        facts |= {"form": WRITTEN, "giver": coming.standing.role, "given_on": today.isoformat()}
        facts["lapses_on"] = lapses
    elif kind is GuidanceRequested:
        facts["misdirected"] = False
    elif kind is RepresentationEnded:
        facts["reason"] = "revoked"
    return msgspec.convert(facts, kind)


def _decision_of(lane: list[Recorded], hearing: UUID) -> UUID | None:
    return next(
        (
            one.event.decision
            for one in lane
            if isinstance(one.event, HearingSent) and one.event.hearing == hearing
        ),
        None,
    )
