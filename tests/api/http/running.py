"""The real server on a temporary embedded store, in a process of its own, over a real socket."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from workflows.handlers.services import SYSTEM

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-c", "from api.cli import main; main()"]
START_SECONDS = 30.0
WAIT_SECONDS = 15.0


@dataclass
class Running:
    """A server that answers: the folder with its `data` and its log lines, and a client on its address."""

    folder: Path
    url: str
    client: httpx2.Client

    def length(self) -> int:
        """How many entries people have made: the timers make theirs whenever they fall due."""
        log = (self.folder / "data" / "log.db").as_uri()
        with closing(sqlite3.connect(f"{log}?mode=ro", uri=True)) as database:
            states = database.execute("SELECT state FROM stored_events").fetchall()
        return sum(json.loads(state)["header"]["role"] != SYSTEM.role for (state,) in states)

    def lines(self) -> list[str]:
        """What the server has written to its log."""
        return (self.folder / "server.log").read_text("utf-8").splitlines()

    def token(self, **caller: object) -> str:
        """A development token, fetched over HTTP like anybody else's."""
        answer = self.client.post("/dev/token", json=caller)
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    def caller(self, role: str, authority: str, **more: str) -> "Caller":
        """Somebody with a token of her own."""
        token = self.token(role=role, authority=authority, subject=str(uuid4()), **more)
        return Caller(self.client, token)

    def own(self, role: str, handovers: list[str], **more: str) -> "Caller":
        """A citizen, or who represents her, whose token opens these cases."""
        token = self.token(role=role, handovers=handovers, subject=str(uuid4()), **more)
        return Caller(self.client, token)

    def until(self, done: Any) -> Any:
        """Wait for what the workers do; returns the first true answer of `done`."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if found := done():
                return found
            time.sleep(0.05)
        raise AssertionError("the workers did not get there in time")


@dataclass
class Caller:
    """A client that sends one token, and a fresh Idempotency-Key with every create unless given one."""

    client: httpx2.Client
    token: str

    def get(self, path: str, **more: Any) -> httpx2.Response:
        """GET."""
        return self._send("GET", path, {}, more)

    def post(self, path: str, json: Any = None, *, key: str | None = None, **more: Any) -> httpx2.Response:
        """POST with a key."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        if json is not None:
            more["json"] = json
        return self._send("POST", path, headers, more)

    def act(self, path: str, version: str | None, json: Any = None) -> httpx2.Response:
        """POST a change of a case that builds on an ETag (none: the header is left out)."""
        headers = {} if version is None else {"If-Match": version}
        return self.post(path, json, headers=headers)

    def put(self, path: str, json: Any, version: str) -> httpx2.Response:
        """PUT on an ETag."""
        return self._send("PUT", path, {"If-Match": version}, {"json": json})

    def delete(self, path: str) -> httpx2.Response:
        """DELETE."""
        return self._send("DELETE", path, {}, {})

    def _send(self, method: str, path: str, headers: dict[str, str], more: dict[str, Any]) -> httpx2.Response:
        given = more.pop("headers", {})
        return self.client.request(
            method, path, headers={"Authorization": f"Bearer {self.token}"} | headers | given, **more
        )


@contextmanager
def serving(folder: Path, *, data: Path | None = None, **settings: object) -> Iterator[Running]:
    """`overgang serve` in a process of its own on a store in `folder` (or `data`), until the block ends.

    `settings` are those of `api.settings`, passed through the environment as in production.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = folder / "server.log"
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--data", str(data or folder / "data"), "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            env=_environment(settings),
            cwd=ROOT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=url, timeout=30, trust_env=False) as client:
            _await_ready(process, client, log)
            yield Running(folder, url, client)
    finally:
        process.terminate()
        try:
            process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def command(*arguments: object) -> str:
    """Run `overgang …` to its end in a process of its own; returns what it told on standard output."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=_environment({}),
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _environment(settings: Mapping[str, object]) -> dict[str, str]:
    given = {f"OVERGANG_{name.upper()}": str(value) for name, value in settings.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OVERGANG_")}
    return kept | {"OVERGANG_ENVIRONMENT": "test"} | given


def _await_ready(process: "subprocess.Popen[bytes]", client: httpx2.Client, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if client.get("/ready").status_code == 200:
                return
        except httpx2.HTTPError:
            pass  # not listening yet
        time.sleep(0.05)
    raise AssertionError("the server did not start in time")
