"""The mailbox view: one row a handover, for the receiver's mailbox and the sender's list.

It commits with the events, so that a mailbox never lags behind what its senders were told.
"""

from collections.abc import Mapping
from typing import Any

from domain.events.model import Recorded
from domain.handover import events as e
from domain.handover import exits as x
from domain.handover import steps as s
from domain.handover.limits import SUPPLY_ENDS, URGENCY, ends_soon, take_over_by
from workflows.views.model import Applier, Change, Column, Index, Only, Value, View

FAR = "9999-12-31T23:59:59.999999Z"
PRIORITIES = {"hurtig-24h": 0, "hurtig-72h": 1}
MEDICINE = 1
ROUTINE = 2
STALLED = Only("status", ("submitted", "held", "routed", "sent"))
"""Those that have not been delivered yet."""
UNRESOLVED = Only("unresolved", (1,))
"""Those for which nobody has the responsibility."""
ON_UNIT_LIST = Only("unit_list", (1,))
"""Those that a unit finds on a list of its own, since no mailbox that it serves holds them."""


def _row(recorded: Recorded, **values: Value) -> list[Change]:
    return _limited(recorded, {}, values)


def _limited(
    recorded: Recorded, least: Mapping[str, tuple[str, ...]], values: Mapping[str, Value]
) -> list[Change]:
    header = recorded.header
    written = {"version": header.stream_version, "position": header.position, **values}
    return [Change(key=str(header.stream), values=written, least=dict(least))]


def _says(**values: Value) -> Applier:
    """An event that says the same of every case."""
    return lambda recorded: _row(recorded, **values)


def priority(facts: e.DocumentFacts, submitted_at: str) -> int:
    """0 is first: by the hours that the urgency allows, and before the routine if medicine ends soon."""
    found = PRIORITIES.get(_code(facts, URGENCY) or "", ROUTINE)
    until = _code(facts, SUPPLY_ENDS)
    return min(found, MEDICINE) if until and ends_soon(until, submitted_at) else found


def _code(facts: e.DocumentFacts, name: str) -> str | None:
    stated = facts.get(name)
    return stated if isinstance(stated, str) else None


def _limits(document: Any, submitted_at: str) -> dict[str, Value]:
    """What a document says of when it must be seen to."""
    facts = document.document_facts
    until = take_over_by(facts, document.template, document.template_version, submitted_at)
    return {
        "priority": priority(facts, submitted_at),
        "urgency": _code(facts, URGENCY),
        "medicine_until": _code(facts, SUPPLY_ENDS),
        "take_over_by": until or FAR,
    }


_TAKE_OVER = {"due": ("take_over_by",)}
_BOTH = {"due": ("acknowledge_by", "take_over_by")}


def _submitted(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverSubmitted)
    values: dict[str, Value] = {
        "status": "submitted",
        "sender_authority": facts.sender_authority,
        "sender_unit": facts.sender_unit,
        "receiver_authority": facts.receiver_authority,
        "receiver_unit": facts.receiver_unit,
        "needs_completion": int(facts.needs_completion),
        "submitted_at": recorded.header.occurred_at,
        "submitted_position": recorded.header.position,
    }
    return _limited(recorded, _TAKE_OVER, values | _limits(facts, recorded.header.occurred_at))


def _imported(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, s.HandoverImported)
    return _row(
        recorded,
        status="imported",
        sender_authority=facts.sender_authority,
        sender_unit=facts.sender_unit,
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
        receiver_key=facts.receiver_key,
        mailbox=str(facts.mailbox) if facts.mailbox else None,
        unit_list=0 if facts.mailbox else 1,
        label_position=recorded.header.position,
        needs_completion=1,
        unresolved=1,
        submitted_at=recorded.header.occurred_at,
        submitted_position=recorded.header.position,
    )


def _held(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverHeld)
    values: dict[str, Value] = {"status": "held"}
    if facts.receiver_authority is not None:
        values |= {"receiver_authority": facts.receiver_authority, "receiver_unit": facts.receiver_unit}
    return _row(recorded, **values)


def _routed(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverRouted)
    return _row(
        recorded,
        status="routed",
        receiver_authority=facts.receiver_authority,
        receiver_unit=facts.receiver_unit,
    )


def _delivered(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverDelivered)
    values: dict[str, Value] = {
        "status": "delivered",
        "mailbox": str(facts.mailbox),
        "receiver_key": facts.citizen_key,
        "label_position": recorded.header.position,
        "acknowledge_by": facts.acknowledge_by,
    }
    return _limited(recorded, _BOTH, values)


def _acknowledged(recorded: Recorded) -> list[Change]:
    return _limited(recorded, _TAKE_OVER, {"status": "acknowledged", "acknowledge_by": FAR})


def _completed(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverCompleted)
    # The urgency is stated only now, so its hours count from now.
    limits = _limits(facts, recorded.header.occurred_at)
    values: dict[str, Value] = {"needs_completion": 0, **limits}
    workflow = recorded.header.workflow
    if workflow is not None and workflow.version > 1:
        values["opened"] = 0
    return _limited(recorded, _BOTH, values)


def _corrected(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, s.HandoverCorrected)
    values: dict[str, Value] = {"opened": 0, **_limits(facts, facts.submitted_at)}
    if facts.delivered:
        values["label_position"] = recorded.header.position
    return _limited(recorded, _BOTH, values)


def _readdressed(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, x.HandoverRedirected | x.HandoverForwarded)
    values: dict[str, Value] = {
        "status": "submitted",
        "opened": 0,
        "receiver_authority": facts.receiver_authority,
        "receiver_unit": facts.receiver_unit,
        "mailbox": None,
        "receiver_key": None,
        "label_position": None,
        "acknowledge_by": FAR,
        "questions": 0,
        "withdrawal": 0,
        "unresolved": 0,
        "shut": 0,
        "assignee": None,
        "unit_list": 0,
    }
    return _limited(recorded, _TAKE_OVER, values)


def _asked(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, s.HandoverQuestionAsked | s.HandoverQuestionAnswered)
    return _row(recorded, questions=facts.waiting)


def _distributed(recorded: Recorded) -> list[Change]:
    assert isinstance(recorded.event, s.HandoverDistributed)
    return _row(recorded, receiver_unit=recorded.event.unit, unit_list=1, assignee=None)


def _assigned(recorded: Recorded) -> list[Change]:
    assert isinstance(recorded.event, s.HandoverAssigned)
    return _row(recorded, assignee=str(recorded.event.assignee))


def _carried_over(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, s.HandoverCarriedOver)
    values: dict[str, Value] = {f"{facts.side}_authority": facts.to_authority}
    if facts.to_unit is not None:
        values[f"{facts.side}_unit"] = facts.to_unit
    if facts.side == "receiver" and facts.citizen_key is not None:
        values["receiver_key"] = facts.citizen_key
        values["mailbox"] = str(facts.mailbox) if facts.mailbox else None
        values["unit_list"] = 0 if facts.mailbox else 1
    if facts.labelled:
        values["label_position"] = recorded.header.position
    return _row(recorded, **values)


def _migrated(recorded: Recorded) -> list[Change]:
    return _row(recorded)


_NO_LIMIT: dict[str, Value] = {"due": FAR, "acknowledge_by": FAR, "take_over_by": FAR}

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
        Column("acknowledge_by", "TEXT", FAR),
        Column("take_over_by", "TEXT", FAR),
        Column("medicine_until", "TEXT"),
        Column("urgency", "TEXT"),
        Column("needs_completion", "BIGINT", 0),
        Column("questions", "BIGINT", 0),
        Column("withdrawal", "BIGINT", 0),
        Column("unresolved", "BIGINT", 0),
        Column("shut", "BIGINT", 0),
        Column("assignee", "TEXT"),
        Column("unit_list", "BIGINT", 0),
        Column("submitted_at", "TEXT", ""),
        Column("submitted_position", "BIGINT", 0),
    ),
    indexes=(
        Index(("mailbox", "status", "opened", "priority", "due", "take_over_by", "key")),
        Index(("sender_authority", "sender_unit", "submitted_position")),
        Index(("receiver_authority", "receiver_unit", "submitted_position")),
        Index(("submitted_position",), STALLED),
        Index(("submitted_position",), UNRESOLVED),
        Index(("receiver_unit", "priority", "due", "take_over_by", "key"), ON_UNIT_LIST),
    ),
    appliers={
        e.HandoverSubmitted: _submitted,
        e.HandoverHeld: _held,
        e.HandoverRouted: _routed,
        e.HandoverSent: _says(status="sent"),
        e.HandoverDelivered: _delivered,
        e.HandoverOpened: _says(opened=1),
        e.HandoverAcknowledged: _acknowledged,
        e.HandoverTakenOver: _says(status="taken_over", unresolved=0, **_NO_LIMIT),
        e.HandoverCompleted: _completed,
        e.HandoverClosed: _says(status="closed"),
        s.HandoverCorrected: _corrected,
        s.HandoverQuestionAsked: _asked,
        s.HandoverQuestionAnswered: _asked,
        s.HandoverDistributed: _distributed,
        s.HandoverAssigned: _assigned,
        s.HandoverMigrated: _migrated,
        s.HandoverCarriedOver: _carried_over,
        s.HandoverImported: _imported,
        s.HandoverImportConfirmed: _says(status="taken_over", opened=1, unresolved=0, **_NO_LIMIT),
        s.HandoverImportDenied: _says(status="returned"),
        x.HandoverReturned: _says(status="returned"),
        x.HandoverDeclined: _says(status="declined"),
        x.HandoverInsisted: _says(),
        x.HandoverResponsibilityUnresolved: _says(unresolved=1),
        x.HandoverResponsibilityResolved: _says(unresolved=0),
        x.HandoverRedirected: _readdressed,
        x.HandoverForwarded: _readdressed,
        x.HandoverWithdrawalRequested: _says(withdrawal=1),
        x.HandoverWithdrawalConfirmed: _says(status="withdrawn", withdrawal=0, **_NO_LIMIT),
        x.HandoverWithdrawalRefused: _says(withdrawal=0),
        x.HandoverWithdrawn: _says(status="withdrawn", withdrawal=0, **_NO_LIMIT),
        x.HandoverMisdirected: _says(status="misdirected", shut=1),
        x.HandoverWrongPerson: _says(status="wrong_person", shut=1, **_NO_LIMIT),
        x.HandoverEnteredInError: _says(status="entered_in_error", shut=1, **_NO_LIMIT),
        x.HandoverCompletedOtherwise: _says(status="completed_otherwise", **_NO_LIMIT),
    },
)
