"""The citizen's own view: the case, who has read it, and what she does herself.

Codes for programs, plain Danish beside them. To whoever the token does not name a case for, it is not there.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.bootstrap import Overgang
from api.http.answers import answer, creating
from api.http.call import HandoverId, IdempotencyKey, create_context, overgang_of
from api.http.citizens import models as om
from api.http.citizens.requests import AnyAct
from api.http.notes import note_of
from api.http.problems import Problem, problem_responses
from api.http.receipts import contact_now, names_in, receipt_of
from api.http.rights.packages import ZIP, RequestId, streamed
from api.http.strictjson import StrictRoute
from audit.replay import own_view as ov
from audit.replay.own_matters import matters
from audit.replay.replay import replay_handover
from audit.replay.sightings import sightings
from audit.replay.source import case_events
from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.handover.state import Handover
from domain.rights.commands import ActHerself, OpenPackage
from domain.rights.duties import TransitionRated
from domain.rights.events import MATTERS, holding
from domain.rights.hers import OWN_ROLES
from workflows.handlers.access_reading import fetch_own
from workflows.handlers.citizens import Coming, act_herself, lanes_of, own_case
from workflows.handlers.guard import load
from workflows.handlers.rights import LaneOfRights, lane_of, verdicts_of
from workflows.ports.log import Outcome

router = APIRouter(prefix="/v1/citizens", tags=["citizens"], route_class=StrictRoute)
Own = Annotated[Caller, Depends(require_role(*sorted(OWN_ROLES)))]
_READ = problem_responses("role-not-allowed", "not-found")
_FETCH = problem_responses("role-not-allowed", "not-found", "refused", "conflict", "gone", "reading-expired")
STATEMENT = "udtalelse"


def coming(caller: Caller) -> Coming:
    """Who comes, as the token says."""
    return Coming(standing=caller.standing, handovers=caller.handovers, representative=caller.representative)


@router.get("/handovers/{handover_id}", responses={200: {"model": om.OwnCase}, **_READ})
def show_own_case(request: Request, caller: Own, handover_id: HandoverId) -> Response:
    """The case in plain Danish: how far it is, whom she calls, both clocks, and what became of her rights."""
    overgang, view = overgang_of(request), caller.standing
    state = own_case(overgang.services, coming(caller), handover_id)
    lanes = list(lanes_of(overgang.services, state))
    names = names_in(overgang, [one.authority for one in lanes])
    replayed = replay_handover(
        overgang.log, handover_id, visible=lambda recorded: view.sees(recorded.header.event)
    )
    events = list(case_events(overgang.log.stream, handover_id))
    now = to_instant(overgang.clock.now())
    verdicts = [
        one for lane in lanes for one in verdicts_of(overgang.services, handover_id, lane.authority, now)
    ]
    return answer(
        {
            "handover": handover_id,
            "status": state.status,
            "status_da": ov.status_line(state),
            "authorities": [
                {"authority": one.authority, "name": names.authority(one.authority)} for one in lanes
            ],
            "contact": contact_now(overgang, state),
            "clocks": ov.told_clocks(replayed.clocks, names) if replayed and view.sees_all else (),
            "course": ov.course(replayed, events) if replayed else (),
            "rights": ov.rights(verdicts, names, view),
            "matters": [one for lane in lanes for one in matters(lane.authority, lane.events, view)],
            "questions": view.does(TransitionRated.NAME) and _questions(state, lanes),
            "objection_consequences": ov.CONSEQUENCES,
        }
    )


def _questions(state: Handover, lanes: list[LaneOfRights]) -> bool:
    """Three questions wait for her once somebody has taken over, until she has answered them."""
    answered = any(isinstance(one.event, TransitionRated) for lane in lanes for one in holding(lane.events))
    return state.taken_over_at is not None and not answered


@router.get("/handovers/{handover_id}/readings", responses={200: {"model": om.SightingsOut}, **_READ})
def list_own_readings(request: Request, caller: Own, handover_id: HandoverId) -> Response:
    """Every sending and reading of what is hers: when, for what purpose, by which unit; never by whom."""
    overgang = overgang_of(request)
    own_case(overgang.services, coming(caller), handover_id)
    if not caller.standing.sees_all:
        raise Problem.of("not-found")
    return answer(sightings(overgang.log.stream, overgang.log.counted, handover_id))


@router.post(
    "/handovers/{handover_id}/acts",
    status_code=201,
    responses={
        201: {"model": om.ActDone},
        **problem_responses("role-not-allowed", "not-found", "refused", "conflict", "gone"),
    },
)
def act_in_own_case(
    request: Request, caller: Own, handover_id: HandoverId, act: AnyAct, key: IdempotencyKey = None
) -> Response:
    """Ask for access, answer a hearing, comment, complain, say yes or no. What she writes is sealed for the
    authority that it goes to, and what she says is received, late or not."""
    overgang = overgang_of(request)
    words = act.words()
    command = ActHerself(
        handover=handover_id,
        authority=act.authority,
        event=act.kind,
        stated=act.stated(),
        note=note_of(overgang, STATEMENT, **words) if words else None,
    )
    context = create_context(request, caller, key, act.model_dump())
    return creating(
        lambda: act_herself(overgang.services, context, coming(caller), command),
        lambda outcome: _done(overgang, outcome),
    )


@router.post(
    "/handovers/{handover_id}/access/{request_id}/readings",
    status_code=201,
    responses={201: ZIP, **_FETCH},
)
def fetch_own_access(
    request: Request,
    caller: Own,
    handover_id: HandoverId,
    request_id: RequestId,
    key: IdempotencyKey = None,
) -> Response:
    """Fetch the documents that she was given on a request: one ZIP file. That she did stands on her list."""
    overgang = overgang_of(request)
    context = create_context(request, caller, key, None)
    command = OpenPackage(handover=handover_id, request=request_id)
    found = fetch_own(overgang.services, context, coming(caller), command)
    return streamed(overgang, found, f"/v1/citizens/handovers/{handover_id}/readings")


def _done(overgang: Overgang, outcome: Outcome) -> dict[str, Any]:
    """What came of an act, the same however often it is asked."""
    assert outcome.position is not None, "an act that was taken stands on the log"
    recorded = overgang.log.at([outcome.position])[outcome.position]
    state = load(overgang.services, outcome.resource)
    lane = lane_of(overgang.services, state.id, recorded.header.controller)
    return {
        "event": recorded.header.event,
        "authority": recorded.header.controller,
        "position": outcome.position,
        "matter": _began(recorded),
        "receipt": receipt_of(overgang, state, lane, recorded),
    }


def _began(recorded: Recorded) -> UUID | None:
    names = (name for name, begins in MATTERS.items() if recorded.header.event in begins)
    return next((getattr(recorded.event, name) for name in names), None)
