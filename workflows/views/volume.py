"""Volume: one row a handover, counted by municipality, month and direction for the steering group.

It counts handovers with an overgangsdokument; a resend or a redirect never makes a new row, and
a MedCom message counts from its completion.
"""

from domain.calendar.working_days import danish_day
from domain.course.events import CaseFactRetracted, TreatmentStarted
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover import events as e
from domain.handover import exits as x
from domain.handover.parties import municipality_of
from workflows.views.model import Change, Column, Index, Value, View


def _row(recorded: Recorded, **values: Value) -> list[Change]:
    return [Change(key=str(recorded.header.stream), values=values)]


def month(instant: str) -> str:
    """The month in Denmark of an instant, as yyyy-mm."""
    return danish_day(from_instant(instant)).strftime("%Y-%m")


def _submitted(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverSubmitted)
    return _row(
        recorded,
        month=month(recorded.header.occurred_at),
        direction=facts.direction,
        municipality=municipality_of(facts.sender_authority, facts.receiver_authority),
        counts=int(facts.counts_as_overgangsdokument),
    )


def _started(recorded: Recorded) -> list[Change]:
    """It stands in a stream of its own, so that the row is the handover's by name."""
    assert isinstance(recorded.event, TreatmentStarted)
    return [Change(key=str(recorded.event.handover), values={"started": 1})]


def _retracted(recorded: Recorded) -> list[Change]:
    assert isinstance(recorded.event, CaseFactRetracted)
    if recorded.event.retracts != TreatmentStarted.NAME:
        return []
    return [Change(key=str(recorded.event.handover), values={"started": 0})]


def _delivered(recorded: Recorded) -> list[Change]:
    facts = recorded.event
    assert isinstance(facts, e.HandoverDelivered)
    return _row(
        recorded,
        delivered=1,
        direction=facts.direction,
        municipality=municipality_of(facts.sender_authority, facts.receiver_authority),
    )


VOLUME = View(
    name="volume",
    columns=(
        Column("month", "TEXT"),
        Column("direction", "TEXT"),
        Column("municipality", "TEXT"),
        Column("counts", "BIGINT", 0),
        Column("sent", "BIGINT", 0),
        Column("delivered", "BIGINT", 0),
        Column("opened", "BIGINT", 0),
        Column("acknowledged", "BIGINT", 0),
        Column("taken_over", "BIGINT", 0),
        Column("started", "BIGINT", 0),
        Column("returned", "BIGINT", 0),
        Column("declined", "BIGINT", 0),
        Column("withdrawn", "BIGINT", 0),
    ),
    indexes=(Index(("month", "municipality")),),
    appliers={
        e.HandoverSubmitted: _submitted,
        e.HandoverSent: lambda recorded: _row(recorded, sent=1),
        e.HandoverDelivered: _delivered,
        e.HandoverOpened: lambda recorded: _row(recorded, opened=1),
        e.HandoverAcknowledged: lambda recorded: _row(recorded, acknowledged=1),
        e.HandoverTakenOver: lambda recorded: _row(recorded, taken_over=1),
        e.HandoverCompleted: lambda recorded: _row(recorded, counts=1),
        TreatmentStarted: _started,
        CaseFactRetracted: _retracted,
        x.HandoverReturned: lambda recorded: _row(recorded, returned=1),
        x.HandoverDeclined: lambda recorded: _row(recorded, declined=1),
        x.HandoverWithdrawn: lambda recorded: _row(recorded, withdrawn=1),
        x.HandoverWithdrawalConfirmed: lambda recorded: _row(recorded, withdrawn=1),
        # What should never have been made, and what was about somebody else, is no handover.
        x.HandoverEnteredInError: lambda recorded: _row(recorded, counts=0),
        x.HandoverWrongPerson: lambda recorded: _row(recorded, counts=0),
    },
)
