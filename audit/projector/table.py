"""A view's table: created from its columns, written by its row changes."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

from audit.database.port import Rows
from domain.events.model import Recorded
from workflows.views.model import CASE, CaseView, Change, Only, Table, View

PREFIX = "view_"


def table_of(view: Table, suffix: str = "") -> str:
    """The table's name; a rebuild writes into one with the suffix `_shadow`."""
    return f"{PREFIX}{view.name}{suffix}"


def table_statement(view: Table, suffix: str = "") -> str:
    """What makes the table, for `audit.database.port.create`."""
    columns = "".join(f", {column.name} {column.kind}" for column in view.columns)
    return f"CREATE TABLE IF NOT EXISTS {table_of(view, suffix)} (key TEXT PRIMARY KEY{columns}){{keyed}}"


def index_statements(view: Table) -> list[str]:
    """What makes the indexes of the table in use."""
    table = table_of(view)
    return [
        f"CREATE INDEX IF NOT EXISTS {table}_{number} ON {table} ({', '.join(index.columns)})"
        + (f" WHERE {condition(index.only)}" if index.only else "")
        for number, index in enumerate(view.indexes)
    ]


def shape_of(view: Table) -> str:
    """The table, its indexes and what it follows, in short: one that was made from another is rebuilt."""
    made = "\n".join((table_statement(view), *index_statements(view)))
    if view.follows:
        made = f"{made}\n{view.follows}"
    return hashlib.sha256(made.encode()).hexdigest()


def condition(only: Only) -> str:
    """A selection of rows in SQL. An index of them serves a query that holds these very words."""
    values = ", ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in only.values)
    return f"{only.column} IN ({values})"


@lru_cache(maxsize=512)
def _statement(
    table: str,
    given: tuple[str, ...],
    others: tuple[str, ...],
    least: tuple[tuple[str, tuple[str, ...]], ...],
) -> str:
    names = [*given, *others]
    marks = ", ".join("?" * (len(names) + 1))
    updates = [f"{name} = excluded.{name}" for name in given]
    now = {name: f"excluded.{name}" for name in given}
    updates += [f"{to} = {_least([now.get(one, f'{table}.{one}') for one in of])}" for to, of in least]
    update = ", ".join(updates)
    return (
        f"INSERT INTO {table} (key, {', '.join(names)}) VALUES ({marks})"
        f" ON CONFLICT (key) DO UPDATE SET {update}"
    )


def _least(columns: Sequence[str]) -> str:
    """The least of some columns; the two databases have no function for it of one name."""
    first, *rest = columns
    if not rest:
        return first
    others = _least(rest)
    return f"CASE WHEN {first} <= {others} THEN {first} ELSE {others} END"


def write(rows: Rows, view: Table, changes: Iterable[Change], suffix: str = "") -> None:
    """Write row changes: given columns always, defaults only into a new row."""
    table, defaults = table_of(view, suffix), {column.name: column.default for column in view.columns}
    for change in changes:
        others = {name: value for name, value in defaults.items() if name not in change.values}
        for to, of in change.least.items():
            others[to] = min(str(change.values.get(name, defaults[name])) for name in of)
        statement = _statement(table, tuple(change.values), tuple(others), tuple(change.least.items()))
        rows.execute(statement, (change.key, *change.values.values(), *others.values()))


def replace(rows: Rows, view: CaseView, handover: UUID, changes: Iterable[Change], suffix: str = "") -> None:
    """Write the rows of a case in place of those that it had."""
    rows.execute(f"DELETE FROM {table_of(view, suffix)} WHERE {CASE} = ?", (str(handover),))
    write(rows, view, changes, suffix)


def touched(rows: Rows, view: CaseView, event: Recorded, suffix: str = "") -> list[UUID]:
    """The cases of which an event changes rows in the table, though it belongs to none of them."""
    only = view.touches(event)
    if only is None:
        return []
    found = rows.execute(f"SELECT DISTINCT {CASE} FROM {table_of(view, suffix)} WHERE {condition(only)}")
    return sorted(UUID(handover) for (handover,) in found.fetchall())


def changes_of(view: View, events: Sequence[Recorded]) -> list[Change]:
    """What events change in a view; several changes of one row in one transaction are one write."""
    by_key: dict[str, Change] = {}
    for one in events:
        for change in view.changes(one):
            made = by_key.setdefault(change.key, Change(key=change.key, values={}, least={}))
            made.values.update(change.values)
            for name in change.values:
                made.least.pop(name, None)
            for to, of in change.least.items():
                made.values.pop(to, None)
                made.least[to] = of
    return list(by_key.values())


def apply(rows: Rows, view: View, events: Sequence[Recorded], suffix: str = "") -> None:
    """Apply events to a view's table."""
    write(rows, view, changes_of(view, events), suffix)
