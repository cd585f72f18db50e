"""Who stands in whose place, and whether the cases have been carried over."""

from domain.events.model import Recorded
from domain.handover.steps import CarryOverCompleted
from domain.register.succession_events import AuthoritySucceeded, UnitSucceeded
from workflows.views.model import Change, Column, View


def _key(authority: str, unit: str | None) -> str:
    return f"{authority}/{unit or ''}"


def _succeeded(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    if isinstance(facts, UnitSucceeded):
        unit, successor, successor_unit = facts.unit, facts.successor_authority, facts.successor_unit
        return [_row(facts, unit, successor, successor_unit)]
    assert isinstance(facts, AuthoritySucceeded)
    return [_row(facts, None, facts.successor, None)]


def _row(
    facts: AuthoritySucceeded | UnitSucceeded, unit: str | None, successor: str, successor_unit: str | None
) -> Change:
    return Change(
        key=_key(facts.authority, unit),
        values={
            "authority": facts.authority,
            "unit": unit,
            "successor_authority": successor,
            "successor_unit": successor_unit,
            "valid_from": facts.valid_from,
            "carried": 0,
        },
    )


def _completed(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, CarryOverCompleted)
    return [Change(key=_key(facts.authority, facts.unit), values={"carried": 1})]


SUCCESSIONS = View(
    name="successions",
    columns=(
        Column("authority", "TEXT", ""),
        Column("unit", "TEXT"),
        Column("successor_authority", "TEXT", ""),
        Column("successor_unit", "TEXT"),
        Column("valid_from", "TEXT", ""),
        Column("carried", "BIGINT", 0),
    ),
    appliers={
        AuthoritySucceeded: _succeeded,
        UnitSucceeded: _succeeded,
        CarryOverCompleted: _completed,
    },
)
