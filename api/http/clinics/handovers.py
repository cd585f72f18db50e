"""For the sender: validate, submit, follow, complete."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.auth.claims import Caller
from api.auth.guard import check_organisation, require_role
from api.http import fields as f
from api.http import models as m
from api.http import requests as r
from api.http.answers import answer, creating, etag
from api.http.call import (
    Anyone,
    HandoverId,
    IdempotencyKey,
    IfMatch,
    context_of,
    create_context,
    expected_version,
    overgang_of,
)
from api.http.case_steps import as_seen, exits_of, notes_of, seen
from api.http.cases import actions_of, row_of, status_of, what_she_said
from api.http.documents import validated, warnings_of, written, written_from
from api.http.foreseen import came_of, foreseen
from api.http.problems import Problem, problem_responses
from api.http.steps import WRITING_PROBLEMS
from api.http.strictjson import StrictRoute
from domain.calendar.working_days import danish_day
from domain.handover.commands import CompleteHandover, SubmitHandover
from workflows.handlers.act import complete
from workflows.handlers.guard import load, outside_unit
from workflows.handlers.said import live_facts, said_on, stopped
from workflows.handlers.submit import submit
from workflows.handlers.succeeded import places_of, seen_as

router = APIRouter(prefix="/v1", tags=["clinics"], route_class=StrictRoute)
CASE_ROLES = ("clinician", "caseworker", "leader", "integration", "auditor")
_CREATE = problem_responses(
    "role-not-allowed", "organisation-mismatch", "refused", "attachment-unknown", "register-clash", "gone"
)
_READ = problem_responses("role-not-allowed")


def _check_sender(caller: Caller, sender: r.Sender) -> None:
    check_organisation(caller, authority=sender.authority, unit=sender.unit, sor=sender.sor, gln=sender.gln)


@router.post(
    "/handovers/validate",
    responses={
        200: {"model": m.Validation},
        **problem_responses("role-not-allowed", "organisation-mismatch"),
    },
)
def validate_handover(request: Request, caller: Anyone, submission: r.HandoverSubmission) -> Response:
    """Check a document against its template, and where it would go now; stores nothing."""
    _check_sender(caller, submission.sender)
    overgang = overgang_of(request)
    found = validated(overgang, submission.document)
    command = SubmitHandover(
        document=written_from(overgang, found, caller.authority), receiver_unit=submission.receiver_unit
    )
    warnings = [*warnings_of(found), *foreseen(overgang, caller.authority, command)]
    return answer({"valid": True, "warnings": warnings})


@router.post("/handovers", status_code=201, responses={201: {"model": m.Submitted}, **_CREATE})
def submit_handover(
    request: Request, caller: Anyone, submission: r.HandoverSubmission, key: IdempotencyKey = None
) -> Response:
    """Submit a handover; it is routed to the main mailbox valid now, or held with a task."""
    context = create_context(request, caller, key, submission.model_dump())
    _check_sender(caller, submission.sender)
    overgang = overgang_of(request)
    found = validated(overgang, submission.document)
    document = written_from(overgang, found, caller.authority)
    attachments = tuple(dict.fromkeys(UUID(text) for text in submission.attachments))
    taken = places_of(overgang.services, caller.authority, caller.unit) if attachments else ()
    overgang.intake.check_together(context.actor, attachments, taken)
    command = SubmitHandover(
        document=document, receiver_unit=submission.receiver_unit, attachments=attachments
    )
    return creating(
        lambda: submit(overgang.services, context, command),
        lambda outcome: {**came_of(overgang, outcome), "warnings": warnings_of(found)},
    )


@router.get("/handovers", responses={200: {"model": m.Feed}, **_READ})
def list_sent(
    request: Request,
    caller: Annotated[Caller, Depends(require_role(*CASE_ROLES))],
    after: Annotated[
        int, Query(ge=-1, le=f.MAX_POSITION, description="Position of the last one seen."), f.Whole
    ] = -1,
    limit: Annotated[int, Query(ge=1, le=200), f.Whole] = 50,
) -> Response:
    """The unit's sent handovers by position, without names."""
    found = overgang_of(request).worklists.sent_by(caller.authority, caller.unit, after, limit)
    return answer(
        {
            "items": [row_of(row) for row in found],
            "next": found[-1].position if len(found) == limit else None,
        }
    )


@router.get(
    "/handovers/{handover_id:id}",
    responses={200: {"model": m.HandoverStatus}, **_READ, **problem_responses("not-found")},
)
def show_handover(
    request: Request,
    caller: Annotated[Caller, Depends(require_role(*CASE_ROLES))],
    handover_id: HandoverId,
) -> Response:
    """Where the handover stands, and what the caller may do next."""
    overgang = overgang_of(request)
    state = load(overgang.services, handover_id)
    side = state.side_of(caller.authority)
    if side is None:
        raise Problem.of("not-found")
    actions = []
    if not outside_unit(context_of(request, caller), state):
        facts = live_facts(overgang.services, state)
        actions = actions_of(state, side, caller.role, danish_day(overgang.clock.now()), facts)
        if side == "receiver" and state.opened_at is None and stopped(overgang.services, state):
            actions = [one for one in actions if one["command"] != "open"]  # it is locked
    case = overgang.log.stream(handover_id)
    ours = seen_as(overgang.services, handover_id, caller.authority)
    notes, exits = notes_of(state, side, case), exits_of(state, ours, case)
    shown = as_seen(state, side, seen(state, side, ours, case))
    content = status_of(shown, side, actions, notes, exits) | what_she_said(said_on(overgang.services, state))
    return answer(content, headers={"ETag": etag(state.version)})


@router.post(
    "/handovers/{handover_id}/completion",
    status_code=201,
    responses={201: {"model": m.Created}, **WRITING_PROBLEMS},
)
def complete_handover(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    submission: r.CompletionSubmission,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Give a MedCom message its overgangsdokument; from now on it counts."""
    content: Any = submission.model_dump()
    context = create_context(request, caller, key, content)
    version = expected_version(if_match)
    overgang = overgang_of(request)
    document = written(overgang, submission.document, caller.authority)
    command = CompleteHandover(handover=handover_id, expected_version=version, document=document)
    return creating(lambda: complete(overgang.services, context, command))
