"""Receipts of what was registered in a lane of rights, and whom the citizen calls about it."""

from collections.abc import Iterable

from api.bootstrap import Overgang
from audit.replay.names import Names
from audit.replay.own_view import names_of
from audit.replay.receipt import receipt
from domain.course.responsibility import Duty, duty_timeline
from domain.course.spans import value_at
from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.handover.state import Handover
from domain.handover.streams import facts_of, register_of
from domain.rights.events import holding
from workflows.handlers.contact import Contact, contact_of
from workflows.handlers.rights import LaneOfRights, verdicts_of


def names_in(overgang: Overgang, authorities: Iterable[str]) -> Names:
    """What the register calls these authorities and their units."""
    return names_of([one for each in authorities for one in overgang.log.stream(register_of(each))])


def contact_now(overgang: Overgang, state: Handover) -> Contact | None:
    """Whom the citizen calls."""
    now = overgang.clock.now()
    case = [*overgang.log.stream(state.id), *overgang.log.stream(facts_of(state.id))]
    return contact_of(overgang.log, state, value_at(duty_timeline(case), to_instant(now)), now)


def receipt_of(overgang: Overgang, state: Handover, lane: LaneOfRights, recorded: Recorded) -> str:
    """The receipt of an event of a lane, in Danish; what follows from it is told as it stands now."""
    now = overgang.clock.now()
    theirs = Duty(kind="authority", authority=lane.authority, reason="registered")
    return receipt(
        recorded,
        verdicts_of(overgang.services, state.id, lane.authority, to_instant(now)),
        names_in(overgang, (recorded.header.controller, lane.authority)),
        contact_of(overgang.log, state, theirs, now),
        holds=any(one.header.position == recorded.header.position for one in holding(lane.events)),
    )
