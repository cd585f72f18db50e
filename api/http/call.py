"""One HTTP call as the workflows see it: who acts, its correlation, its idempotency, its If-Match."""

import re
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec
from fastapi import Depends, Header, Path, Request

from api.auth.claims import STAFF_ROLES, Caller
from api.auth.guard import require_role
from api.bootstrap import Overgang
from api.http.fields import Id
from api.http.problems import Problem
from workflows.handlers.services import Context
from workflows.ports.log import Actor, Idempotency

_CLIENTS = UUID("2f1d3a44-8e07-5bb4-8c55-6a3c8d3a1e77")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'"([0-9]{1,15})"')
_ENCODER = msgspec.json.Encoder(order="sorted")

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Chosen by the client, 1-255 printable ASCII characters; the same key and content"
        " again gives the first answer again and does nothing twice.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description='The ETag of the version that the change builds on, such as "4".'),
]
# Missing or malformed, they are problems with codes of their own; OpenAPI shows them as required.

HandoverId = Annotated[Id, Path(description="The handover's id.")]

Anyone = Annotated[Caller, Depends(require_role(*sorted(STAFF_ROLES)))]
"""Anyone signed in who works in an authority: the handler decides, so that a refusal becomes a fact on the
log."""


def overgang_of(request: Request) -> Overgang:
    """The installation that serves this request."""
    found: Overgang = request.app.state.overgang
    return found


def actor_of(caller: Caller) -> Actor:
    """The caller as an actor on the log."""
    return Actor(id=UUID(caller.subject), role=caller.role, unit=caller.unit, authority=caller.authority)


def context_of(request: Request, caller: Caller) -> Context:
    """A call that creates nothing."""
    return Context(actor=actor_of(caller), correlation_id=UUID(request.scope["state"]["correlation_id"]))


def create_context(request: Request, caller: Caller, key: str | None, content: Any) -> Context:
    """A call that creates: its idempotency id, and a fingerprint of what it asks for.

    The id is the UUIDv5 of client and key; the client's own text is kept nowhere. Raises Problem
    for a missing or malformed key, and when the service takes no changes.
    """
    overgang = overgang_of(request)
    check_writable(overgang)
    if key is None:
        raise Problem.of("idempotency-key-missing")
    if not _KEY.fullmatch(key):
        raise Problem.of("idempotency-key-invalid")
    asked = _ENCODER.encode([request.method, request.url.path, caller.subject, content])
    return msgspec.structs.replace(
        context_of(request, caller),
        idempotency=Idempotency(
            id=uuid5(_CLIENTS, f"{caller.issuer}\n{caller.client_id}\n{key}"),
            fingerprint=overgang.vault.fingerprint(asked),
        ),
    )


def check_writable(overgang: Overgang) -> None:
    """Raises Problem `read-only` when the service takes no changes."""
    if overgang.settings.read_only:
        raise Problem.of("read-only")


def expected_version(if_match: str | None) -> int:
    """The version in If-Match. Raises Problem 428 when it is missing, 400 when malformed."""
    if if_match is None:
        raise Problem.of("if-match-missing")
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Problem.of("if-match-invalid")
    return int(found[1])
