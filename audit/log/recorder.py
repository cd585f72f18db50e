"""The recorder: allocates and seals inside the append transaction (design section 4).

It takes the head row's lock, tells the three conflicts apart while it holds it, gives each
event its position, its version, its subjects' counters and `recorded_at = max(now, last)`, has
the entry sealed, and writes entries, documents, idempotency row, claims and the mailbox view
together. The same code runs on SQLite and PostgreSQL.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import (
    ApplicationRecorder,
    Notification,
    StoredEvent,
    Subscription,
)

from audit.database.port import Database, Rows, create
from audit.log.entry import decode_entry, encode_entry, leaf_hash
from audit.log.schema import FIRST_HEAD, STATEMENTS
from domain.events.header import ENVELOPE, Header, SubjectRef
from domain.events.instant import to_instant
from domain.events.model import Recorded
from workflows.ports.clock import Clock, Ids
from workflows.ports.log import (
    Append,
    Idempotency,
    IdempotencyMismatch,
    IdempotentReplay,
    NewEvent,
    Outcome,
    RegisterClash,
    StreamConflict,
)

InTransaction = Callable[[Rows, Sequence[Recorded]], None]
"""What else must commit together with the events: the mailbox view."""


_REPLAYED = "SELECT fingerprint, status, location, resource, etag, position FROM idempotency WHERE id = ?"


class AppendCall(msgspec.Struct):
    """One call's input, and what came of it."""

    append: Append
    recorded: tuple[Recorded, ...] = ()


class Recorder(ApplicationRecorder):
    """The recorder over either database."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        ids: Ids,
        software: str,
        rules: str,
        in_transaction: InTransaction,
    ) -> None:
        self.database = database
        self._clock = clock
        self._ids = ids
        self._software = software
        self._rules = rules
        self._in_transaction = in_transaction
        self._lock = " FOR UPDATE" if database.dialect == "postgresql" else ""

    def migrate(self) -> None:
        """Create the tables; a step of its own, before any server process starts."""

        def work(rows: Rows) -> None:
            create(rows, self.database.dialect, STATEMENTS)
            rows.execute(FIRST_HEAD)

        self.database.write(work)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append the events of one call. Facts come serialised from the mapper."""
        call: AppendCall = kwargs["call"]
        call.recorded = self.database.write(
            lambda rows: self._insert_events(rows, stored_events, call.append)
        )
        return [recorded.header.position + 1 for recorded in call.recorded]

    def _insert_events(
        self, rows: Rows, stored_events: Sequence[StoredEvent], append: Append
    ) -> tuple[Recorded, ...]:
        head = rows.execute(
            f"SELECT next_position, recorded_at FROM head WHERE id = 1{self._lock}"
        ).fetchone()
        assert head is not None, "the log has no head row: migrate first"
        position, last = int(head[0]), str(head[1])
        first = position
        self._keep_outcome(rows, append, first)
        recorded_at = max(to_instant(self._clock.now()), last)
        versions = self._versions(rows, append.events)
        self._check_claims(rows, append)
        counters = self._counters(rows, append.events)
        recorded, written = [], []
        for stored, new in zip(stored_events, append.events, strict=True):
            version = versions[new.stream] = versions[new.stream] + 1
            header = self._header(append, new, stored, position, version, recorded_at, counters)
            entry = encode_entry(header, stored.state, new.decided.body, new.keys, self._ids.random_bytes)
            written.append((position, str(new.stream), version, stored.topic, entry, leaf_hash(entry)))
            # Read back before it is committed: an entry that cannot be read would stop every follower.
            recorded.append(decode_entry(entry))
            position += 1
        rows.executemany("INSERT INTO stored_events VALUES (?, ?, ?, ?, ?, ?)", written)
        for document in append.documents:
            rows.execute(
                "INSERT INTO document VALUES (?, ?, ?)", (str(document.id), document.ciphertext, first)
            )
        rows.execute(
            "UPDATE head SET next_position = ?, recorded_at = ? WHERE id = 1", (position, recorded_at)
        )
        self._in_transaction(rows, recorded)
        return tuple(recorded)

    def _header(
        self,
        append: Append,
        new: NewEvent,
        stored: StoredEvent,
        position: int,
        version: int,
        recorded_at: str,
        counters: dict[str, int],
    ) -> Header:
        actor = new.actor or append.actor
        subjects = []
        for key_id in sorted(set(new.subjects)):
            counters[key_id] += 1
            subjects.append(SubjectRef(key_id=key_id, n=counters[key_id]))
        return Header(
            envelope=ENVELOPE,
            position=position,
            stream=new.stream,
            stream_version=version,
            event=stored.topic,
            schema=type(new.decided.event).SCHEMA,
            workflow=new.workflow,
            occurred_at=new.decided.occurred_at or recorded_at,
            recorded_at=recorded_at,
            actor=actor.id,
            role=actor.role,
            unit=actor.unit,
            authority=actor.authority,
            controller=new.controller,
            visible_to=new.visible_to,
            legal_basis=new.legal_basis,
            purpose=new.purpose,
            subjects=tuple(subjects),
            correlation_id=append.correlation_id,
            causation_id=append.causation_id,
            idempotency_id=append.idempotency.id if append.idempotency else None,
            software=self._software,
            rules=self._rules,
        )

    def claimant(self, claim: str) -> UUID | None:
        """The stream that holds a claim, or None."""
        found = self.database.fetch("SELECT stream FROM claim WHERE claim = ?", (claim,))
        return UUID(found[0][0]) if found else None

    def replayed(self, idempotency: Idempotency) -> Outcome | None:
        """What an earlier create with this id answered, if there was one."""
        found = self.database.fetch(_REPLAYED, (str(idempotency.id),))
        return _outcome(found[0], idempotency) if found else None

    def _versions(self, rows: Rows, events: Iterable[NewEvent]) -> dict[UUID, int]:
        versions: dict[UUID, int] = {}
        upcoming: dict[UUID, int] = {}
        for new in events:
            if new.stream not in versions:
                row = rows.execute(
                    "SELECT MAX(originator_version) FROM stored_events WHERE originator_id = ?",
                    (str(new.stream),),
                ).fetchone()
                versions[new.stream] = upcoming[new.stream] = int(row[0] or 0) if row else 0
            upcoming[new.stream] += 1
            if new.expected_version is not None and upcoming[new.stream] != new.expected_version:
                raise StreamConflict("the case was changed in between")
        return versions

    def _check_claims(self, rows: Rows, append: Append) -> None:
        stream = str(append.events[0].stream) if append.events else ""
        for claim in append.claims:
            row = rows.execute("SELECT stream FROM claim WHERE claim = ?", (claim,)).fetchone()
            if row is not None:
                raise RegisterClash(claim.split(":", 1)[0])
            rows.execute("INSERT INTO claim VALUES (?, ?)", (claim, stream))

    def _counters(self, rows: Rows, events: Iterable[NewEvent]) -> dict[str, int]:
        """Count on for every subject; returns where each one's count stood before."""
        counts = Counter(key_id for new in events for key_id in set(new.subjects))
        counters = {}
        for key_id, count in counts.items():
            row = rows.execute(
                "INSERT INTO subject_counter (key_id, n) VALUES (?, ?)"
                " ON CONFLICT (key_id) DO UPDATE SET n = subject_counter.n + excluded.n RETURNING n",
                (key_id, count),
            ).fetchone()
            assert row is not None
            counters[key_id] = int(row[0]) - count
        return counters

    def _keep_outcome(self, rows: Rows, append: Append, position: int) -> None:
        """Keep a create's answer. Raises IdempotentReplay or IdempotencyMismatch where there is one."""
        if append.idempotency is None:
            return
        if append.outcome is None:
            raise ValueError("a create with an idempotency id needs an outcome to give again")
        outcome = append.outcome
        kept = rows.execute(
            "INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING position",
            (
                str(append.idempotency.id),
                append.idempotency.fingerprint,
                outcome.status,
                outcome.location,
                str(outcome.resource),
                outcome.etag,
                position,
            ),
        ).fetchone()
        if kept is None:
            (earlier,) = rows.execute(_REPLAYED, (str(append.idempotency.id),)).fetchall()
            raise IdempotentReplay(_outcome(earlier, append.idempotency))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """A stream's stored events."""
        sql = "SELECT originator_version, topic, state FROM stored_events WHERE originator_id = ?"
        parameters: list[Any] = [str(originator_id)]
        for clause, bound in ((" AND originator_version > ?", gt), (" AND originator_version <= ?", lte)):
            if bound is not None:
                sql += clause
                parameters.append(bound)
        sql += f" ORDER BY originator_version {'DESC' if desc else 'ASC'}"
        if limit is not None:
            sql += " LIMIT ?"
            parameters.append(limit)
        return [
            StoredEvent(
                originator_id=originator_id, originator_version=version, topic=topic, state=bytes(state)
            )
            for version, topic, state in self.database.fetch(sql, parameters)
        ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Stored events by notification id, which is the position plus one."""
        low = 0 if start is None else (start if inclusive_of_start else start + 1)
        sql = (
            "SELECT position, originator_id, originator_version, topic, state FROM stored_events"
            " WHERE position >= ?"
        )
        parameters: list[Any] = [low - 1]
        if stop is not None:
            sql += " AND position < ?"
            parameters.append(stop)
        if topics:
            sql += f" AND topic IN ({', '.join('?' * len(topics))})"
            parameters.extend(topics)
        sql += " ORDER BY position LIMIT ?"
        return [
            Notification(
                id=position + 1,
                originator_id=UUID(stream),
                originator_version=version,
                topic=topic,
                state=bytes(state),
            )
            for position, stream, version, topic, state in self.database.fetch(sql, [*parameters, limit])
        ]

    def max_notification_id(self) -> int | None:
        """The newest notification id, or None for an empty log."""
        found = self.database.fetch("SELECT next_position FROM head WHERE id = 1")
        return int(found[0][0]) if found and found[0][0] else None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Not offered: followers poll, the same way on both databases (stack.md trap 3)."""
        raise NotImplementedError("followers poll the log")


def _outcome(row: tuple[Any, ...], idempotency: Idempotency) -> Outcome:
    """What an earlier create answered. Raises IdempotencyMismatch when it had other content."""
    if bytes(row[0]) != idempotency.fingerprint:
        raise IdempotencyMismatch("the key was used before with other content")
    return Outcome(status=row[1], location=row[2], resource=UUID(row[3]), etag=row[4], position=row[5])
