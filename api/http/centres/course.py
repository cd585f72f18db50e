"""For both parties: facts of the citizen's course, who has what, the clocks, a breach's assessment."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import fact_requests as r
from api.http import models as m
from api.http.answers import answer, creating
from api.http.call import Anyone, HandoverId, IdempotencyKey, create_context, overgang_of
from api.http.clinics.handovers import CASE_ROLES
from api.http.problems import Problem, problem_responses
from api.http.strictjson import StrictRoute
from domain.course.clocks import Clock, clocks
from domain.course.commands import AssessBreach, RecordFact, RecordReferral
from domain.course.facts import standing
from domain.course.responsibility import Duty, difference, duty_timeline, held_by_timeline
from domain.course.spans import Span
from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.handover.streams import facts_of
from workflows.handlers.facts import assess_breach, record_fact, record_referral
from workflows.handlers.guard import load

router = APIRouter(prefix="/v1", tags=["centres"], route_class=StrictRoute)
CaseRole = Annotated[Caller, Depends(require_role(*CASE_ROLES))]
_WRITE = problem_responses("role-not-allowed", "wrong-side", "not-found", "refused")
_READ = problem_responses("role-not-allowed", "not-found")


@router.post(
    "/handovers/{handover_id}/facts", status_code=201, responses={201: {"model": m.Created}, **_WRITE}
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


@router.get("/handovers/{handover_id}/facts", responses={200: {"model": m.CaseFacts}, **_READ})
def list_case_facts(request: Request, caller: CaseRole, handover_id: HandoverId) -> Response:
    """Everything that was recorded of the citizen's course on this handover, by its own time."""
    case = _case(request, caller, handover_id)
    held = {one.header.position for one in standing(case)}
    found = [one for one in case if one.header.stream == facts_of(handover_id)]
    found.sort(key=lambda one: (one.header.occurred_at, one.header.position))
    return answer({"items": [_fact(one, one.header.position in held) for one in found]})


def _fact(recorded: Recorded, holds: bool) -> dict[str, Any]:
    header = recorded.header
    return {
        "position": header.position,
        "event": header.event,
        "occurred_at": header.occurred_at,
        "recorded_at": header.recorded_at,
        "authority": header.authority,
        "unit": header.unit,
        "holds": holds,
        "facts": recorded.event,
    }


@router.get("/handovers/{handover_id}/responsibility", responses={200: {"model": m.Responsibility}, **_READ})
def show_responsibility(request: Request, caller: CaseRole, handover_id: HandoverId) -> Response:
    """The statutory duty and who follows the handover up, each at every instant, and the 14-day clocks."""
    case = _case(request, caller, handover_id)
    duty, held_by = duty_timeline(case), held_by_timeline(case)
    apart = difference(duty, held_by, to_instant(overgang_of(request).clock.now()))
    return answer(
        {
            "duty": [_duty(span) for span in duty],
            "held_by": [
                {"start": span.start, "end": span.end, "authority": span.value, "cause": span.cause}
                for span in held_by
            ],
            "hours_apart": int(apart.total_seconds() // 3600),
            "clocks": [_clock(clock) for clock in clocks(case)],
        }
    )


def _duty(span: Span[Duty]) -> dict[str, Any]:
    value = span.value
    return {
        "start": span.start,
        "end": span.end,
        "kind": value.kind,
        "authority": value.authority,
        "reason": value.reason,
        "cause": span.cause,
    }


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "rule": clock.rule,
        "authority": clock.authority,
        "started_at": clock.started_at,
        "because": clock.because,
        "due": clock.due,
        "status": clock.status,
        "ended_at": clock.ended_at,
    }


def _case(request: Request, caller: Caller, handover_id: HandoverId) -> list[Recorded]:
    """The case's workflow stream and facts, as the caller's authority may see them."""
    overgang = overgang_of(request)
    if load(overgang.services, handover_id).side_of(caller.authority) is None:
        raise Problem.of("not-found")
    # Both timelines are each party's to see whole, though a step inside the other is not.
    return [*overgang.log.stream(handover_id), *overgang.log.stream(facts_of(handover_id))]


@router.post(
    "/handovers/{handover_id}/breach",
    status_code=201,
    responses={201: {"model": m.Created}, **_WRITE},
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
