"""For the leaders of both parties: a breach, until when it must be assessed, and what came of it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import course_models as cm
from api.http import fact_requests as r
from api.http import models as m
from api.http.answers import answer, creating
from api.http.call import Anyone, HandoverId, IdempotencyKey, create_context, overgang_of
from api.http.problems import Problem, problem_responses
from api.http.strictjson import StrictRoute
from domain.course.commands import AssessBreach
from domain.course.events import BreachAssessed, BreachAssessmentOpened
from domain.events.model import Recorded
from domain.handover.streams import breaches_of
from workflows.handlers.facts import LEADERS, assess_breach
from workflows.handlers.guard import load
from workflows.handlers.succeeded import seen_as

router = APIRouter(prefix="/v1", tags=["centres"], route_class=StrictRoute)
Lead = Annotated[Caller, Depends(require_role(*LEADERS))]


@router.get(
    "/handovers/{handover_id}/breach",
    responses={200: {"model": cm.Breaches}, **problem_responses("role-not-allowed", "not-found")},
)
def show_case_breach(request: Request, caller: Lead, handover_id: HandoverId) -> Response:
    """The breaches that one's own authority assesses, each within 72 hours, and what came of them."""
    overgang = overgang_of(request)
    state = load(overgang.services, handover_id)
    ours = seen_as(overgang.services, handover_id, caller.authority)
    found = [one for one in overgang.log.stream(breaches_of(handover_id)) if one.header.controller in ours]
    # Whoever had it and has it no more assesses what it had.
    if not found and state.side_of(caller.authority) is None:
        raise Problem.of("not-found")
    return answer({"items": _breaches(found)})


def _breaches(events: Sequence[Recorded]) -> list[dict[str, Any]]:
    """Each with the assessment that came after it: one assesses all that are open then."""
    items: list[dict[str, Any]] = []
    for recorded in events:
        event, header = recorded.event, recorded.header
        if isinstance(event, BreachAssessmentOpened):
            items.append(
                {
                    "position": header.position,
                    "cause": event.cause,
                    "aware_at": event.aware_at,
                    "due": event.due,
                    "assessed_at": None,
                    "outcome": None,
                    "citizen_informed": None,
                }
            )
        elif isinstance(event, BreachAssessed):
            assessed = {
                "assessed_at": header.occurred_at,
                "outcome": event.outcome,
                "citizen_informed": event.citizen_informed,
            }
            for item in items:
                if item["assessed_at"] is None:
                    item |= assessed
    return items


@router.post(
    "/handovers/{handover_id}/breach",
    status_code=201,
    responses={
        201: {"model": m.Created},
        **problem_responses("role-not-allowed", "not-found", "refused"),
    },
)
def assess_case_breach(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    assessment: r.BreachAssessment,
    key: IdempotencyKey = None,
) -> Response:
    """Register one's own authority's assessment of a breach (GDPR art. 33)."""
    context = create_context(request, caller, key, assessment.model_dump())
    command = AssessBreach(
        handover=handover_id, outcome=assessment.outcome, citizen_informed=assessment.citizen_informed
    )
    return creating(lambda: assess_breach(overgang_of(request).services, context, command))
