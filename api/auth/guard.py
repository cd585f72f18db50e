"""The guards: who may come in, and with which role.

Deny is the default. `Authentication` verifies a presented token once, `DenyAnonymous` turns away whoever
has none before a byte of the body is read, and each route names the roles it takes with `RoleGuard`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.claims import ROLES, Caller
from api.auth.tokens import TokenRefused, TokenVerifier
from api.http.metrics import Metrics
from api.http.problems import Problem

#: The security scheme that OpenAPI shows. It is not a dependency of the framework's: the middleware has
#: verified the token already, and each nested dependency costs some 15 microseconds a request.
BEARER: dict[str, str] = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "OAuth 2.0 access token (RFC 6750, RFC 9068) whose organisation claims match the payload.",
}


def invalid_token() -> Problem:
    """The one answer to every token that is not accepted (RFC 6750 section 3.1)."""
    return Problem.of("invalid-token", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


def missing_token() -> Problem:
    """The answer to a request without a token: a challenge without an error (RFC 6750 section 3)."""
    return Problem.of("token-missing", headers={"WWW-Authenticate": 'Bearer realm="overgang"'})


class Authentication:
    """ASGI middleware: puts the verified `caller` on the request's state, or that a token was refused."""

    def __init__(
        self,
        app: ASGIApp,
        verifier: TokenVerifier,
        metrics: Metrics,
        in_place_of: Callable[[Caller], Caller] = lambda caller: caller,
    ) -> None:
        """`in_place_of`: the caller as the successor's, where her authority or unit has been succeeded."""
        self.app = app
        self._verifier = verifier
        self._metrics = metrics
        self._in_place_of = in_place_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Never refuses by itself: the rate limit inside it must see refused callers too."""
        if scope["type"] == "http":
            state = scope.setdefault("state", {})
            state["caller"], state["token_refused"] = None, False
            found = [value for name, value in scope["headers"] if name == b"authorization"]
            if found:
                try:
                    state["caller"] = self._in_place_of(self._verifier.verify(_bearer(found)))
                except TokenRefused as refused:
                    state["token_refused"] = True
                    self._metrics.token_refused(refused.reason)
        await self.app(scope, receive, send)


def _bearer(values: list[bytes]) -> str:
    scheme, _, token = values[0].decode("latin-1").partition(" ")
    if len(values) != 1 or scheme.lower() != "bearer":
        raise TokenRefused("malformed")
    return token.strip()


def public_paths(public: Collection[str]) -> Callable[[str], bool]:
    """Whether a path is public: named exactly, or under a name that ends in `/`."""
    paths = frozenset(path for path in public if not path.endswith("/") or path == "/")
    prefixes = tuple(path for path in public if path.endswith("/") and path != "/")
    return lambda path: path in paths or path.startswith(prefixes)


class DenyAnonymous:
    """ASGI middleware: every address but the public ones needs a verified caller (401)."""

    def __init__(self, app: ASGIApp, public: Collection[str] = ()) -> None:
        """`public`: exact paths, or prefixes when they end in `/`, that anyone may ask."""
        self.app = app
        self._is_public = public_paths(public)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or raises Problem `token-missing` or `invalid-token`."""
        if scope["type"] == "http":
            state = scope.get("state", {})
            if state.get("caller") is None and not self._is_public(scope["path"]):
                raise invalid_token() if state.get("token_refused") else missing_token()
        await self.app(scope, receive, send)


async def current_caller(request: Request) -> Caller:
    """Dependency: the verified caller. Raises Problem `token-missing` or `invalid-token` (401)."""
    state: dict[str, Any] = request.scope.get("state", {})
    caller = state.get("caller")
    if isinstance(caller, Caller):
        return caller
    raise invalid_token() if state.get("token_refused") else missing_token()


CurrentCaller = Annotated[Caller, Depends(current_caller)]


@dataclass(frozen=True)
class RoleGuard:
    """Dependency: the caller, whose role must be one of these. A test finds it on every route.

    Raises Problem `role-not-allowed` or `scope-insufficient` (403).
    """

    roles: frozenset[str]
    scopes: frozenset[str] = frozenset()

    async def __call__(self, request: Request) -> Caller:
        """The caller, when role and scopes suffice."""
        caller = await current_caller(request)
        if caller.role not in self.roles:
            raise Problem.of("role-not-allowed")
        if not self.scopes <= caller.scopes:
            raise Problem.of(
                "scope-insufficient", headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
            )
        return caller


def require_role(*roles: str, scopes: Collection[str] = ()) -> RoleGuard:
    """The guard for `Depends(...)` that lets these roles in, with all these scopes.

    Raises ValueError for a role that no token can carry, which would shut the route silently.
    """
    if not roles or not ROLES.issuperset(roles):
        raise ValueError("a guard needs at least one role, and known roles only")
    return RoleGuard(frozenset(roles), frozenset(scopes))


def guards_of(route: Any) -> tuple[RoleGuard, ...]:
    """Every RoleGuard among a route's dependencies, however deep; for the test that walks the routes."""
    waiting, found = [route.dependant], []
    while waiting:
        dependant = waiting.pop()
        waiting.extend(dependant.dependencies)
        if isinstance(dependant.call, RoleGuard):
            found.append(dependant.call)
    return tuple(found)


def document_security(openapi: dict[str, Any], public: Collection[str]) -> dict[str, Any]:
    """Adds the bearer scheme to an OpenAPI document, in place, and returns it: needed all but on `public`."""
    is_public = public_paths(public)
    openapi.setdefault("components", {}).setdefault("securitySchemes", {})["bearer"] = BEARER
    openapi["security"] = [{"bearer": []}]
    for path, operations in openapi.get("paths", {}).items():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation["security"] = [] if is_public(path) else [{"bearer": []}]
    return openapi


def stated_unit(caller: Caller, unit: str) -> str:
    """The unit that a path names: a client may still call its own as before the succession."""
    if caller.formerly is not None and caller.unit is not None and caller.formerly[1] == unit:
        return caller.unit
    return unit


def check_organisation(
    caller: Caller,
    *,
    authority: str | None = None,
    unit: str | None = None,
    sor: str | None = None,
    gln: str | None = None,
    cvr: str | None = None,
) -> None:
    """Holds the organisation named in a payload against the token's claims (EHMI services, interop 5).

    Only what is given is compared; a code that the token does not carry is not a match. Raises Problem
    `organisation-mismatch` (403).
    """
    if caller.formerly is not None and (authority, unit) == caller.formerly:
        # A client that still names the organisation that was succeeded.
        authority = unit = None
    stated = ((authority, caller.authority), (unit, caller.unit), (sor, caller.sor), (gln, caller.gln))
    for given, claimed in (*stated, (cvr, caller.cvr)):
        if given is not None and given != claimed:
            raise Problem.of("organisation-mismatch")
