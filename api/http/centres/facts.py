"""For both parties: facts of the citizen's course, each with its own time."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import course_models as cm
from api.http import fact_requests as r
from api.http import models as m
from api.http.answers import answer, creating
from api.http.call import Anyone, HandoverId, IdempotencyKey, create_context, overgang_of
from api.http.clinics.handovers import CASE_ROLES
from api.http.problems import Problem, problem_responses
from api.http.strictjson import StrictRoute
from domain.course.commands import RecordFact, RecordReferral
from domain.course.events import CaseFactRetracted
from domain.course.facts import standing
from domain.events.model import Recorded
from domain.handover.streams import facts_of
from workflows.handlers.facts import record_fact, record_referral
from workflows.handlers.guard import load
from workflows.handlers.succeeded import seen_as

router = APIRouter(prefix="/v1", tags=["centres"], route_class=StrictRoute)
CaseRole = Annotated[Caller, Depends(require_role(*CASE_ROLES))]


@router.post(
    "/handovers/{handover_id}/facts",
    status_code=201,
    responses={
        201: {"model": m.Created},
        **problem_responses("role-not-allowed", "wrong-side", "not-found", "refused"),
    },
)
def record_case_fact(
    request: Request, caller: Anyone, handover_id: HandoverId, fact: r.AnyFact, key: IdempotencyKey = None
) -> Response:
    """Record something that has happened, with its own time. Nothing about the case forbids it."""
    context = create_context(request, caller, key, fact.model_dump())
    services = overgang_of(request).services
    if isinstance(fact, r.ReferralReceived):
        referral = RecordReferral(
            handover=handover_id,
            region=fact.region,
            referrer=fact.referrer,
            occurred_at=fact.occurred_at,
        )
        return creating(lambda: record_referral(services, context, referral))
    command = RecordFact(fact=fact.fact(handover_id), occurred_at=fact.occurred_at)
    return creating(lambda: record_fact(services, context, command))


@router.get(
    "/handovers/{handover_id}/facts",
    responses={200: {"model": cm.CaseFacts}, **problem_responses("role-not-allowed", "not-found")},
)
def list_case_facts(request: Request, caller: CaseRole, handover_id: HandoverId) -> Response:
    """What was recorded of the citizen's course while one's own authority was a party, by its own time."""
    overgang = overgang_of(request)
    if load(overgang.services, handover_id).side_of(caller.authority) is None:
        raise Problem.of("not-found")
    ours = seen_as(overgang.services, handover_id, caller.authority)
    facts = overgang.log.stream(facts_of(handover_id))
    held = {one.header.position for one in standing(facts)}
    seen = [one for one in facts if not ours.isdisjoint(one.header.visible_to)]
    seen.sort(key=lambda one: (one.header.occurred_at, one.header.position))
    return answer({"items": [_fact(one, held) for one in seen]})


def _fact(recorded: Recorded, held: set[int]) -> dict[str, Any]:
    header = recorded.header
    return {
        "position": header.position,
        "event": header.event,
        "occurred_at": header.occurred_at,
        "recorded_at": header.recorded_at,
        "authority": header.authority,
        "unit": header.unit,
        "holds": header.position in held or isinstance(recorded.event, CaseFactRetracted),
        "facts": recorded.event,
    }
