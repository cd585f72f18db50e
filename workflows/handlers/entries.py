"""Entries of the register: who may make them, and how they come on the log."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from domain.events.model import Decided, Facts
from domain.events.refusal import Refused
from domain.handover.streams import register_of
from domain.law.loader import basis_of
from domain.register.state import Register
from workflows.handlers.guard import refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.routing import register
from workflows.handlers.services import Context, Services
from workflows.ports.log import Append, IdempotentReplay, NewEvent, Outcome, StreamConflict

F = TypeVar("F", bound=Facts)

SECRETARIAT = "0000"
"""The authority code of those who keep the register for everybody."""


class AuthorityNotFound(Exception):
    """The authority does not stand in the register."""


def allowed(
    services: Services, context: Context, authority: str, command: str, *, secretariat: bool = False
) -> Register | None:
    """What is known of an authority, for its registrar or the `secretariat` (alone, where so said)."""
    actor = context.actor
    found = register(services.log, authority)
    # Asked after the register was read: the same request, committed in between, is no overlap.
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    keepers = (SECRETARIAT,) if secretariat else (authority, SECRETARIAT)
    if actor.role != "registrar" or actor.authority not in keepers:
        refuse(services, context, command, refusal("role-not-allowed"))
    return found


def known(
    services: Services, context: Context, authority: str, command: str, *, secretariat: bool = False
) -> Register:
    """The same of an authority that must stand in the register. Raises AuthorityNotFound, Refused."""
    found = allowed(services, context, authority, command, secretariat=secretariat)
    if found is None:
        raise AuthorityNotFound
    return found


def unchanged(version: int, expected: int) -> None:
    """Raises StreamConflict when what the person saw is no longer what stands there."""
    if version != expected:
        raise StreamConflict("the entry was changed since it was read")


def deciding(services: Services, context: Context, command: str, decide: Callable[[], F]) -> F:
    """The event that a decision gives, or its refusal on the log."""
    try:
        return decide()
    except Refused as refused:
        refuse(services, context, command, refused)


def append_entry(
    services: Services,
    context: Context,
    authority: str,
    found: Register | None,
    event: Facts,
    location: str,
    claims: tuple[str, ...] = (),
    resource: UUID | None = None,
    *,
    proposed: bool = False,
) -> Outcome:
    """Put an entry on the authority's stream. What is only `proposed`, the secretariat sees too."""
    stream = register_of(authority)
    version = (found.version if found else 0) + 1
    outcome = Outcome(status=201, location=location, resource=resource or stream, etag=version)
    services.log.append(
        Append(
            events=(
                NewEvent(
                    decided=Decided(event=event),
                    stream=stream,
                    expected_version=version,
                    controller=authority,
                    visible_to=tuple(sorted({authority, SECRETARIAT})) if proposed else (authority,),
                    purpose="register",
                    legal_basis=basis_of("register"),
                ),
            ),
            actor=context.actor,
            correlation_id=context.correlation_id,
            idempotency=context.idempotency,
            outcome=outcome,
            claims=claims,
        )
    )
    return outcome
