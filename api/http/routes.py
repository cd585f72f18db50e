"""What the application's own routes say about a request: its template and all its methods.

The log and the metrics name a request by its template (`/v1/handovers/{handover_id}`), never by its
path. A router included under a prefix keeps its own short path on the matched route, so the template
is looked up in the application's whole table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from re import Pattern
from typing import Any

from fastapi.routing import iter_route_contexts
from starlette.types import Scope

#: The template of a request that matched no route.
UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class _Row:
    template: str
    pattern: Pattern[str]
    methods: frozenset[str]
    endpoint: Any


class RouteTable:
    """The routes of one application, read once, when the first request comes."""

    def __init__(self, app: Any) -> None:
        self._rows = tuple(_rows(app))
        self._by_endpoint: dict[int, list[_Row]] = {}
        for row in self._rows:
            self._by_endpoint.setdefault(id(row.endpoint), []).append(row)

    @classmethod
    def of(cls, app: Any) -> "RouteTable":
        """The table of an application, kept on its state (later routes added are not seen)."""
        table: RouteTable | None = getattr(app.state, "route_table", None)
        if table is None:
            table = cls(app)
            app.state.route_table = table
        return table

    def template(self, scope: Scope) -> str:
        """The template the request was routed to, or `unmatched`; never anything of the path."""
        rows = self._by_endpoint.get(id(scope.get("endpoint")), [])
        if len(rows) == 1:
            return rows[0].template
        path = _path(scope)
        return next((row.template for row in rows if row.pattern.match(path)), UNMATCHED)

    def methods(self, scope: Scope) -> list[str]:
        """Every method that some route takes at the request's path, sorted (RFC 9110 section 10.2.1)."""
        path = _path(scope)
        allowed: set[str] = set()
        for row in self._rows:
            if row.pattern.match(path):
                allowed |= row.methods
        return sorted(allowed)


def _path(scope: Scope) -> str:
    path: str = scope.get("path", "")
    root: str = scope.get("root_path", "")
    return path[len(root) :] if root and path.startswith(root) else path


def _rows(app: Any) -> Iterator[_Row]:
    for context in iter_route_contexts(app.routes):
        pattern = getattr(context, "path_regex", None)
        if pattern is None or context.path_format is None:
            continue
        endpoint = context.endpoint or getattr(context, "app", None)
        yield _Row(context.path_format, pattern, frozenset(context.methods or ()), endpoint)
