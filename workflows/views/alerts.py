"""Alerts to a unit's lead: someone went into a case from outside, or both parties say no to one."""

from domain.events.model import Recorded
from domain.handover import events as e
from workflows.views.model import Change, Column, Index, View


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


ALERTS = View(
    name="alerts",
    columns=(
        Column("about_position", "BIGINT", 0),
        Column("authority", "TEXT", ""),
        Column("unit", "TEXT", ""),
        Column("handover", "TEXT", ""),
        Column("position", "BIGINT", 0),
        Column("recorded_at", "TEXT", ""),
    ),
    indexes=(Index(("authority", "unit", "position")),),
    appliers={e.LeadAlerted: _alerted},
)
