"""One server process under test: start, wait until it answers, meter, stop."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.bench.memory import peak_rss_mib

START_SECONDS = 60.0
STOP_SECONDS = 20.0
_TICKS = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """A benchmark that could not be run as described; the message names the step, never a payload."""


@dataclass(frozen=True)
class Server:
    """A running server: where it answers and the process to meter."""

    base_url: str
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time of the process, all its threads, so far (proc(5): resolution 10 ms)."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
        fields = stat.rpartition(")")[2].split()  # the name may hold spaces, so count from its end
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def peak_rss_mib(self) -> float:
        """Peak resident memory in MiB since the process started."""
        return peak_rss_mib(self.pid)


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    with httpx2.Client(timeout=2, trust_env=False) as client:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise BenchError(f"the server ended with status {process.returncode}; see {log}")
            try:
                if client.get(url).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass  # not listening yet
            time.sleep(0.05)
    raise BenchError(f"the server did not answer within {START_SECONDS:.0f} s; see {log}")


@contextmanager
def running(
    command: Sequence[str], *, port: int, ready_path: str, log: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    """Run `command` until the block ends, output to `log`; its own process group, so ^C meets us first.

    Raises BenchError when it ends or stays silent, naming the log file.
    """
    base_url = f"http://127.0.0.1:{port}"
    with log.open("ab") as sink:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    try:
        _await_ready(process, base_url + ready_path, log)
        yield Server(base_url, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
