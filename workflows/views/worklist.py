"""The mailbox view: one row a handover, for the receiver's mailbox and the sender's list.

It commits with the events, so that a mailbox never lags behind what its senders were told.
"""

from datetime import date

from domain.calendar.working_days import end_of_day
from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.handover import events as e
from workflows.views.model import Change, Column, Index, Only, Value, View

FAR = "9999-12-31T23:59:59.999999Z"
URGENCY = "overgang.urgency"
SUPPLY_ENDS = "medicin.supply_ends"
PRIORITIES = {"hurtig-24h": 0, "hurtig-72h": 1}
ROUTINE = 2
STALLED = Only("status", ("submitted", "held", "routed", "sent"))
"""Those that have not been delivered yet."""


def _row(recorded: Recorded, **values: Value) -> list[Change]:
    header = recorded.header
    return [
        Change(
            key=str(header.stream),
            values={"version": header.stream_version, "position": header.position, **values},
        )
    ]


def priority(facts: e.DocumentFacts) -> int:
    """0 is first. The hours that the urgency allows decide."""
    urgency = facts.get(URGENCY)
    return PRIORITIES.get(urgency, ROUTINE) if isinstance(urgency, str) else ROUTINE


def due(facts: e.DocumentFacts, acknowledge_by: str) -> str:
    """The earliest of the acknowledgement limit and the end of the day the medicine supply ends."""
    supply = facts.get(SUPPLY_ENDS)
    if not isinstance(supply, str):
        return acknowledge_by
    return min(acknowledge_by, to_instant(end_of_day(date.fromisoformat(supply))))


def _submitted(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverSubmitted)
    return _row(
        recorded,
        status="submitted",
        sender_authority=facts.sender_authority,
        sender_unit=facts.sender_unit,
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
        priority=priority(facts.document_facts),
        due=FAR,
        needs_completion=int(facts.needs_completion),
        submitted_at=recorded.header.occurred_at,
        submitted_position=recorded.header.position,
    )


def _held(recorded: Recorded) -> list[Change]:
    return _row(recorded, status="held")


def _routed(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverRouted)
    return _row(
        recorded,
        status="routed",
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
    )


def _sent(recorded: Recorded) -> list[Change]:
    return _row(recorded, status="sent")


def _delivered(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverDelivered)
    return _row(
        recorded,
        status="delivered",
        mailbox=str(facts.mailbox),
        receiver_key=facts.citizen_key,
        label_position=recorded.header.position,
        due=due(facts.document_facts, facts.acknowledge_by),
    )


def _opened(recorded: Recorded) -> list[Change]:
    return _row(recorded, opened=1)


def _acknowledged(recorded: Recorded) -> list[Change]:
    return _row(recorded, status="acknowledged")


def _taken_over(recorded: Recorded) -> list[Change]:
    return _row(recorded, status="taken_over")


def _completed(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverCompleted)
    values: dict[str, Value] = {"needs_completion": 0, "priority": priority(facts.document_facts)}
    if facts.acknowledge_by is not None:
        values["due"] = due(facts.document_facts, facts.acknowledge_by)
    return _row(recorded, **values)


def _closed(recorded: Recorded) -> list[Change]:
    return _row(recorded, status="closed")


WORKLIST = View(
    name="worklist",
    columns=(
        Column("version", "BIGINT", 0),
        Column("position", "BIGINT", 0),
        Column("status", "TEXT", "submitted"),
        Column("opened", "BIGINT", 0),
        Column("sender_authority", "TEXT", ""),
        Column("sender_unit", "TEXT", ""),
        Column("receiver_authority", "TEXT"),
        Column("receiver_unit", "TEXT"),
        Column("mailbox", "TEXT"),
        Column("receiver_key", "TEXT"),
        Column("label_position", "BIGINT"),
        Column("priority", "BIGINT", ROUTINE),
        Column("due", "TEXT", FAR),
        Column("needs_completion", "BIGINT", 0),
        Column("submitted_at", "TEXT", ""),
        Column("submitted_position", "BIGINT", 0),
    ),
    indexes=(
        Index(("mailbox", "status", "opened", "priority", "due", "key")),
        Index(("sender_authority", "sender_unit", "submitted_position")),
        Index(("submitted_position",), STALLED),
    ),
    appliers={
        e.HandoverSubmitted: _submitted,
        e.HandoverHeld: _held,
        e.HandoverRouted: _routed,
        e.HandoverSent: _sent,
        e.HandoverDelivered: _delivered,
        e.HandoverOpened: _opened,
        e.HandoverAcknowledged: _acknowledged,
        e.HandoverTakenOver: _taken_over,
        e.HandoverCompleted: _completed,
        e.HandoverClosed: _closed,
    },
)
