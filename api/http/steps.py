"""A step's endpoint, made from its address, its body and the command it gives.

All of them ask for an Idempotency-Key and the If-Match of the version that the caller saw.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response

from api.bootstrap import Overgang
from api.http import models as m
from api.http.answers import creating
from api.http.call import (
    Anyone,
    HandoverId,
    IdempotencyKey,
    IfMatch,
    create_context,
    expected_version,
    overgang_of,
)
from api.http.problems import problem_responses
from api.http.requests import Request as Body
from domain.handover.step_commands import StepCommand
from workflows.handlers.services import Context, Services
from workflows.handlers.steps import take_step
from workflows.ports.log import Outcome

_REFUSALS = ("role-not-allowed", "wrong-side", "outside-unit", "not-found", "refused")
PROBLEMS = problem_responses(*_REFUSALS)
"""What every step may answer, beside what follows from its headers and body."""
WRITING_PROBLEMS = problem_responses(*_REFUSALS, "gone")
"""And a step that seals a text or a document: the citizen's key may have been erased."""
_TEXTS = frozenset({"remark", "text"})
Build = Callable[[Overgang, UUID, int, Any], StepCommand]
Take = Callable[[Services, Context, Any], Outcome]


class StepRoute(msgspec.Struct, frozen=True, kw_only=True):
    """Where a step is taken under `/v1/handovers/{id}/`, with which body, by which command.

    `name` is the command's name in the workflow definition; without a `body` the step needs none.
    """

    path: str
    name: str
    doc: str
    build: Build
    body: type[Body] | None = None
    take: Take = take_step


def add_steps(router: APIRouter, routes: tuple[StepRoute, ...]) -> None:
    """Put the steps on a router."""
    for one in routes:
        endpoint = _bare(one) if one.body is None else _with_body(one, one.body)
        endpoint.__name__ = f"{one.name}_handover"
        endpoint.__doc__ = one.doc
        router.post(
            f"/handovers/{{handover_id}}/{one.path}",
            status_code=201,
            responses={201: {"model": m.Created}, **_problems(one)},
        )(endpoint)


def _problems(one: StepRoute) -> dict[int | str, dict[str, Any]]:
    members = one.body.model_fields.keys() if one.body is not None else ()
    return WRITING_PROBLEMS if _TEXTS.intersection(members) else PROBLEMS


def _bare(one: StepRoute) -> Callable[..., Response]:
    def endpoint(
        request: Request,
        caller: Anyone,
        handover_id: HandoverId,
        key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response:
        context = create_context(request, caller, key, None)
        return _take(one, request, context, handover_id, expected_version(if_match), None)

    return endpoint


def _with_body(one: StepRoute, model: type[Body]) -> Callable[..., Response]:
    def endpoint(
        request: Request,
        caller: Anyone,
        handover_id: HandoverId,
        body: model,  # type: ignore[valid-type]
        key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response:
        given: Any = body
        context = create_context(request, caller, key, given.model_dump())
        return _take(one, request, context, handover_id, expected_version(if_match), given)

    return endpoint


def _take(
    one: StepRoute, request: Request, context: Context, handover: UUID, version: int, body: Any
) -> Response:
    overgang = overgang_of(request)
    command = one.build(overgang, handover, version, body)
    return creating(lambda: one.take(overgang.services, context, command))
