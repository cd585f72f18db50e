"""For the registrar: authorities, units, main mailboxes with valid time."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.auth.guard import CurrentCaller
from api.http import fields as f
from api.http import models as m
from api.http import requests as r
from api.http.answers import answer, creating, etag
from api.http.call import Anyone, IdempotencyKey, create_context, overgang_of
from api.http.problems import FieldError, Problem, problem_responses
from api.http.strictjson import StrictRoute
from domain.events.instant import to_instant
from domain.identity.errors import IdentityError
from domain.identity.organisation import parse_cvr, parse_gln, parse_sor
from domain.register import commands as c
from domain.register.state import MainMailbox
from workflows.handlers.mailbox import find_mailbox
from workflows.handlers.register import (
    AuthorityNotFound,
    end_main_mailbox,
    register_authority,
    register_main_mailbox,
    register_unit,
)
from workflows.handlers.routing import register
from workflows.handlers.services import MAILBOX_PURPOSE

router = APIRouter(prefix="/v1", tags=["register"], route_class=StrictRoute)
Code = Annotated[f.AuthorityCode, Path()]
MailboxId = Annotated[f.Id, Path(description="The mailbox's id.")]
_WRITE = problem_responses("role-not-allowed", "not-found", "refused", "register-clash", "conflict")
_READ = problem_responses("not-found")


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


@router.post("/authorities", status_code=201, responses={201: {"model": m.Created}, **_WRITE})
def enter_authority(
    request: Request, caller: Anyone, entry: r.AuthorityEntry, key: IdempotencyKey = None
) -> Response:
    """Enter an authority: a region or a municipality."""
    context = create_context(request, caller, key, entry.model_dump())
    _check("/cvr", entry.cvr, parse_cvr)
    command = c.RegisterAuthority(authority=entry.authority, name=entry.name, cvr=entry.cvr)
    return creating(lambda: register_authority(overgang_of(request).services, context, command))


@router.post(
    "/authorities/{authority}/units", status_code=201, responses={201: {"model": m.Created}, **_WRITE}
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
    "/authorities/{authority}/mailboxes", status_code=201, responses={201: {"model": m.Created}, **_WRITE}
)
def enter_mailbox(
    request: Request, caller: Anyone, authority: Code, entry: r.MailboxEntry, key: IdempotencyKey = None
) -> Response:
    """Enter a main mailbox from an instant on. Valid times never overlap."""
    context = create_context(request, caller, key, entry.model_dump())
    command = c.RegisterMainMailbox(
        authority=authority,
        unit=entry.unit,
        served_by=entry.served_by,
        address=entry.address,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
    )
    return creating(lambda: register_main_mailbox(overgang_of(request).services, context, command))


@router.post("/mailboxes/{mailbox_id}/end", status_code=201, responses={201: {"model": m.Created}, **_WRITE})
def end_mailbox(
    request: Request, caller: Anyone, mailbox_id: MailboxId, end: r.MailboxEnd, key: IdempotencyKey = None
) -> Response:
    """End a main mailbox at an instant."""
    context = create_context(request, caller, key, end.model_dump())
    command = c.EndMainMailbox(mailbox=mailbox_id, valid_to=end.valid_to)
    return creating(lambda: end_main_mailbox(overgang_of(request).services, context, command))


@router.get("/authorities/{authority}", responses={200: {"model": m.AuthorityOut}, **_READ})
def show_authority(request: Request, caller: CurrentCaller, authority: Code) -> Response:
    """An authority with its units and main mailboxes."""
    found = register(overgang_of(request).log, authority)
    if found is None:
        raise AuthorityNotFound
    return answer(
        {
            "authority": found.authority,
            "kind": found.kind,
            "name": found.name,
            "cvr": found.cvr,
            "version": found.version,
            "units": list(found.units.values()),
            "mailboxes": list(found.mailboxes.values()),
        },
        headers={"ETag": etag(found.version)},
    )


@router.get("/authorities/{authority}/main-mailbox", responses={200: {"model": m.MailboxOut}, **_READ})
def show_main_mailbox(
    request: Request,
    caller: CurrentCaller,
    authority: Code,
    unit: Annotated[f.UnitId | None, Query()] = None,
    at: Annotated[f.Instant | None, Query(description="Now, unless given.")] = None,
) -> Response:
    """The main mailbox that a handover would be routed to at an instant."""
    overgang = overgang_of(request)
    found = register(overgang.log, authority)
    instant = at or to_instant(overgang.clock.now())
    mailbox: MainMailbox | None = found.main_mailbox(unit, MAILBOX_PURPOSE, instant) if found else None
    if mailbox is None:
        raise Problem.of("not-found")
    return answer(mailbox)


@router.get("/mailboxes/{mailbox_id}", responses={200: {"model": m.MailboxOut}, **_READ})
def show_mailbox_entry(request: Request, caller: CurrentCaller, mailbox_id: MailboxId) -> Response:
    """A main mailbox by id, ended or not."""
    return answer(find_mailbox(overgang_of(request).services, mailbox_id))
