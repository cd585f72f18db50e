"""The event log as an eventsourcing Application, with our Mapper and recorder.

The Mapper serialises facts on the way in and reads header and facts on the way out; the body
stays sealed. States are folded by our own projector functions (stack.md trap 7).
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from threading import Lock
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import ApplicationRecorder, JSONTranscoder, Mapper, StoredEvent

from audit.log.canonical import canonical
from audit.log.entry import decode_entry
from audit.log.recorder import AppendCall, Recorder
from domain.events.model import Recorded
from workflows.ports.log import Append, Idempotency, NewEvent, Outcome

S = TypeVar("S")

MAX_STATES = 1024
"""At most this many folded states are remembered (some kB each)."""


class Pending(msgspec.Struct, frozen=True):
    """A new event under the names the library asks for."""

    originator_id: UUID
    originator_version: int
    new: NewEvent


class EntryMapper(Mapper[UUID]):
    """Between domain events and stored entries; topics are the events' stable names."""

    def __init__(self) -> None:
        super().__init__(transcoder=JSONTranscoder())

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """Serialise the facts; the recorder seals them into an entry."""
        pending = cast("Pending", domain_event)
        event = pending.new.decided.event
        return StoredEvent(
            originator_id=pending.originator_id,
            originator_version=pending.originator_version,
            topic=event.NAME,
            state=canonical(event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Read header and facts. Refuses newer schemas, upcasts older ones."""
        return decode_entry(stored_event.state)


class EventLog(Application[UUID]):
    """The log. Satisfies `workflows.ports.log.Log`."""

    name = "overgang"

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._states: OrderedDict[tuple[UUID, Any], Any] = OrderedDict()
        self._states_gate = Lock()
        self._claimants: dict[str, UUID] = {}
        self.on_appended: Callable[[str], None] = lambda name: None
        """Told the name of every event that was committed: for the metrics."""
        # The library reads the process's whole environment; nothing there is meant for it.
        super().__init__(env={key: "" for key in ("CIPHER_TOPIC", "COMPRESSOR_TOPIC") if key in os.environ})

    def construct_mapper(self) -> Mapper[UUID]:
        """Our Mapper."""
        return EntryMapper()

    def construct_recorder(self) -> ApplicationRecorder:
        """Our recorder."""
        return self._recorder

    def append(self, append: Append) -> tuple[Recorded, ...]:
        """Commit all that one command writes. See `workflows.ports.log.Log.append`."""
        call = AppendCall(append)
        pending = [Pending(new.stream, new.expected_version or 0, new) for new in append.events]
        # The event store, not `save`: that asks each event whether it is an aggregate, which costs more
        # than its INSERT, and keeps snapshots and prompts that this log has no use for.
        self.events.put(cast("list[Any]", pending), call=call)
        for recorded in call.recorded:
            self.on_appended(recorded.header.event)
        return call.recorded

    def fold(self, stream: UUID, fold: Callable[[S | None, Iterable[Recorded]], S | None]) -> S | None:
        """Fold a stream's events into a state; None when the stream is empty.

        States are immutable and the log only grows, so a remembered one is taken forward by what
        has come since; the stored events are asked each time, whoever may have written them.
        """
        key = (stream, fold)
        with self._states_gate:
            known = self._states.get(key)
        state: S | None
        if known is not None:
            state = fold(known, cast("Iterable[Recorded]", self.events.get(stream, gt=known.version)))
        else:
            try:
                state = cast("S", self.repository.get(stream, projector_func=cast("Any", fold)))
            except AggregateNotFoundError:
                return None
        if hasattr(state, "version"):
            self._remember(key, state)
        return state

    def _remember(self, key: tuple[UUID, Any], state: Any) -> None:
        with self._states_gate:
            self._states[key] = state
            self._states.move_to_end(key)
            if len(self._states) > MAX_STATES:
                self._states.popitem(last=False)

    def stream(self, stream: UUID) -> list[Recorded]:
        """All events of a stream in order."""
        return cast("list[Recorded]", list(self.events.get(stream)))

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Events by position, those above `after`, at most `limit`."""
        return [
            decode_entry(stored.state) for stored in self._recorder.select_notifications(after + 2, limit)
        ]

    def at(self, positions: Iterable[int]) -> dict[int, Recorded]:
        """The events at these positions."""
        wanted = list(positions)
        if not wanted:
            return {}
        found = self._recorder.database.fetch(
            f"SELECT position, state FROM stored_events WHERE position IN ({', '.join('?' * len(wanted))})",
            wanted,
        )
        return {position: decode_entry(bytes(state)) for position, state in found}

    def counted(self, key_ids: Collection[str]) -> dict[str, int]:
        """How many entries name each of these keys."""
        if not key_ids:
            return {}
        marks = ", ".join("?" * len(key_ids))
        found = self._recorder.database.fetch(
            f"SELECT key_id, n FROM subject_counter WHERE key_id IN ({marks})", tuple(key_ids)
        )
        return {str(key_id): int(n) for key_id, n in found}

    def length(self) -> int:
        """How many entries the log holds."""
        return self._recorder.max_notification_id() or 0

    def document(self, document: UUID) -> bytes | None:
        """The ciphertext of a document, or None."""
        found = self._recorder.database.fetch(
            "SELECT ciphertext FROM document WHERE id = ?", (str(document),)
        )
        return bytes(found[0][0]) if found else None

    def claimant(self, claim: str) -> UUID | None:
        """The stream that holds a claim, or None. A claim is held for good, so it is remembered."""
        known = self._claimants.get(claim)
        if known is None and (known := self._recorder.claimant(claim)) is not None:
            self._claimants[claim] = known
            if len(self._claimants) > MAX_STATES:
                self._claimants.clear()
        return known

    def replayed(self, idempotency: Idempotency) -> Outcome | None:
        """What an earlier create with this id answered. Raises IdempotencyMismatch."""
        return self._recorder.replayed(idempotency)
