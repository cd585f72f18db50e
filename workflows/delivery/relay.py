"""The relay: the log is the outbox (design section 7).

It follows the log from a durable cursor and does what an event asks for outside its own
transaction: at least once, with exactly one effect, because each effect claims its cause.
It holds no transaction while it works. What fails again and again is put aside, where it can be
seen, so that what stands behind it need not wait; it is tried again at a start and every hour.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

from domain.course.events import VisitationEnded, VisitationStarted
from domain.events.model import Decided, Facts, Recorded
from domain.handover.commands import DeliverStalled
from domain.handover.events import LeadAlerted, OutsideAccessUsed
from domain.handover.exits import (
    HandoverDeclined,
    HandoverResponsibilityUnresolved,
    HandoverWrongPerson,
)
from domain.handover.fold import fold
from domain.handover.parties import REGION, kind_of
from domain.handover.steps import HandoverCorrected
from domain.handover.streams import escalations_of, event_reference
from domain.identity.events import ReplacementNumberMerged
from domain.register.events import MainMailboxRegistered
from domain.register.mailbox_events import MainMailboxConfirmed
from domain.register.succession_events import AuthoritySucceeded, UnitSucceeded
from domain.rights.decisions import EndingNotified
from domain.rights.disclosure import ConsentGiven, ConsentWithdrawn, ObjectionLifted, ObjectionRegistered
from domain.rights.letters import LetterSent
from workflows.delivery.letters import post_letter
from workflows.handlers.deliver import deliver_stalled
from workflows.handlers.envelope import own_event
from workflows.handlers.quarantine import shut_away
from workflows.handlers.services import SYSTEM, Context, Services
from workflows.ports.log import Append, Cursor, RegisterClash, StreamConflict
from workflows.ports.vault import KeyDestroyed, OpenBody

BATCH = 100
STALLED_AT_ONCE = 200


class DeliveryFailed(Exception):
    """A waiting handover could not be tried, for another reason than that it must wait."""


def _alert_lead(services: Services, recorded: Recorded, open_body: OpenBody) -> None:
    """Tell the lead of the unit whose case was read from outside."""
    event, header = recorded.event, recorded.header
    assert isinstance(event, OutsideAccessUsed)
    alerted = LeadAlerted(handover=event.handover, case_unit=event.case_unit, about_position=header.position)
    try:
        services.log.append(
            Append(
                events=(
                    own_event(
                        Decided(event=alerted),
                        stream=escalations_of(event.handover),
                        authority=header.controller,
                        purpose="supervision",
                        subjects=tuple(subject.key_id for subject in header.subjects),
                    ),
                ),
                actor=SYSTEM,
                correlation_id=header.correlation_id,
                causation_id=event_reference(header.position),
                claims=(f"alert:{header.position}",),
            )
        )
    except RegisterClash:
        return


def _activate_alias(services: Services, recorded: Recorded, open_body: OpenBody) -> None:
    assert isinstance(recorded.event, ReplacementNumberMerged)
    services.subjects.activate_alias(recorded.event.alias)


def _alert_leaders(services: Services, recorded: Recorded, open_body: OpenBody) -> None:
    """Tell both parties' leaders: the receiver says no, or nobody says yes (design section 5)."""
    header = recorded.header
    state = services.log.fold(getattr(recorded.event, "handover", header.stream), fold)
    assert state is not None, "a step or a fact has a case"
    sides = (
        (state.sender_authority, state.sender_unit, state.sender_key),
        (state.receiver_authority, state.receiver_unit, state.receiver_key),
    )
    events = tuple(
        own_event(
            Decided(event=LeadAlerted(handover=state.id, case_unit=unit, about_position=header.position)),
            stream=escalations_of(state.id),
            authority=authority,
            purpose="supervision",
            subjects=(key,),
        )
        for authority, unit, key in sides
        if authority and unit and key
    )
    with suppress(RegisterClash):
        services.log.append(
            Append(
                events=events,
                actor=SYSTEM,
                correlation_id=header.correlation_id,
                causation_id=event_reference(header.position),
                claims=(f"alert:{header.position}",),
            )
        )


def _shut_away(services: Services, recorded: Recorded, open_body: OpenBody) -> None:
    """The vault follows what the log has shut: a crash may have come in between."""
    state = services.log.fold(recorded.header.stream, fold)
    assert state is not None, "a step has a case"
    shut_away(services, state, recorded.event)


def _deliver_waiting(services: Services, recorded: Recorded, open_body: OpenBody) -> None:
    with suppress(DeliveryFailed):
        # The tick meets the same fault and says so; other effects must not wait for it.
        deliver_all_stalled(services, open_body)


def _visited(services: Services, recorded: Recorded, open_body: OpenBody) -> None:
    """Visitation is the region's to say (SUL §82c): by another, both leaders are told."""
    if kind_of(recorded.header.authority) != REGION:
        _alert_leaders(services, recorded, open_body)


def _corrected(services: Services, recorded: Recorded, open_body: OpenBody) -> None:
    """What waited may go now; who has taken over already may act on what counts no more, and is told."""
    state = services.log.fold(recorded.header.stream, fold)
    if state is not None and state.taken_over_at is not None and not state.is_back:
        _alert_leaders(services, recorded, open_body)
    _deliver_waiting(services, recorded, open_body)


EFFECTS: Mapping[type[Facts], Callable[[Services, Recorded, OpenBody], None]] = {
    OutsideAccessUsed: _alert_lead,
    ReplacementNumberMerged: _activate_alias,
    MainMailboxRegistered: _deliver_waiting,
    HandoverCorrected: _corrected,
    HandoverDeclined: _alert_leaders,
    HandoverResponsibilityUnresolved: _alert_leaders,
    HandoverWrongPerson: _shut_away,
    VisitationStarted: _visited,
    VisitationEnded: _visited,
    LetterSent: post_letter,
    ConsentWithdrawn: _alert_leaders,
    ObjectionRegistered: _alert_leaders,
    EndingNotified: _alert_leaders,
    ConsentGiven: _deliver_waiting,
    ObjectionLifted: _deliver_waiting,
    MainMailboxConfirmed: _deliver_waiting,
    AuthoritySucceeded: _deliver_waiting,
    UnitSucceeded: _deliver_waiting,
}
"""Event -> what it asks for."""


def relay_step(services: Services, cursor: Cursor, open_body: OpenBody) -> int:
    """Deal with the next events; returns how many.

    An effect that fails raises, and is tried again by the next step, until the cursor puts it aside.
    """
    events = _next(services, cursor)
    if events is None:
        return 1
    for recorded in events:
        if type(recorded.event) in EFFECTS:
            position = recorded.header.position
            try:
                _carry_out(services, recorded, open_body)
            except Exception as error:
                if not cursor.failed(position, error):
                    raise
            else:
                cursor.advance(position)
    if events:
        cursor.advance(events[-1].header.position)
    return len(events)


def _next(services: Services, cursor: Cursor) -> list[Recorded] | None:
    """The next events, as many as can be read; None when the next one cannot and was put aside."""
    after = cursor.position()
    with suppress(Exception):
        return services.log.read(after, BATCH)
    # One of them cannot be read, and those before it are not to wait for it.
    try:
        return services.log.read(after, 1)
    except Exception as error:
        if not cursor.failed(after + 1, error, reading=True):
            raise
    return None


def _carry_out(services: Services, recorded: Recorded, open_body: OpenBody) -> None:
    effect = EFFECTS.get(type(recorded.event))
    if effect is not None:
        effect(services, recorded, open_body)


def retry_parked(services: Services, cursor: Cursor, open_body: OpenBody) -> int:
    """Try once more what was put aside; returns how much of it is dealt with now."""
    done = 0
    for position in cursor.parked():
        # What still fails stays where it is, and in the metric.
        with suppress(Exception):
            _carry_out(services, services.log.at([position])[position], open_body)
            cursor.unpark(position)
            done += 1
    return done


def deliver_all_stalled(services: Services, open_body: OpenBody) -> int:
    """Try every waiting handover once; returns how many were delivered.

    One that cannot be tried keeps none of the others waiting; DeliveryFailed comes at the end.
    """
    delivered, after, fault = 0, -1, None
    while rows := services.worklists.stalled(after, STALLED_AT_ONCE):
        for row in rows:
            context = Context(actor=SYSTEM, correlation_id=services.ids.uuid())
            command = DeliverStalled(handover=row.handover)
            try:
                delivered += deliver_stalled(services, context, command, open_body)
            except (StreamConflict, KeyDestroyed):
                # Another process took it on in the same moment; or the citizen was forgotten.
                continue
            except Exception as error:  # whatever it is, the others go on
                fault = error
        after = rows[-1].position
    if fault is not None:
        raise DeliveryFailed from fault
    return delivered
