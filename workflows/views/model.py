"""Views: pure functions from an event to row changes, and the shape of the rows.

A view is rebuilt from the log alone; it reads header and facts and nothing else. What follows from one event
is a `View`; what follows from a whole case is a `CaseView`, whose rows are made anew with every event of it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal
from uuid import UUID

import msgspec

from domain.events.model import Facts, Recorded

Value = str | int | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Write these columns of the row with this key, making the row when it is not there.

    `least`: column -> columns of the same row, as this change leaves them, the least of whose texts it takes.
    """

    key: str
    values: dict[str, Value]
    least: dict[str, tuple[str, ...]] = {}


Applier = Callable[[Recorded], list[Change]]


class Column(msgspec.Struct, frozen=True):
    """A column and its portable type; `default` stands until an event says otherwise."""

    name: str
    kind: Literal["TEXT", "BIGINT"]
    default: Value = None


class Only(msgspec.Struct, frozen=True):
    """Those rows whose column holds one of these values."""

    column: str
    values: tuple[str, ...] | tuple[int, ...]


class Index(msgspec.Struct, frozen=True):
    """An index by these columns, of some rows only where it says so: the others cost it nothing."""

    columns: tuple[str, ...]
    only: Only | None = None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table by key, its columns and indexes. `follows`: what else its rows follow from, in short; with it
    changed, the table is made anew."""

    name: str
    columns: tuple[Column, ...]
    indexes: tuple[Index, ...] = ()
    follows: str = ""


class View(Table, frozen=True, kw_only=True):
    """A view of single events: one table event -> applier."""

    appliers: Mapping[type[Facts], Applier]

    def changes(self, recorded: Recorded) -> list[Change]:
        """The row changes that an event brings."""
        applier = self.appliers.get(type(recorded.event))
        return applier(recorded) if applier else []


def _nothing(recorded: Recorded) -> None:
    """No rows besides those of the cases that an event concerns."""


CASE = "handover"
"""The column of a case view that names the case."""
ReadStream = Callable[[UUID], Iterable[Recorded]]


class CaseView(Table, frozen=True, kw_only=True):
    """A view of whole cases: which of them an event concerns, and the rows of a case from its streams.

    A column is called `handover` (`CASE`): the rows of a case are taken away and written together. `touches`:
    rows in the table that an event of no case changes too; their cases are made anew.
    """

    concerns: Callable[[Recorded], tuple[UUID, ...]]
    rows: Callable[[UUID, ReadStream], list[Change]]
    touches: Callable[[Recorded], Only | None] = _nothing
