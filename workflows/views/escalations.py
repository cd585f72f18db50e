"""What the steering group or the sundhedsråd was told of: case numbers without a citizen."""

from domain.course.events import HandoverEscalated
from domain.events.model import Recorded
from workflows.views.model import Change, Column, Index, Value, View


def _escalated(recorded: Recorded) -> list[Change]:
    facts, header = recorded.event, recorded.header
    assert isinstance(facts, HandoverEscalated)
    values: dict[str, Value] = {
        "handover": str(facts.handover),
        "cause": facts.cause,
        "told": facts.to,
        "health_council": facts.health_council,
        "decides_by": facts.decides_by,
        "position": header.position,
        "recorded_at": header.recorded_at,
    }
    return [Change(key=str(facts.about_position), values=values)]


ESCALATIONS = View(
    name="escalations",
    columns=(
        Column("handover", "TEXT", ""),
        Column("cause", "TEXT", ""),
        Column("told", "TEXT", ""),
        Column("health_council", "TEXT"),
        Column("decides_by", "TEXT", ""),
        Column("position", "BIGINT", 0),
        Column("recorded_at", "TEXT", ""),
    ),
    indexes=(Index(("position",)),),
    appliers={HandoverEscalated: _escalated},
)
