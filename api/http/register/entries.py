"""For the registrar: authorities, units, who succeeds them, and what they have published."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from api.auth.guard import CurrentCaller
from api.http import fields as f
from api.http import models as m
from api.http import requests as r
from api.http.answers import answer, creating, etag
from api.http.call import Anyone, IdempotencyKey, create_context, overgang_of
from api.http.problems import FieldError, Problem, problem_responses
from api.http.register import models as gm
from api.http.register import requests as gr
from api.http.register.shown import authority_of
from api.http.strictjson import StrictRoute
from domain.events.instant import to_instant
from domain.identity.errors import IdentityError
from domain.identity.organisation import parse_cvr, parse_gln, parse_sor
from domain.register import commands as c
from workflows.handlers.entries import AuthorityNotFound
from workflows.handlers.register import (
    publish_processing_time,
    publish_referrer,
    register_authority,
    register_unit,
)
from workflows.handlers.routing import register
from workflows.handlers.successions import confirm_succession, propose_succession

router = APIRouter(prefix="/v1", tags=["register"], route_class=StrictRoute)
Code = Annotated[f.AuthorityCode, Path()]
ProposalId = Annotated[f.Id, Path(description="The proposal's id.")]
WRITE = problem_responses("role-not-allowed", "not-found", "refused", "register-clash", "conflict")
READ = problem_responses("not-found")


def _check(pointer: str, value: str | None, parse: Any) -> None:
    if value is None:
        return
    try:
        parse(value)
    except IdentityError as error:
        raise Problem.of(
            "validation-failed",
            errors=[FieldError(pointer, error.code, error.message, "Koden er ikke gyldig.")],
        ) from None


@router.post("/authorities", status_code=201, responses={201: {"model": m.Created}, **WRITE})
def enter_authority(
    request: Request, caller: Anyone, entry: r.AuthorityEntry, key: IdempotencyKey = None
) -> Response:
    """Enter an authority: a region or a municipality."""
    context = create_context(request, caller, key, entry.model_dump())
    _check("/cvr", entry.cvr, parse_cvr)
    command = c.RegisterAuthority(authority=entry.authority, name=entry.name, cvr=entry.cvr)
    return creating(lambda: register_authority(overgang_of(request).services, context, command))


@router.post(
    "/authorities/{authority}/units", status_code=201, responses={201: {"model": m.Created}, **WRITE}
)
def enter_unit(
    request: Request, caller: Anyone, authority: Code, entry: r.UnitEntry, key: IdempotencyKey = None
) -> Response:
    """Enter a unit with its SOR and GLN. A SOR code whose check digit fails is taken: it only warns."""
    context = create_context(request, caller, key, entry.model_dump())
    _check("/sor", entry.sor, parse_sor)
    _check("/gln", entry.gln, parse_gln)
    command = c.RegisterUnit(
        authority=authority,
        unit=entry.unit,
        kind=entry.kind,
        name=entry.name,
        sor=entry.sor,
        gln=entry.gln,
        offers_dual_diagnosis=entry.offers_dual_diagnosis,
    )
    return creating(lambda: register_unit(overgang_of(request).services, context, command))


@router.post(
    "/authorities/{authority}/successions", status_code=201, responses={201: {"model": m.Created}, **WRITE}
)
def enter_succession(
    request: Request, caller: Anyone, authority: Code, entry: gr.SuccessionEntry, key: IdempotencyKey = None
) -> Response:
    """Propose who succeeds the authority or one of its units; it holds once another person confirms it."""
    context = create_context(request, caller, key, entry.model_dump())
    command = c.ProposeSuccession(authority=authority, **entry.model_dump())
    return creating(lambda: propose_succession(overgang_of(request).services, context, command))


@router.post(
    "/authorities/{authority}/successions/{proposal_id}/confirmation",
    status_code=201,
    responses={201: {"model": m.Created}, **WRITE},
)
def confirm_entered_succession(
    request: Request,
    caller: Anyone,
    authority: Code,
    proposal_id: ProposalId,
    key: IdempotencyKey = None,
) -> Response:
    """Let a succession hold that another person proposed. What waits for the successor then goes on."""
    context = create_context(request, caller, key, None)
    command = c.ConfirmSuccession(authority=authority, proposal=proposal_id)
    return creating(lambda: confirm_succession(overgang_of(request).services, context, command))


@router.post(
    "/authorities/{authority}/referrers", status_code=201, responses={201: {"model": m.Created}, **WRITE}
)
def enter_referrer(
    request: Request, caller: Anyone, authority: Code, entry: gr.ReferrerEntry, key: IdempotencyKey = None
) -> Response:
    """Note that a region has published that this type of referrer may refer to it (RSY §11(2))."""
    context = create_context(request, caller, key, entry.model_dump())
    command = c.PublishReferrer(authority=authority, **entry.model_dump())
    return creating(lambda: publish_referrer(overgang_of(request).services, context, command))


@router.post(
    "/authorities/{authority}/processing-times",
    status_code=201,
    responses={201: {"model": m.Created}, **WRITE},
)
def enter_processing_time(
    request: Request,
    caller: Anyone,
    authority: Code,
    entry: gr.ProcessingTimeEntry,
    key: IdempotencyKey = None,
) -> Response:
    """Note that a municipality has published how long it takes to decide under a legal basis (RSL §3(2))."""
    context = create_context(request, caller, key, entry.model_dump())
    command = c.PublishProcessingTime(authority=authority, **entry.model_dump())
    return creating(lambda: publish_processing_time(overgang_of(request).services, context, command))


@router.get("/authorities/{authority}", responses={200: {"model": gm.AuthorityOut}, **READ})
def show_authority(request: Request, caller: CurrentCaller, authority: Code) -> Response:
    """An authority with its units, main mailboxes, successors, and what it has published."""
    overgang = overgang_of(request)
    found = register(overgang.log, authority)
    if found is None:
        raise AuthorityNotFound
    shown = authority_of(found, to_instant(overgang.clock.now()))
    return answer(shown, headers={"ETag": etag(found.version)})
