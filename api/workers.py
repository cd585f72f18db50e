"""Projector, relay and tick: three threads that hold no transaction over I/O (design section 7).

Each steps until there is nothing to do, then waits for a nudge or its interval. A step that
fails is logged by type and tried again; nothing is skipped.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from api.bootstrap import Overgang
from api.http.logging import error_fields
from audit.log.entry import open_body
from audit.vault.uploads import SWEPT_AFTER
from workflows.delivery.letters import take_receipts
from workflows.delivery.relay import deliver_all_stalled, relay_step, retry_parked
from workflows.handlers.carry_over import CarryOverFailed, carry_over_all
from workflows.timers.escalate import escalate_unresolved
from workflows.timers.remind import remind_all

POLL_SECONDS = 0.1
TICK_SECONDS = 5.0
SWEEP_SECONDS = 3600.0
RETRY_SECONDS = 1.0


class Worker(threading.Thread):
    """A loop: step while there is work, then wait."""

    def __init__(self, name: str, step: Callable[[], int], interval: float) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._interval = interval
        self._stopping = threading.Event()

    def run(self) -> None:
        """Step until stopped."""
        log = structlog.get_logger()
        while not self._stopping.is_set():
            wait = self._interval
            try:
                if self._step():
                    continue
            except Exception as error:  # a worker never dies of one fault
                log.error("worker-step-failed", component=self.name, **error_fields(error))
                wait = RETRY_SECONDS
            self._stopping.wait(wait)

    def stop(self) -> None:
        """Ask the loop to end, and wait for it."""
        self._stopping.set()
        self.join(timeout=30)


class Workers:
    """The three workers of one server process."""

    def __init__(self, overgang: Overgang) -> None:
        self._overgang = overgang
        self._next_sweep = 0.0
        self.carry_overs_waiting = 0
        """Cases, as of the last tick, that could not be carried over to a successor: the register has none of
        their unit, or something failed, which the server's log tells."""
        self._workers = [
            Worker("projector", overgang.projector.step, POLL_SECONDS),
            Worker("relay", self._relay, POLL_SECONDS),
            Worker("tick", self._tick, TICK_SECONDS),
        ]

    def start(self) -> None:
        """Start the threads."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Stop the threads."""
        for worker in self._workers:
            worker.stop()

    def alive(self) -> bool:
        """Whether every worker runs."""
        return all(worker.is_alive() for worker in self._workers)

    def _relay(self) -> int:
        return relay_step(self._overgang.services, self._overgang.cursor, open_body)

    def _tick(self) -> int:
        """What time brings: drafts and uploads that end, deadlines, waiting handovers; at the start and
        every hour, what the relay put aside, and files nobody names."""
        overgang = self._overgang
        now = datetime.now(UTC)
        overgang.drafts.expire(now)
        overgang.uploads.expire(now)
        take_receipts(overgang.services)
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + SWEEP_SECONDS
            retry_parked(overgang.services, overgang.cursor, open_body)
            overgang.blobs.sweep(overgang.is_attachment_known, now, SWEPT_AFTER)
        # Last, because they raise as long as one handover cannot be tried; the rest must not wait for it.
        try:
            self._carry_over()
        finally:
            try:
                escalate_unresolved(overgang.services)
            finally:
                try:
                    remind_all(overgang.services)
                finally:
                    deliver_all_stalled(overgang.services, open_body)
        return 0

    def _carry_over(self) -> None:
        try:
            self.carry_overs_waiting = carry_over_all(self._overgang.services, open_body)
        except CarryOverFailed as failed:
            self.carry_overs_waiting = failed.waiting
            raise
