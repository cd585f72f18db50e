"""The server's memory while large bodies come and go: documents, attachments up and down, MedCom.

By hand: `python -m tests.bench.bodies --help`. The peak is the server process's own (VmHWM, set back before
each row); beside it stands the greatest sum over the server and the processes it starts to examine
attachments and to parse MedCom messages, sampled every 20 ms. Target: 200 MB for the server.
"""

import argparse
import io
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx2
import msgspec
from PIL import Image

from tests.bench.contender import work_folder
from tests.bench.document import filled
from tests.bench.load import expect
from tests.bench.memory import peak_rss_mib, reset_peak, rss_mib
from tests.bench.overgang import CENTRE, CLINIC, ROUTES, server, submission, token
from tests.bench.report import machine, table
from tests.bench.server import BenchError, Server
from tests.bench.store import GLN, SOR, fill
from workflows.delivery.medcom.build import TEST_PATIENT, NewMessage, Writer, build_new_message
from workflows.delivery.medcom.message import Organisation

MIB = 1024 * 1024
TARGET_MB = 200
_SAMPLE_SECONDS = 0.02
_READING = b'{"purpose":"handover"}'


@dataclass(frozen=True)
class Peak:
    """What was sent, how it was answered, and the peaks of memory in MiB (2**20 bytes)."""

    what: str
    body_bytes: int
    requests: int
    clients: int
    statuses: dict[str, int]
    server_mib: float
    with_helpers_mib: float

    @property
    def megabytes(self) -> float:
        """The server's peak in MB (10**6 bytes), as the target has it."""
        return self.server_mib * MIB / 1e6


class _Sampler(threading.Thread):
    """Sums the resident sets of a process and its descendants, until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = threading.Event()
        self.peak = 0.0

    def run(self) -> None:
        """Sample."""
        while not self._over.wait(_SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(self._sizes(self._pid)))

    def stop(self) -> float:
        """The greatest sum, in MiB."""
        self._over.set()
        self.join()
        return self.peak

    def _sizes(self, pid: int) -> Iterator[float]:
        try:
            yield rss_mib(pid)
            for task in os.listdir(f"/proc/{pid}/task"):
                children = Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii")
                for child in children.split():
                    yield from self._sizes(int(child))
        except (OSError, ProcessLookupError):
            return  # it ended meanwhile


def noise(size_bytes: int) -> bytes:
    """A PNG that cannot be compressed, of about `size_bytes`: what a scanner's TIFF comes to."""
    side = int((size_bytes / 3) ** 0.5)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(out, "PNG", compress_level=0)
    return out.getvalue()


def medcom_message(size_bytes: int) -> bytes:
    """A MedCom CareCommunication of about `size_bytes`, nearly all of it a scanned PDF in base64."""
    pixels, pdf = int((size_bytes * 0.74 / 0.89) ** 0.5), io.BytesIO()
    Image.frombytes("RGB", (pixels, pixels), os.urandom(pixels * pixels * 3)).save(pdf, "PDF", quality=90)
    message = NewMessage(
        sender=Organisation(SOR["clinic"], GLN["clinic"], "Klinik"),
        receiver=Organisation(SOR["centre"], GLN["centre"], "Center"),
        patient=TEST_PATIENT,
        writer=Writer("Anne", "Prøve", "Sygeplejerske", "38683868"),
        text="Se bilag.",
        sent_at=datetime.now(UTC),
        topic="Overgang",
        pdf=pdf.getvalue(),
        pdf_title="Overgangsdokument",
    )
    return build_new_message(message, new_id=uuid4)


class _Town:
    """A running server, a client for each side, and the rows measured so far."""

    def __init__(self, running: Server, client: httpx2.Client, clients: int) -> None:
        self._server = running
        self._client = client
        self._clients = clients
        base = running.base_url
        clinic = {**CLINIC, "sor": SOR["clinic"], "gln": GLN["clinic"]}
        self._clinic = {"Authorization": token(client, base, clinic)}
        self._centre = {"Authorization": token(client, base, CENTRE)}
        self.peaks: list[Peak] = []

    def post(self, path: str, content: bytes, media_type: str, *, centre: bool = False) -> httpx2.Response:
        """One create with a key of its own; the answer is not kept whole by the caller."""
        headers = {
            **(self._centre if centre else self._clinic),
            "Idempotency-Key": str(uuid4()),
            "Content-Type": media_type,
        }
        return self._client.post(self._server.base_url + path, headers=headers, content=content)

    def download(self, path: str, size: int) -> int:
        """Read an attachment in pieces; returns the status. Raises BenchError when it is not whole."""
        headers = {**self._centre, "Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
        url = self._server.base_url + path
        with self._client.stream("POST", url, headers=headers, content=_READING) as answer:
            read = sum(len(part) for part in answer.iter_bytes())
        if answer.status_code == 201 and read != size:
            raise BenchError("download: the attachment is not whole")
        return answer.status_code

    def measure(self, what: str, size: int, count: int, one: Callable[[int], int], expected: int) -> None:
        """Run `one` `count` times from all clients; keep the peaks. Raises BenchError on another status."""
        reset_peak(self._server.pid)
        sampler = _Sampler(self._server.pid)
        sampler.start()
        with ThreadPoolExecutor(self._clients) as pool:
            statuses = Counter(str(status) for status in pool.map(one, range(count)))
        with_helpers = sampler.stop()
        peak = peak_rss_mib(self._server.pid)
        self.peaks.append(
            Peak(what, size, count, self._clients, dict(statuses), peak, max(peak, with_helpers))
        )
        if set(statuses) != {str(expected)}:
            raise BenchError(f"{what}: expected status {expected}, got {sorted(statuses)}")

    def documents(self, size: int, count: int, expected: int) -> None:
        """Submissions padded to `size`; above the template's limit they are refused."""

        def body(serial: int) -> bytes:
            small, _ = submission(serial)
            value = msgspec.json.decode(small)
            if size <= len(small):
                return small
            statements = value["document"]["sections"]["risiko"]["assertions"]
            last = 0
            while len(msgspec.json.encode(value)) + 5000 < size and last < 59:
                last += 1
                statements.append({"id": f"b{last}", "text": "Ø" * 2000})
            if len(msgspec.json.encode(value)) + 5000 < size:
                return filled(lambda text: {**value, "document": {**value["document"], "x": text}}, size)
            return msgspec.json.encode(value)

        made = [body(serial) for serial in range(count)]
        self.measure(
            "document",
            len(made[0]),
            count,
            lambda number: self.post(ROUTES["send"], made[number], "application/json").status_code,
            expected,
        )

    def attachments(self, size: int, count: int) -> None:
        """Upload, hand over, download."""
        content = noise(size)
        ids: dict[int, str] = {}

        def upload(number: int) -> int:
            answer = self.post("/v1/attachments", content, "image/png")
            if answer.status_code == 201:
                ids[number] = answer.json()["id"]
            return answer.status_code

        self.measure("attachment up", len(content), count, upload, 201)
        value = msgspec.json.decode(submission(10_000 + size % 1000)[0])
        # A handover carries at most 200 MiB, so not always all of them.
        sent_along = [ids[number] for number in range(min(count, 200 * MIB // len(content)))]
        value["attachments"] = sent_along
        sent = self.post(ROUTES["send"], msgspec.json.encode(value), "application/json")
        handover = expect(sent, 201, "send with attachments").json()["id"]
        self.measure(
            "attachment down",
            len(content),
            count,
            lambda number: self.download(
                f"/v1/handovers/{handover}/attachments/{sent_along[number % len(sent_along)]}/readings",
                len(content),
            ),
            201,
        )

    def medcom(self, size: int, count: int) -> None:
        """MedCom messages in, each parsed in a process of its own."""
        made = [medcom_message(size) for _ in range(count)]
        self.measure(
            "MedCom message",
            len(made[0]),
            count,
            lambda number: (
                self.post("/v1/medcom/messages", made[number], "application/fhir+json").status_code
            ),
            201,
        )


@contextmanager
def _town(parent: Path | None, clients: int) -> Iterator[_Town]:
    with work_folder(parent) as folder:
        data = folder / "data"
        data.mkdir()
        fill(data, 0)
        limits = httpx2.Limits(max_connections=clients)
        with (
            server(data, folder / "server.log") as running,
            httpx2.Client(timeout=300, trust_env=False, limits=limits) as client,
        ):
            yield _Town(running, client, clients)


def run(parent: Path | None, *, clients: int, quick: bool) -> list[Peak]:
    """All rows, on one server that is never restarted: what it keeps shows in the next row."""
    each = clients if quick else 3 * clients
    with _town(parent, clients) as town:
        town.documents(10_240, 10 * each, 201)
        town.documents(200_000, each, 201)
        town.documents(2 * MIB - 64, each, 422)  # all that a JSON body may be; the template takes 1 MiB
        town.attachments(10 * MIB, clients)
        town.attachments(40 * MIB, clients)
        town.medcom(9 * MIB, clients)
        return town.peaks


def text(peaks: list[Peak]) -> str:
    """The table a person reads."""
    rows = [
        [
            one.what,
            f"{one.body_bytes:,}",
            str(one.requests),
            str(one.clients),
            " ".join(f"{status}x{count}" for status, count in one.statuses.items()),
            f"{one.megabytes:.0f}",
            f"{one.with_helpers_mib * MIB / 1e6:.0f}",
        ]
        for one in peaks
    ]
    return table(["body", "bytes", "requests", "clients", "status", "server MB", "with helpers MB"], rows)


def main() -> int:
    """Measure and print; exit 1 when an answer was not the expected one."""
    parser = argparse.ArgumentParser(description="the server's peak memory with large bodies")
    parser.add_argument("--dir", type=Path, help="a folder for the store (else the temporary one)")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        peaks = run(arguments.dir, clients=arguments.clients, quick=arguments.quick)
    except BenchError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    if arguments.json:
        print(msgspec.json.encode({"machine": machine(), "peaks": [asdict(one) for one in peaks]}).decode())
    else:
        print(text(peaks))
        print(f"\nTarget: {TARGET_MB} MB for the server.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
