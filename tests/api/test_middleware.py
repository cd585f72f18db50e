"""The whole stack around a small application: guards, limits, headers, and canaries that must not get out."""

import io
import json
import logging
import re
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx2
import pytest
import structlog
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from api.auth.claims import Caller
from api.auth.devissuer import DevelopmentIssuer
from api.auth.guard import CurrentCaller, check_organisation, document_security, guards_of, require_role
from api.auth.tokens import TokenVerifier
from api.http.logging import configure_logging
from api.http.metrics import Metrics
from api.http.middleware import BodyLimits, ResponseBrokenOff
from api.http.ratelimit import TokenBuckets
from api.http.stack import SAFE_OPTIONS, install_http

CPR = "7001014321"
NAME = "Kirstine"
CANARY = f"{NAME} {CPR}"


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    count: int


router = APIRouter()


@router.post("/cases/{case_id}")
def change(
    case_id: str, body: Body, caller: Annotated[Caller, Depends(require_role("clinician"))]
) -> dict[str, int]:
    return {"count": body.count}


@router.get("/cases/{case_id}")
def read(case_id: str, caller: CurrentCaller, q: str = "") -> dict[str, str]:
    structlog.get_logger("api.test").info("case-read", person=q, reason=q, role=caller.role)
    return {"role": caller.role}


@router.put("/upload")
async def upload(request: Request) -> dict[str, int]:
    return {"size": sum([len(part) async for part in request.stream()])}


@router.get("/broken")
def broken(q: str = "") -> None:
    logging.getLogger("some.dependency").warning("could not parse %s", q)
    try:
        int(q)
    except ValueError as fault:
        raise RuntimeError(f"no such person: {q}") from fault


@router.get("/breaks-off")
def breaks_off(q: str = "") -> StreamingResponse:
    def parts() -> Iterator[bytes]:
        yield b"beginning"
        raise RuntimeError(f"no such person: {q}")

    return StreamingResponse(parts())


class World:
    """An application with its log, its metrics and its issuer."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.stream = io.StringIO()
        self.metrics = Metrics()
        configure_logging("DEBUG", self.stream, self.metrics.log_dropped)
        self.issuer = DevelopmentIssuer(folder, environment="test", audience="overgang")
        self.app = FastAPI(**SAFE_OPTIONS)
        self.app.include_router(router, prefix="/v1")

        @self.app.get("/health")
        def health() -> dict[str, str]:
            return {"status": "ok"}

        install_http(
            self.app,
            verifier=TokenVerifier([self.issuer.as_issuer()]),
            metrics=self.metrics,
            body_limits=BodyLimits(1000, (r"/v1/upload", 5000)),
            public=("/health", "/docs", "/openapi.json"),
            unlimited=("/health",),
            **options,
        )
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def bearer(self, role: str = "clinician", **given: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {self.issuer.mint(role=role, authority='1085', **given)}"}

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["event"] == "request"]


@pytest.fixture
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield
    root.handlers[:], root.level, logging.raiseExceptions = before[0], before[1], before[2]
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def world(tmp_path: Path, restored_logging: None) -> World:
    return World(tmp_path)


def test_a_request_is_logged_by_template_with_a_pseudonym_and_never_by_path(world: World) -> None:
    answer = world.client.get(f"/v1/cases/{NAME}", headers=world.bearer(client_id="clinic-system"))
    assert answer.status_code == 200
    [line] = world.requests()
    assert line["route"] == "/v1/cases/{case_id}"
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "info")
    assert line["duration_ms"] > 0
    assert line["correlation_id"] == answer.headers["x-correlation-id"]
    assert re.fullmatch(r"[0-9a-f]{12}", line["client"])
    assert NAME not in world.stream.getvalue() and "clinic-system" not in world.stream.getvalue()


def test_a_valid_correlation_id_is_kept_and_anything_else_replaced(world: World) -> None:
    mine = str(uuid.uuid4())
    assert world.client.get("/health", headers={"x-correlation-id": mine}).headers["x-correlation-id"] == mine
    for bad in (CANARY, "", "00000000-0000-0000-0000-007001014321", mine + "x"):
        given_back = world.client.get("/health", headers={"x-correlation-id": bad}).headers[
            "x-correlation-id"
        ]
        assert given_back not in (bad, mine)
        assert uuid.UUID(given_back).version == 4


def test_lines_of_the_application_carry_the_correlation_id(world: World) -> None:
    answer = world.client.get("/v1/cases/1", headers=world.bearer())
    [line] = [line for line in world.lines() if line["event"] == "case-read"]
    assert line["correlation_id"] == answer.headers["x-correlation-id"]
    assert "correlation_id" not in structlog.contextvars.get_contextvars()


def test_answers_carry_the_security_headers(world: World) -> None:
    headers = world.client.get("/health").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'; frame")
    assert "script-src" in world.client.get("/docs").headers["content-security-policy"]
    assert world.client.get("/v1/none").headers["x-content-type-options"] == "nosniff"


def test_no_token_and_a_bad_token_are_challenged_apart(world: World) -> None:
    none = world.client.get("/v1/cases/1")
    assert (none.status_code, none.json()["code"]) == (401, "token-missing")
    assert none.headers["www-authenticate"] == 'Bearer realm="overgang"'
    for bad in (f"Bearer {CANARY}", "Bearer ", "Basic abc", "Bearer a.b.c"):
        answer = world.client.get("/v1/cases/1", headers={"authorization": bad})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid-token")
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-correlation-id']}"
    assert b"overgang_tokens_refused_total" in world.metrics.render()


def test_two_authorization_headers_are_refused(world: World) -> None:
    token = world.bearer()["authorization"]
    answer = world.client.get("/v1/cases/1", headers=[("authorization", token), ("authorization", token)])
    assert answer.status_code == 401


def test_anonymous_callers_are_turned_away_before_the_body_is_read(world: World) -> None:
    answer = world.client.post(
        "/v1/cases/1", content=b"{" * 10_000, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 401
    assert world.client.get("/v1/unknown").status_code == 401
    assert world.client.get("/health").status_code == 200


def test_the_role_decides(world: World) -> None:
    answer = world.client.post("/v1/cases/1", json={"count": 1}, headers=world.bearer("auditor"))
    assert (answer.status_code, answer.json()["code"]) == (403, "role-not-allowed")
    assert world.client.post("/v1/cases/1", json={"count": 1}, headers=world.bearer()).json() == {"count": 1}
    routes: list[Any] = list(router.routes)
    guards = {route.name: [guard.roles for guard in guards_of(route)] for route in routes}
    assert guards["change"] == [frozenset({"clinician"})] and guards["broken"] == []
    with pytest.raises(ValueError):
        require_role("doctor")


def test_openapi_says_where_a_token_is_needed(world: World) -> None:
    document = document_security(world.app.openapi(), ("/health",))
    assert document["paths"]["/health"]["get"]["security"] == []
    assert document["paths"]["/v1/cases/{case_id}"]["post"]["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_the_organisation_in_the_payload_must_be_the_tokens(world: World) -> None:
    token = world.bearer(sor="672291000016004")["authorization"].removeprefix("Bearer ")
    caller = TokenVerifier([world.issuer.as_issuer()]).verify(token)
    check_organisation(caller, authority="1085", sor="672291000016004")
    for wrong in ({"authority": "0330"}, {"sor": "672291000016001"}, {"gln": "5790000121526"}):
        with pytest.raises(Exception, match="organisation") as refused:
            check_organisation(caller, **wrong)
        assert getattr(refused.value, "code", None) == "organisation-mismatch"


@pytest.mark.parametrize(
    "path", [f"/v1/cases/{CPR}", "/v1/cases/700101-4321", f"/v1/cases/1?q=x%20{CPR}", f"/{CPR}"]
)
def test_a_person_number_in_the_address_is_refused(world: World, path: str) -> None:
    answer = world.client.get(path, headers=world.bearer())
    assert (answer.status_code, answer.json()["code"]) == (400, "personal-data-in-address")
    assert [line["route"] for line in world.requests()] == ["unmatched"]
    assert "4321" not in world.stream.getvalue() + answer.text


def test_a_body_is_limited_by_length_and_while_it_streams(world: World) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 100

    headers = world.bearer()
    for content in (b"x" * 5001, endless()):
        answer = world.client.put("/v1/upload", content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert world.client.put("/v1/upload", content=b"x" * 5000, headers=headers).json() == {"size": 5000}
    json_headers = headers | {"content-type": "application/json"}
    for content in (b"x" * 1001, endless()):
        assert world.client.post("/v1/cases/1", content=content, headers=json_headers).status_code == 413


def test_a_declared_length_is_refused_though_nobody_reads_the_body(world: World) -> None:
    answer = world.client.request("GET", "/v1/cases/1", content=b"x" * 1001, headers=world.bearer())
    assert answer.status_code == 413


def test_an_answer_that_breaks_off_is_cut_without_its_reason(world: World) -> None:
    client = TestClient(world.app)
    with pytest.raises(ResponseBrokenOff) as cut:
        client.get("/v1/breaks-off", params={"q": NAME}, headers=world.bearer())
    assert cut.value.args == () and cut.value.__suppress_context__
    assert NAME not in world.stream.getvalue()


def test_allow_and_method_not_allowed(world: World) -> None:
    answer = world.client.delete("/v1/cases/1", headers=world.bearer())
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_only_trusted_hosts_are_served(tmp_path: Path, restored_logging: None) -> None:
    world = World(tmp_path, trusted_hosts=("testserver", "[::1]"))
    assert world.client.get("/health").status_code == 200
    assert world.client.get("/health", headers={"host": "[::1]:8000"}).status_code == 200
    answer = world.client.get("/health", headers={"host": f"{NAME}.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "host-not-served")


def test_a_caller_is_limited_and_the_others_are_not(tmp_path: Path, restored_logging: None) -> None:
    world = World(tmp_path, rate_limit_per_minute=3)
    mine, other = world.bearer(subject=str(uuid.uuid4())), world.bearer(subject=str(uuid.uuid4()))
    statuses = [world.client.get("/v1/cases/1", headers=mine).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    limited = world.client.get("/v1/cases/1", headers=mine)
    assert limited.json()["code"] == "rate-limited" and 1 <= int(limited.headers["retry-after"]) <= 20
    assert world.client.get("/v1/cases/1", headers=other).status_code == 200
    assert [world.client.get("/health").status_code for _ in range(10)] == [200] * 10
    guesses = [
        world.client.get("/v1/cases/1", headers={"authorization": f"Bearer {n}"}).status_code
        for n in range(5)
    ]
    assert guesses == [401, 401, 401, 429, 429]
    assert b"overgang_rate_limited_total 4.0" in world.metrics.render()


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from("abc")), max_size=60))
def test_no_bucket_ever_gives_more_than_its_rate_and_burst(steps: list[tuple[float, str]]) -> None:
    now = 0.0
    buckets = TokenBuckets(60, burst=5, max_keys=3, clock=lambda: now)
    taken = dict.fromkeys("abc", 0)
    for wait, key in steps:
        now += wait
        if buckets.take(key) == 0.0:
            taken[key] += 1
        assert taken[key] <= 5 + now + 1e-6
    assert len(buckets) <= 3


def test_the_memory_of_buckets_is_bounded_and_a_wait_is_enough() -> None:
    now = 0.0
    buckets = TokenBuckets(60, burst=1, max_keys=10, clock=lambda: now)
    for number in range(100):
        buckets.take(str(number))
    assert len(buckets) == 10
    wait = buckets.take("99")
    assert 0 < wait <= 1
    now += wait
    assert buckets.take("99") == 0.0


def test_no_canary_gets_out_wherever_it_is_planted(world: World) -> None:
    """A CPR number and a name in path, query, header, member names and values: in no answer, in no line."""
    headers = world.bearer() | {"x-name": CANARY, "referer": f"https://x.example/{CPR}", "user-agent": CANARY}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/v1/{NAME}", {}),
        ("GET", f"/v1/cases/{NAME}?q={NAME}", {}),
        ("GET", f"/v1/cases/1/?q={NAME}", {}),
        ("GET", f"/v1/cases/{CPR}", {}),
        ("GET", "/v1/broken", {"params": {"q": NAME}}),
        ("GET", "/v1/broken", {"params": {"q": CPR}}),
        ("POST", "/v1/cases/1", {"json": {CPR: 1, NAME: {NAME: CPR}}}),
        ("POST", "/v1/cases/1", {"json": {"count": CANARY}}),
        ("POST", "/v1/cases/1", {"json": [CANARY]}),
        ("POST", "/v1/cases/1", {"content": CANARY, "headers": headers | {"content-type": f"text/{NAME}"}}),
        (
            "POST",
            "/v1/cases/1",
            {"content": f'"{CANARY}', "headers": headers | {"content-type": "application/json"}},
        ),
        (NAME.upper(), "/v1/cases/1", {}),
        (
            "GET",
            "/v1/cases/1",
            {"headers": {"authorization": f"Bearer {CANARY}", "x-correlation-id": CANARY}},
        ),
        ("GET", "/v1/cases/1", {"headers": {"authorization": f"{CANARY} x", "idempotency-key": CANARY}}),
    ]
    for method, path, options in asked:
        answer = world.client.request(method, path, **({"headers": headers} | options))
        seen = (answer.text + str(answer.headers)).lower()
        assert NAME.lower() not in seen and CPR not in seen, (method, path)
    written = (world.stream.getvalue() + world.metrics.render().decode()).lower()
    assert NAME.lower() not in written and CPR not in written
    assert len(world.requests()) == len(asked)
    failed = [line for line in world.lines() if line["event"] == "request-failed"]
    assert [line["error_type"] for line in failed] == ["RuntimeError"]
    assert failed[0]["error_cause"] == "ValueError"


def test_a_real_server_prints_nothing_of_an_exception(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """uvicorn prints the traceback, with its message, of whatever reaches it."""
    config = uvicorn.Config(world.app, port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=world.bearer()) as client:
            assert client.get("/v1/broken", params={"q": NAME}).status_code == 500
            with pytest.raises(httpx2.RemoteProtocolError):
                client.get("/v1/breaks-off", params={"q": NAME})
    finally:
        server.should_exit = True
        thread.join(10)
    events = [line["event"] for line in world.lines()]
    assert {
        "application-started",
        "server-listening",
        "request-failed",
        "request-broke-off",
        "server-stopped",
    } <= set(events)
    out, err = capfd.readouterr()
    assert NAME not in world.stream.getvalue() + out + err
