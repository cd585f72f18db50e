"""`overgang audit rights`: what became of every right, over a case, an authority, or the whole log.

The question has a log index (what was known) and a moment (what had happened, and what was due by then).
With the hashes of rules and calendars that stand in the head, the same question has the same answer.
Cases are read one by one from their own streams, so that memory grows with neither events nor cases; what
an entry shows by itself (`audit.verdicts.checks`) is found in one run over the entries, and its memory grows
with cases.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

import msgspec

from audit.replay.replay import BeyondTheLog, UnknownHandover
from audit.replay.source import Snapshot, parties
from audit.verdicts.cases import JudgedCase, Places, judged
from audit.verdicts.checks import violations
from audit.verdicts.rows import Row, of_violation
from domain.events.model import Recorded
from domain.handover.streams import facts_of, readings_of, register_of, rights_of
from domain.law.loader import calendars_hash, rules_hash
from domain.law.log_checks import check_register
from domain.rights.rule import rights_register


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question: over what, as known at which index (-1: before the first entry), and at which instant."""

    handover: UUID | None
    authority: str | None
    at_index: int
    as_of: str


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer rests on. Two answers with the same head are the same."""

    handover: UUID | None
    authority: str | None
    at_index: int
    as_of: str
    root_hash: str | None
    """Of the entries up to the index (RFC 6962); None where it was not asked for."""
    rules: str
    """SHA-256 over the rules and calendars that judged; every entry's header has that of its own time."""
    calendars: str
    register: str
    register_version: int
    checks_version: int


def ask(
    log: Snapshot,
    now: str,
    *,
    handover: UUID | None = None,
    authority: str | None = None,
    at_index: int | None = None,
    as_of: str | None = None,
) -> Asked:
    """The question in full. Without a moment it is that of the entry at the index; without either, now.

    Raises BeyondTheLog, UnknownHandover, LogUnreadable.
    """
    length = log.length()
    if at_index is not None and at_index >= length:
        raise BeyondTheLog(length)
    if handover is not None and next(log.stream(handover), None) is None:
        raise UnknownHandover
    if at_index is not None and as_of is None:
        as_of = log.at(at_index).header.recorded_at
    index = length - 1 if at_index is None else at_index
    return Asked(handover=handover, authority=authority, at_index=index, as_of=as_of or now)


def head(asked: Asked, root_hash: str | None = None) -> Head:
    """What the answer to a question rests on."""
    register = rights_register()
    return Head(
        handover=asked.handover,
        authority=asked.authority,
        at_index=asked.at_index,
        as_of=asked.as_of,
        root_hash=root_hash,
        rules=rules_hash(),
        calendars=calendars_hash(),
        register=register.id,
        register_version=register.version,
        checks_version=check_register().version,
    )


class Rights:
    """The answer to a question, read as it is asked for."""

    def __init__(
        self, log: Snapshot, asked: Asked, observe: Callable[[Recorded], None] = lambda recorded: None
    ) -> None:
        """`observe` is shown every entry that had happened, in the one run over them."""
        self._log, self._asked, self._observe = log, asked, observe
        self._loose: tuple[Row, ...] = ()
        self.places = Places(self._stream, asked.as_of)

    def cases(self) -> Iterator[JudgedCase]:
        """Every case that the question is over, by when it began; with what its entries show by themselves.

        Of one authority only those of which it has a row.
        """
        if self._asked.handover is not None:
            yield self.case(self._asked.handover)
            return
        shown = _by_case(self._checked(self._log.events(self._asked.at_index)))
        for _, handover in self._log.cases(until=self._asked.at_index):
            found = self._case(handover, shown.pop(handover, ()))
            if found.rows or self._asked.authority is None:
                yield found
        self._loose = tuple(row for rows in shown.values() for row in rows)

    def case(self, handover: UUID) -> JudgedCase:
        """One case, with what its own entries and the readings of it show."""
        return next(self.these((handover,)))

    def these(self, handovers: Sequence[UUID]) -> Iterator[JudgedCase]:
        """A page of cases, each as `case` gives it; a register that they share is read once for them all."""
        shown = _by_case(self._checked(self._entries(handovers)))
        return (self._case(one, shown.get(one, ())) for one in handovers)

    def loose(self) -> tuple[Row, ...]:
        """What entries show that is of no case that has begun (a mailbox, a list); complete after `cases`."""
        return tuple(self._own(self._loose))

    def entry(self, position: int) -> Recorded:
        """An entry that a row names."""
        return self._log.at(position)

    def _case(self, handover: UUID, shown: Iterable[Row]) -> JudgedCase:
        asked = self._asked
        found = judged(self._stream, handover, self.places, at_index=asked.at_index, as_of=asked.as_of)
        rows = sorted((*found.rows, *shown), key=lambda row: row.triggered_at)
        return msgspec.structs.replace(found, rows=tuple(self._own(rows)))

    def _own(self, rows: Iterable[Row]) -> Iterator[Row]:
        authority = self._asked.authority
        return (row for row in rows if authority in (None, row.authority))

    def _entries(self, handovers: Sequence[UUID]) -> Iterator[Recorded]:
        """Of some cases: steps, facts, readings and lanes, and once the register of each of their parties."""
        registers: set[UUID] = set()
        streams = [*handovers, *map(facts_of, handovers), *map(readings_of, handovers)]
        for one in handovers:
            were = parties(self._stream(one))
            everybody = dict.fromkeys((*were, *self.places.successors(were).values()))
            streams += [rights_of(one, authority) for authority in everybody]
            registers |= set(map(register_of, everybody))
        streams += sorted(registers)
        return heapq.merge(*map(self._stream, streams), key=lambda one: one.header.position)

    def _checked(self, entries: Iterable[Recorded]) -> Iterator[Row]:
        return map(of_violation, violations(self._happened(entries)))

    def _happened(self, entries: Iterable[Recorded]) -> Iterator[Recorded]:
        for recorded in entries:
            if recorded.header.occurred_at <= self._asked.as_of:
                self._observe(recorded)
                yield recorded

    def _stream(self, stream: UUID) -> Iterator[Recorded]:
        return self._log.stream(stream, self._asked.at_index)


def _by_case(rows: Iterable[Row]) -> dict[UUID | None, list[Row]]:
    found: dict[UUID | None, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.handover].append(row)
    return found
