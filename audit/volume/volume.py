"""Handovers by municipality, month and direction, from the view `volume`.

Internal counts: small numbers are not suppressed, so they are not for publication. Only handovers
with an overgangsdokument count (design section 5); each of the six words is counted by itself.
"""

from collections.abc import Iterable

import msgspec

from audit.database.port import Database
from audit.projector.table import table_of
from workflows.views.volume import VOLUME


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many handovers, to how many of them each word applies, and how many went another way."""

    handovers: int
    sent: int
    delivered: int
    opened: int
    acknowledged: int
    taken_over: int
    started: int
    returned: int
    declined: int
    withdrawn: int


class VolumeRow(Counts, frozen=True, kw_only=True):
    """Counts of one municipality, month (yyyy-mm, Danish time) and direction.

    `municipality` is its code; None where the receiver has not been found and the sender is a region.
    """

    municipality: str | None
    month: str
    direction: str


_COUNTED = (
    "sent",
    "delivered",
    "opened",
    "acknowledged",
    "taken_over",
    "started",
    "returned",
    "declined",
    "withdrawn",
)


def volume(database: Database) -> list[VolumeRow]:
    """The counts, by municipality, month and direction."""
    sums = ", ".join(f"SUM({name})" for name in _COUNTED)
    with database.read() as rows:
        found = rows.execute(
            f"SELECT municipality, month, direction, COUNT(*), {sums} FROM {table_of(VOLUME)}"
            " WHERE counts = 1 GROUP BY municipality, month, direction"
        ).fetchall()
    counted = [
        VolumeRow(
            municipality=municipality,
            month=month,
            direction=direction,
            handovers=int(handovers),
            **{name: int(number) for name, number in zip(_COUNTED, numbers, strict=True)},
        )
        for municipality, month, direction, handovers, *numbers in found
    ]
    # Sorted here: the databases differ in where they put NULL.
    return sorted(counted, key=lambda row: (row.municipality or "", row.month, row.direction))


def totals(rows: Iterable[Counts]) -> Counts:
    """All rows together."""
    kept = list(rows)
    return Counts(**{name: sum(getattr(row, name) for row in kept) for name in Counts.__struct_fields__})


def behind(database: Database) -> int:
    """How many entries the view has yet to take from the log."""
    with database.read() as rows:
        head = rows.execute("SELECT next_position FROM head WHERE id = 1").fetchone()
        view = rows.execute("SELECT position FROM view_position WHERE view = ?", (VOLUME.name,)).fetchone()
    return (int(head[0]) if head else 0) - 1 - (int(view[0]) if view else -1)
