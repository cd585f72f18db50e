"""The due table: one row for each obligation that nothing has closed, of every case.

Its rows follow from the log and from the rules; whether a date has passed is asked of the rows with a clock.
"""

from uuid import UUID

import msgspec

from domain.course.events import CaseFact
from domain.due.case import obligations
from domain.due.events import DeadlineWarned
from domain.due.obligation import FAR, Obligation
from domain.events.model import Recorded
from domain.law.loader import rules_hash
from domain.register.processing_events import ProcessingTimePublished
from domain.rights.model import RightsEvent
from domain.rights.published import published_rules
from workflows.views.model import CaseView, Change, Column, Index, Only, ReadStream, Value


def _concerns(recorded: Recorded) -> tuple[UUID, ...]:
    """The case that an event belongs to: a step of it, a fact, something about a right, or a reminder."""
    if recorded.header.workflow is not None:
        return (recorded.header.stream,)
    if isinstance(recorded.event, CaseFact | RightsEvent | DeadlineWarned):
        return (recorded.event.handover,)
    return ()


def _touches(recorded: Recorded) -> Only | None:
    """What a municipality publishes of its time of decision may be what an open limit waits for."""
    if isinstance(recorded.event, ProcessingTimePublished):
        return Only("rule", tuple(sorted(published_rules())))
    return None


def _rows(handover: UUID, read: ReadStream) -> list[Change]:
    return [Change(key=str(one.id), values=_values(one)) for one in obligations(read, handover)]


def _values(one: Obligation) -> dict[str, Value]:
    waiting = one.waiting()
    return {
        "handover": str(one.handover),
        "authority": one.authority,
        "unit": one.unit,
        "rule": one.rule,
        "certainty": one.certainty,
        "matter": None if one.matter is None else str(one.matter),
        "about_position": one.trigger,
        "about_event": one.trigger_event,
        "since": one.since,
        "strict": msgspec.to_builtins(one.strict),
        "lenient": msgspec.to_builtins(one.lenient),
        "strict_at": one.strict_at,
        "lenient_at": one.lenient_at,
        "warned": one.warned[-1][0] if one.warned else None,
        "next_at": waiting[0].at if waiting else FAR,
    }


DUE = CaseView(
    name="due",
    columns=(
        Column("handover", "TEXT", ""),
        Column("authority", "TEXT", ""),
        Column("unit", "TEXT"),
        Column("rule", "TEXT", ""),
        Column("certainty", "TEXT", ""),
        Column("matter", "TEXT"),
        Column("about_position", "BIGINT"),
        Column("about_event", "TEXT", ""),
        Column("since", "TEXT", ""),
        Column("strict", "TEXT"),
        Column("lenient", "TEXT"),
        Column("strict_at", "TEXT", FAR),
        Column("lenient_at", "TEXT", FAR),
        Column("warned", "TEXT"),
        Column("next_at", "TEXT", FAR),
    ),
    indexes=(
        Index(("handover",)),
        Index(("authority", "strict_at", "key")),
        Index(("authority", "unit", "strict_at", "key")),
        Index(("next_at", "key")),
    ),
    follows=rules_hash(),
    concerns=_concerns,
    rows=_rows,
    touches=_touches,
)
