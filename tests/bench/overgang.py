"""Overgang as a contender: the embedded store, the real server, send -> list -> open -> acknowledge.

Everything that depends on the shape of the API stands in `ROUTES`, `submission`, `site_of` and
`OvergangCycle`; the rest of the comparison knows nothing of it.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import httpx2
import msgspec

from domain.document.example import example_document
from domain.document.loader import template_on
from tests.bench.document import filled, impossible_cpr
from tests.bench.load import Cycle, expect, new_client
from tests.bench.server import BenchError, Server, free_port, running
from tests.bench.store import AUTHORITY, EPOCH_KEY, MUNICIPALITY, UNIT, fill

ROUTES = MappingProxyType(
    {
        "ready": "/ready",
        "token": "/dev/token",
        "mailbox": f"/v1/authorities/{MUNICIPALITY}/main-mailbox",
        "send": "/v1/handovers",
        "list": "/v1/mailboxes/{mailbox}/handovers?status=delivered",
        "open": "/v1/handovers/{handover}/readings",
        "acknowledge": "/v1/handovers/{handover}/acknowledgement",
    }
)
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        "OVERGANG_RATE_LIMIT_PER_MINUTE": "0",
        "OVERGANG_ALLOW_TEST_PERSONS": "true",
        # The store is copied for each round, so the key must not lie in a folder of its name.
        "OVERGANG_EPOCH_KEY": EPOCH_KEY,
    }
)
CLINIC = {"role": "clinician", "authority": AUTHORITY, "unit": UNIT}
CENTRE = {"role": "caseworker", "authority": MUNICIPALITY, "unit": "bench-centre"}
_EXAMPLE = example_document(template_on("overgangsdokument", date.today()), today=date.today())
_CPR = b"7001014321"
"""Stands in the document made once, to be replaced by each citizen's."""
_PIECES = 10
"""Over so many statements the free text is spread: each may hold 1,000 characters."""


class Opened(msgspec.Struct):
    """Of an answer to a reading, the document that was opened, as it stands in the answer."""

    document: msgspec.Raw


class Listed(msgspec.Struct):
    """Of a row of a mailbox, which handover it is and whose."""

    id: str
    label: dict[str, str] | None


class Page(msgspec.Struct):
    """A page of a mailbox."""

    items: list[Listed]


_OPENED = msgspec.json.Decoder(Opened)
_PAGE = msgspec.json.Decoder(Page)


@dataclass(frozen=True)
class Site:
    """One municipality with a main mailbox, and a bearer token for each side."""

    mailbox: str
    sender: str
    receiver: str


def submission(serial: int) -> tuple[bytes, bytes]:
    """A submission of 10 kB about citizen `serial`, never handed over before; and its document alone."""
    cpr = impossible_cpr(serial).encode()
    return _SUBMISSION.replace(_CPR, cpr), _DOCUMENT.replace(_CPR, cpr)


def _trimmed(text: str) -> str:
    """The same number of bytes, without a space at either end, which normalisation would take off."""
    inner = text.strip()
    return inner + "." * (len(text) - len(inner))


def _built(text: str) -> dict[str, Any]:
    document = deepcopy(_EXAMPLE)
    document["sections"]["stamoplysninger"]["person_id"]["value"] = _CPR.decode()
    size = -(-len(text) // _PIECES)
    document["sections"]["rusmiddelstatus"]["assertions"] = [
        {"id": f"a{piece}", "text": _trimmed(text[piece * size : (piece + 1) * size])}
        for piece in range(_PIECES)
    ]
    return {"sender": {"authority": AUTHORITY, "unit": UNIT}, "document": document}


# Made once, with the number put in for each citizen: the peer's client has as little to do.
_SUBMISSION = filled(_built)
_DOCUMENT = msgspec.json.encode(msgspec.json.decode(_SUBMISSION)["document"], order="sorted")


def token(client: httpx2.Client, base_url: str, claims: Mapping[str, str]) -> str:
    """A bearer token of the development issuer, as the Authorization header has it."""
    answer = expect(client.post(base_url + ROUTES["token"], json=dict(claims)), 200, "token")
    return f"Bearer {answer.json()['access_token']}"


def site_of(base_url: str) -> Site:
    """The main mailbox that `fill` registered, and a token for each side."""
    with new_client() as client:
        sender, receiver = token(client, base_url, CLINIC), token(client, base_url, CENTRE)
        found = client.get(base_url + ROUTES["mailbox"], headers={"Authorization": receiver})
        return Site(expect(found, 200, "main mailbox").json()["id"], sender, receiver)


def _same(opened: msgspec.Raw, sent: bytes) -> bool:
    """Byte for byte as the log keeps it (members in order), else the same members and values."""
    return bytes(opened) == sent or msgspec.json.decode(opened) == msgspec.json.decode(sent)


@dataclass(frozen=True)
class OvergangCycle:
    """Send -> list -> open -> acknowledge through one main mailbox; the opened document is compared."""

    base_url: str
    site: Site

    def run(self, client: httpx2.Client, serial: int) -> Iterator[str]:
        """One handover from submission to acknowledgement (see `load.Cycle`)."""
        body, document = submission(serial)
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
        page = _PAGE.decode(expect(client.get(listing, headers=receiving), 200, "list").content)
        row = next((item for item in page.items if item.id == handover), None)
        if row is None or row.label is None or row.label["person_id"] != impossible_cpr(serial):
            raise BenchError("list: the handover just sent is not in the mailbox under its citizen's name")
        yield "list"
        reading = self.base_url + ROUTES["open"].format(handover=handover)
        headers = {**receiving, "Idempotency-Key": str(uuid4())}
        opened = expect(client.post(reading, headers=headers, json={"purpose": "handover"}), 201, "open")
        if not _same(_OPENED.decode(opened.content).document, document):
            raise BenchError("open: the document differs from the one sent")
        yield "open"
        acknowledging = self.base_url + ROUTES["acknowledge"].format(handover=handover)
        headers = {**receiving, "Idempotency-Key": str(uuid4()), "If-Match": opened.headers["ETag"]}
        expect(client.post(acknowledging, headers=headers), 201, "acknowledge")
        yield "acknowledge"


@contextmanager
def server(data: Path, log: Path) -> Iterator[Server]:
    """`overgang serve` on the store in `data`, from the environment this script runs in."""
    port = free_port()
    command = [sys.executable, "-m", "api.cli", "serve", "--data", str(data), "--port", str(port)]
    with running(command, port=port, ready_path=ROUTES["ready"], log=log, environment=ENVIRONMENT) as found:
        yield found


@dataclass(frozen=True)
class Overgang:
    """`overgang serve` on the embedded store."""

    @property
    def name(self) -> str:
        """The name in tables."""
        return "overgang"

    @contextmanager
    def serve(self, data: Path, log: Path) -> Iterator[tuple[Server, Cycle]]:
        """Run it on the store in `data`."""
        with server(data, log) as found:
            yield found, OvergangCycle(found.base_url, site_of(found.base_url))

    def prepare(self, template: Path, earlier: int) -> None:
        """The register, and earlier handovers through the real handlers, each to its acknowledgement."""
        fill(template, earlier)
