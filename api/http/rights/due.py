"""What one's own authority has to do, soonest strict date first: by case number, without a name."""

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator, Field

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import fields as f
from api.http.answers import answer
from api.http.call import overgang_of
from api.http.problems import problem_responses
from api.http.rights.due_models import DuePage
from audit.projector.due import Asked, Rank, queue
from domain.due.obligation import FAR, state_at
from domain.due.reminders import known_rules, reminders
from domain.events.instant import to_instant
from domain.rights.verdict import State
from domain.rights.words import STATES
from workflows.handlers.succeeded import places_of

router = APIRouter(prefix="/v1/rights", tags=["rights"])
Reader = Annotated[Caller, Depends(require_role("clinician", "caseworker", "leader", "auditor"))]
CURSOR = f"^(?:{f.INSTANT[1:-1]}|{re.escape(FAR)})~{f.UUID_FORM[1:-1]}$"
"""Where a page of the queue ended: (the last instant of the strict date, or none; id)."""
Cursor = Annotated[str, AfterValidator(f.whole(CURSOR)), Field(json_schema_extra={"pattern": CURSOR})]
Rule = Annotated[str, AfterValidator(f.listed(known_rules())), Field(json_schema_extra=f.enum(known_rules()))]
OpenState = Literal["pending", "overdue-but-disputed", "violated", "to-be-assessed"]


@router.get("/due", responses={200: {"model": DuePage}, **problem_responses("role-not-allowed")})
def list_due(
    request: Request,
    caller: Reader,
    unit: Annotated[f.UnitId | None, Query(description="Only where this unit has the case.")] = None,
    rule: Annotated[Rule | None, Query(description="Only under this rule.")] = None,
    state: Annotated[OpenState | None, Query(description="Only in this state, as of now.")] = None,
    warned: Annotated[
        bool | None, Query(description="Only those somebody was reminded of, or nobody was.")
    ] = None,
    after: Annotated[Cursor | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200), f.Whole] = 50,
) -> Response:
    """The authority's queue: what nothing has closed, soonest strict date first, what has no date last."""
    overgang = overgang_of(request)
    now = to_instant(overgang.clock.now())
    authorities = {place[0] for place in places_of(overgang.services, caller.authority, None)}
    asked = Asked(unit=unit, rule=rule, state=None if state is None else State(state), warned=warned)
    found = queue(overgang.database, authorities, asked, now, _rank(after) if after else None, limit)
    last = found[-1] if len(found) == limit else None
    return answer(
        {
            "items": [_item(one, now) for one in found],
            "next": f"{last['strict_at']}~{last['key']}" if last else None,
        }
    )


def _item(row: dict[str, Any], now: str) -> dict[str, Any]:
    rule = known_rules()[row["rule"]]
    state = state_at(row["strict_at"], row["lenient_at"], row["certainty"], now)
    shown = ("handover", "authority", "unit", "rule", "certainty", "matter", "strict", "lenient", "warned")
    return {
        **{name: row[name] for name in shown},
        "name": rule.name,
        "basis": rule.basis,
        "trigger": row["about_position"],
        "trigger_event": row["about_event"],
        "triggered_at": row["since"],
        "state": state,
        "state_da": STATES[state],
        "warned_da": reminders().levels.get(row["warned"] or ""),
    }


def _rank(text: str) -> Rank:
    instant, key = text.split("~")
    return instant, key.lower()
