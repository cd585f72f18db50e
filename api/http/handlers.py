"""The exception handlers: whatever goes wrong is answered as a problem with nothing of the input in it."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.http.catalogue import CODE_OF_STATUS
from api.http.logging import error_fields
from api.http.problems import Problem, problem_response
from api.http.routes import RouteTable
from api.http.validation import KnownNames, field_errors, names_of_dependant

_log = structlog.get_logger("api.http")

#: Headers of a library's exception that we pass on; any other could carry what the client sent.
_KEPT_HEADERS = frozenset({"retry-after", "accept"})


def correlation_id_of(request: Request) -> str | None:
    """The correlation id that the middleware gave this request."""
    value = request.scope.get("state", {}).get("correlation_id")
    return value if isinstance(value, str) else None


def problem_of_http_exception(request: Request, exc: HTTPException) -> Problem:
    """The problem of a bare HTTP exception: its status is kept, its text is not."""
    status = (
        exc.status_code if exc.status_code in CODE_OF_STATUS else (500 if exc.status_code >= 500 else 400)
    )
    code = CODE_OF_STATUS[status]
    headers = {name: value for name, value in (exc.headers or {}).items() if name.lower() in _KEPT_HEADERS}
    if status == 405:
        # The framework lists the methods of one route only; the address may have several.
        headers["Allow"] = ", ".join(RouteTable.of(request.app).methods(request.scope))
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return Problem.of(code, headers=headers)


class _ValidationHandler:
    """Answers a request that breaks the schema. Names known to each route are collected once."""

    def __init__(self) -> None:
        self._known: dict[int, KnownNames] = {}

    def __call__(self, request: Request, exc: RequestValidationError) -> Problem:
        faults = exc.errors()
        if any(fault.get("type") == "json_invalid" for fault in faults):
            return Problem.of("malformed-json")
        if self._not_json(request) and any(fault.get("loc") == ("body",) for fault in faults):
            return Problem.of("media-type-unsupported", headers={"Accept": "application/json"})
        return Problem.of("validation-failed", errors=field_errors(faults, self._names(request)))

    def _names(self, request: Request) -> KnownNames:
        route: Any = request.scope.get("route")
        dependant = getattr(route, "dependant", None)
        if dependant is None:
            return KnownNames(frozenset(), frozenset())
        known = self._known.get(id(route))
        if known is None:
            known = self._known[id(route)] = names_of_dependant(dependant)
        return known

    @staticmethod
    def _not_json(request: Request) -> bool:
        if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
            return False
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        return media_type != "application/json" and not (
            media_type.startswith("application/") and media_type.endswith("+json")
        )


def install_handlers(app: FastAPI, on_problem: Callable[[str], None] = lambda code: None) -> None:
    """Puts the problem handlers on an application; `on_problem` is told each code (for metrics)."""

    def answer(request: Request, problem: Problem) -> Response:
        on_problem(problem.code)
        return problem_response(problem, correlation_id_of(request))

    validation = _ValidationHandler()

    async def on_raised_problem(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, Problem)
        return answer(request, exc)

    async def on_http_exception(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, HTTPException)
        if exc.status_code < 400:
            return Response(status_code=exc.status_code)
        return answer(request, problem_of_http_exception(request, exc))

    async def on_validation(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, RequestValidationError)
        return answer(request, validation(request, exc))

    async def on_unhandled(request: Request, exc: Exception) -> Response:
        # Reached only when the middleware, which stops these before the server can print them, is absent.
        _log.error("request-failed", **error_fields(exc))
        return answer(request, Problem.of("internal-error"))

    table: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        Problem: on_raised_problem,
        HTTPException: on_http_exception,
        RequestValidationError: on_validation,
        Exception: on_unhandled,
    }
    for kind, handler in table.items():
        app.add_exception_handler(kind, handler)
