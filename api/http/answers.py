"""Answers: JSON bytes straight from our Structs, with Location and ETag as the case has them."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import Response

from workflows.ports.log import IdempotentReplay, Outcome

_ENCODER = msgspec.json.Encoder()


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(_ENCODER.encode(content), status, headers, media_type="application/json")


def etag(version: int) -> str:
    """A strong ETag: the version of the workflow stream."""
    return f'"{version}"'


def created(outcome: Outcome, **more: Any) -> Response:
    """The answer to a create; a replay gives the same status, Location and ETag again."""
    headers = {"Location": outcome.location}
    content: dict[str, Any] = {"id": outcome.resource, **more}
    if outcome.etag is not None:
        headers["ETag"] = etag(outcome.etag)
        content["version"] = outcome.etag
    return answer(content, outcome.status, headers)


def creating(
    work: Callable[[], Outcome], told: Callable[[Outcome], dict[str, Any]] = lambda _: {}
) -> Response:
    """Carry a create out, or give the answer it got the first time; `told` says more of what came of it."""
    try:
        outcome = work()
    except IdempotentReplay as replay:
        outcome = replay.outcome
    return created(outcome, **told(outcome))
