"""Overgang as a contender: the embedded store, the real server, send -> list -> open -> acknowledge.

Everything that depends on the shape of the API stands in `ROUTES`, `document`, `arrange` and
`OvergangCycle`; the rest of the comparison knows nothing of it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import httpx2

from tests.bench.document import filled, impossible_cpr
from tests.bench.load import Cycle, expect, new_client, repeat
from tests.bench.server import BenchError, Server, free_port, running

ROUTES = MappingProxyType(
    {
        "ready": "/health/ready",
        "token": "/dev/token",
        "register": "/v1/mailboxes",
        "send": "/v1/handovers",
        "list": "/v1/mailboxes/{mailbox}/handovers?state=delivered",
        "open": "/v1/handovers/{handover}/readings",
        "acknowledge": "/v1/handovers/{handover}/acknowledgement",
    }
)
PURPOSE = "treatment"
_CLINIC = {"role": "clinic", "authority": "region:1085", "unit": "bench-clinic"}
_CENTRE = {"role": "centre", "authority": "municipality:259", "unit": "bench-centre"}
_REGISTER = {"role": "register", "authority": "region:1085", "unit": "bench-register"}
_PREPARED_AT_ONCE = 1000


@dataclass(frozen=True)
class Site:
    """One municipality with a main mailbox, and a bearer token for each side."""

    mailbox: str
    sender: str
    receiver: str


def document(serial: int) -> bytes:
    """A submission of 10 kB about citizen `serial`, who has never been handed over before."""

    def build(text: str) -> dict[str, Any]:
        return {
            "template": {"id": "overgangsdokument", "version": 1},
            "move": {"from": "integrated", "to": "coordinated"},
            "receiver": {"authority": _CENTRE["authority"]},
            "citizen": {
                "person_id_type": "cpr",
                "person_id": impossible_cpr(serial),
                "name": f"Måleborger {serial}",
                "municipality": "259",
            },
            "sections": {"8": {"substances": text}},
        }

    return filled(build)


def arrange(base_url: str) -> Site:
    """Register the main mailbox of the receiving municipality and get a token for each side."""

    def token(claims: dict[str, str]) -> str:
        answer = expect(client.post(base_url + ROUTES["token"], json=claims), 200, "token")
        return f"Bearer {answer.json()['access_token']}"

    with new_client() as client:
        headers = {"Authorization": token(_REGISTER), "Idempotency-Key": str(uuid4())}
        entry = {"authority": _CENTRE["authority"], "unit": _CENTRE["unit"], "name": "Hovedpostkasse"}
        registered = expect(
            client.post(base_url + ROUTES["register"], headers=headers, json=entry), 201, "register"
        )
        return Site(registered.json()["id"], token(_CLINIC), token(_CENTRE))


@dataclass(frozen=True)
class OvergangCycle:
    """Send -> list -> open -> acknowledge through one main mailbox; the opened document is compared."""

    base_url: str
    site: Site

    def run(self, client: httpx2.Client, serial: int) -> Iterator[str]:
        """One handover from submission to acknowledgement (see `load.Cycle`)."""
        body = document(serial)
        sending = {
            "Authorization": self.site.sender,
            "Idempotency-Key": str(uuid4()),
            "Content-Type": "application/json",
        }
        receiving = {"Authorization": self.site.receiver}

        answer = client.post(self.base_url + ROUTES["send"], headers=sending, content=body)
        handover = expect(answer, 201, "send").json()["id"]
        yield "send"
        listing = self.base_url + ROUTES["list"].format(mailbox=self.site.mailbox)
        listed = expect(client.get(listing, headers=receiving), 200, "list")
        if handover not in {item["id"] for item in listed.json()["items"]}:
            raise BenchError("list: the handover just sent is not in the mailbox")
        yield "list"
        reading = self.base_url + ROUTES["open"].format(handover=handover)
        headers = {**receiving, "Idempotency-Key": str(uuid4())}
        opened = expect(client.post(reading, headers=headers, json={"purpose": PURPOSE}), 201, "open")
        if len(opened.content) < len(body) // 2:
            raise BenchError("open: the answer does not hold the document")
        yield "open"
        acknowledging = self.base_url + ROUTES["acknowledge"].format(handover=handover)
        headers = {**receiving, "Idempotency-Key": str(uuid4()), "If-Match": opened.headers["ETag"]}
        expect(client.post(acknowledging, headers=headers, json={}), 201, "acknowledge")
        yield "acknowledge"


@dataclass(frozen=True)
class Overgang:
    """`overgang serve` from the environment this script runs in, on the embedded store."""

    @property
    def name(self) -> str:
        """The name in tables."""
        return "overgang"

    @contextmanager
    def _server(self, data: Path, log: Path) -> Iterator[Server]:
        port = free_port()
        command = [str(Path(sys.executable).with_name("overgang")), "serve"]
        command += ["--data", str(data), "--port", str(port)]
        with running(command, port=port, ready_path=ROUTES["ready"], log=log, environment={}) as server:
            yield server

    @contextmanager
    def serve(self, data: Path, log: Path) -> Iterator[tuple[Server, Cycle]]:
        """Run it on the store in `data`, with a main mailbox of this round's own."""
        with self._server(data, log) as server:
            yield server, OvergangCycle(server.base_url, arrange(server.base_url))

    def prepare(self, template: Path, earlier: int) -> None:
        """All earlier handovers go through the real server, each to its acknowledgement."""
        if earlier < 1:
            return
        with (
            self.serve(template, template.with_name("overgang-prepare.log")) as (_, cycle),
            new_client() as client,
        ):
            for first in range(0, earlier, _PREPARED_AT_ONCE):
                repeat(cycle, client, first, min(_PREPARED_AT_ONCE, earlier - first))
                done = min(first + _PREPARED_AT_ONCE, earlier)
                print(f"overgang: {done} of {earlier} earlier messages", file=sys.stderr)
