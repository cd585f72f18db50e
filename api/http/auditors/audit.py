"""For the auditor of an authority: the entries she may see, one case replayed, and the counts."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import fields as f
from api.http.answers import answer
from api.http.auditors import schemas as s
from api.http.call import HandoverId, overgang_of
from api.http.problems import Problem, problem_responses
from audit.log.entry import leaf_hash
from audit.replay.replay import replay_handover
from audit.volume.volume import volume
from domain.events.catalogue import EVENT_TYPES
from domain.events.lanes import may_see
from domain.events.model import Recorded

router = APIRouter(prefix="/v1/audit", tags=["auditors"])
Auditor = Annotated[Caller, Depends(require_role("auditor"))]
_FAULTS = problem_responses("role-not-allowed")


def visible(recorded: Recorded, caller: Caller) -> bool:
    """Whether the caller may see an event's header and facts."""
    kind = EVENT_TYPES[recorded.header.event]
    return may_see(
        lane=kind.lane,
        roles=kind.roles,
        visible_to=recorded.header.visible_to,
        role=caller.role,
        authority=caller.authority,
    )


@router.get("/entries", responses={200: s.answered(s.ENTRIES), **_FAULTS})
def list_entries(
    request: Request,
    caller: Auditor,
    after: Annotated[
        int, Query(ge=-1, le=f.MAX_POSITION, description="Position of the last one seen."), f.Whole
    ] = -1,
    limit: Annotated[int, Query(ge=1, le=500), f.Whole] = 100,
) -> Response:
    """Headers and facts by position, those that the auditor's authority may see."""
    log = overgang_of(request).log
    found = log.read(after, limit)
    return answer(
        {
            "items": [
                {
                    "header": recorded.header,
                    "facts": msgspec.to_builtins(recorded.event),
                    "leaf_hash": leaf_hash(recorded.entry).hex(),
                }
                for recorded in found
                if visible(recorded, caller)
            ],
            "next": found[-1].header.position if len(found) == limit else None,
        }
    )


@router.get(
    "/handovers/{handover_id}",
    responses={200: s.answered(s.REPLAY), **problem_responses("role-not-allowed", "not-found")},
)
def replay_one(
    request: Request,
    caller: Auditor,
    handover_id: HandoverId,
    at_index: Annotated[
        int | None, Query(ge=0, le=f.MAX_POSITION, description="As known at this position."), f.Whole
    ] = None,
    as_of: Annotated[f.Instant | None, Query(description="As it stood at this instant.")] = None,
) -> Response:
    """One case replayed to a moment: state, six honest words, held-by, conformance, timeline."""
    replayed = replay_handover(
        overgang_of(request).log,
        handover_id,
        at_index=at_index,
        as_of=as_of,
        visible=lambda recorded: visible(recorded, caller),
    )
    if replayed is None:
        raise Problem.of("not-found")
    return answer(replayed)


@router.get("/volume", responses={200: s.answered(s.COUNTS), **_FAULTS})
def show_volume(
    request: Request, caller: Annotated[Caller, Depends(require_role("steering", "auditor"))]
) -> Response:
    """Counts by municipality, month and direction. For the steering group only, not for publication."""
    return answer({"items": volume(overgang_of(request).database)})
