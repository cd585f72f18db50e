"""Queries on the due table: an authority's queue, and what the tick has to remind of."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec

from audit.database.port import Database
from audit.projector.table import table_of
from domain.rights.verdict import State
from workflows.ports.lists import ReminderRow
from workflows.views.due import DUE

_TABLE = table_of(DUE)
_STATES = {
    State.PENDING: "strict_at >= ?",
    State.DISPUTED: "strict_at < ? AND lenient_at >= ?",
    State.VIOLATED: "lenient_at < ? AND certainty <> 'U'",
    State.TO_BE_ASSESSED: "lenient_at < ? AND certainty = 'U'",
}
"""State -> what its rows satisfy, the instant for each mark; the same as `domain.due.obligation.state_at`."""

Rank = tuple[str, str]
"""(the last instant of the strict date, key): the order of the queue."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of a queue; None: whichever."""

    unit: str | None = None
    rule: str | None = None
    state: State | None = None
    warned: bool | None = None


def queue(
    database: Database,
    authorities: Collection[str],
    asked: Asked,
    instant: str,
    after: Rank | None,
    limit: int,
) -> list[dict[str, Any]]:
    """What these authorities owe, as of an instant: soonest strict date first, what has no date last."""
    where = [f"authority IN ({', '.join('?' * len(authorities))})"]
    parameters: list[Any] = sorted(authorities)
    for column, value in (("unit", asked.unit), ("rule", asked.rule)):
        if value is not None:
            where.append(f"{column} = ?")
            parameters.append(value)
    if asked.state is not None:
        condition = _STATES[asked.state]
        where.append(condition)
        parameters += [instant] * condition.count("?")
    if asked.warned is not None:
        where.append(f"warned IS {'NOT ' if asked.warned else ''}NULL")
    if after is not None:
        where.append("(strict_at, key) > (?, ?)")
        parameters += after
    names = ("key", *(column.name for column in DUE.columns))
    found = database.fetch(
        f"SELECT {', '.join(names)} FROM {_TABLE} WHERE {' AND '.join(where)}"
        " ORDER BY strict_at, key LIMIT ?",
        (*parameters, limit),
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def reminders(database: Database, instant: str, after: Rank, limit: int) -> list[ReminderRow]:
    """Obligations whose next reminder had come at an instant, by (its instant, key)."""
    found = database.fetch(
        f"SELECT next_at, key, handover FROM {_TABLE}"
        " WHERE next_at <= ? AND (next_at, key) > (?, ?) ORDER BY next_at, key LIMIT ?",
        (instant, *after, limit),
    )
    return [ReminderRow(next_at=row[0], key=row[1], handover=UUID(row[2])) for row in found]
