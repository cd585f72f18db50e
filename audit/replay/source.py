"""The stored log as an auditor reads it: rows in one snapshot, in pages, never all at once."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from audit.database.port import Database, Rows
from audit.log.entry import EntryDamaged, decode_entry
from audit.replay.faults import Fault, LogUnreadable
from domain.events.catalogue import SchemaTooNew, UnknownEvent
from domain.events.model import Recorded
from domain.handover import events as e
from domain.handover.streams import (
    breaches_of,
    escalations_of,
    facts_of,
    readings_of,
    refusals_of,
    register_of,
    rights_of,
    showings_of,
)

T = TypeVar("T")

PAGE = 2_000
_ROW = "position, originator_id, originator_version, topic, state, leaf"


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A stored entry with what its table says of it beside it."""

    position: int
    stream: str
    stream_version: int
    event: str
    entry: bytes
    leaf: bytes


class Snapshot:
    """The log at one moment. Everything read through it belongs together."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def length(self) -> int:
        """How many entries the head row says there are."""
        found = self._rows.execute("SELECT next_position FROM head WHERE id = 1").fetchone()
        return int(found[0]) if found else 0

    def pages(self, size: int = PAGE, until: int | None = None) -> Iterator[list[Row]]:
        """Every row by position, those up to and including `until`."""
        after = -1
        while found := self._select("position > ?", [after], until, size):
            yield found
            after = found[-1].position

    def events(self, until: int | None = None) -> Iterator[Recorded]:
        """Every event by position. Raises LogUnreadable."""
        for position, entry in self._entries(until):
            yield _readable(position, entry, decode_entry)

    def stream(self, stream: UUID, until: int | None = None) -> Iterator[Recorded]:
        """A stream's events in order. Raises LogUnreadable."""
        after = -1
        while found := self._select(
            "originator_id = ? AND originator_version > ?", [str(stream), after], until, PAGE
        ):
            for row in found:
                yield _readable(row.position, row.entry, decode_entry)
            after = found[-1].stream_version

    def case_events(self, handover: UUID, until: int | None = None) -> Iterator[Recorded]:
        """All that concerns one handover, by position. See `case_events`."""
        return case_events(lambda stream: self.stream(stream, until), handover)

    def document(self, document: UUID) -> bytes | None:
        """The ciphertext of a document, or None."""
        found = self._rows.execute(
            "SELECT ciphertext FROM document WHERE id = ?", (str(document),)
        ).fetchone()
        return bytes(found[0]) if found else None

    def subject_counters(self) -> Iterator[tuple[str, int]]:
        """Each key id with the number its table has."""
        for key_id, n in self.keyed("subject_counter", "key_id", "n"):
            yield str(key_id), int(n)

    def of_topics(self, topics: Sequence[str]) -> Iterator[Recorded]:
        """Every event of these types by position, by the rows' own word for it. Raises LogUnreadable."""
        after, marks = -1, ", ".join("?" * len(topics))
        while found := self._select(f"topic IN ({marks}) AND position > ?", [*topics, after], None, PAGE):
            for row in found:
                yield _readable(row.position, row.entry, decode_entry)
            after = found[-1].position

    def keyed(self, table: str, key: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """A table of the log's database by its (text) key: key and columns, a page at a time."""
        after = ""
        while found := self._rows.execute(
            f"SELECT {', '.join((key, *columns))} FROM {table} WHERE {key} > ? ORDER BY {key} LIMIT ?",
            (after, PAGE),
        ).fetchall():
            yield from found
            after = found[-1][0]

    def _entries(self, until: int | None) -> Iterator[tuple[int, bytes]]:
        after, last = -1, self.length() - 1 if until is None else until
        while found := self._rows.execute(
            "SELECT position, state FROM stored_events WHERE position > ? AND position <= ?"
            " ORDER BY position LIMIT ?",
            (after, last, PAGE),
        ).fetchall():
            for position, entry in found:
                yield position, bytes(entry)
            after = found[-1][0]

    def _select(self, where: str, parameters: list[Any], until: int | None, limit: int) -> list[Row]:
        if until is not None:
            where, parameters = f"{where} AND position <= ?", [*parameters, until]
        # Along the index that the condition uses, so that a page costs what it holds.
        order = "originator_version" if "originator_id" in where else "position"
        found = self._rows.execute(
            f"SELECT {_ROW} FROM stored_events WHERE {where} ORDER BY {order} LIMIT ?", (*parameters, limit)
        ).fetchall()
        return [
            Row(int(position), str(stream), int(version), str(event), bytes(entry), bytes(leaf))
            for position, stream, version, event, entry, leaf in found
        ]


class StoredLog:
    """The log in its database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Hold the log still for as long as it is read; writers go on."""
        with self._database.read() as rows:
            yield Snapshot(rows)


def beside(handover: UUID) -> tuple[UUID, ...]:
    """The streams of a handover that lie beside its workflow stream."""
    return (
        readings_of(handover),
        refusals_of(handover),
        escalations_of(handover),
        facts_of(handover),
        breaches_of(handover),
    )


def case_events(read_stream: Callable[[UUID], Iterable[Recorded]], handover: UUID) -> Iterator[Recorded]:
    """All that concerns one handover, by position: its own streams, each party's lane of rights, the
    showings of its mailboxes, and its parties' register entries."""
    streams = [handover, *beside(handover)]
    mailboxes: dict[UUID, None] = {}
    authorities: dict[str, None] = {}
    for recorded in read_stream(handover):
        facts = recorded.event
        for party in ("sender_authority", "receiver_authority", "to_authority"):
            authorities[getattr(facts, party, None) or ""] = None
        if isinstance(facts, e.HandoverRouted):
            mailboxes[facts.mailbox] = None
    streams += [showings_of(mailbox) for mailbox in mailboxes]
    streams += [rights_of(handover, authority) for authority in authorities if authority]
    streams += [register_of(authority) for authority in authorities if authority]
    return heapq.merge(
        *(read_stream(stream) for stream in streams), key=lambda recorded: recorded.header.position
    )


def stored_releases(database: Database) -> Iterator[tuple[int, str]]:
    """Every release in the vault, as (position of its event, key id), in that order."""
    with database.read() as rows:
        after: tuple[int, str] = (-1, "")
        while found := rows.execute(
            "SELECT position, key_id FROM release WHERE (position, key_id) > (?, ?)"
            " ORDER BY position, key_id LIMIT ?",
            (*after, PAGE),
        ).fetchall():
            for position, key_id in found:
                yield int(position), str(key_id)
            after = (int(found[-1][0]), str(found[-1][1]))


def read_fault(error: Exception) -> str:
    """The stable code of an entry that cannot be read."""
    if isinstance(error, SchemaTooNew):
        return "schema-too-new"
    return "unknown-event" if isinstance(error, UnknownEvent) else "entry-damaged"


def _readable(position: int, entry: bytes, read: Callable[[bytes], T]) -> T:
    try:
        return read(entry)
    except (EntryDamaged, SchemaTooNew, UnknownEvent) as error:
        raise LogUnreadable(Fault(code=read_fault(error), position=position)) from None
