"""A server process of its own for the concurrency tests: it appends and reports."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from audit.database.port import Rows
from audit.log.application import EventLog
from domain.events.model import Recorded
from domain.handover import events as h
from tests.stores import FrozenClock, RandomIds, append, make_log, new_event, open_databases


class SystemClock(FrozenClock):
    """The machine's clock."""

    def now(self) -> datetime:
        """Now."""
        return datetime.now(UTC)


class GivenUp(Exception):
    """An append was given up on purpose, after it had taken its position."""


def refuse_every_seventh(rows: Rows, recorded: Sequence[Recorded]) -> None:
    """A view that fails now and then, when position and counters have been taken."""
    for entry in recorded:
        assert isinstance(entry.event, h.HandoverSent)
        if entry.event.attempt % 7 == 3:
            raise GivenUp


def append_to(log: EventLog, worker: int, count: int, shared_stream: UUID) -> int:
    """Append `count` times one or two events of shared subjects; every seventh is given up.

    Returns how many events were committed.
    """
    committed = 0
    for attempt in range(count):
        event = h.HandoverSent(channel=f"worker-{worker}", attempt=attempt)
        events = [new_event(event, stream=shared_stream, subjects=["citizen", f"other-{attempt % 3}"])]
        if attempt % 2:
            events.append(new_event(event, subjects=["citizen"]))
        try:
            committed += len(log.append(append(*events)))
        except GivenUp:
            continue
    return committed


def append_many(place: Any, worker: int, count: int, shared_stream: UUID) -> int:
    """`append_to` over connections of its own, for a process of its own."""
    log_database, vault_database = open_databases(place)
    try:
        log = make_log(log_database, SystemClock(), RandomIds(), refuse_every_seventh)
        return append_to(log, worker, count, shared_stream)
    finally:
        log_database.close()
        vault_database.close()
