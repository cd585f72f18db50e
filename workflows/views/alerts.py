"""Alerts to a unit's lead: someone went into a case from outside, both parties say no to one, or a deadline
of one was told to the lead."""

from domain.due.events import DeadlineWarned
from domain.events.model import Recorded
from domain.handover import events as e
from workflows.views.model import Change, Column, Index, Value, View


def _alerted(recorded: Recorded) -> list[Change]:
    facts, header = recorded.event, recorded.header
    assert isinstance(facts, e.LeadAlerted)
    return [
        Change(
            key=f"{facts.about_position}-{header.controller}",
            values={
                "about_position": facts.about_position,
                "authority": header.controller,
                "unit": facts.case_unit,
                "handover": str(facts.handover),
                "position": header.position,
                "recorded_at": header.recorded_at,
            },
        )
    ]


LEADER = "leader"


def _warned(recorded: Recorded) -> list[Change]:
    facts, header = recorded.event, recorded.header
    assert isinstance(facts, DeadlineWarned)
    if LEADER not in facts.to or facts.unit is None:
        return []
    values: dict[str, Value] = {
        "about_position": header.position,
        "authority": header.controller,
        "unit": facts.unit,
        "handover": str(facts.handover),
        "position": header.position,
        "recorded_at": header.recorded_at,
        "rule": facts.rule,
        "level": facts.level,
        "due": facts.due,
    }
    return [Change(key=f"{header.position}-{header.controller}", values=values)]


ALERTS = View(
    name="alerts",
    columns=(
        Column("about_position", "BIGINT", 0),
        Column("authority", "TEXT", ""),
        Column("unit", "TEXT", ""),
        Column("handover", "TEXT", ""),
        Column("position", "BIGINT", 0),
        Column("recorded_at", "TEXT", ""),
        Column("rule", "TEXT"),
        Column("level", "TEXT"),
        Column("due", "TEXT"),
    ),
    indexes=(Index(("authority", "unit", "position")),),
    appliers={e.LeadAlerted: _alerted, DeadlineWarned: _warned},
)
