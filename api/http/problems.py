"""Problems over HTTP: RFC 9457 `application/problem+json`, in which no input is ever echoed.

Routers and handlers raise `Problem`; the handlers of `api.http.handlers` turn it, and whatever
else goes wrong, into an answer. What a client sent is never in it: a pointer ends at the last
member our own schema knows, and texts come from our own tables.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.http.catalogue import ProblemType, problem_type

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in one place of a request.

    `pointer` is an RFC 6901 JSON Pointer into the part of the request that `where` names (`body`,
    `query`, `path`, `header`, `cookie`); it ends at the last member our schema knows. `code` is stable.
    """

    pointer: str
    code: str
    detail: str
    detail_da: str
    where: str = "body"

    def as_json(self) -> dict[str, str]:
        """The fault as it stands in a problem's `errors`."""
        return {
            "in": self.where,
            "pointer": self.pointer,
            "code": self.code,
            "detail": self.detail,
            "detail_da": self.detail_da,
        }


class Problem(HTTPException):
    """A problem to be answered with (RFC 9457).

    A subclass of HTTPException so that it passes unharmed through the body parsing of the framework,
    which turns any other exception into a 400. Its `str` holds our own English text only.
    """

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str,
        detail_da: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`detail` is English, `detail_da` Danish; neither may hold anything the client sent."""
        super().__init__(status_code=status, detail=detail, headers=headers)
        self.code = code
        self.title = title
        self.detail_da = detail_da
        self.errors = tuple(errors)

    @classmethod
    def of(
        cls,
        code: str,
        *,
        detail: str | None = None,
        detail_da: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> "Problem":
        """A problem by its code in the catalogue, with its texts unless others are given.

        Raises KeyError when the catalogue lacks the code.
        """
        kind = problem_type(code)
        return cls(
            kind.status,
            kind.code,
            kind.title,
            detail if detail is not None else kind.detail,
            detail_da if detail_da is not None else kind.detail_da,
            errors=errors,
            headers=headers,
        )

    def as_json(self, correlation_id: str | None = None) -> dict[str, Any]:
        """The problem document; `instance` is the correlation id as a URN and nothing else."""
        document: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status_code,
            "detail": self.detail,
            "detail_da": self.detail_da,
            "code": self.code,
        }
        if correlation_id is not None:
            document["instance"] = f"urn:uuid:{correlation_id}"
        if self.errors:
            document["errors"] = [fault.as_json() for fault in self.errors]
        return document


def problem_response(problem: Problem, correlation_id: str | None = None) -> Response:
    """The HTTP answer of a problem."""
    content = json.dumps(problem.as_json(correlation_id), ensure_ascii=False, separators=(",", ":"))
    return Response(
        content.encode(), problem.status_code, media_type=MEDIA_TYPE, headers=dict(problem.headers or {})
    )


#: JSON Schema of a problem document; `add_problem_schemas` puts it among the OpenAPI components.
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem details. Never holds anything that the client sent.",
    "required": ["type", "title", "status", "detail", "detail_da", "code", "instance"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Address of the problem's page.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "In English."},
        "detail_da": {"type": "string", "description": "In Danish."},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$", "description": "Stable; branch on this."},
        "instance": {"type": "string", "format": "uri", "description": "The correlation id as a URN."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
    },
}

#: JSON Schema of one entry of `errors`.
FIELD_ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "FieldError",
    "required": ["in", "pointer", "code", "detail", "detail_da"],
    "properties": {
        "in": {"type": "string", "enum": ["body", "query", "path", "header", "cookie"]},
        "pointer": {
            "type": "string",
            "description": "JSON Pointer (RFC 6901) that ends at the last member the schema knows.",
        },
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "detail_da": {"type": "string"},
    },
}

_EXAMPLE_INSTANCE = "7d1f4c8e-0b1a-4a3b-9f52-3f2d0c6b9a10"
_STRING = {"type": "string"}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": _STRING, "description": "RFC 6750 section 3."}},
    405: {"Allow": {"schema": _STRING, "description": "Every method the address takes."}},
    429: {"Retry-After": {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds."}},
}


def _example(kind: ProblemType) -> dict[str, Any]:
    errors: tuple[FieldError, ...] = ()
    if kind.code == "validation-failed":
        errors = (FieldError("/urgency", "missing", "The member is missing.", "Feltet mangler."),)
    return {"summary": kind.title, "value": Problem.of(kind.code, errors=errors).as_json(_EXAMPLE_INSTANCE)}


def problem_responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI `responses=` of a route that may answer with these codes.

    Codes of one status share a response with one example each. Raises KeyError for unknown codes.
    """
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        kind = problem_type(code)
        response = by_status.setdefault(
            kind.status,
            {
                "description": kind.title,
                "content": {
                    MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}},
                },
            },
        )
        if kind.status in _HEADERS:
            response["headers"] = _HEADERS[kind.status]
        examples = response["content"][MEDIA_TYPE]["examples"]
        examples[code] = _example(kind)
        response["description"] = " / ".join(example["summary"] for example in examples.values())
    return by_status


def add_problem_schemas(openapi: dict[str, Any]) -> dict[str, Any]:
    """Adds the Problem and FieldError components to an OpenAPI document, in place, and returns it.

    The framework's own validation-error schemas go: this service never answers with them.
    """
    schemas = openapi.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    schemas["FieldError"] = FIELD_ERROR_SCHEMA
    for operations in openapi.get("paths", {}).values():
        for operation in operations.values():
            if not isinstance(operation, dict):
                continue
            responses = operation.get("responses", {})
            if "HTTPValidationError" in json.dumps(responses.get("422", {})):
                responses["422"] = problem_responses("validation-failed")[422]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    return openapi
