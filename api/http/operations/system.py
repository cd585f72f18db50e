"""Health, readiness, metrics, the templates, and the pages of the problem codes."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import AfterValidator

from api.auth.claims import Caller
from api.auth.guard import require_role
from api.http import fields as f
from api.http import models as m
from api.http.answers import answer
from api.http.call import overgang_of
from api.http.catalogue import is_problem_code, problem_type
from api.http.metrics import CONTENT_TYPE, Metrics
from api.http.problems import Problem, problem_responses
from domain.document.loader import UnknownTemplate, get_template, templates
from domain.document.schema import json_schema

router = APIRouter(tags=["operations"])
public = APIRouter(tags=["public"])
JSON_OBJECT: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}
NAME = "^[a-z]{1,40}(?:-[a-z]{1,40}){0,8}$"
PLAIN_TEXT: dict[str, Any] = {"content": {"text/plain": {"schema": {"type": "string"}}}}


@public.get("/health", responses={200: {"model": m.Health}})
def health() -> Response:
    """The process answers."""
    return answer({"status": "ok"})


@public.get("/ready", responses={200: {"model": m.Ready}, **problem_responses("unavailable")})
def ready(request: Request) -> Response:
    """Log and vault answer and the workers run."""
    overgang = overgang_of(request)
    try:
        length = overgang.log.length()
        overgang.vault.unlock()
    except Exception as error:  # whatever keeps the store from answering
        raise Problem.of("unavailable") from error
    if not request.app.state.workers.alive():
        raise Problem.of("unavailable")
    return answer({"status": "ready", "log_position": length - 1})


@router.get("/metrics", responses={200: PLAIN_TEXT, **problem_responses("role-not-allowed")})
def metrics(request: Request, caller: Annotated[Caller, Depends(require_role("operator"))]) -> Response:
    """Prometheus metrics; no label comes from input."""
    overgang, found = overgang_of(request), _metrics(request)
    found.log_position.set(overgang.log.length() - 1)
    found.projector_lag.set(overgang.projector.lag())
    found.parked_events.set(len(overgang.projector.parked()))
    found.handovers_held.set(overgang.worklists.held())
    found.carry_overs_waiting.set(request.app.state.workers.carry_overs_waiting)
    return Response(found.render(), media_type=CONTENT_TYPE)


def _metrics(request: Request) -> Metrics:
    found: Metrics = request.app.state.metrics
    return found


@public.get("/v1/templates", responses={200: {"model": m.Templates}})
def list_templates() -> Response:
    """Every template version, with the fixed address of its JSON Schema."""
    return answer(
        {
            "items": [
                {
                    "name": name,
                    "version": version,
                    "title": get_template(name, version).title,
                    "schema": f"/v1/templates/{name}/{version}/schema.json",
                }
                for name, version in templates()
            ]
        }
    )


@public.get(
    "/v1/templates/{name}/{version}/schema.json",
    responses={200: JSON_OBJECT, **problem_responses("not-found")},
)
def template_schema(
    request: Request,
    name: Annotated[
        str,
        AfterValidator(f.whole(NAME)),
        Path(json_schema_extra={"pattern": NAME}, examples=["medcom-message"]),
    ],
    version: Annotated[int, Path(ge=1, le=9999), f.Whole],
) -> Response:
    """The JSON Schema (2020-12) of a template version."""
    try:
        template = get_template(name, version)
    except UnknownTemplate:
        raise Problem.of("not-found") from None
    address = f"/v1/templates/{name}/{version}/schema.json"
    return answer(json_schema(template, schema_id=address))


@public.get("/problems/{code}", responses={200: {"model": m.ProblemPage}, **problem_responses("not-found")})
def show_problem(
    code: Annotated[str, AfterValidator(f.whole(NAME)), Path(json_schema_extra={"pattern": NAME})],
) -> Response:
    """What a problem code means, in English and Danish."""
    if not is_problem_code(code):
        raise Problem.of("not-found")
    kind = problem_type(code)
    return answer(
        {
            "code": kind.code,
            "status": kind.status,
            "title": kind.title,
            "detail": kind.detail,
            "detail_da": kind.detail_da,
        }
    )
