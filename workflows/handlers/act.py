"""The receiver's steps: acknowledge, take over, close. And the sender's: complete a message."""

from collections.abc import Sequence

from domain.calendar.working_days import danish_day
from domain.events.model import Decided
from domain.handover.commands import Acknowledge, CloseHandover, CompleteHandover, TakeOver
from domain.handover.decide import (
    decide_acknowledge,
    decide_close,
    decide_complete,
    decide_take_over,
)
from domain.handover.state import Handover
from workflows.handlers.case import Planned, append, readers_of, ready, seal, telephoned
from workflows.handlers.correct import check_document
from workflows.handlers.guard import Asked, refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.services import Context, Services
from workflows.ports.log import Outcome
from workflows.rules.conditions import CONDITIONS, Situation, disclosure_basis


def acknowledge(services: Services, context: Context, command: Acknowledge) -> Outcome:
    """Confirm receipt for the authority."""
    state = ready(services, context, command.handover, command.expected_version, "acknowledge")
    return append(services, context, state, _planned([decide_acknowledge()]))


def take_over(services: Services, context: Context, command: TakeOver) -> Outcome:
    """Accept the handover; acknowledges what was not yet acknowledged."""
    state = ready(services, context, command.handover, command.expected_version, "take_over")
    return append(services, context, state, _planned(decide_take_over(state)))


def close(services: Services, context: Context, command: CloseHandover) -> Outcome:
    """End the handover with an outcome."""
    state = ready(services, context, command.handover, command.expected_version, "close")
    return append(services, context, state, _planned([decide_close(command.outcome)]))


def _planned(decided: Sequence[Decided]) -> list[Planned]:
    return [Planned(decided=one) for one in decided]


def complete(services: Services, context: Context, command: CompleteHandover) -> Outcome:
    """Give a message its overgangsdokument; both parties' copies get keys of their own."""
    asked = Asked(facts=command.document.facts)
    state = ready(services, context, command.handover, command.expected_version, "complete", asked)
    check_document(services, context, state, command.document, "complete")
    _check_disclosure(services, context, state, command)
    readers = readers_of(state, state.sender_authority)
    sealed = seal(services, state, command.document, readers)
    decided = decide_complete(state, command.document, sealed.id, sealed.ciphertext_sha256)
    planned = Planned(
        decided=decided, legal_basis=disclosure_basis(command.document.facts), visible_to=readers
    )
    called = telephoned(state.id, command.document, state.sender_authority, readers, state.sender_key)
    return append(services, context, state, [planned], (sealed,), called)


def _check_disclosure(
    services: Services, context: Context, state: Handover, command: CompleteHandover
) -> None:
    """A completion carries content: it has a live basis, and goes to whom it concerns.

    The first workflow does not name these conditions, and its cases still run.
    """
    if state.is_back:  # it reaches nobody now; the next leg asks
        return
    today = danish_day(services.clock.now())
    situation = Situation(facts=command.document.facts, today=today, state=state)
    for name in ("disclosure-basis-live", "receiver-acts"):
        if not CONDITIONS[name](situation):
            refuse(services, context, "complete", refusal(name), state)
