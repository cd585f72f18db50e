"""Asking a house's log about rights, as the auditor does."""

from typing import Any

from audit.replay.source import Snapshot, StoredLog
from audit.verdicts.rights import Rights, ask
from audit.verdicts.rows import Row, Summary
from domain.events.instant import to_instant
from tests.journeys.house import House


def answered(house: House, **asked: Any) -> list[Row]:
    """Every row of an answer, those of no case last."""
    with StoredLog(house.database).snapshot() as log:
        answer = rights_of(house, log, **asked)
        rows = [row for case in answer.cases() for row in case.rows]
        return [*rows, *answer.loose()]


def summed(house: House, **asked: Any) -> Summary:
    """How many became what."""
    counts = Summary()
    counts.take(answered(house, **asked))
    return counts


def rights_of(house: House, log: Snapshot, **asked: Any) -> Rights:
    """The answer, over a snapshot that is held; by default now."""
    return Rights(log, ask(log, to_instant(house.clock.now()), **asked))


def of_rule(rows: list[Row], rule: str) -> list[Row]:
    """The rows of one rule."""
    return [row for row in rows if row.rule == rule]
