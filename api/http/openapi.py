"""The OpenAPI document: what every operation may answer, schemas from the law's data, links, examples.

What follows from the shape of an operation (a token, a body, an Idempotency-Key) is added here by
rule, so that no route can forget it; routes name only the problems of their own.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.auth.guard import document_security, public_paths
from api.http import requests as r
from api.http.auditors.schemas import audit_schemas
from api.http.clinics.message_schema import MESSAGE_SCHEMA, message_schema
from api.http.links import add_links
from api.http.problems import add_problem_schemas, problem_responses
from domain.document import formats
from domain.document.loader import may_be_made_under, templates
from domain.document.schema import json_schema

_HEADERS = {
    "Idempotency-Key": ("^[\\x21-\\x7e]{1,255}$", "5f0d1c1e-2f5a-4f0a-9d0e-3a6d1b7c9f10"),
    "If-Match": ('^"(?:0|[1-9][0-9]{0,14})"$', '"4"'),
}
_ETAG = {
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
    "description": "Version, for If-Match.",
}
_LOCATION = {
    "required": True,
    "schema": {"type": "string", "format": "uri-reference"},
    "description": "Address of what was created.",
}
_DESCRIPTION = (
    "Handover of citizens with a dual diagnosis between regional psychiatry and municipal centres. "
    "**Not for acute cases:** call the emergency services or the duty doctor. Every create takes an "
    "`Idempotency-Key`, every change of a case an `If-Match`. Errors are RFC 9457 problems in English "
    "and Danish and never repeat what was sent. Every answer carries `X-Correlation-ID`; a UUID sent in "
    "that header is kept. A document is shown under the version of the template that is in force today; "
    "earlier versions are taken in as long as the newer one says, and every version stands at "
    "`/v1/templates`. Attachments: PDF, PNG, JPEG, TIFF; at most 50 MiB each "
    "and 20 a handover; no JavaScript and no embedded files."
)
_TAGS = [
    {"name": "clinics", "description": "For those who send: ambulatories, and municipal centres too."},
    {
        "name": "centres",
        "description": "For those who receive: mailboxes, readings, acknowledgement, take-over.",
    },
    {"name": "rights", "description": "The citizen's rights: what was done, what is due, what was not kept."},
    {"name": "citizens", "description": "For the citizen, and whoever represents her: her own view."},
    {"name": "register", "description": "Authorities, units and main mailboxes with valid time."},
    {"name": "auditors", "description": "Entries, replays, verdicts of rights, and counts."},
    {"name": "steering", "description": "Cases without a responsible authority, by number only."},
    {"name": "operations", "description": "Metrics."},
    {"name": "public", "description": "Without a token."},
    {"name": "development", "description": "Test tokens; not in production."},
]
WITHOUT_ETAG = frozenset(
    {
        "upload_attachment",
        "open_attachment",
        "merge_numbers",
        "record_case_fact",
        "assess_case_breach",
        "open_access_package",
        "fetch_own_access",
    }
)
"""Creates that make nothing with a version."""
SHOWS_VERSION = frozenset(
    {"show_handover", "show_draft", "replace_draft", "show_authority", "show_mailbox_entry"}
)
STORES_NOTHING = frozenset({"validate_handover", "validate_message", "token"})
"""Operations that take a body and change nothing, so that read-only mode lets them through."""


def openapi_of(
    app: FastAPI, *, public: tuple[str, ...], unlimited: tuple[str, ...], test_persons: bool
) -> dict[str, Any]:
    """Build the document once. `test_persons`: the CPR numbers it shows belong to nobody."""
    document = get_openapi(
        title="Overgang", version=app.version, description=_DESCRIPTION, routes=app.routes, tags=_TAGS
    )
    document = add_problem_schemas(_with_components(document, test_persons))
    is_public = public_paths(public)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _require_headers(operation)
            _headers_of_answers(operation)
            codes = _codes(method, operation, public=is_public(path), unlimited=path in unlimited)
            _may_answer(operation, codes)
    add_links(document)
    return document_security(document, public)


def _codes(method: str, operation: dict[str, Any], *, public: bool, unlimited: bool) -> list[str]:
    """The problems that follow from the shape of an operation."""
    codes = ["personal-data-in-address", "host-not-served"]
    headers = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
    body = operation.get("requestBody", {}).get("content", {})
    codes += [] if public else ["token-missing", "invalid-token"]
    codes += [] if unlimited else ["rate-limited"]
    if "application/json" in body:
        codes += ["malformed-json", "validation-failed"]
    if body:
        codes += ["bad-request", "body-too-large", "media-type-unsupported"]
    if any(one["in"] in ("path", "query") for one in operation.get("parameters", ())):
        codes += ["validation-failed"]
    if "Idempotency-Key" in headers:
        codes += ["idempotency-key-missing", "idempotency-key-invalid", "idempotency-key-reused"]
    if "If-Match" in headers:
        codes += ["if-match-invalid", "version-mismatch", "if-match-missing"]
    if method != "get" and operation["operationId"] not in STORES_NOTHING:
        codes += ["read-only"]
    return codes


def _may_answer(operation: dict[str, Any], codes: list[str]) -> None:
    """Add problems to an operation's responses, beside those its route names."""
    responses = operation["responses"]
    for status, more in problem_responses(*codes).items():
        known = responses.setdefault(str(status), more)
        if known is not more:
            for media_type, content in more["content"].items():
                known["content"][media_type]["examples"] |= content["examples"]
            examples = known["content"][media_type]["examples"]
            known["description"] = " / ".join(one["summary"] for one in examples.values())


def _require_headers(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "header" and parameter["name"] in _HEADERS:
            pattern, example = _HEADERS[parameter["name"]]
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "pattern": pattern}
            parameter["example"] = example


def _headers_of_answers(operation: dict[str, Any]) -> None:
    if operation["operationId"] in SHOWS_VERSION:
        operation["responses"]["200"]["headers"] = {"ETag": _ETAG}
    created = operation["responses"].get("201")
    if created is not None:
        headers = created.setdefault("headers", {})
        headers["Location"] = _LOCATION
        if operation["operationId"] not in WITHOUT_ETAG:
            headers["ETag"] = _ETAG


def _with_components(document: dict[str, Any], test_persons: bool) -> dict[str, Any]:
    """The document with the template's schema, and values marked for a component referring to it."""
    template = json_schema(r.TEMPLATE, cpr="test" if test_persons else "real", today=r.TODAY)
    template["description"] = f"{template['description']} {_other_versions()}".strip()
    number = formats.TEST_CPR if test_persons else formats.PERSON_NUMBERS["cpr"]
    document["components"]["schemas"] |= {
        r.DOCUMENT_SCHEMA: template,
        r.CPR_SCHEMA: {"type": "string", "pattern": number},
        MESSAGE_SCHEMA: message_schema(),
        **audit_schemas(),
    }
    refer(document)
    return document


def _other_versions() -> str:
    """Which other versions of the template a document may be made under today."""
    versions = (one for one in templates().values() if one.name == r.TEMPLATE.name)
    others = [one for one in versions if one != r.TEMPLATE and may_be_made_under(one, r.TODAY)]
    return " ".join(
        f"A document under version {one.version}, which is still in force, is taken in too:"
        f" /v1/templates/{one.name}/{one.version}/schema.json."
        for one in others
    )


def refer(node: Any) -> None:
    """Put `$ref` where a value is marked for a component, in place."""
    if isinstance(node, list):
        for item in node:
            refer(item)
    elif isinstance(node, dict):
        if isinstance(name := node.get(r.COMPONENT), str):
            node.clear()
            node["$ref"] = f"#/components/schemas/{name}"
        for value in node.values():
            refer(value)
