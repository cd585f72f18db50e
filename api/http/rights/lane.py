"""One's own authority's lane of a case: what was done about the citizen's rights, and the verdict of each."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Path, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.bootstrap import Overgang
from api.http import fields as f
from api.http import models as m
from api.http.answers import answer, creating, etag
from api.http.call import Anyone, HandoverId, IdempotencyKey, create_context, overgang_of
from api.http.fields import Id
from api.http.notes import remark_of
from api.http.operations.system import PLAIN_TEXT
from api.http.problems import Problem, problem_responses
from api.http.receipts import receipt_of
from api.http.rights import models as rm
from api.http.rights.requests import AnyRight
from api.http.strictjson import StrictRoute
from domain.document.loader import get_template
from domain.events.instant import to_instant
from domain.events.lanes import CASE_ROLES
from domain.events.model import Recorded
from domain.rights.awareness import hearing_questions
from domain.rights.commands import RecordRight
from domain.rights.duties import RightsFactRetracted
from domain.rights.events import holding
from domain.rights.rule import rights_register, rights_rules
from domain.rights.verdict import Verdict
from domain.rights.words import STATES
from workflows.handlers.guard import load
from workflows.handlers.rights import lane_of, record_right, told_by_the_other, verdicts_of

router = APIRouter(prefix="/v1", tags=["rights"], route_class=StrictRoute)
DecisionId = Annotated[Id, Path(description="The decision's id.")]
CaseRole = Annotated[Caller, Depends(require_role(*sorted(CASE_ROLES)))]


@router.post(
    "/handovers/{handover_id}/rights",
    status_code=201,
    responses={
        201: {"model": m.Created},
        **problem_responses("role-not-allowed", "not-found", "refused"),
    },
)
def record_case_right(
    request: Request, caller: Anyone, handover_id: HandoverId, right: AnyRight, key: IdempotencyKey = None
) -> Response:
    """Do something about a right, or record that it was done or received. What a right forbids is refused."""
    overgang = overgang_of(request)
    context = create_context(request, caller, key, right.model_dump())
    command = RecordRight(
        event=right.right(handover_id),
        occurred_at=right.occurred_at,
        note=remark_of(overgang, right.text),
    )
    return creating(lambda: record_right(overgang.services, context, command))


@router.get(
    "/handovers/{handover_id}/rights",
    responses={200: {"model": rm.Lane}, **problem_responses("role-not-allowed", "not-found")},
)
def show_case_rights(request: Request, caller: CaseRole, handover_id: HandoverId) -> Response:
    """The events of one's own lane, what the other party's tells one, and what became of every right owed."""
    overgang = overgang_of(request)
    state = load(overgang.services, handover_id)
    lane = lane_of(overgang.services, handover_id, caller.authority)
    if state.side_of(caller.authority) is None and not lane.events:
        raise Problem.of("not-found")
    events = [*lane.events, *told_by_the_other(overgang.services, state, caller.authority)]
    events.sort(key=lambda one: one.header.position)
    held = {one.header.position for one in holding(events)}
    return answer(
        {
            "version": lane.version,
            "events": [_event(one, held) for one in events],
            "verdicts": _verdicts(overgang, handover_id, caller.authority),
        },
        headers={"ETag": etag(lane.version)},
    )


@router.get(
    "/handovers/{handover_id}/rights/decisions/{decision_id}/hearing",
    responses={200: {"model": rm.HearingQuestionsOut}, **problem_responses("role-not-allowed", "not-found")},
)
def show_hearing_questions(
    request: Request, caller: CaseRole, handover_id: HandoverId, decision_id: DecisionId
) -> Response:
    """What is asked before a decision that is being prepared, and the exceptions there are.

    None of the exceptions of FVL §19(2) is preselected.
    """
    overgang = overgang_of(request)
    state = load(overgang.services, handover_id)
    lane = lane_of(overgang.services, handover_id, caller.authority)
    held = holding(lane.events)
    if not any(getattr(one.event, "decision", None) == decision_id for one in held):
        raise Problem.of("not-found")
    template = get_template(state.template, state.template_version)
    found = hearing_questions(held, decision_id, state.document_facts, template)
    exceptions = rights_register().values["hearing_ground"]
    return answer(
        {
            "asked": found.asked,
            "because": found.because,
            "sections": found.sections,
            "exceptions": [{"code": code, "label": label} for code, label in exceptions.items()],
            "preselected": None,
        }
    )


@router.get(
    "/handovers/{handover_id}/rights/{position}/confirmation",
    responses={200: PLAIN_TEXT, **problem_responses("role-not-allowed", "not-found")},
)
def confirm_case_right(
    request: Request,
    caller: CaseRole,
    handover_id: HandoverId,
    position: Annotated[int, Path(ge=0, le=f.MAX_POSITION, description="The registration's."), f.Whole],
) -> Response:
    """A printed confirmation of what was registered on the citizen's behalf, in Danish: when it came, what
    follows and by when, how it is corrected. It repeats nothing that she said or wrote."""
    overgang = overgang_of(request)
    state = load(overgang.services, handover_id)
    lane = lane_of(overgang.services, handover_id, caller.authority)
    recorded = next((one for one in lane.events if one.header.position == position), None)
    if recorded is None:
        raise Problem.of("not-found")
    return Response(receipt_of(overgang, state, lane, recorded), media_type="text/plain; charset=utf-8")


def _event(recorded: Recorded, held: set[int]) -> dict[str, Any]:
    header = recorded.header
    return {
        "position": header.position,
        "event": header.event,
        "occurred_at": header.occurred_at,
        "recorded_at": header.recorded_at,
        "authority": header.authority,
        "unit": header.unit,
        "holds": header.position in held or isinstance(recorded.event, RightsFactRetracted),
        "facts": recorded.event,
    }


def _verdicts(overgang: Overgang, handover: UUID, authority: str) -> list[dict[str, Any]]:
    now = to_instant(overgang.clock.now())
    return [shown(one) for one in verdicts_of(overgang.services, handover, authority, now)]


def shown(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the API and the command line give it."""
    found: dict[str, Any] = msgspec.to_builtins(verdict)
    rule = rights_rules()[verdict.rule]
    return {**found, "name": rule.name, "state_da": STATES[verdict.state]}
