"""Drafts: one's own, outside the log, gone after 30 days. What has no place here is not kept either."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.bootstrap import Overgang
from api.http import fields as f
from api.http import models as m
from api.http import requests as r
from api.http.answers import answer, etag
from api.http.call import (
    IdempotencyKey,
    IfMatch,
    actor_of,
    check_writable,
    create_context,
    expected_version,
    overgang_of,
)
from api.http.documents import OVERGANGSDOKUMENT
from api.http.problems import problem_responses
from api.http.strictjson import StrictRoute
from audit.vault.drafts import Draft
from domain.calendar.working_days import danish_day
from domain.document.belonging import refuse_what_does_not_belong
from domain.document.consent import consent_notices
from domain.document.loader import template_on
from workflows.handlers.succeeded import places_of

router = APIRouter(prefix="/v1", tags=["clinics"], route_class=StrictRoute)
Writer = Annotated[Caller, Depends(require_role("clinician", "caseworker", "leader"))]
DraftId = Annotated[f.Id, Path(description="The draft's id.")]
_FAULTS = problem_responses("role-not-allowed")
_ONE = problem_responses("not-found")


def _begun(overgang: Overgang, draft: Draft, document: dict[str, Any]) -> dict[str, object]:
    """A draft that was kept, and whether what it is disclosed on will hold."""
    notices = consent_notices(document, danish_day(overgang.clock.now()))
    return _summary(draft) | {"consent": notices}


def _summary(draft: Draft) -> dict[str, object]:
    return {
        "id": draft.id,
        "version": draft.version,
        "updated_at": draft.updated_at,
        "expires_at": draft.expires_at,
    }


def _taken(overgang: Overgang, caller: Caller) -> frozenset[str]:
    """The authorities whose place the caller's has taken, as a whole or for her token alone."""
    stated = {caller.formerly[0]} if caller.formerly is not None else set()
    return frozenset({place[0] for place in places_of(overgang.services, caller.authority, None)} | stated)


def _check_belongs(overgang: Overgang, content: r.DraftContent) -> None:
    """Raises DocumentRefused for what has no place here, whatever version the draft names."""
    template = template_on(OVERGANGSDOKUMENT, danish_day(overgang.clock.now()))
    refuse_what_does_not_belong(content.document, template)


@router.post("/drafts", status_code=201, responses={201: {"model": m.DraftBegun}, **_FAULTS})
def create_draft(
    request: Request, caller: Writer, content: r.DraftContent, key: IdempotencyKey = None
) -> Response:
    """Keep a draft, outside the log."""
    overgang = overgang_of(request)
    _check_belongs(overgang, content)
    context = create_context(request, caller, key, content.model_dump())
    assert context.idempotency is not None
    draft = overgang.drafts.create(
        context.actor,
        context.idempotency.id,
        context.idempotency.fingerprint,
        content.document,
        overgang.clock.now(),
        _taken(overgang, caller),
    )
    headers = {"Location": f"/v1/drafts/{draft.id}", "ETag": etag(draft.version)}
    return answer(_begun(overgang, draft, content.document), 201, headers)


@router.get("/drafts", responses={200: {"model": m.Drafts}, **_FAULTS})
def list_drafts(
    request: Request, caller: Writer, limit: Annotated[int, Query(ge=1, le=200), f.Whole] = 50
) -> Response:
    """One's own drafts, newest first."""
    overgang = overgang_of(request)
    found = overgang.drafts.list(actor_of(caller), overgang.clock.now(), limit, _taken(overgang, caller))
    return answer({"items": [_summary(draft) for draft in found]})


@router.get("/drafts/{draft_id}", responses={200: {"model": m.DraftFull}, **_FAULTS, **_ONE})
def show_draft(request: Request, caller: Writer, draft_id: DraftId) -> Response:
    """One's own draft with its content."""
    overgang = overgang_of(request)
    draft = overgang.drafts.get(actor_of(caller), draft_id, overgang.clock.now(), _taken(overgang, caller))
    return answer({**_summary(draft), "document": draft.content}, headers={"ETag": etag(draft.version)})


@router.put("/drafts/{draft_id}", responses={200: {"model": m.DraftBegun}, **_FAULTS, **_ONE})
def replace_draft(
    request: Request, caller: Writer, draft_id: DraftId, content: r.DraftContent, if_match: IfMatch = None
) -> Response:
    """Replace the content of one's own draft."""
    overgang = overgang_of(request)
    check_writable(overgang)
    _check_belongs(overgang, content)
    draft = overgang.drafts.replace(
        actor_of(caller),
        draft_id,
        expected_version(if_match),
        content.document,
        overgang.clock.now(),
        _taken(overgang, caller),
    )
    return answer(_begun(overgang, draft, content.document), headers={"ETag": etag(draft.version)})


@router.delete("/drafts/{draft_id}", status_code=204, responses={**_FAULTS, **_ONE})
def delete_draft(request: Request, caller: Writer, draft_id: DraftId) -> Response:
    """Delete one's own draft for good."""
    overgang = overgang_of(request)
    check_writable(overgang)
    overgang.drafts.delete(actor_of(caller), draft_id, _taken(overgang, caller))
    return Response(status_code=204)
