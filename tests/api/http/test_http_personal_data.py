"""Canaries in every place a client can put text: none comes out in a problem, a log line or a metric."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api.http.bodies import step_bodies
from tests.api.http.contract import World, founded
from tests.api.http.contract_cases import ALL_THE_WAY
from tests.api.http.handover import Case
from tests.api.http.test_http_medcom import FHIR, message
from tests.api.http.town import CONFIRMATION, FROM, PROCESSING_TIME, document, entry_of, ok, pdf, submission

CPR = "7002024321"
"""An impossible number (day of birth + 60), so nobody's."""
NAME = "Kirstine Kånariefugl"
CANARIES = (NAME, CPR, f"{CPR[:6]}-{CPR[6:]}")
IDS = (
    "handover_id",
    "question_id",
    "draft_id",
    "attachment_id",
    "mailbox_id",
    "proposal_id",
    "request_id",
    "position",
    "authority",
    "unit",
    "name",
    "code",
)
HEADERS = (
    "Idempotency-Key",
    "If-Match",
    "X-Correlation-ID",
    "Accept",
    "User-Agent",
    "Content-Type",
    "Authorization",
    "Cookie",
    "Referer",
    "X-Forwarded-For",
    "Traceparent",
)
TRACES = ("kirstine", "kånariefugl", "k%c3%a5nariefugl", "k\\u00e5nariefugl", "7002024321", "700202-4321")
"""What a canary would leave, in lower case."""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world of its own, whose every log line is read at the end."""
    with founded(tmp_path_factory.mktemp("watched"), rate_limit_per_minute=0) as world:
        yield world


@pytest.fixture(scope="module")
def openapi(watched: World) -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = watched.server.client.get("/openapi.json").json()
    return document


def test_no_personal_data_leaks(watched: World, openapi: dict[str, Any]) -> None:
    # given a request of every operation with a canary in each place where text can stand
    sent = 0
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            for request in _planted(watched, path, operation):
                answer = _send(watched, method, operation["operationId"], **request)
                sent += 1
                # then no problem and no header repeats it
                told = answer.text if answer.status_code >= 400 else ""
                _clean(f"{told} {dict(answer.headers)}", f"{method} {path} answered {answer.status_code}")
                assert answer.status_code != 500, f"{method} {path}"
    assert sent > 1000
    # and neither the log nor the metrics hold it
    lines = watched.server.lines()
    assert len(lines) >= sent
    for line in lines:
        _clean(line, "a log line")
        json.loads(line)
    for line in ok(watched.callers["operator"].get("/metrics"), 200).text.splitlines():
        _clean(line, "a line of the metrics")


def _clean(text: str, where: str) -> None:
    low = text.lower()
    # What leaked is told by its place alone: the text would be the next leak.
    assert not [number for number, trace in enumerate(TRACES) if trace in low], f"a canary in {where}"


def _send(watched: World, method: str, operation: str, url: str, **more: Any) -> httpx2.Response:
    headers = {
        "Authorization": f"Bearer {watched.caller_for(operation).token}",
        "Idempotency-Key": str(uuid4()),
        "If-Match": '"1"',
    }
    more["headers"] = headers | more.get("headers", {})
    return watched.server.client.request(method, url, **more)


def _planted(watched: World, path: str, operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    whole = path
    for name in IDS:
        whole = whole.replace(f"{{{name}}}", watched.known[name][0])
    whole = whole.replace("{version}", "1")
    body = _body(operation["operationId"])
    yield from _in_the_address(path, whole, operation, body)
    for canary in CANARIES:
        for name in HEADERS:
            value = f"Bearer {canary}" if name == "Authorization" else canary
            yield {"url": whole, "headers": body.get("headers", {}) | {name: value.encode()}} | {
                kind: body[kind] for kind in body if kind != "headers"
            }
        yield {"url": whole, "headers": {canary.replace(" ", "-").encode("ascii", "ignore"): canary.encode()}}
    yield from _in_the_body(whole, body)


def _in_the_address(
    path: str, whole: str, operation: dict[str, Any], body: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    for canary in CANARIES:
        for parameter in operation.get("parameters", ()):
            name = parameter["name"]
            if parameter["in"] == "path":
                given = whole.split("/")
                given[path.split("/").index(f"{{{name}}}")] = canary
                yield {"url": "/".join(given), **body}
            elif parameter["in"] == "query":
                yield {"url": whole, "params": {name: canary}, **body}
        yield {"url": whole, "params": {canary: "1"}, **body}
        yield {"url": f"{whole}/{canary}", **body}


def _in_the_body(url: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kind = {"headers": body["headers"]} if "headers" in body else {}
    for raw in (f'{{"{NAME}": {CPR}', f'"{NAME} {CPR}"', f'["{NAME}", {CPR}]', f"{NAME} {CPR}", f"{CPR}"):
        headers = {"Content-Type": "application/json"} | body.get("headers", {})
        yield {"url": url, "content": raw.encode(), "headers": headers}
    content = body.get("json")
    if content is None and "content" in body and "headers" in body and body["headers"] == FHIR:
        content = json.loads(body["content"])
    if isinstance(content, dict):
        for canary, damaged in _everywhere(content):
            assert canary in CANARIES
            if "json" in body:
                yield {"url": url, "json": damaged}
            else:
                yield {"url": url, "content": json.dumps(damaged).encode(), **kind}
    elif "content" in body:
        yield {"url": url, "content": f"{NAME} {CPR}".encode() + body["content"], **kind}


def _everywhere(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Copies of a body, each with a canary in one place: instead of a value, or as a new member's name."""
    for number, place in enumerate(_places(content, ())):
        canary = CANARIES[number % len(CANARIES)]
        for value in (canary, {canary: canary}, [canary]) if number % 3 == 0 else (canary,):
            damaged = deepcopy(content)
            _set(damaged, place, value)
            yield canary, damaged
        found = _get(content, place)
        if isinstance(found, dict):
            damaged = deepcopy(content)
            _get(damaged, place)[canary] = canary
            yield canary, damaged


def _places(node: Any, at: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield (*at, name)
            yield from _places(value, (*at, name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield (*at, index)
            yield from _places(value, (*at, index))


def _get(node: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        node = node[step]
    return node


def _set(node: Any, place: tuple[Any, ...], value: Any) -> None:
    _get(node, place[:-1])[place[-1]] = value


def _body(operation: str) -> dict[str, Any]:
    """A body that the operation takes."""
    local = {"type": "local", "value": "AMB-1"}
    bodies: dict[str, Any] = {
        "validate_handover": submission(receiver_unit="enhed", attachments=[str(uuid4())]),
        "submit_handover": submission(receiver_unit="enhed", attachments=[str(uuid4())]),
        "complete_handover": {"document": document()},
        "open_handover": {"purpose": "handover", "outside_reason": "joint-case"},
        "open_attachment": {"purpose": "handover", "outside_reason": "joint-case"},
        "close_handover": {"outcome": "other"},
        "create_draft": {"document": document()},
        "replace_draft": {"document": document()},
        "merge_numbers": {"replacement": local, "real": {"type": "cpr", "value": "7001014321"}},
        "enter_authority": {"authority": "0329", "name": "Ringsted Kommune", "cvr": "29189579"},
        "enter_unit": {
            "unit": "enhed",
            "kind": "other",
            "name": "Enhed",
            "sor": "1234567890123",
            "gln": "5790000000005",
        },
        "enter_succession": {
            "unit": "enhed",
            "successor_authority": "0370",
            "successor_unit": "enhed",
            "valid_from": FROM,
            "basis": "ovl-2026",
        },
        "enter_referrer": {"referrer": "hospital", "valid_from": FROM, "valid_to": FROM},
        "enter_processing_time": PROCESSING_TIME,
        "ask_for_mailbox": {"means": "letter", "asked_on": "2025-01-02"},
        "propose_mailbox": entry_of(
            "enhed", unit="enhed", deputy="enhed", telephone="55667788", kle=["27.51.04"], valid_to=FROM
        ),
        "confirm_mailbox": CONFIRMATION,
        "withdraw_confirmation": {"reason": "not-read", "since": FROM},
        "withdraw_proposal": {"reason": "mistyped"},
        "propose_end": {"valid_to": FROM, **CONFIRMATION},
        "token": {"role": "clinician", "authority": "1085", "unit": "enhed", "subject": str(uuid4())},
    } | step_bodies()
    if operation in bodies:
        return {"json": bodies[operation]}
    if operation == "upload_attachment":
        return {"content": pdf(), "headers": {"Content-Type": "application/pdf"}}
    if operation in ("submit_message", "validate_message"):
        return {"content": message(), "headers": FHIR}
    return {}


def test_the_store_holds_no_citizen_in_clear(tmp_path: Path) -> None:
    # given a citizen whose handover, draft, attachment and message have gone all the way
    person = {"name": NAME, "person_id": {"type": "cpr", "value": CPR}}
    with founded(tmp_path) as made:
        clinic, centre = made.callers["clinician"], made.callers["caseworker"]
        body = submission(made=document(**person))
        path = ok(clinic.post("/v1/handovers", body), 201).headers["Location"]
        made.carry(path, ALL_THE_WAY)
        ok(clinic.post("/v1/drafts", {"document": document(**person)}), 201)
        ok(clinic.post("/v1/medcom/messages", content=message(text=NAME), headers=FHIR), 201)
        page = ok(centre.get(f"/v1/mailboxes/{made.town.mailbox}/handovers?status=closed&limit=100"), 200)
        assert NAME in page.text and CPR in page.text, "the right reader sees her"
        _asked_corrected_and_sent_back(made, person)
        _search(tmp_path)
    _search(tmp_path)


def _asked_corrected_and_sent_back(made: World, person: dict[str, Any]) -> None:
    """Somebody writes of her in a question, an answer and a remark, and another document replaces hers."""
    clinic, centre = made.callers["clinician"], made.callers["caseworker"]
    body = submission(made=document(**person))
    case = Case(ok(clinic.post("/v1/handovers", body), 201).headers["Location"])
    case.open(centre)
    case.take(centre, "questions", {"concerns": ["parter"], "text": f"Er {NAME} {CPR}?"})
    [question] = case.shown(clinic)["questions"]
    case.take(clinic, f"questions/{question}/answer", {"text": f"Ja, {NAME}."})
    case.take(clinic, "correction", {"document": document(**person), "reason": "other"})
    case.take(centre, "return", {"reason": "other", "remark": f"{NAME} bor ikke her."})
    told = [case.open(clinic, document=note["id"]) for note in case.shown(clinic)["notes"]]
    assert all(NAME in str(one) for one in told) and len(told) == 3, "the right reader sees it"


def _search(folder: Path) -> None:
    """Every file of the store, its write-ahead logs too, as bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"log.db", "vault.db", "server.log"} <= {path.name for path in files}
    for file in files:
        content = file.read_bytes()
        for trace in (NAME, CPR, f"{CPR[:6]}-{CPR[6:]}"):
            for encoding in ("utf-8", "utf-16-le"):
                assert trace.encode(encoding) not in content, f"{file.name} holds a citizen in clear"
