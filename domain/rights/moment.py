"""An event as the rules see it: its name, its facts, when it happened, and whose it is."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.steps import HandoverCarriedOver
from domain.rights.awareness import COPY
from domain.rights.rule import CONTROLLER, Match, Values
from domain.rights.say import BASIS

OF_DOCUMENT: Mapping[str, str] = MappingProxyType({"disclosure_basis": BASIS, "copy": COPY})
"""What a rule may ask of an event that brings a document -> the document's fact."""


@lru_cache(maxsize=4096)
def day_of(instant: str) -> date:
    """The Danish day of an instant."""
    return danish_day(from_instant(instant))


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened. `position` is None of what is only proposed."""

    event: str
    facts: Mapping[str, Any]
    occurred_at: str
    position: int | None
    controller: str
    actor: UUID | None = None

    def fact(self, name: str) -> Any:
        """A fact by its name; None where the event has none such."""
        return self.facts.get(name)

    def owner(self, field: str) -> str:
        """Whose it is: the controller, or the authority that a fact names."""
        found = self.controller if field == CONTROLLER else self.facts.get(field)
        return str(found or self.controller)


def moment(recorded: Recorded) -> Moment:
    """A recorded event as the rules see it."""
    header = recorded.header
    return Moment(
        event=header.event,
        facts=facts_of(recorded),
        occurred_at=header.occurred_at,
        position=header.position,
        controller=header.controller,
        actor=header.actor,
    )


def facts_of(recorded: Recorded) -> Mapping[str, Any]:
    """An event's facts by name, ids as text; a handover's own step concerns the handover of its stream.

    Of a document also what it is disclosed on, and whether she was given a copy.
    """
    facts: dict[str, Any] = msgspec.to_builtins(recorded.event)
    facts.setdefault("handover", str(recorded.header.stream))
    if (document := facts.get("document_facts")) is not None:
        facts |= {name: document.get(field) for name, field in OF_DOCUMENT.items()}
    return facts


def in_time_order(events: Iterable[Recorded], as_of: str | None) -> list[Moment]:
    """The events by when they happened, up to an instant: facts have two times, and the law counts the first.

    What was recorded wrongly and retracted is left out by whoever gives the events.
    """
    found = [moment(one) for one in events if as_of is None or one.header.occurred_at <= as_of]
    return sorted(found, key=lambda one: (one.occurred_at, one.position or 0))


def matches(match: Match, found: Moment) -> bool:
    """Whether an event is the one that a rule means."""
    if match.event != found.event or not says(match.when, found):
        return False
    return not match.unless or not any(_one_of(found, name, values) for name, values in match.unless.items())


def says(facts: Mapping[str, Values], found: Moment) -> bool:
    """Whether an event's facts say all of this."""
    return not facts or all(_one_of(found, name, values) for name, values in facts.items())


def _one_of(found: Moment, name: str, values: Values) -> bool:
    """A list of codes says so when it holds one of the values."""
    said = found.facts.get(name)
    if isinstance(said, (list, tuple)):
        return any(one in values for one in said)
    return said in values


def successors(moments: Iterable[Moment]) -> dict[str, str]:
    """Authority -> who has taken its place in the case."""
    return {
        str(one.fact("from_authority")): str(one.fact("to_authority"))
        for one in moments
        if one.event == HandoverCarriedOver.NAME
    }
