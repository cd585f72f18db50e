"""The floor under the comparison: what the cycle costs on this stack when the server does no work.

The same web framework and server, each request handed to a thread as Overgang's are, and the durable
commits that Overgang's guarantees ask for (keys before their use, a reading before its key: two for send,
list and open, one for acknowledge), each one row of 2 kB on SQLite. No validation, no sealing, no
authentication, no view. What Overgang can reach beside the peer is bounded by what this reaches.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI, Response

from audit.database.sqlite import SqliteDatabase
from tests.bench.load import Cycle, expect
from tests.bench.overgang import submission
from tests.bench.server import Server, free_port, running

COMMITS = {"send": 2, "list": 2, "open": 2, "acknowledge": 1}
_ROW = b"x" * 2048


def application(database: SqliteDatabase) -> FastAPI:
    """An endpoint for each step, which commits and answers."""
    app = FastAPI()

    def commit(step: str) -> None:
        for _ in range(COMMITS[step]):
            database.write(lambda rows: rows.execute("INSERT INTO kept (state) VALUES (?)", (_ROW,)) and None)

    # A declared body is read before the endpoint is handed to a thread, as in Overgang.
    @app.post("/send")
    def send(document: dict[str, Any]) -> Response:
        commit("send")
        return Response(b"{}", 201)

    @app.get("/list")
    def mailbox() -> Response:
        commit("list")
        return Response(b"{}")

    @app.post("/open")
    def opened() -> Response:
        commit("open")
        return Response(_ROW * 5, 201)

    @app.post("/acknowledge")
    def acknowledge() -> Response:
        commit("acknowledge")
        return Response(b"{}", 201)

    @app.get("/ready")
    async def ready() -> Response:
        return Response(b"{}")

    return app


@dataclass(frozen=True)
class FloorCycle:
    """Four requests of the sizes that Overgang's cycle has."""

    base_url: str

    def run(self, client: httpx2.Client, serial: int) -> Iterator[str]:
        """One cycle (see `load.Cycle`)."""
        body, _ = submission(serial)
        headers = {"Content-Type": "application/json", "Authorization": "Bearer x", "Idempotency-Key": "x"}
        expect(client.post(f"{self.base_url}/send", content=body, headers=headers), 201, "send")
        yield "send"
        expect(client.get(f"{self.base_url}/list", headers=headers), 200, "list")
        yield "list"
        expect(client.post(f"{self.base_url}/open", content=b"{}", headers=headers), 201, "open")
        yield "open"
        expect(client.post(f"{self.base_url}/acknowledge", headers=headers), 201, "acknowledge")
        yield "acknowledge"


@dataclass(frozen=True)
class Floor:
    """The empty server on the same disk."""

    @property
    def name(self) -> str:
        """The name in tables."""
        return "floor"

    @contextmanager
    def serve(self, data: Path, log: Path) -> Iterator[tuple[Server, Cycle]]:
        """Run it on a database in `data`."""
        port = free_port()
        command = [sys.executable, "-m", "tests.bench.floor", str(data), str(port)]
        with running(command, port=port, ready_path="/ready", log=log, environment={}) as server:
            yield server, FloorCycle(server.base_url)

    def prepare(self, template: Path, earlier: int) -> None:
        """It keeps nothing that a later request reads, so earlier messages would say nothing."""


def main() -> None:
    """Serve; `python -m tests.bench.floor DATA PORT`."""
    parser = argparse.ArgumentParser(description="the empty server of the comparison")
    parser.add_argument("data", type=Path)
    parser.add_argument("port", type=int)
    arguments = parser.parse_args()
    database = SqliteDatabase(arguments.data / "floor.db")
    database.write(
        lambda rows: rows.execute("CREATE TABLE IF NOT EXISTS kept (n INTEGER PRIMARY KEY, state BLOB)")
    )
    uvicorn.run(application(database), port=arguments.port, access_log=False, log_config=None)


if __name__ == "__main__":
    main()
