"""Views: pure functions from an event to row changes, and the shape of the rows.

A view is rebuilt from the log alone; it reads header and facts and nothing else.
"""

from collections.abc import Callable, Mapping
from typing import Literal

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


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A view: a table by key, its columns, indexes, and one table event -> applier."""

    name: str
    columns: tuple[Column, ...]
    appliers: Mapping[type[Facts], Applier]
    indexes: tuple[Index, ...] = ()

    def changes(self, recorded: Recorded) -> list[Change]:
        """The row changes that an event brings."""
        applier = self.appliers.get(type(recorded.event))
        return applier(recorded) if applier else []
