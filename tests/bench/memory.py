"""Peak memory of a server process, sampled from the kernel while bodies are sent to it.

By hand, against any running server:
`python -m tests.bench.memory --pid PID --url URL --method POST --header "Authorization: Bearer …"
--sizes 10240,1048576,10485760 --clients 4`.
"""

import argparse
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2
import msgspec

_CHUNK_BYTES = 65536


@dataclass(frozen=True)
class MemoryUse:
    """Peak resident memory in MiB after bodies of `size_bytes`, and how the server answered."""

    size_bytes: int
    sent: int
    clients: int
    statuses: dict[str, int]
    rss_before_mib: float
    peak_rss_mib: float


def _status_mib(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) / 1024
    raise ProcessLookupError(f"the process has no {field} (it has ended, or this is not Linux)")


def peak_rss_mib(pid: int) -> float:
    """The highest resident set the process ever had, in MiB (VmHWM of proc(5)).

    Raises FileNotFoundError when there is no such process, ProcessLookupError when it is a zombie.
    """
    return _status_mib(pid, "VmHWM")


def rss_mib(pid: int) -> float:
    """The resident set of the process now, in MiB (VmRSS of proc(5)); errors as `peak_rss_mib`."""
    return _status_mib(pid, "VmRSS")


def reset_peak(pid: int) -> None:
    """Set the kernel's high-water mark back to the present (proc(5), clear_refs 5).

    Raises PermissionError when the process belongs to another user.
    """
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def body_chunks(size_bytes: int) -> Iterator[bytes]:
    """A body of exactly `size_bytes`, in chunks, so that the client holds none of it whole."""
    chunk = b"0123456789abcdef" * (_CHUNK_BYTES // 16)
    for offset in range(0, size_bytes, _CHUNK_BYTES):
        yield chunk[: min(_CHUNK_BYTES, size_bytes - offset)]


def sample_bodies(
    pid: int, url: str, *, method: str, headers: dict[str, str], size_bytes: int, count: int, clients: int
) -> MemoryUse:
    """Send `count` bodies of one size from `clients` threads and give the peak they caused.

    The caller judges the statuses: a refused body shows in `statuses`, a broken connection as "error".
    """
    before = rss_mib(pid)
    reset_peak(pid)
    statuses: Counter[str] = Counter()
    guard = threading.Lock()

    def send(_: int) -> None:
        named = {**headers, "Content-Length": str(size_bytes)}
        try:
            answer = client.request(method, url, headers=named, content=body_chunks(size_bytes))
            outcome = str(answer.status_code)
        except httpx2.HTTPError:
            outcome = "error"
        with guard:
            statuses[outcome] += 1

    with httpx2.Client(timeout=120, trust_env=False) as client, ThreadPoolExecutor(clients) as pool:
        list(pool.map(send, range(count)))
    return MemoryUse(size_bytes, count, clients, dict(statuses), before, peak_rss_mib(pid))


def _headers(lines: list[str]) -> dict[str, str]:
    pairs = [line.partition(":") for line in lines]
    return {name.strip(): value.strip() for name, _, value in pairs}


def main() -> int:
    """Print the peak for each size; exit 1 when any body met a 5xx or a broken connection."""
    parser = argparse.ArgumentParser(description="peak memory of a server while bodies are sent to it")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--method", default="POST")
    parser.add_argument("--header", action="append", default=[], help="'Name: value', may be repeated")
    parser.add_argument("--sizes", default="10240,1048576,10485760", help="bytes, comma-separated")
    parser.add_argument("--count", type=int, default=20, help="bodies of each size")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = [
        sample_bodies(
            arguments.pid,
            arguments.url,
            method=arguments.method,
            headers=_headers(arguments.header),
            size_bytes=int(size),
            count=arguments.count,
            clients=arguments.clients,
        )
        for size in arguments.sizes.split(",")
    ]
    if arguments.json:
        print(msgspec.json.encode([asdict(row) for row in rows]).decode())
    else:
        for row in rows:
            print(
                f"{row.size_bytes:>11} bytes x {row.sent} ({row.clients} clients): before "
                f"{row.rss_before_mib:.1f} MiB, peak {row.peak_rss_mib:.1f} MiB, statuses {row.statuses}"
            )
    broken = [row for row in rows if any(name == "error" or name[0] == "5" for name in row.statuses)]
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
