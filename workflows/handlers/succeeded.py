"""Whose place an authority or a unit has taken, by the successions that hold (OVL §§6-7, 10; JFB §45)."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.handover.steps import HandoverCarriedOver
from domain.register.state import Register
from workflows.handlers.guard import refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.routing import authority_of_unit, place_of
from workflows.handlers.services import Context, Services
from workflows.ports.lists import Place, SuccessionRow


def places_of(services: Services, authority: str, unit: str | None) -> frozenset[Place]:
    """The place itself, and each whose place it has taken by now: units of a unit, else authorities."""
    return taken_by(services.worklists.successions(to_instant(services.clock.now())), authority, unit)


def taken_by(successions: Sequence[SuccessionRow], authority: str, unit: str | None) -> frozenset[Place]:
    """The same, by these successions."""
    found, waiting = {(authority, unit)}, [(authority, unit)]
    while waiting:
        successor = waiting.pop()
        for row in successions:
            taken = (row.authority, row.unit)
            if (row.successor_authority, row.successor_unit) == successor and taken not in found:
                found.add(taken)
                waiting.append(taken)
    return frozenset(found)


def seen_as(services: Services, handover: UUID, authority: str) -> frozenset[str]:
    """An authority, and those whose place it has taken: as a whole, or on this case."""
    return seen_on(authorities_of(services, authority), services.log.stream(handover))


def authorities_of(services: Services, authority: str) -> frozenset[str]:
    """An authority, and those whose place it has taken as a whole."""
    return frozenset(place[0] for place in places_of(services, authority, None))


def seen_on(authorities: frozenset[str], steps: Sequence[Recorded]) -> frozenset[str]:
    """The same authorities, and those whose place they have taken on the case with these steps."""
    found = set(authorities)
    for recorded in reversed(steps):
        event = recorded.event
        if isinstance(event, HandoverCarriedOver) and event.to_authority in found:
            found.add(event.from_authority)
    return frozenset(found)


def as_of_now(services: Services, context: Context, command: str) -> Context:
    """The caller as she stands now. Raises Refused where nobody stands in her unit's place yet.

    Whoever let her in may not have heard of the succession yet, or know the authority's successor and none of
    the unit's: what she began under that name would be nobody's to carry over.
    """
    actor = context.actor
    if actor.unit is None:
        return context
    place = _place_now(services, actor.authority, actor.unit)
    if place is None:
        refuse(services, context, command, refusal("sender-succeeded"))
    now = msgspec.structs.replace(actor, authority=place[0], unit=place[1])
    return msgspec.structs.replace(context, actor=now)


def _place_now(services: Services, authority: str, unit: str) -> Place | None:
    now, read = services.clock.now(), dict[str, Register | None]()
    place = place_of(services.log, authority, unit, now, read)
    known = read[authority]
    if place != (authority, unit) or known is None or unit in known.units:
        return place
    before = authority_of_unit(services.log, unit)
    found = place_of(services.log, before, unit, now, read) if before is not None else place
    # A unit of somebody who was not succeeded by this authority is no unit that was succeeded.
    return found if found is None or found[0] == authority else place
