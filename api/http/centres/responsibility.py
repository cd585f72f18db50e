"""For both parties: who has the statutory duty, who follows the handover up, and the 14-day clocks."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import course_models as cm
from api.http.answers import answer
from api.http.call import HandoverId, overgang_of
from api.http.clinics.handovers import CASE_ROLES
from api.http.problems import Problem, problem_responses
from api.http.strictjson import StrictRoute
from domain.course.clocks import Clock, clocks
from domain.course.responsibility import Duty, difference, duty_timeline, held_by_timeline
from domain.course.spans import Span
from domain.events.instant import to_instant
from domain.handover.streams import facts_of
from workflows.handlers.guard import load

router = APIRouter(prefix="/v1", tags=["centres"], route_class=StrictRoute)


@router.get(
    "/handovers/{handover_id}/responsibility",
    responses={200: {"model": cm.Responsibility}, **problem_responses("role-not-allowed", "not-found")},
)
def show_responsibility(
    request: Request, caller: Annotated[Caller, Depends(require_role(*CASE_ROLES))], handover_id: HandoverId
) -> Response:
    """The statutory duty and who follows the handover up, each at every instant, and the 14-day clocks.

    Both are each party's to see whole, though a step inside the other is not.
    """
    overgang = overgang_of(request)
    if load(overgang.services, handover_id).side_of(caller.authority) is None:
        raise Problem.of("not-found")
    case = [*overgang.log.stream(handover_id), *overgang.log.stream(facts_of(handover_id))]
    duty, held_by = duty_timeline(case), held_by_timeline(case)
    apart = difference(duty, held_by, to_instant(overgang.clock.now()))
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
