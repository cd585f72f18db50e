"""The real application on a temporary embedded store, served by uvicorn over a real socket."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import uvicorn
from fastapi import FastAPI

from api.bootstrap import Overgang
from api.http.app import create_app
from api.settings import Settings

START_SECONDS = 30.0
WAIT_SECONDS = 15.0


@dataclass
class Running:
    """A server that answers: its installation, its application, and a client on its address."""

    overgang: Overgang
    app: FastAPI
    url: str
    client: httpx2.Client

    def token(self, **caller: str) -> str:
        """A development token, fetched over HTTP like anybody else's."""
        answer = self.client.post("/dev/token", json=caller)
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    def caller(self, role: str, authority: str, **more: str) -> "Caller":
        """Somebody with a token of her own."""
        token = self.token(role=role, authority=authority, subject=str(uuid4()), **more)
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


def settings(folder: Path, **changes: Any) -> Settings:
    """Settings of a development server on a store in `folder`, whatever the environment says."""
    return Settings(data_dir=folder / "data", environment="development", **changes)


@contextmanager
def serving(folder: Path, **changes: Any) -> Iterator[Running]:
    """The application on a store in `folder`, until the block ends."""
    overgang = Overgang(settings(folder, **changes))
    overgang.migrate()
    app = create_app(overgang)
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _await(lambda: server.started or not thread.is_alive())
        assert server.started, "the server did not start"
        with httpx2.Client(base_url=url, timeout=30, trust_env=False) as client:
            yield Running(overgang, app, url, client)
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
        listener.close()


def _await(done: Any) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise AssertionError("the server did not start in time")
        time.sleep(0.01)
