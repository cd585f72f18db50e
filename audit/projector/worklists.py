"""Queries on the mailbox view and beside it. Satisfies `workflows.ports.lists.Worklists`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from audit.database.port import Database
from audit.projector.due import reminders
from audit.projector.table import condition, table_of
from domain.handover.commands import Rank
from workflows.ports.lists import MailboxRow, ReminderRow, SuccessionRow
from workflows.views.model import Only
from workflows.views.successions import SUCCESSIONS
from workflows.views.worklist import FAR, ON_UNIT_LIST, STALLED, UNRESOLVED, WORKLIST

_COLUMNS = (
    "key, version, status, sender_authority, sender_unit, receiver_authority, receiver_unit, mailbox,"
    " receiver_key, label_position, priority, due, needs_completion, submitted_at, submitted_position,"
    " opened, medicine_until, acknowledge_by, take_over_by, questions, withdrawal, unresolved, assignee,"
    " urgency, shut"
)
_TABLE = table_of(WORKLIST)
_ORDER = "priority, due, take_over_by, key"
_AFTER = f" AND ({_ORDER}) > (?, ?, ?, ?)"
CORRECTED = "corrected"
"""Asks for what was taken over and corrected since, so that nobody has read what counts now."""
SEEN_TO = ("taken_over", "closed", "withdrawn", "wrong_person", "entered_in_error", "completed_otherwise")
"""No limit runs any more, whatever a later document says."""
_OPENED = {"delivered": ("delivered", 0), "opened": ("delivered", 1), CORRECTED: ("taken_over", 0)}
"""Status asked for -> status in the view, and whether it has been opened."""
_STALLED = condition(STALLED)
_UNRESOLVED = condition(UNRESOLVED)
_ON_UNIT_LIST = condition(ON_UNIT_LIST)
_WITH_RECEIVER = condition(
    Only("status", ("delivered", "acknowledged", "declined", "imported", "taken_over"))
)


def _row(row: Sequence[Any]) -> MailboxRow:
    status = row[2]
    if status == "delivered" and row[15]:
        status = "opened"
    return MailboxRow(
        handover=UUID(row[0]),
        version=row[1],
        status=status,
        sender_authority=row[3],
        sender_unit=row[4],
        receiver_authority=row[5],
        receiver_unit=row[6],
        mailbox=UUID(row[7]) if row[7] else None,
        receiver_key=row[8],
        label_position=row[9],
        priority=row[10],
        due=None if status in SEEN_TO else _limit(row[11]),
        rank=(row[10], row[11], row[18], row[0]),
        needs_completion=bool(row[12]),
        submitted_at=row[13],
        position=row[14],
        medicine_until=row[16],
        acknowledge_by=_limit(row[17]),
        take_over_by=None if status in SEEN_TO else _limit(row[18]),
        questions=row[19],
        withdrawal=bool(row[20]),
        unresolved=bool(row[21]),
        assignee=row[22],
        urgency=row[23],
        unread=status == "taken_over" and not row[15],
        shut=bool(row[24]),
    )


def _limit(instant: str) -> str | None:
    return None if instant == FAR else instant


class Worklists:
    """Work lists by (priority, due, take-over limit, id), feeds by position."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _select(self, where: str, parameters: Sequence[Any], order: str, limit: int) -> list[MailboxRow]:
        found = self._database.fetch(
            f"SELECT {_COLUMNS} FROM {_TABLE} WHERE {where} ORDER BY {order} LIMIT ?", (*parameters, limit)
        )
        return [_row(row) for row in found]

    def mailbox(
        self, mailbox: UUID, statuses: tuple[str, ...], after: Rank | None, limit: int
    ) -> list[MailboxRow]:
        """A mailbox's handovers in the order of the work, those after `after`.

        Each status is a range of the index, or two; the ranges are merged here.
        """
        ranges: set[tuple[str, int]] = set()
        for status in statuses:
            ranges |= {_OPENED[status]} if status in _OPENED else {(status, 0), (status, 1)}
        where = "mailbox = ? AND status = ? AND opened = ?" + (_AFTER if after else "")
        part = f"SELECT {_COLUMNS} FROM {_TABLE} WHERE {where} ORDER BY {_ORDER} LIMIT ?"
        parts = (f"SELECT * FROM ({part}) AS part{number}" for number in range(len(ranges)))
        parameters = [value for of in sorted(ranges) for value in (str(mailbox), *of, *(after or ()), limit)]
        found = map(_row, self._database.fetch(" UNION ALL ".join(parts), parameters))
        return sorted(found, key=lambda row: row.rank)[:limit]

    def sent_by(self, authority: str, unit: str | None, after: int, limit: int) -> list[MailboxRow]:
        """Handovers that a unit (or the whole authority) sent, by position."""
        where = "sender_authority = ? AND submitted_position > ?"
        parameters: list[Any] = [authority, after]
        if unit is not None:
            where += " AND sender_unit = ?"
            parameters.append(unit)
        return self._select(where, parameters, "submitted_position", limit)

    def unit(self, unit: str, after: Rank | None, limit: int) -> list[MailboxRow]:
        """What a unit has on a list of its own, in the order of the work."""
        where = f"{_ON_UNIT_LIST} AND receiver_unit = ? AND {_WITH_RECEIVER}"
        parameters: list[Any] = [unit]
        if after is not None:
            where += _AFTER
            parameters.extend(after)
        return self._select(where, parameters, _ORDER, limit)

    def all(self, after: int, limit: int) -> list[MailboxRow]:
        """Every handover, by position."""
        return self._select("submitted_position > ?", [after], "submitted_position", limit)

    def of_party(self, authority: str, unit: str | None, after: int, limit: int) -> list[MailboxRow]:
        """Every handover of an authority, or of one of its units, on either side, by position."""
        sides = "sender_authority = ? OR receiver_authority = ?"
        parameters: list[Any] = [authority, authority]
        if unit is not None:
            sides = (
                "(sender_authority = ? AND sender_unit = ?) OR (receiver_authority = ? AND receiver_unit = ?)"
            )
            parameters = [authority, unit, authority, unit]
        return self._select(
            f"({sides}) AND submitted_position > ?", [*parameters, after], "submitted_position", limit
        )

    def is_party(self, authority: str, unit: str | None) -> bool:
        """Whether an authority, or one of its units, is a party to any handover now."""
        for side in ("sender", "receiver"):
            where, parameters = f"{side}_authority = ?", [authority]
            if unit is not None:
                where += f" AND {side}_unit = ?"
                parameters.append(unit)
            if self._database.fetch(f"SELECT 1 FROM {_TABLE} WHERE {where} LIMIT 1", parameters):
                return True
        return False

    def successions(self, instant: str) -> list[SuccessionRow]:
        """The successions that hold at an instant."""
        found = self._database.fetch(
            "SELECT authority, unit, successor_authority, successor_unit, valid_from, carried"
            f" FROM {table_of(SUCCESSIONS)} WHERE valid_from <= ? ORDER BY key",
            (instant,),
        )
        return [
            SuccessionRow(
                authority=row[0],
                unit=row[1],
                successor_authority=row[2],
                successor_unit=row[3],
                valid_from=row[4],
                carried=bool(row[5]),
            )
            for row in found
        ]

    def unresolved(self, after: int, limit: int) -> list[MailboxRow]:
        """Handovers for which nobody has the responsibility, by position."""
        return self._select(f"{_UNRESOLVED} AND submitted_position > ?", [after], "submitted_position", limit)

    def stalled(self, after: int, limit: int) -> list[MailboxRow]:
        """Handovers that are submitted, held, routed or sent but not delivered, by position.

        A page at a time: those that wait for long must not hide the ones behind them.
        """
        return self._select(f"{_STALLED} AND submitted_position > ?", [after], "submitted_position", limit)

    def held(self) -> int:
        """How many handovers are held."""
        ((count,),) = self._database.fetch(
            f"SELECT COUNT(*) FROM {_TABLE} WHERE {_STALLED} AND status = 'held'"
        )
        return int(count)

    def reminders(self, instant: str, after: tuple[str, str], limit: int) -> list[ReminderRow]:
        """Obligations whose next reminder had come at an instant, by (its instant, key)."""
        return reminders(self._database, instant, after, limit)
