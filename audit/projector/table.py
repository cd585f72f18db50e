"""A view's table: created from its columns, written by its row changes."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from audit.database.port import Rows
from domain.events.model import Recorded
from workflows.views.model import Change, Only, Value, View

PREFIX = "view_"


def table_of(view: View, suffix: str = "") -> str:
    """The table's name; a rebuild writes into one with the suffix `_shadow`."""
    return f"{PREFIX}{view.name}{suffix}"


def table_statement(view: View, suffix: str = "") -> str:
    """What makes the table, for `audit.database.port.create`."""
    columns = "".join(f", {column.name} {column.kind}" for column in view.columns)
    return f"CREATE TABLE IF NOT EXISTS {table_of(view, suffix)} (key TEXT PRIMARY KEY{columns}){{keyed}}"


def index_statements(view: View) -> list[str]:
    """What makes the indexes of the table in use."""
    table = table_of(view)
    return [
        f"CREATE INDEX IF NOT EXISTS {table}_{number} ON {table} ({', '.join(index.columns)})"
        + (f" WHERE {condition(index.only)}" if index.only else "")
        for number, index in enumerate(view.indexes)
    ]


def condition(only: Only) -> str:
    """A selection of rows in SQL. An index of them serves a query that holds these very words."""
    values = ", ".join(f"'{value}'" for value in only.values)
    return f"{only.column} IN ({values})"


@lru_cache(maxsize=512)
def _statement(table: str, given: tuple[str, ...], defaults: tuple[tuple[str, Value], ...]) -> str:
    names = [*given, *(name for name, _ in defaults)]
    marks = ", ".join("?" * (len(names) + 1))
    update = ", ".join(f"{name} = excluded.{name}" for name in given)
    return (
        f"INSERT INTO {table} (key, {', '.join(names)}) VALUES ({marks})"
        f" ON CONFLICT (key) DO UPDATE SET {update}"
    )


def write(rows: Rows, view: View, changes: Iterable[Change], suffix: str = "") -> None:
    """Write row changes: given columns always, defaults only into a new row."""
    table = table_of(view, suffix)
    for change in changes:
        defaults = tuple((c.name, c.default) for c in view.columns if c.name not in change.values)
        statement = _statement(table, tuple(change.values), defaults)
        rows.execute(statement, (change.key, *change.values.values(), *(value for _, value in defaults)))


def changes_of(view: View, events: Sequence[Recorded]) -> list[Change]:
    """What events change in a view; several changes of one row in one transaction are one write."""
    by_key: dict[str, dict[str, Value]] = {}
    for one in events:
        for change in view.changes(one):
            by_key.setdefault(change.key, {}).update(change.values)
    return [Change(key=key, values=values) for key, values in by_key.items()]


def apply(rows: Rows, view: View, events: Sequence[Recorded], suffix: str = "") -> None:
    """Apply events to a view's table."""
    write(rows, view, changes_of(view, events), suffix)
