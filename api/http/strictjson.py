"""JSON bodies as RFC 8259 has them: UTF-8, no NaN, no lone surrogates, no depth that breaks the reader.

The framework's reader is Python's, which takes all of those, and UTF-16 besides.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.http.problems import Problem
from api.jsontext import MalformedJson, read_json


class _StrictRequest(Request):
    async def json(self) -> Any:
        """The decoded body. Raises Problem `malformed-json`."""
        try:
            return read_json(await self.body())
        except MalformedJson:
            raise Problem.of("malformed-json") from None


class StrictRoute(APIRoute):
    """A route that reads its JSON body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler over the strict reader."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(_StrictRequest(request.scope, request.receive))

        return strict
