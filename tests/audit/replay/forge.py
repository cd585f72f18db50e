"""Forging a store behind the recorder's back, as somebody with the database's password could."""

import json
from collections.abc import Callable
from typing import Any

from audit.log.canonical import canonical
from audit.log.entry import leaf_hash
from tests.stores import Store


def execute(store: Store, sql: str, *parameters: Any) -> None:
    """Run one statement on the log's database."""
    store.log_database.write(lambda rows: rows.execute(sql, parameters) and None)


def entry_at(store: Store, position: int) -> bytes:
    """The stored bytes of an entry."""
    with store.log_database.read() as rows:
        found = rows.execute("SELECT state FROM stored_events WHERE position = ?", (position,)).fetchone()
    assert found is not None
    return bytes(found[0])


def put(store: Store, position: int, entry: bytes, *, leaf: bool = True) -> None:
    """Put other bytes in an entry's place, with a leaf hash that fits unless told otherwise."""
    execute(store, "UPDATE stored_events SET state = ? WHERE position = ?", entry, position)
    if leaf:
        execute(store, "UPDATE stored_events SET leaf = ? WHERE position = ?", leaf_hash(entry), position)


def forge(store: Store, position: int, change: Callable[[dict[str, Any]], Any], *, leaf: bool = True) -> None:
    """Change an entry and write it canonically again."""
    entry = json.loads(entry_at(store, position))
    change(entry)
    put(store, position, canonical(entry), leaf=leaf)


def position_of(store: Store, event: str, which: int = 0) -> int:
    """The position of an event of a type, the first unless told otherwise."""
    with store.log_database.read() as rows:
        found = rows.execute(
            "SELECT position FROM stored_events WHERE topic = ? ORDER BY position", (event,)
        ).fetchall()
    return int(found[which][0])
