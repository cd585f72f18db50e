"""Cases for which nobody has taken the responsibility in time, by number only."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import course_models as cm
from api.http import fields as f
from api.http.answers import answer
from api.http.call import overgang_of
from api.http.problems import problem_responses
from audit.projector.alerts import escalations

router = APIRouter(prefix="/v1/steering", tags=["steering"])


@router.get(
    "/escalations", responses={200: {"model": cm.Escalations}, **problem_responses("role-not-allowed")}
)
def list_escalations(
    request: Request,
    caller: Annotated[Caller, Depends(require_role("steering"))],
    after: Annotated[int, Query(ge=-1, le=f.MAX_POSITION), f.Whole] = -1,
    limit: Annotated[int, Query(ge=1, le=200), f.Whole] = 50,
) -> Response:
    """Disputes that the leaders have not settled in time, oldest first, and which of them stand still."""
    found = escalations(overgang_of(request).database, after, limit)
    return answer({"items": found, "next": found[-1]["position"] if len(found) == limit else None})
