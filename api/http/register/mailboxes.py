"""For the registrar: main mailboxes, proposed by one person and confirmed by another. For all: where to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.auth.claims import Caller
from api.auth.guard import CurrentCaller, require_role
from api.http import fields as f
from api.http import models as m
from api.http.answers import answer, creating, etag
from api.http.call import Anyone, IdempotencyKey, IfMatch, create_context, expected_version, overgang_of
from api.http.problems import Problem, problem_responses
from api.http.register import models as gm
from api.http.register import requests as gr
from api.http.register.entries import READ, WRITE, Code
from api.http.register.shown import mailbox_of, proposals_of
from api.http.strictjson import StrictRoute
from domain.events.instant import to_instant
from domain.register import commands as c
from domain.register.known import registers_as_known
from domain.register.mailbox_events import Channel
from domain.register.resolve import resolve
from workflows.handlers.entries import SECRETARIAT, AuthorityNotFound
from workflows.handlers.mailbox import find_mailbox
from workflows.handlers.mailbox_entries import (
    ask_for_main_mailbox,
    confirm_mailbox_end,
    confirm_main_mailbox,
    propose_mailbox_end,
    propose_main_mailbox,
    withdraw_mailbox_confirmation,
    withdraw_mailbox_proposal,
)
from workflows.handlers.routing import register
from workflows.handlers.services import MAILBOX_PURPOSE

router = APIRouter(prefix="/v1", tags=["register"], route_class=StrictRoute)
MailboxId = Annotated[f.Id, Path(description="The mailbox's id.")]
Keeper = Annotated[Caller, Depends(require_role("registrar", "auditor"))]


@router.post(
    "/authorities/{authority}/mailbox-requests",
    status_code=201,
    responses={201: {"model": m.Created}, **WRITE},
)
def ask_for_mailbox(
    request: Request, caller: Anyone, authority: Code, entry: gr.AskedEntry, key: IdempotencyKey = None
) -> Response:
    """Note that the secretariat has asked an authority for its main mailbox."""
    context = create_context(request, caller, key, entry.model_dump())
    command = c.AskForMainMailbox(authority=authority, means=entry.means, asked_on=entry.asked_on)
    return creating(lambda: ask_for_main_mailbox(overgang_of(request).services, context, command))


@router.post(
    "/authorities/{authority}/mailboxes", status_code=201, responses={201: {"model": m.Created}, **WRITE}
)
def propose_mailbox(
    request: Request, caller: Anyone, authority: Code, entry: gr.MailboxEntry, key: IdempotencyKey = None
) -> Response:
    """Propose a main mailbox. Nothing is sent there until another person confirms it."""
    context = create_context(request, caller, key, entry.model_dump())
    given = entry.model_dump() | {
        "channels": tuple(Channel(channel=one.channel, address=one.address) for one in entry.channels),
        "kle": tuple(entry.kle),
        "replaces": UUID(entry.replaces) if entry.replaces else None,
    }
    command = c.ProposeMainMailbox(authority=authority, **given)
    return creating(lambda: propose_main_mailbox(overgang_of(request).services, context, command))


@router.post(
    "/mailboxes/{mailbox_id}/confirmation", status_code=201, responses={201: {"model": m.Created}, **WRITE}
)
def confirm_mailbox(
    request: Request,
    caller: Anyone,
    mailbox_id: MailboxId,
    entry: gr.MailboxConfirmation,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Vouch for a main mailbox that another person entered: the first time, again, or on newer evidence.

    What it replaces ends by it, and what waits for it is delivered. Valid times never overlap.
    """
    context = create_context(request, caller, key, entry.model_dump())
    command = c.ConfirmMainMailbox(
        mailbox=mailbox_id, expected_version=expected_version(if_match), **entry.model_dump()
    )
    return creating(lambda: confirm_main_mailbox(overgang_of(request).services, context, command))


@router.post(
    "/mailboxes/{mailbox_id}/confirmation-withdrawal",
    status_code=201,
    responses={201: {"model": m.Created}, **WRITE},
)
def withdraw_confirmation(
    request: Request,
    caller: Anyone,
    mailbox_id: MailboxId,
    entry: gr.ConfirmationWithdrawal,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Stop sending to a main mailbox: one person is enough. What comes now is held until it is confirmed."""
    context = create_context(request, caller, key, entry.model_dump())
    command = c.WithdrawMailboxConfirmation(
        mailbox=mailbox_id, expected_version=expected_version(if_match), **entry.model_dump()
    )
    return creating(lambda: withdraw_mailbox_confirmation(overgang_of(request).services, context, command))


@router.post(
    "/mailboxes/{mailbox_id}/proposal-withdrawal",
    status_code=201,
    responses={201: {"model": m.Created}, **WRITE},
)
def withdraw_proposal(
    request: Request,
    caller: Anyone,
    mailbox_id: MailboxId,
    entry: gr.ProposalWithdrawal,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Take back what was proposed of a mailbox and waits: the entry, or its end."""
    context = create_context(request, caller, key, entry.model_dump())
    command = c.WithdrawMailboxProposal(
        mailbox=mailbox_id, expected_version=expected_version(if_match), reason=entry.reason
    )
    return creating(lambda: withdraw_mailbox_proposal(overgang_of(request).services, context, command))


@router.post("/mailboxes/{mailbox_id}/end", status_code=201, responses={201: {"model": m.Created}, **WRITE})
def propose_end(
    request: Request,
    caller: Anyone,
    mailbox_id: MailboxId,
    end: gr.MailboxEnd,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Propose when a main mailbox ends; it does so once another person confirms it."""
    context = create_context(request, caller, key, end.model_dump())
    command = c.ProposeMailboxEnd(
        mailbox=mailbox_id, expected_version=expected_version(if_match), **end.model_dump()
    )
    return creating(lambda: propose_mailbox_end(overgang_of(request).services, context, command))


@router.post(
    "/mailboxes/{mailbox_id}/end-confirmation",
    status_code=201,
    responses={201: {"model": m.Created}, **WRITE},
)
def confirm_end(
    request: Request,
    caller: Anyone,
    mailbox_id: MailboxId,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Let a main mailbox end as another person proposed."""
    context = create_context(request, caller, key, None)
    command = c.ConfirmMailboxEnd(mailbox=mailbox_id, expected_version=expected_version(if_match))
    return creating(lambda: confirm_mailbox_end(overgang_of(request).services, context, command))


@router.get(
    "/authorities/{authority}/proposals",
    responses={200: {"model": gm.ProposalsOut}, **problem_responses("role-not-allowed", "not-found")},
)
def list_proposals(request: Request, caller: Keeper, authority: Code) -> Response:
    """What waits for another person, with the versions for If-Match: for those who keep the register."""
    found = register(overgang_of(request).log, authority)
    if found is None or caller.authority not in (authority, SECRETARIAT):
        raise AuthorityNotFound
    return answer(proposals_of(found))


@router.get("/authorities/{authority}/main-mailbox", responses={200: {"model": gm.MailboxOut}, **READ})
def show_main_mailbox(
    request: Request,
    caller: CurrentCaller,
    authority: Code,
    unit: Annotated[f.UnitId | None, Query()] = None,
    on: Annotated[f.Instant | None, Query(description="Valid time: now, unless given.")] = None,
    known: Annotated[
        f.Instant | None, Query(description="Registered time: all that is known, unless given.")
    ] = None,
    at: Annotated[f.Instant | None, Query(description="The same as `on`.", deprecated=True)] = None,
) -> Response:
    """Where a handover would have gone at an instant, as known at another: to the successor, if there is one.

    Not found: nowhere, it would have been held.
    """
    overgang = overgang_of(request)
    instant = on or at or to_instant(overgang.clock.now())
    registers = registers_as_known(overgang.log.stream, known)
    found = resolve(registers, authority, unit, MAILBOX_PURPOSE, instant)
    if found.mailbox is None:
        raise Problem.of("not-found")
    return answer(mailbox_of(found.mailbox))


@router.get("/mailboxes/{mailbox_id}", responses={200: {"model": gm.MailboxOut}, **READ})
def show_mailbox_entry(request: Request, caller: CurrentCaller, mailbox_id: MailboxId) -> Response:
    """A main mailbox by id, ended or not, once it was confirmed."""
    found = find_mailbox(overgang_of(request).services, mailbox_id)
    return answer(mailbox_of(found), headers={"ETag": etag(found.version)})
