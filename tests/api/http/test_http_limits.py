"""What the server refuses before it works: too many, too large, at the wrong time, misconfigured."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.bootstrap import Overgang
from api.settings import ConfigurationRefused, Settings
from tests.api.http.running import Caller, Running, serving
from tests.api.http.test_http_medcom import FHIR
from tests.api.http.town import AMBULATORY, REGION, ok, pdf, refused, submission

LIMIT = 4096
PDF_TYPE = {"Content-Type": "application/pdf"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with small limits."""
    with serving(
        tmp_path_factory.mktemp("small"), max_body_bytes=LIMIT, max_attachment_bytes=LIMIT
    ) as running:
        yield running


def _clinician(server: Running) -> Caller:
    return server.caller("clinician", REGION, unit=AMBULATORY)


def _pieces(size: int, step: int = 512) -> Iterator[bytes]:
    """A body sent in pieces without its length."""
    yield b'{"document": {"a": "'
    for _ in range(size // step):
        yield b"x" * step
    yield b'"}}'


def test_a_body_above_the_limit_is_refused(small: Running) -> None:
    clinic = _clinician(small)
    within = {"document": {"a": "x" * (LIMIT - 100)}}
    ok(clinic.post("/v1/drafts", within), 201)
    refused(clinic.post("/v1/drafts", {"document": {"a": "x" * LIMIT}}), 413, "body-too-large")
    json = {"Content-Type": "application/json"}
    streamed = clinic.post("/v1/drafts", content=_pieces(LIMIT * 2), headers=json)
    refused(streamed, 413, "body-too-large")
    ok(clinic.post("/v1/drafts", content=_pieces(LIMIT // 2), headers=json), 201)


def test_an_attachment_above_the_limit_is_refused_and_leaves_nothing(small: Running) -> None:
    clinic = _clinician(small)
    refused(
        clinic.post("/v1/attachments", content=pdf() + b" " * LIMIT, headers=PDF_TYPE), 413, "body-too-large"
    )
    pieces = (b"%PDF-1.7\n" if n == 0 else b"x" * 512 for n in range(32))
    refused(clinic.post("/v1/attachments", content=pieces, headers=PDF_TYPE), 413, "body-too-large")
    spooled = small.folder / "data" / "spool"
    assert not spooled.exists() or not list(spooled.iterdir())


def test_a_declared_length_is_refused_before_the_body_is_read(small: Running) -> None:
    clinic = _clinician(small)
    host, port = small.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/drafts HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {clinic.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {10**12}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode())
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 413 ") and b"body-too-large" in answer


def test_a_message_has_the_limit_of_medcom(small: Running) -> None:
    clinic = _clinician(small)
    answer = clinic.post("/v1/medcom/messages", content=b" " * LIMIT * 2, headers=FHIR)
    refused(answer, 422, "medcom-refused")


def test_too_many_requests_are_refused_with_the_time_to_wait(tmp_path: Path) -> None:
    with serving(tmp_path, rate_limit_per_minute=20) as server:
        # Each caller has a bucket of its own; tokens are fetched by the address, which has another.
        first, second = _clinician(server), _clinician(server)
        answers = [first.get("/v1/drafts") for _ in range(25)]
        assert [one.status_code for one in answers[:20]] == [200] * 20
        problem = next(one for one in answers if one.status_code == 429)
        refused(problem, 429, "rate-limited")
        assert 1 <= int(problem.headers["Retry-After"]) <= 60
        ok(second.get("/v1/drafts"), 200)
        for _ in range(30):
            ok(server.client.get("/health"), 200)


def test_read_only_mode_takes_no_changes(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        clinic = _clinician(server)
        draft = ok(clinic.post("/v1/drafts", {"document": {}}), 201).headers["Location"]
        path = ok(clinic.post("/v1/handovers", submission()), 201).headers["Location"]
        # The development issuer's key is in the folder: the tokens hold over a restart.
        tokens = clinic.token
    with serving(tmp_path, read_only=True) as server:
        clinic = Caller(server.client, tokens)
        length = server.length()
        ok(clinic.get(path), 200)
        ok(clinic.get(draft), 200)
        ok(clinic.post("/v1/handovers/validate", submission()), 200)
        refused(clinic.post("/v1/handovers", submission()), 503, "read-only")
        refused(clinic.post("/v1/drafts", {"document": {}}), 503, "read-only")
        refused(clinic.put(draft, {"document": {}}, '"1"'), 503, "read-only")
        refused(clinic.delete(draft), 503, "read-only")
        refused(clinic.post(f"{path}/readings", {}), 503, "read-only")
        refused(clinic.act(f"{path}/takeover", '"2"'), 503, "read-only")
        refused(clinic.post("/v1/attachments", content=pdf(), headers=PDF_TYPE), 503, "read-only")
        assert server.length() == length


def test_production_refuses_what_is_for_development(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationRefused) as refusal:
        Overgang(Settings(data_dir=tmp_path / "data", environment="production", dev_issuer=True))
    assert {"development-issuer", "generated-epoch-key", "no-malware-scanner"} <= set(refusal.value.codes)
    assert not (tmp_path / "data").exists()
    with pytest.raises(AssertionError, match="development-issuer"):
        with serving(tmp_path, environment="production", dev_issuer="true"):
            pass


def test_a_second_server_does_not_open_the_same_store(tmp_path: Path) -> None:
    with serving(tmp_path):
        other = tmp_path / "other"
        other.mkdir()
        with pytest.raises(AssertionError, match="another process has this store open"):
            with serving(other, data=tmp_path / "data"):
                pass
