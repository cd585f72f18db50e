"""For both parties: who has the statutory duty, who follows the handover up, and the 14-day clocks."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import course_models as cm
from api.http.answers import answer
from api.http.call import HandoverId, overgang_of
from api.http.case_steps import seen
from api.http.clinics.handovers import CASE_ROLES
from api.http.problems import Problem, problem_responses
from api.http.strictjson import StrictRoute
from domain.course.clocks import Clock, clocks
from domain.course.follow_up import follow_ups
from domain.course.responsibility import Duty, difference, duty_timeline, ended_at, held_by_timeline
from domain.course.spans import Span, value_at
from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.handover.streams import facts_of
from workflows.handlers.contact import contact_of
from workflows.handlers.facts import BACK_REPORTS
from workflows.handlers.guard import load
from workflows.handlers.succeeded import seen_as

router = APIRouter(prefix="/v1", tags=["centres"], route_class=StrictRoute)


@router.get(
    "/handovers/{handover_id}/responsibility",
    responses={200: {"model": cm.Responsibility}, **problem_responses("role-not-allowed", "not-found")},
)
def show_responsibility(
    request: Request, caller: Annotated[Caller, Depends(require_role(*CASE_ROLES))], handover_id: HandoverId
) -> Response:
    """The statutory duty and who follows the handover up, each at every instant, the 14-day clocks, what
    is owed after treatment, and whom the citizen calls now.

    Both timelines are each party's to see whole, though a step inside the other is not.
    """
    overgang = overgang_of(request)
    state = load(overgang.services, handover_id)
    side = state.side_of(caller.authority)
    if side is None:
        raise Problem.of("not-found")
    ours = seen_as(overgang.services, handover_id, caller.authority)
    steps = seen(state, side, ours, overgang.log.stream(handover_id))
    facts = overgang.log.stream(facts_of(handover_id))
    case = [*steps, *(one for one in facts if not told_back_to_others(one, ours))]
    duty, held_by = duty_timeline(case), held_by_timeline(case)
    now = overgang.clock.now()
    apart = difference(duty, held_by, to_instant(now), ended_at(case))
    contact = contact_of(overgang.log, state, value_at(duty, to_instant(now)), now)
    return answer(
        {
            "duty": [_duty(span) for span in duty],
            "held_by": [
                {"start": span.start, "end": span.end, "authority": span.value, "cause": span.cause}
                for span in held_by
            ],
            "hours_apart": int(apart.total_seconds() // 3600),
            "clocks": [_clock(clock) for clock in clocks(case)],
            "follow_ups": follow_ups(case),
            "contact": contact,
        }
    )


def told_back_to_others(fact: Recorded, ours: frozenset[str]) -> bool:
    """Whether a receiver keeps to itself how it went: she has not consented to it being told back."""
    return isinstance(fact.event, BACK_REPORTS) and ours.isdisjoint(fact.header.visible_to)


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
