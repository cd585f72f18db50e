"""The OpenAPI document: required headers, problem schemas, security, links between operations."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.auth.guard import document_security
from api.http.problems import add_problem_schemas

_HEADERS = {
    "Idempotency-Key": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
    "If-Match": {"type": "string", "pattern": '^"[0-9]{1,15}"$'},
}
_ETAG = {"ETag": {"schema": {"type": "string"}, "description": "Version of the case."}}
_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Address of what was created."}}
_DESCRIPTION = (
    "Handover of citizens with a dual diagnosis between regional psychiatry and municipal centres. "
    "**Not for acute cases:** call the emergency services or the duty doctor. Every create takes an "
    "`Idempotency-Key`, every change of a case an `If-Match`. Errors are RFC 9457 problems in English "
    "and Danish and never repeat what was sent. Attachments: PDF, PNG, JPEG, TIFF; at most 50 MiB each "
    "and 20 a handover; no JavaScript and no embedded files."
)


def openapi_of(app: FastAPI, public: tuple[str, ...]) -> dict[str, Any]:
    """Build the document once."""
    document = get_openapi(
        title="Overgang", version=app.version, description=_DESCRIPTION, routes=app.routes, tags=_TAGS
    )
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _require_headers(operation)
            _headers_of_created(operation)
            _link(path, operation)
    return document_security(add_problem_schemas(document), public)


_TAGS = [
    {"name": "clinics", "description": "For those who send: ambulatories, and municipal centres too."},
    {"name": "centres", "description": "For those who receive: mailboxes, readings, acknowledgement, take-over."},
    {"name": "register", "description": "Authorities, units and main mailboxes with valid time."},
    {"name": "auditors", "description": "Entries, replays and counts."},
    {"name": "operations", "description": "Metrics."},
    {"name": "public", "description": "Without a token."},
]


def _require_headers(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "header" and parameter["name"] in _HEADERS:
            parameter["required"] = True
            example = parameter["schema"].get("example")
            parameter["schema"] = dict(_HEADERS[parameter["name"]])
            if example is not None:
                parameter["example"] = example


def _headers_of_created(operation: dict[str, Any]) -> None:
    response = operation.get("responses", {}).get("201")
    if response is not None:
        response.setdefault("headers", {}).update({**_LOCATION, **_ETAG})


_SUBMITTED = {
    "show": "show_handover",
    "open": "open_handover",
    "acknowledge": "acknowledge_handover",
    "take_over": "take_over_handover",
    "close": "close_handover",
}


def _link(path: str, operation: dict[str, Any]) -> None:
    """From what was created to what may be done with it (OpenAPI links)."""
    response = operation.get("responses", {}).get("201")
    if response is None:
        return
    name = operation["operationId"]
    if path in ("/v1/handovers", "/v1/medcom/messages"):
        targets, parameter, source = _SUBMITTED, "handover_id", "$response.body#/id"
    elif name.startswith("open_handover"):
        targets, parameter, source = (
            {key: _SUBMITTED[key] for key in ("acknowledge", "take_over")},
            "handover_id",
            "$request.path.handover_id",
        )
    elif path == "/v1/drafts":
        targets, parameter, source = (
            {"show": "show_draft", "replace": "replace_draft", "delete": "delete_draft"},
            "draft_id",
            "$response.body#/id",
        )
    else:
        return
    response["links"] = {
        key: {"operationId": target, "parameters": {parameter: source}} for key, target in targets.items()
    }
