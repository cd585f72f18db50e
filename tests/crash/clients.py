"""Clients that never give up: whatever goes wrong on the way, the same request goes out again."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx2

from domain.document.example import example_document
from domain.document.loader import template_on
from tests.crash.servers import Server
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    REGION,
)
from tests.journeys.papers import cpr

GIVEN_UP_AFTER = 90.0
CLINICIAN, CASEWORKER = uuid4(), uuid4()
"""A key belongs to a request of one person: the same ones ask again."""
TODAY = datetime.now(UTC).date()


def submission(number: int) -> dict[str, Any]:
    """A document about a citizen, with a consent that is live today."""
    document = example_document(template_on("overgangsdokument", TODAY), today=TODAY)
    sections = document["sections"]
    sections["stamoplysninger"] |= {
        "person_id": {"type": "cpr", "value": cpr(number)},
        "handlekommune": MUNICIPALITY,
    }
    return {"sender": {"authority": REGION, "unit": AMBULATORY}, "document": document}


def register(server: Server) -> UUID:
    """Two authorities and the municipality's main mailbox; returns the mailbox."""
    headers = server.token("registrar", "0000")
    posts: Sequence[tuple[str, dict[str, Any]]] = (
        ("/v1/authorities", {"authority": REGION, "name": "Region Sjælland"}),
        ("/v1/authorities", {"authority": MUNICIPALITY, "name": "Næstved Kommune"}),
        (
            f"/v1/authorities/{MUNICIPALITY}/units",
            {"unit": CENTRE, "kind": "municipal-centre", "name": "Rusmiddelcentret"},
        ),
        (
            f"/v1/authorities/{MUNICIPALITY}/mailboxes",
            {
                "served_by": CENTRE,
                "channels": [{"channel": "overgang-mailbox", "address": "hovedpostkasse@naestved.example"}],
                "receiver_kind": "mixed",
                "owner": CENTRE,
                "valid_from": "2026-01-01T00:00:00.000000Z",
            },
        ),
    )
    with httpx2.Client(base_url=server.url, timeout=20, trust_env=False) as client:
        for path, content in posts:
            answer = client.post(path, json=content, headers={**headers, "Idempotency-Key": str(uuid4())})
            assert answer.status_code == 201, answer.text
        mailbox = answer.json()["id"]
        colleague = server.token("registrar", "0000")
        confirmed = client.post(
            f"/v1/mailboxes/{mailbox}/confirmation",
            json={"evidence": "letter", "evidence_on": "2026-01-01"},
            headers={**colleague, "Idempotency-Key": str(uuid4()), "If-Match": answer.headers["ETag"]},
        )
        assert confirmed.status_code == 201, confirmed.text
    return UUID(mailbox)


@dataclass
class Book:
    """What clients were told, by the key of the request: every answer, in the order it came."""

    answers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    unanswered: int = 0
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def told(self, key: str, answer: httpx2.Response) -> None:
        """A request was answered."""
        with self._lock:
            self.answers.setdefault(key, []).append((answer.headers["Location"], answer.headers["ETag"]))

    def lost(self) -> None:
        """A request got no answer."""
        with self._lock:
            self.unanswered += 1

    def fault(self, text: str) -> None:
        """A request got an answer it should never get."""
        with self._lock:
            self.faults.append(text)

    @property
    def count(self) -> int:
        """How many requests have been answered."""
        with self._lock:
            return len(self.answers)


class Client(threading.Thread):
    """Submits, opens, acknowledges and takes over its share, each under a key of its own."""

    def __init__(self, number: int, servers: Sequence[Server], share: range, book: Book) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self._servers = servers
        self._turn = number
        self._share = share
        self._book = book
        server = servers[0]
        self._sender = server.token("clinician", REGION, AMBULATORY, CLINICIAN)
        self._receiver = server.token("caseworker", MUNICIPALITY, CENTRE, CASEWORKER)

    def run(self) -> None:
        """Carry the whole share to the take-over."""
        try:
            for number in self._share:
                self._carry(number)
        except Exception as error:
            self._book.fault(f"{type(error).__name__}: {error}")

    def _carry(self, number: int) -> None:
        sent = self._create(f"send-{number}", "/v1/handovers", submission(number), self._sender)
        case = f"/v1/handovers/{sent.json()['id']}"
        opened = self._create(f"open-{number}", f"{case}/readings", {"purpose": "treatment"}, self._receiver)
        if number % 3 == 0:
            return
        step = "acknowledgement" if number % 3 == 1 else "takeover"
        view = {**self._receiver, "If-Match": opened.headers["ETag"]}
        self._create(f"step-{number}", f"{case}/{step}", None, view)

    def _create(
        self, key: str, path: str, content: dict[str, Any] | None, headers: dict[str, str]
    ) -> httpx2.Response:
        deadline = time.monotonic() + GIVEN_UP_AFTER
        while time.monotonic() < deadline:
            answer = self._once(key, path, content, headers)
            if answer is None or answer.status_code == 503:
                self._book.lost()
                self._turn += 1
                time.sleep(0.05)
                continue
            assert answer.status_code == 201, f"{path.rpartition('/')[2]}: {answer.status_code} {answer.text}"
            self._book.told(key, answer)
            return answer
        raise AssertionError("no answer in time")

    def _once(
        self, key: str, path: str, content: dict[str, Any] | None, headers: dict[str, str]
    ) -> httpx2.Response | None:
        server = self._servers[self._turn % len(self._servers)]
        try:
            with httpx2.Client(base_url=server.url, timeout=15, trust_env=False) as client:
                return client.post(path, json=content, headers={**headers, "Idempotency-Key": key})
        except httpx2.HTTPError:
            return None


def ask_again(servers: Sequence[Server], book: Book, numbers: range) -> None:
    """Every submission once more under its key, as a client that lost its own memory would."""
    again = Client(0, servers, numbers, book)
    for number in numbers:
        again._create(f"send-{number}", "/v1/handovers", submission(number), again._sender)


def run_all(clients: Sequence[Client], meanwhile: Callable[[], None]) -> None:
    """Start the clients, do something meanwhile, and wait for all of them."""
    for client in clients:
        client.start()
    meanwhile()
    for client in clients:
        client.join(timeout=2 * GIVEN_UP_AFTER)
        assert not client.is_alive()
