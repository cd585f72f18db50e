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
from audit.replay.merkle import Tree, aligned_nodes
from domain.events.catalogue import SchemaTooNew, UnknownEvent
from domain.events.model import Facts, Recorded
from domain.handover import events as e
from domain.handover import steps as s
from domain.handover.streams import (
    breaches_of,
    escalations_of,
    facts_of,
    lists_of,
    readings_of,
    refusals_of,
    register_of,
    rights_of,
    showings_of,
)

T = TypeVar("T")

PAGE = 2_000
BEGINNINGS = (e.HandoverSubmitted.NAME, s.HandoverImported.NAME)
"""The events that a handover begins with."""
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

    def at(self, position: int) -> Recorded:
        """The event at a position that is on the log. Raises LogUnreadable."""
        found = self._select("position = ?", [position], None, 1)
        if not found:
            raise LogUnreadable(Fault(code="position-gap", position=position))
        return _readable(position, found[0].entry, decode_entry)

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

    def cases(self, after: int = -1, until: int | None = None) -> Iterator[tuple[int, UUID]]:
        """Every handover as (the position at which it begins, its id), those that begin above `after`."""
        marks = ", ".join("?" * len(BEGINNINGS))
        last = self.length() - 1 if until is None else until
        while found := self._rows.execute(
            f"SELECT position, originator_id FROM stored_events WHERE topic IN ({marks})"
            " AND originator_version = 1 AND position > ? AND position <= ? ORDER BY position LIMIT ?",
            (*BEGINNINGS, after, last, PAGE),
        ).fetchall():
            for position, stream in found:
                yield int(position), UUID(str(stream))
            after = int(found[-1][0])

    def root(self, until: int) -> str:
        """The root hash (RFC 6962, in hex) of the entries up to and including `until`, by the stored leaves.

        Raises LogUnreadable where one is missing. Whether the leaves are right is for `verify` to say.
        """
        tree = Tree()
        while found := self._rows.execute(
            "SELECT position, leaf FROM stored_events WHERE position >= ? AND position <= ?"
            " ORDER BY position LIMIT ?",
            (tree.size, until, PAGE),
        ).fetchall():
            if int(found[0][0]) != tree.size or int(found[-1][0]) != tree.size + len(found) - 1:
                raise LogUnreadable(Fault(code="position-gap", position=tree.size))
            tree.extend(aligned_nodes(tree.size, [bytes(leaf) for _, leaf in found]))
        return tree.root().hex()

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


def parties(steps: Iterable[Recorded]) -> tuple[str, ...]:
    """Every authority that was ever a party of a handover, from its workflow stream, the first one first."""
    found: dict[str, None] = {}
    for recorded in steps:
        for name in ("sender_authority", "receiver_authority", "to_authority"):
            if (authority := getattr(recorded.event, name, None)) is not None:
                found[authority] = None
    return tuple(found)


def case_events(read_stream: Callable[[UUID], Iterable[Recorded]], handover: UUID) -> Iterator[Recorded]:
    """All that concerns one handover, by position: its own streams, each party's lane of rights, the
    showings of its mailboxes and of the lists of units that had it, and its parties' register entries."""
    streams = [handover, *beside(handover)]
    steps = list(read_stream(handover))
    mailboxes = dict.fromkeys(one.event.mailbox for one in steps if isinstance(one.event, e.HandoverRouted))
    authorities = parties(steps)
    streams += [showings_of(mailbox) for mailbox in mailboxes]
    units = dict.fromkeys(unit for one in steps if (unit := unit_with_list(one.event)) is not None)
    streams += [lists_of(unit) for unit in units]
    streams += [rights_of(handover, authority) for authority in authorities]
    streams += [register_of(authority) for authority in authorities]
    return heapq.merge(
        *(read_stream(stream) for stream in streams), key=lambda recorded: recorded.header.position
    )


def unit_with_list(event: Facts) -> str | None:
    """The unit on whose own list a case stands from a step on, where the step gives it to one."""
    match event:
        case s.HandoverDistributed(unit=unit) | s.HandoverImported(receiver_unit=unit):
            return unit
        case s.HandoverCarriedOver(to_unit=unit):
            return unit
        case _:
            return None


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
