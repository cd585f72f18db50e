"""The demo's server process and its HTTP clients, each with a token of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

START_SECONDS = 60.0
WAIT_SECONDS = 30.0


class DemoFailed(Exception):
    """A step of the demo did not do what it should."""


class Server:
    """A running server."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._client = httpx2.Client(base_url=base_url, timeout=30.0)

    def session(self, **claims: Any) -> "Session":
        """A caller with a test token."""
        answer = self._client.post("/dev/token", json=claims)
        if answer.status_code != 200:
            raise DemoFailed("no test token was given")
        return Session(self._client, answer.json()["access_token"])

    def wait_for_views(self) -> None:
        """Wait until the views have caught up with the log."""
        operator = self.session(role="operator", authority="0000")
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if "overgang_projector_lag_positions 0.0" in operator.text("/metrics"):
                return
            time.sleep(0.05)
        raise DemoFailed("the views did not catch up")


class Session:
    """One caller's requests."""

    def __init__(self, client: httpx2.Client, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    def text(self, path: str) -> str:
        """GET as text."""
        return self._check(self._client.get(path, headers=self._headers)).text

    def get(self, path: str) -> Any:
        """GET as JSON."""
        return self._check(self._client.get(path, headers=self._headers)).json()

    def post(
        self,
        path: str,
        content: Any = None,
        *,
        if_match: int | None = None,
        raw: bytes | None = None,
        media_type: str = "application/json",
    ) -> Any:
        """POST with a fresh Idempotency-Key, and If-Match where a version is given."""
        headers = {**self._headers, "Idempotency-Key": str(uuid4())}
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        if raw is not None:
            headers["Content-Type"] = media_type
            return self._check(self._client.post(path, content=raw, headers=headers)).json()
        if content is None:
            return self._check(self._client.post(path, headers=headers)).json()
        return self._check(self._client.post(path, json=content, headers=headers)).json()

    def refused(self, path: str, content: Any) -> str:
        """POST what must not be let through; returns why it was not. Raises DemoFailed when it was."""
        headers = {**self._headers, "Idempotency-Key": str(uuid4())}
        answer = self._client.post(path, json=content, headers=headers)
        if answer.status_code < 400:
            raise DemoFailed("what should have been refused was let through")
        problem = answer.json()
        code: str = problem["errors"][0]["code"] if problem.get("errors") else problem["code"]
        return code

    def act(self, handover: str, step: str, version: int) -> int:
        """Take a step of the case; returns its new version."""
        done: int = self.post(f"/v1/handovers/{handover}/{step}", if_match=version)["version"]
        return done

    def _check(self, answer: httpx2.Response) -> httpx2.Response:
        if answer.status_code >= 400:
            raise DemoFailed(f"the server answered {answer.status_code}: {answer.text}")
        return answer


@contextmanager
def running_server(data: Path, log: Path) -> Iterator[Server]:
    """A server process on a free port over the store in `data`; stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "api.cli", "serve", "--data", str(data), "--port", str(port)]
    environment = {**os.environ, "OVERGANG_RATE_LIMIT_PER_MINUTE": "0"}
    with log.open("wb") as lines:
        process = subprocess.Popen(command, stdout=lines, stderr=lines, env=environment)
        try:
            _wait_until_ready(process, port, log)
            yield Server(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DemoFailed(f"the server did not start; its last line: {_last_line(log)}")
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/ready", timeout=2.0).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise DemoFailed(f"the server was not ready in time; its last line: {_last_line(log)}")


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "none")
