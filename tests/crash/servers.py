"""Real server processes that can be killed, and a store of their own for them on PostgreSQL."""

import os
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.bench.server import free_port
from tests.stores import EPOCH_KEY

START_SECONDS = 60.0
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "OVERGANG_RATE_LIMIT_PER_MINUTE": "0",
    "OVERGANG_ALLOW_TEST_PERSONS": "true",
    "OVERGANG_EPOCH_KEY": b64encode(EPOCH_KEY).decode(),
    "OVERGANG_LOG_LEVEL": "WARNING",
}


class Server:
    """One server process over a store, started again on the same port after each death."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._data = data
        self._environment = {**os.environ, **ENVIRONMENT, **environment, "PYTHONPATH": str(ROOT)}
        self._log = data.with_name(f"server-{self.port}.log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it answers some time later."""
        with self._log.open("ab") as sink:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "api.cli",
                    "serve",
                    "--data",
                    str(self._data),
                    "--port",
                    str(self.port),
                ],
                cwd=self._data.parent,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )

    def await_ready(self) -> None:
        """Wait until it says that it is ready."""
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        with httpx2.Client(timeout=2, trust_env=False) as client:
            while time.monotonic() < deadline:
                assert self._process.poll() is None, self.log()
                try:
                    if client.get(f"{self.url}/ready").status_code == 200:
                        return
                except httpx2.HTTPError:
                    pass  # it does not listen yet
                time.sleep(0.05)
        raise AssertionError(f"the server was not ready in time\n{self.log()}")

    def kill(self) -> None:
        """Kill it at once: SIGKILL, of this very process."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait; it ends what it has in hand first."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        # uvicorn shuts down in order and then ends by the signal that asked it to.
        assert status in (0, -signal.SIGTERM), self.log()

    def log(self) -> str:
        """What it has written."""
        return self._log.read_text(errors="replace")[-5000:] if self._log.exists() else ""

    def token(
        self, role: str, authority: str, unit: str | None = None, subject: UUID | None = None
    ) -> dict[str, str]:
        """The header of a test caller: always the same person when `subject` is given."""
        wanted = {"role": role, "authority": authority, **({"unit": unit} if unit else {})}
        if subject is not None:
            wanted["subject"] = str(subject)
        with httpx2.Client(timeout=10, trust_env=False) as client:
            answer = client.post(f"{self.url}/dev/token", json=wanted)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@contextmanager
def servers(data: Path, environment: Mapping[str, str], count: int = 1) -> Iterator[list[Server]]:
    """Some servers over one store, all started at once; whatever is left of them is stopped."""
    data.mkdir(mode=0o700)
    started = [Server(data, environment) for _ in range(count)]
    try:
        for server in started:
            server.start()
        for server in started:
            server.await_ready()
        yield started
    finally:
        for server in started:
            if server._process is not None and server._process.poll() is None:
                server.kill()


@contextmanager
def two_databases(dsn: str) -> Iterator[dict[str, str]]:
    """A database for the log and one for the vault, each of a role of its own; the server's environment."""
    stem = f"crash{uuid4().hex[:12]}"
    parts = ("log", "vault")
    with psycopg.connect(dsn, autocommit=True) as connection:
        for part in parts:
            name = sql.Identifier(f"{stem}_{part}")
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(stem)))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
    log_dsn, vault_dsn = (
        make_conninfo(dsn, user=f"{stem}_{part}", password=stem, dbname=f"{stem}_{part}") for part in parts
    )
    try:
        yield {
            "OVERGANG_STORE": "postgres",
            "OVERGANG_POSTGRES_DSN": log_dsn,
            "OVERGANG_VAULT_DSN": vault_dsn,
        }
    finally:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for part in parts:
                name = sql.Identifier(f"{stem}_{part}")
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
                connection.execute(sql.SQL("DROP ROLE {}").format(name))
