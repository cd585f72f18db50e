"""For the receiver: open with a purpose, acknowledge, take over, close; and who read what."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role, stated_unit
from api.http import course_models as cm
from api.http import fields as f
from api.http import models as m
from api.http import requests as r
from api.http.answers import answer, creating, etag
from api.http.call import (
    Anyone,
    HandoverId,
    IdempotencyKey,
    IfMatch,
    create_context,
    expected_version,
    overgang_of,
)
from api.http.problems import Problem, problem_responses
from api.http.strictjson import StrictRoute
from audit.projector.alerts import alerts_of
from domain.due.reminders import known_rules
from domain.events.model import Recorded
from domain.handover.commands import Acknowledge, CloseHandover, OpenDocument, TakeOver
from domain.handover.events import DocumentRead, OutsideAccessUsed
from domain.handover.streams import readings_of
from workflows.handlers.act import acknowledge, close, take_over
from workflows.handlers.guard import load
from workflows.handlers.read import open_for_reading
from workflows.handlers.succeeded import places_of, seen_as

router = APIRouter(prefix="/v1", tags=["centres"], route_class=StrictRoute)
Lead = Annotated[Caller, Depends(require_role("leader", "auditor"))]
_ACT = problem_responses("role-not-allowed", "wrong-side", "outside-unit", "not-found", "refused")
_OPEN = problem_responses(
    "role-not-allowed", "outside-unit", "not-found", "reading-expired", "refused", "conflict", "gone"
)
_READ = problem_responses("role-not-allowed", "not-found")


@router.post(
    "/handovers/{handover_id}/readings", status_code=201, responses={201: {"model": m.Reading}, **_OPEN}
)
def open_handover(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    reading: r.ReadingRequest,
    key: IdempotencyKey = None,
) -> Response:
    """Open the document. The reading is on the log before the key is released."""
    context = create_context(request, caller, key, reading.model_dump())
    overgang = overgang_of(request)
    found = open_for_reading(
        overgang.services,
        context,
        OpenDocument(
            handover=handover_id,
            purpose=reading.purpose,
            outside_reason=reading.outside_reason,
            document=UUID(reading.document) if reading.document else None,
        ),
    )
    return answer(
        {
            "handover": found.handover,
            "position": found.position,
            "version": found.etag,
            "status": found.state.status,
            "document": found.document,
        },
        201,
        {"ETag": etag(found.etag), "Location": f"/v1/handovers/{handover_id}/readings"},
    )


@router.get("/handovers/{handover_id}/readings", responses={200: {"model": m.Readings}, **_READ})
def list_readings(request: Request, caller: Lead, handover_id: HandoverId) -> Response:
    """Who in one's own authority read the case, with which purpose, and who came from outside."""
    overgang = overgang_of(request)
    state = load(overgang.services, handover_id)
    ours = seen_as(overgang.services, handover_id, caller.authority)
    if state.side_of(caller.authority) is None and ours.isdisjoint(state.former_receivers):
        raise Problem.of("not-found")
    found = [
        _reading_record(one)
        for one in overgang.log.stream(readings_of(handover_id))
        if not ours.isdisjoint(one.header.visible_to)
    ]
    return answer({"items": [record for record in found if record]})


def _reading_record(recorded: Recorded) -> dict[str, Any] | None:
    event, header = recorded.event, recorded.header
    if not isinstance(event, DocumentRead | OutsideAccessUsed):
        return None
    return {
        "position": header.position,
        "recorded_at": header.recorded_at,
        "actor": header.actor,
        "role": header.role,
        "unit": header.unit,
        "purpose": header.purpose,
        "document": event.document_id if isinstance(event, DocumentRead) else None,
        "attachment": event.attachment if isinstance(event, DocumentRead) else None,
        "outside_reason": event.reason if isinstance(event, OutsideAccessUsed) else None,
    }


@router.post(
    "/handovers/{handover_id}/acknowledgement",
    status_code=201,
    responses={201: {"model": m.Created}, **_ACT},
)
def acknowledge_handover(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Confirm receipt for the authority (kvittere). It does not say that anyone took over."""
    context = create_context(request, caller, key, None)
    command = Acknowledge(handover=handover_id, expected_version=expected_version(if_match))
    return creating(lambda: acknowledge(overgang_of(request).services, context, command))


@router.post(
    "/handovers/{handover_id}/takeover", status_code=201, responses={201: {"model": m.Created}, **_ACT}
)
def take_over_handover(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Accept the handover (overtage); acknowledges what was not yet acknowledged."""
    context = create_context(request, caller, key, None)
    command = TakeOver(handover=handover_id, expected_version=expected_version(if_match))
    return creating(lambda: take_over(overgang_of(request).services, context, command))


@router.post(
    "/handovers/{handover_id}/closure", status_code=201, responses={201: {"model": m.Created}, **_ACT}
)
def close_handover(
    request: Request,
    caller: Anyone,
    handover_id: HandoverId,
    closure: r.ClosureRequest,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """End the handover with an outcome."""
    context = create_context(request, caller, key, closure.model_dump())
    command = CloseHandover(
        handover=handover_id, expected_version=expected_version(if_match), outcome=closure.outcome
    )
    return creating(lambda: close(overgang_of(request).services, context, command))


@router.get(
    "/units/{unit}/alerts",
    responses={200: {"model": cm.Alerts}, **problem_responses("role-not-allowed", "outside-unit")},
)
def list_alerts(
    request: Request,
    caller: Lead,
    unit: Annotated[f.UnitId, Path()],
    after: Annotated[int, Query(ge=-1, le=f.MAX_POSITION), f.Whole] = -1,
    limit: Annotated[int, Query(ge=1, le=200), f.Whole] = 50,
) -> Response:
    """What the unit's leader must know: cases read from outside, declined, or unresolved; deadlines."""
    unit = stated_unit(caller, unit)
    if caller.role == "leader" and caller.unit not in (None, unit):
        raise Problem.of("outside-unit")
    overgang = overgang_of(request)
    places = places_of(overgang.services, caller.authority, unit)
    found = alerts_of(overgang.database, places, after, limit)
    about = overgang.log.at(one["about_position"] for one in found)
    for one in found:
        one["about_event"] = about[one["about_position"]].header.event
        rule = known_rules().get(one["rule"] or "")
        one["name"] = rule.name if rule else None
    return answer({"items": found, "next": found[-1]["position"] if len(found) == limit else None})
