"""Queries on the alerts and the escalations view."""

from collections.abc import Collection
from typing import Any

from audit.database.port import Database
from audit.projector.table import table_of
from workflows.ports.lists import Place
from workflows.views.alerts import ALERTS
from workflows.views.escalations import ESCALATIONS
from workflows.views.worklist import WORKLIST


def alerts_of(database: Database, places: Collection[Place], after: int, limit: int) -> list[dict[str, Any]]:
    """Alerts to the lead of a unit and of those whose place it has taken, those above a position, oldest
    first."""
    names = ("position", "about_position", "handover", "recorded_at", "rule", "level", "due")
    of_one = f"SELECT {', '.join(names)} FROM {table_of(ALERTS)} WHERE"
    of_one += " authority = ? AND unit = ? AND position > ?"
    found = database.fetch(
        f"{' UNION ALL '.join([of_one] * len(places))} ORDER BY position LIMIT ?",
        (*(part for authority, unit in places for part in (authority, unit, after)), limit),
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def escalations(database: Database, after: int, limit: int) -> list[dict[str, Any]]:
    """What went up, those above a position, oldest first, and whether it is unresolved still."""
    found = database.fetch(
        "SELECT e.position, e.handover, e.cause, e.told, e.health_council, e.decides_by, e.recorded_at,"
        " w.unresolved"
        f" FROM {table_of(ESCALATIONS)} e JOIN {table_of(WORKLIST)} w ON w.key = e.handover"
        " WHERE e.position > ? ORDER BY e.position LIMIT ?",
        (after, limit),
    )
    names = ("position", "handover", "cause", "told", "health_council", "decides_by", "recorded_at")
    return [{**dict(zip(names, row[:7], strict=True)), "unresolved": bool(row[7])} for row in found]
