"""For the auditor of an authority: what became of every right that it owes, on one case or case by case."""

from itertools import islice
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from api.http import fields as f
from api.http.answers import answer
from api.http.auditors import schemas as s
from api.http.auditors.audit import Auditor
from api.http.call import overgang_of
from api.http.problems import Problem, problem_responses
from audit.replay.replay import UnknownHandover
from audit.replay.source import Snapshot, StoredLog
from audit.verdicts.cases import JudgedCase
from audit.verdicts.rights import Asked, Rights, ask, head
from audit.verdicts.rows import Row
from domain.events.instant import to_instant
from workflows.handlers.succeeded import authorities_of, seen_on

router = APIRouter(prefix="/v1/audit", tags=["auditors"])


@router.get(
    "/rights",
    responses={200: s.answered(s.RIGHTS), **problem_responses("role-not-allowed", "not-found")},
)
def list_audit_rights(
    request: Request,
    caller: Auditor,
    handover: Annotated[
        f.Id | None, Query(description="One case; without it, those that begin after `after`.")
    ] = None,
    after: Annotated[
        int, Query(ge=-1, le=f.MAX_POSITION, description="`next` of the page before."), f.Whole
    ] = -1,
    limit: Annotated[
        int, Query(ge=1, le=50, description="How many cases are looked at; not all are one's own."), f.Whole
    ] = 20,
    at_index: Annotated[
        int | None, Query(ge=0, le=f.MAX_POSITION, description="As known at this position."), f.Whole
    ] = None,
    as_of: Annotated[f.Instant | None, Query(description="At this instant; by default now.")] = None,
) -> Response:
    """The rights that one's own authority owes: trigger, both dates, what closed each, its state."""
    overgang = overgang_of(request)
    now, ours = to_instant(overgang.clock.now()), authorities_of(overgang.services, caller.authority)
    with StoredLog(overgang.database).snapshot() as log:
        known = None if at_index is None else min(at_index, log.length() - 1)
        try:
            asked = ask(log, now, handover=handover, at_index=known, as_of=as_of)
        except UnknownHandover:
            raise Problem.of("not-found") from None
        if handover is not None:
            shown = _one(log, asked, handover, ours)
        else:
            shown = _page(log, asked, ours, after, limit)
    own = msgspec.structs.replace(shown.head, authority=caller.authority)
    return answer(msgspec.structs.replace(shown, head=own))


def _one(log: Snapshot, asked: Asked, handover: UUID, ours: frozenset[str]) -> s.RightsPage:
    case = Rights(log, asked).case(handover)
    rows, seen = _own(log, case, ours)
    if not rows and seen.isdisjoint(case.parties):
        raise Problem.of("not-found")
    return s.RightsPage(head=head(asked), items=rows, next=None)


def _page(log: Snapshot, asked: Asked, ours: frozenset[str], after: int, limit: int) -> s.RightsPage:
    looked_at = list(islice(log.cases(after, asked.at_index), limit))
    cases = Rights(log, asked).these([handover for _, handover in looked_at])
    rows = tuple(row for case in cases for row in _own(log, case, ours)[0])
    following = looked_at[-1][0] if len(looked_at) == limit else None
    return s.RightsPage(head=head(asked), items=rows, next=following)


def _own(log: Snapshot, case: JudgedCase, ours: frozenset[str]) -> tuple[tuple[Row, ...], frozenset[str]]:
    """The rows of a case that are one's own, and as whom one sees it: also as those who were succeeded."""
    seen = seen_on(ours, list(log.stream(case.handover)))
    return tuple(row for row in case.rows if row.authority in seen), seen
