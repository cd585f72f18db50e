"""Queries on the alerts view."""

from typing import Any

from audit.database.port import Database
from audit.projector.table import table_of
from workflows.views.alerts import ALERTS


def alerts_of(database: Database, authority: str, unit: str, after: int, limit: int) -> list[dict[str, Any]]:
    """Alerts to the lead of a unit, those above a position, oldest first."""
    found = database.fetch(
        f"SELECT position, key, handover, recorded_at FROM {table_of(ALERTS)}"
        " WHERE authority = ? AND unit = ? AND position > ? ORDER BY position LIMIT ?",
        (authority, unit, after, limit),
    )
    return [
        {"position": row[0], "about_position": int(row[1]), "handover": row[2], "recorded_at": row[3]}
        for row in found
    ]
