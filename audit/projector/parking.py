"""What a view could not apply, or the relay not carry out: put aside by position, never skipped."""

import msgspec

from audit.database.port import Rows

STATEMENT = (
    "CREATE TABLE IF NOT EXISTS parked (view TEXT NOT NULL, position BIGINT NOT NULL, fault TEXT NOT NULL,"
    " PRIMARY KEY (view, position))"
)
SHADOW = "#shadow"
"""A rebuild parks under the view's name and this, until it takes the view's place."""


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a follower of the log (a view, or `relay`) could not take, with the fault's type."""

    view: str
    position: int
    fault: str


def is_databases_own(error: Exception) -> bool:
    """A deadlock, a full disk, a lost connection: no fault of the event, so it is tried again.

    By name, because the driver of PostgreSQL is not installed everywhere.
    """
    return any(kind.__name__ in ("OperationalError", "InterfaceError") for kind in type(error).__mro__)


def park(rows: Rows, follower: str, position: int, fault: str) -> None:
    """Put an event aside; again is harmless."""
    rows.execute(
        "INSERT INTO parked VALUES (?, ?, ?)"
        " ON CONFLICT (view, position) DO UPDATE SET fault = excluded.fault",
        (follower, position, fault),
    )


def unpark(rows: Rows, follower: str, position: int) -> None:
    """What was put aside has been taken."""
    rows.execute("DELETE FROM parked WHERE view = ? AND position = ?", (follower, position))


def parked(rows: Rows) -> list[Parked]:
    """What stands aside now, of every follower; of a rebuild that goes on, nothing."""
    found = rows.execute("SELECT view, position, fault FROM parked ORDER BY view, position").fetchall()
    return [
        Parked(view=view, position=int(position), fault=fault)
        for view, position, fault in found
        if not view.endswith(SHADOW)
    ]
