"""Drives one cycle (send, list, open, acknowledge) from several client processes and meters it.

Clients are processes of their own (spawn), each with one keep-alive httpx2 client, so that no
client's GIL stands in the server's way. Warm-up is not timed; all start together at a barrier.
"""

import multiprocessing
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Protocol

import httpx2

from tests.bench.fsync import percentile
from tests.bench.server import BenchError, Server

START_SECONDS = 120.0
ROUND_SECONDS = 1800.0
_SERIALS_PER_CLIENT = 1_000_000
_MEASURED_FROM = 10_000_000
"""Serials below are for earlier messages, so a measured cycle never meets a citizen sent before."""


class Cycle(Protocol):
    """One user journey over HTTP. Implementations are frozen dataclasses: they travel to the clients."""

    def run(self, client: httpx2.Client, serial: int) -> Iterator[str]:
        """Make the requests one at a time and yield each step's name when its answer is checked.

        `serial` makes the message distinct. Raises BenchError when an answer is not the expected one.
        """
        ...


@dataclass(frozen=True)
class ClientRun:
    """What one client process measured; times are seconds of the machine's monotonic clock."""

    started: float
    ended: float
    cpu_seconds: float
    cycle_ms: list[float]
    step_ms: dict[str, list[float]]


@dataclass(frozen=True)
class RoundResult:
    """One round against one server: rates per second, times in ms, CPU in ms per request."""

    clients: int
    cycles: int
    seconds: float
    cycles_per_second: float
    p50_ms: float
    p95_ms: float
    step_p50_ms: dict[str, float]
    server_cpu_ms_per_request: float
    client_cpu_ms_per_request: float
    peak_rss_mib: float


def expect(response: httpx2.Response, status: int, step: str) -> httpx2.Response:
    """The response, when it has the status; else BenchError naming step and statuses, never a body."""
    if response.status_code != status:
        raise BenchError(f"{step}: expected status {status}, got {response.status_code}")
    return response


def new_client() -> httpx2.Client:
    """The client of every contender: one kept-alive connection, no proxies from the environment."""
    limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=None)
    return httpx2.Client(timeout=60, trust_env=False, limits=limits)


def repeat(cycle: Cycle, client: httpx2.Client, first_serial: int, cycles: int) -> ClientRun:
    """Run `cycles` cycles one after the other and time each, and each of its steps."""
    cycle_ms: list[float] = []
    step_ms: dict[str, list[float]] = {}
    clock = time.perf_counter
    cpu = time.process_time()
    started = clock()
    for serial in range(first_serial, first_serial + cycles):
        begun = before = clock()
        for step in cycle.run(client, serial):
            now = clock()
            step_ms.setdefault(step, []).append((now - before) * 1000)
            before = now
        cycle_ms.append((before - begun) * 1000)
    return ClientRun(started, clock(), time.process_time() - cpu, cycle_ms, step_ms)


def _client_process(
    cycle: Cycle, first_serial: int, warmup: int, cycles: int, barrier: Barrier, report: Connection
) -> None:
    outcome: ClientRun | str
    try:
        with new_client() as client:
            repeat(cycle, client, first_serial, warmup)
            barrier.wait(START_SECONDS)
            outcome = repeat(cycle, client, first_serial + warmup, cycles)
    except BenchError as fault:
        barrier.abort()
        outcome = str(fault)
    except threading.BrokenBarrierError:
        outcome = ""  # another client names the fault
    except httpx2.HTTPError as fault:
        barrier.abort()
        outcome = f"the connection failed: {type(fault).__name__}"
    report.send(outcome)
    report.close()


def _start_together(barrier: Barrier, clients: int, server: Server) -> float | None:
    """Open the barrier once all are warm; the server's CPU seconds just before, or None if it broke."""
    deadline = time.monotonic() + START_SECONDS
    while barrier.n_waiting < clients:
        if barrier.broken or time.monotonic() > deadline:
            barrier.abort()
            return None
        time.sleep(0.01)
    cpu = server.cpu_seconds()
    try:
        barrier.wait(START_SECONDS)
    except threading.BrokenBarrierError:
        return None
    return cpu


def _collect(pipes: list[Connection]) -> list[ClientRun]:
    outcomes: list[ClientRun | str] = []
    for pipe in pipes:
        try:
            outcomes.append(pipe.recv() if pipe.poll(ROUND_SECONDS) else "a client did not end in time")
        except EOFError:
            outcomes.append("a client process died")
    faults = [outcome for outcome in outcomes if isinstance(outcome, str)]
    if faults:
        raise BenchError(next((fault for fault in faults if fault), "the clients did not start together"))
    return [outcome for outcome in outcomes if isinstance(outcome, ClientRun)]


def run_round(cycle: Cycle, server: Server, *, clients: int, cycles: int, warmup: int = 20) -> RoundResult:
    """`clients` processes make `cycles` cycles each, after `warmup` untimed ones.

    The rate is all cycles by the time from the first start to the last end. Raises BenchError when any
    answer in any client was wrong: a round with a fault in it has no rate.
    """
    if cycles < 1 or warmup < 0 or not 1 <= clients <= 1000:
        raise BenchError("a round needs at least one client and one cycle")
    if warmup + cycles > _SERIALS_PER_CLIENT:
        raise BenchError(f"a client makes at most {_SERIALS_PER_CLIENT} cycles, warm-up included")
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(clients + 1)
    pipes: list[Connection] = []
    processes = []
    for number in range(clients):
        receiver, sender = spawn.Pipe(duplex=False)
        first = _MEASURED_FROM + number * _SERIALS_PER_CLIENT
        process = spawn.Process(
            target=_client_process, args=(cycle, first, warmup, cycles, barrier, sender), daemon=True
        )
        process.start()
        sender.close()
        pipes.append(receiver)
        processes.append(process)
    try:
        cpu_before = _start_together(barrier, clients, server)
        if cpu_before is None:
            _collect(pipes)  # names the client's own fault
            raise BenchError("the clients did not start together")
        runs = _collect(pipes)
        cpu_used = server.cpu_seconds() - cpu_before
    finally:
        for process in processes:
            process.join(5)
            if process.is_alive():
                process.kill()
    return _summary(runs, cpu_used, server.peak_rss_mib())


def _summary(runs: list[ClientRun], server_cpu: float, peak_mib: float) -> RoundResult:
    cycle_ms = [sample for run in runs for sample in run.cycle_ms]
    names = list(runs[0].step_ms)
    steps = {name: [sample for run in runs for sample in run.step_ms[name]] for name in names}
    requests = len(cycle_ms) * len(names)
    seconds = max(run.ended for run in runs) - min(run.started for run in runs)
    return RoundResult(
        clients=len(runs),
        cycles=len(cycle_ms),
        seconds=seconds,
        cycles_per_second=len(cycle_ms) / seconds,
        p50_ms=statistics.median(cycle_ms),
        p95_ms=percentile(cycle_ms, 0.95),
        step_p50_ms={name: statistics.median(samples) for name, samples in steps.items()},
        server_cpu_ms_per_request=server_cpu * 1000 / requests,
        client_cpu_ms_per_request=sum(run.cpu_seconds for run in runs) * 1000 / requests,
        peak_rss_mib=peak_mib,
    )
