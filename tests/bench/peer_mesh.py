"""The peer: NHS England's MESH sandbox, run as its README says, with its file store on our disk.

It authenticates every request (its default mode, a keyed hash over the header) and keeps messages as
files; it does not fsync and has no idempotency. By hand: `python -m tests.bench.peer_mesh --help`.
"""

import argparse
import hashlib
import hmac
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2
import msgspec

from tests.bench.contender import Load, fresh_round, prepared, work_folder
from tests.bench.document import filled, impossible_cpr
from tests.bench.load import Cycle, expect, new_client, repeat
from tests.bench.report import machine
from tests.bench.server import BenchError, Server, free_port, running

PEER = "mesh-sandbox"
PEER_VERSION = "1.0.137"
PEER_PYTHONS = ((3, 11), (3, 14))
"""The Pythons it installs on: from the first, below the second (its package metadata)."""

_SENDER, _RECEIVER = "CLINIC", "CENTRE"
_SHARED_KEY = "bench"
_PASSWORD = "password"  # the sandbox gives this one to every mailbox it finds as a folder
_ACCEPT = "application/vnd.mesh.v2+json"


def authorization(mailbox: str) -> str:
    """A valid MESH header for `mailbox`. The sandbox takes a nonce again, so one serves a whole run.

    That makes the client's work equal to carrying a bearer token.
    """
    nonce, count, when = "bench", "1", "202501010000"
    told = f"{mailbox}:{nonce}:{count}:{_PASSWORD}:{when}"
    proof = hmac.new(_SHARED_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()
    return f"NHSMESH {mailbox}:{nonce}:{count}:{when}:{proof}"


@dataclass(frozen=True)
class MeshCycle:
    """Send -> list -> download -> acknowledge between two mailboxes; the download is compared."""

    base_url: str
    sender: str
    receiver: str

    def run(self, client: httpx2.Client, serial: int) -> Iterator[str]:
        """One message from send to acknowledgement (see `load.Cycle`)."""
        document = filled(lambda text: {"serial": serial, "person": impossible_cpr(serial), "text": text})
        outbox = f"{self.base_url}/messageexchange/{_SENDER}/outbox"
        inbox = f"{self.base_url}/messageexchange/{_RECEIVER}/inbox"
        sending = {
            "Authorization": self.sender,
            "Accept": _ACCEPT,
            "Mex-To": _RECEIVER,
            "Mex-WorkflowID": "HANDOVER",
            "Mex-LocalID": str(serial),
            "Content-Type": "application/json",
        }
        receiving = {"Authorization": self.receiver, "Accept": _ACCEPT}

        sent = expect(client.post(outbox, headers=sending, content=document), 202, "send")
        message = sent.json()["message_id"]
        yield "send"
        listed = expect(client.get(inbox, headers=receiving), 200, "list")
        if message not in listed.json()["messages"]:
            raise BenchError("list: the message just sent is not in the inbox")
        yield "list"
        opened = expect(client.get(f"{inbox}/{message}", headers=receiving), 200, "open")
        if opened.content != document:
            raise BenchError("open: the document differs from the one sent")
        yield "open"
        expect(client.put(f"{inbox}/{message}/status/acknowledged", headers=receiving), 200, "acknowledge")
        yield "acknowledge"


@dataclass(frozen=True)
class MeshSandbox:
    """The sandbox under plain uvicorn, one process, in the Python that has it installed."""

    python: Path

    @property
    def name(self) -> str:
        """The name in tables."""
        return "mesh"

    @contextmanager
    def serve(self, data: Path, log: Path) -> Iterator[tuple[Server, Cycle]]:
        """Run it on the file store in `data`; uvicorn's access log off, as in Overgang."""
        for mailbox in (_SENDER, _RECEIVER):  # a folder in the store is a mailbox
            (data / mailbox / "in").mkdir(parents=True, exist_ok=True)
        port = free_port()
        command = [str(self.python), "-m", "uvicorn", "mesh_sandbox.api:app", "--no-access-log"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        environment = {
            "STORE_MODE": "file",
            "MAILBOXES_DATA_DIR": str(data),
            "SHARED_KEY": _SHARED_KEY,
            "AUTH_MODE": "full",
        }
        with running(command, port=port, ready_path="/health", log=log, environment=environment) as server:
            self._settle(server)
            yield server, MeshCycle(server.base_url, authorization(_SENDER), authorization(_RECEIVER))

    def _settle(self, server: Server) -> None:
        """One request alone, before any crowd.

        The sandbox makes its store on first use, in a thread, without a lock: first requests that come
        together get a store each, and messages sent to the losing one are never listed (10 of 15
        starts with 8 clients; 0 of 15 after one request alone).
        """
        headers = {"Authorization": authorization(_RECEIVER), "Accept": _ACCEPT}
        with new_client() as client:
            inbox = f"{server.base_url}/messageexchange/{_RECEIVER}/inbox"
            expect(client.get(inbox, headers=headers), 200, "first request")

    def prepare(self, template: Path, earlier: int) -> None:
        """One message goes through the real server; the others are copies of its files, ids changed.

        Through the server, 32,000 would take long: each request walks the whole inbox.
        """
        if earlier < 1:
            return
        with (
            self.serve(template, template.with_name("mesh-prepare.log")) as (_, cycle),
            new_client() as client,
        ):
            repeat(cycle, client, 0, 1)
        inbox = template / _RECEIVER / "in"
        (record,) = inbox.glob("*.json")
        text = record.read_text(encoding="utf-8")
        for number in range(1, earlier):
            message = f"{number:032X}"
            (inbox / f"{message}.json").write_text(text.replace(record.stem, message), encoding="utf-8")
            shutil.copytree(inbox / record.stem, inbox / message)


@contextmanager
def peer_python(given: Path | None) -> Iterator[Path]:
    """The interpreter that has the sandbox: the one given, or a new temporary environment.

    Raises BenchError when the given one lacks the pinned version or pip cannot install it.
    """
    if given is not None:
        asked = "from importlib.metadata import version; print(version('mesh-sandbox'))"
        answer = subprocess.run([str(given), "-c", asked], capture_output=True, text=True, check=False)
        if answer.stdout.strip() != PEER_VERSION:
            raise BenchError(f"the peer's Python does not have {PEER} {PEER_VERSION}")
        yield given
        return
    if not PEER_PYTHONS[0] <= sys.version_info[:2] < PEER_PYTHONS[1]:
        raise BenchError(f"{PEER} {PEER_VERSION} does not install on this Python; give --peer-python")
    with tempfile.TemporaryDirectory(prefix="mesh-sandbox-") as folder:
        print(f"installing {PEER} {PEER_VERSION} into a temporary environment …", file=sys.stderr)
        python = Path(folder) / "bin" / "python"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for command in ([sys.executable, "-m", "venv", folder], [*pip, f"{PEER}=={PEER_VERSION}"]):
            if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
                raise BenchError(f"{PEER} {PEER_VERSION} could not be installed")
        yield python


def main() -> int:
    """Print the peer's own rates; exit 1 when a round fails."""
    parser = argparse.ArgumentParser(
        description="send -> list -> download -> acknowledge on the MESH sandbox"
    )
    parser.add_argument("--peer-python", type=Path, help=f"an interpreter that has {PEER} {PEER_VERSION}")
    parser.add_argument("--dir", type=Path, default=None, help="a folder on the disk to measure")
    parser.add_argument("--clients", default="1,8")
    parser.add_argument("--cycles", type=int, default=400, help="timed cycles of each round, all clients")
    parser.add_argument("--warmup", type=int, default=20, help="untimed cycles of each client")
    parser.add_argument("--earlier", type=int, default=0, help="acknowledged messages there from before")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    try:
        with (
            peer_python(arguments.peer_python) as python,
            work_folder(arguments.dir) as folder,
            prepared(MeshSandbox(python), folder, arguments.earlier) as template,
        ):
            for clients in (int(part) for part in arguments.clients.split(",")):
                load = Load(clients, -(-arguments.cycles // clients), arguments.warmup)
                for _ in range(arguments.rounds):
                    result, rate = fresh_round(MeshSandbox(python), template, load)
                    row = {
                        "earlier": arguments.earlier,
                        **asdict(result),
                        "fsync_per_second": rate.per_second,
                    }
                    print(msgspec.json.encode({**row, **machine()}).decode(), flush=True)
    except BenchError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
