"""Redirect and forward: the handover begins a new leg to another receiver.

The new leg is routed and delivered at once where it can be, by the same steps as a handover that waited;
a crash in between is taken up by the tick. What the basis does not cover goes back to the sender.
"""

from domain.events.model import Decided
from domain.handover import decide_steps as d
from domain.handover.exits import HandoverReturned
from domain.handover.state import Handover
from domain.handover.step_commands import ForwardHandover, RedirectHandover
from workflows.handlers.case import Planned, append, of_ones_own, ready, seal_note
from workflows.handlers.deliver import deliver_now
from workflows.handlers.disputes import after_return
from workflows.handlers.guard import Asked, refuse
from workflows.handlers.quarantine import read_astray
from workflows.handlers.refusals import refusal
from workflows.handlers.routing import authority_of_unit, place_of, register
from workflows.handlers.services import Context, Services
from workflows.ports.log import Outcome
from workflows.ports.vault import OpenBody
from workflows.rules.conditions import consent_covers, disclosure_basis

UNKNOWN = "receiver-unknown"
OUTSIDE_CONSENT = "outside-consent"
"""Why a forwarding became a return: the receiver it was meant for is not one the consent names."""


def redirect(services: Services, context: Context, command: RedirectHandover, open_body: OpenBody) -> Outcome:
    """The sender addresses it to another receiver. Raises Refused."""
    of_ones_own(services, context, command.handover, "redirect")
    authority, unit, code = _receiver(services, context, command)
    asked = Asked(target=None if code else authority)
    state = ready(services, context, command.handover, command.expected_version, "redirect", asked)
    if authority is None or code is not None:
        refuse(services, context, "redirect", refusal(code or UNKNOWN), state)
    planned = Planned(decided=d.decide_redirect(state, authority, unit))
    outcome = append(services, context, state, [planned])
    deliver_now(services, context, state.id, open_body)
    return outcome


def forward(services: Services, context: Context, command: ForwardHandover, open_body: OpenBody) -> Outcome:
    """The receiver passes it on; to one outside the consent it goes back to the sender instead."""
    state = of_ones_own(services, context, command.handover, "forward")
    authority, unit, code = _receiver(services, context, command)
    back = authority is not None and _goes_back(state, authority)
    step, asked = ("return", Asked()) if back else ("forward", Asked(target=None if code else authority))
    state = ready(services, context, state.id, command.expected_version, step, asked)
    if authority is None or code is not None:
        refuse(services, context, "forward", refusal(code or UNKNOWN), state)
    note, sealed = seal_note(services, state, command.note, context.actor.authority)
    if back:
        returned = HandoverReturned(reason=OUTSIDE_CONSENT, suggested=authority, note=note)
        planned = [Planned(decided=Decided(event=returned)), *after_return(state, services.clock.now())]
        return append(services, context, state, planned, sealed, read_astray(services, state, returned))
    forwarded = Planned(
        decided=d.decide_forward(state, authority, unit, note),
        legal_basis=disclosure_basis(state.document_facts),
    )
    breach = read_astray(services, state, forwarded.decided.event)
    outcome = append(services, context, state, [forwarded], sealed, breach)
    deliver_now(services, context, state.id, open_body)
    return outcome


def _goes_back(state: Handover, authority: str) -> bool:
    """To the sender itself, and to whom the consent does not cover."""
    covered = consent_covers(state.document_facts, state.addressed, authority)
    return not covered or authority == state.sender_authority


def _receiver(
    services: Services, context: Context, command: RedirectHandover | ForwardHandover
) -> tuple[str | None, str | None, str | None]:
    """The authority and unit that a command names, or their successors; and what is wrong with them."""
    authority, unit = command.receiver_authority, command.receiver_unit
    if unit is not None:
        found = authority_of_unit(services.log, unit)
        authority = found if authority in (None, found) else None
    elif authority is not None and register(services.log, authority) is None:
        authority = None
    if authority is None:
        return None, None, UNKNOWN
    place = place_of(services.log, authority, unit, services.clock.now(), {})
    authority, unit = place or (authority, unit)
    return authority, unit, "receiver-is-sender" if authority == context.actor.authority else None
