"""Pure ASGI middleware around every request: correlation, log line, guards of address and size.

Outermost first: `RequestContext` (correlation id, access log, metrics, security headers, the last stop
for exceptions), `AddressGuard`, then authentication (`api.auth.guard`), `api.http.ratelimit.RateLimit` and
`BodyLimit`. `api.http.stack.install_http` puts them on in this order. BaseHTTPMiddleware is not used: it
buffers streams and breaks context variables.
"""

import re
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.logging import error_fields
from api.http.metrics import METHODS, Metrics
from api.http.problems import Problem, problem_response
from api.http.routes import UNMATCHED, RouteTable
from api.http.shapes import address_has_person_number

_log = structlog.get_logger("api.http")

_UUID = re.compile(
    rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
)

_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_NO_STORE = (b"cache-control", b"no-store")
_CSP = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
#: The interactive documentation loads its scripts from the framework's default CDN and starts them inline.
_CSP_DOCS = (
    b"content-security-policy",
    (
        b"default-src 'none'; connect-src 'self'; img-src 'self' data: https://fastapi.tiangolo.com;"
        b" style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; worker-src blob:;"
        b" script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; frame-ancestors 'none'"
    ),
)
_DOCS = frozenset({"/docs", "/docs/oauth2-redirect", "/redoc"})


class ResponseBrokenOff(Exception):
    """A failure after the answer had begun: the connection must be cut, so that it cannot pass for whole."""


def correlation_id_from(scope: Scope) -> str:
    """The client's X-Correlation-ID when it is one UUID of RFC 9562, otherwise a new one.

    Only a real UUID is taken: a free text, or a CPR number padded with zeros, would end in the log.
    """
    found = [value for name, value in scope["headers"] if name == b"x-correlation-id"]
    if len(found) == 1 and _UUID.fullmatch(found[0]):
        text: str = found[0].decode("ascii").lower()
        return text
    return str(uuid.uuid4())


class RequestContext:
    """Correlation id, security headers, access log, request metrics and the last stop for exceptions."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics
        self._log: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carries one request; writes exactly one `request` line when it is over."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        state = scope.setdefault("state", {})
        correlation_id = state["correlation_id"] = correlation_id_from(scope)
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with_headers(message.get("headers", ()), scope, correlation_id)
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
            try:
                await self.app(scope, receive, send_with_headers)
            except Exception as exc:
                problem = exc if isinstance(exc, Problem) else Problem.of("internal-error")
                if problem is not exc:
                    _log.error("request-failed", **error_fields(exc))
                self._metrics.problem(problem.code)
                if status:
                    # The server prints what it is given; the original would take its message along.
                    raise ResponseBrokenOff from None
                await problem_response(problem, correlation_id)(scope, receive, send_with_headers)
            finally:
                self._finish(scope, status, time.perf_counter() - started)

    def _finish(self, scope: Scope, status: int, seconds: float) -> None:
        route = RouteTable.of(scope["app"]).template(scope) if "endpoint" in scope else UNMATCHED
        caller: Any = scope["state"].get("caller")
        self._metrics.request(route, scope["method"], status, seconds)
        if self._log is None:
            self._log = _log.bind()  # once the logs are set up: the lazy one looks that up at each line
        self._log.info(
            "request",
            method=scope["method"] if scope["method"] in METHODS else "OTHER",
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 2),
            client=caller.client_pseudonym if caller is not None else None,
        )


def _with_headers(
    given: Sequence[tuple[bytes, bytes]], scope: Scope, correlation_id: str
) -> list[tuple[bytes, bytes]]:
    headers = [(name, value) for name, value in given]
    names = {name.lower() for name, _ in headers}
    headers.append((b"x-correlation-id", correlation_id.encode("ascii")))
    headers.extend(_HEADERS)
    if b"cache-control" not in names:
        headers.append(_NO_STORE)
    if b"content-security-policy" not in names:
        headers.append(_CSP_DOCS if scope.get("path") in _DOCS else _CSP)
    return headers


class AddressGuard:
    """Refuses an address that holds a CPR-shaped value (400), and a host this server does not serve (400).

    Addresses are logged by proxies, browsers and intermediaries that we do not rule: a client that puts
    a CPR number into one must learn so at its first try, not be served.
    """

    def __init__(self, app: ASGIApp, trusted_hosts: Sequence[str] = ()) -> None:
        """`trusted_hosts`: lower-case host names without port; none means that any host is served."""
        self.app = app
        self._hosts = frozenset(host.lower() for host in trusted_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or raises Problem `personal-data-in-address` or `host-not-served`."""
        if scope["type"] == "http":
            raw_path = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
            if address_has_person_number(raw_path, scope.get("query_string", b"")):
                raise Problem.of("personal-data-in-address")
            if self._hosts and _host(scope) not in self._hosts:
                raise Problem.of("host-not-served")
        await self.app(scope, receive, send)


def _host(scope: Scope) -> str:
    host = Headers(scope=scope).get("host", "").lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


class BodyLimits:
    """The largest body each address takes, in bytes: a default, and patterns of paths with their own."""

    def __init__(self, default: int, *exceptions: tuple[str, int]) -> None:
        """`exceptions`: (regular expression for the whole path, bytes); the first that matches holds."""
        self._default = default
        self._exceptions = tuple((re.compile(pattern), limit) for pattern, limit in exceptions)

    def __call__(self, scope: Scope) -> int:
        """The limit for this request's path."""
        for pattern, limit in self._exceptions:
            if pattern.fullmatch(scope["path"]):
                return limit
        return self._default


class BodyLimit:
    """Stops a body that is too large (413): by Content-Length before it is read, by count as it streams."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[Scope], int]) -> None:
        self.app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with a counted body, or raises Problem `body-too-large`."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit_of(scope)
        declared = [value for name, value in scope["headers"] if name == b"content-length"]
        for value in declared:
            if not value.isdigit():
                raise Problem.of("bad-request")
            if len(value) > 15 or int(value) > limit:
                raise Problem.of("body-too-large")
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > limit:
                    raise Problem.of("body-too-large")
            return message

        await self.app(scope, counted, send)
