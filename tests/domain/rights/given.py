"""What happened on a case, told without a log: moments with times of their own, and the verdicts on them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.calendar.working_days import COPENHAGEN
from domain.events.catalogue import event_type
from domain.events.instant import to_instant
from domain.events.model import Facts
from domain.rights.judge import judge, uses_of
from domain.rights.model import RightsEvent
from domain.rights.moment import OF_DOCUMENT, Moment
from domain.rights.rule import Rule, rights_rules
from domain.rights.verdict import State, Verdict
from tests.domain.rights.samples import HANDOVER, SPACE, sample

TOWN, OTHER_TOWN, REGION, EAST = "0370", "0330", "1085", "1099"
CASEWORKER = uuid5(SPACE, "caseworker")
_MICROSECOND = timedelta(microseconds=1)


def at(day: str, clock: str = "09:00") -> str:
    """The instant of a Danish day and time."""
    return to_instant(datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), COPENHAGEN))


def last_moment(day: str) -> str:
    """The last microsecond of a Danish day."""
    return to_instant(datetime.combine(date.fromisoformat(day), time.max, COPENHAGEN))


def day_after(day: str) -> str:
    """The first microsecond of the Danish day after."""
    return to_instant(datetime.combine(date.fromisoformat(day), time.max, COPENHAGEN) + _MICROSECOND)


def did(event: type[Facts], when: str, by: str = TOWN, actor: UUID = CASEWORKER, /, **facts: Any) -> Moment:
    """Something that happened: on a day (at nine) or at an instant, in an authority's lane."""
    return Moment(
        event=event.NAME,
        facts=_facts(event, facts),
        occurred_at=at(when) if len(when) == len("2026-01-01") else when,
        position=None,
        controller=by,
        actor=actor,
    )


def _facts(event: type[Facts], stated: dict[str, Any]) -> dict[str, Any]:
    """All facts of an event of the lane; of any other those that a rule may look at."""
    written = {name: _text(value) for name, value in stated.items()}
    if issubclass(event, RightsEvent):
        made = sample(event, **{name: value for name, value in stated.items() if value is not MISSING})
        found = {name: _text(getattr(made, name)) for name in event.__struct_fields__}
    else:
        unknown = set(stated) - {*event.__struct_fields__, "handover", *fields_of_document(event)}
        assert not unknown, f"{event.NAME} has no {unknown}"
        found = {"handover": str(HANDOVER)}
    return {name: value for name, value in (found | written).items() if stated.get(name) is not MISSING}


def fields_of_document(event: type[Facts]) -> set[str]:
    """What a rule may ask of an event that brings a document, beside its own facts."""
    return set(OF_DOCUMENT) if "document_facts" in event.__struct_fields__ else set()


MISSING = object()
"""Of a fact that an event of the future, or of damaged data, does not have."""


def _text(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def event_class(name: str) -> type[Facts]:
    """An event's class by its stable name."""
    return event_type(name).facts


def numbered(moments: Iterable[Moment]) -> list[Moment]:
    """As they would stand on the log if they were recorded in this order; by when they happened."""
    return in_order(
        Moment(
            event=one.event,
            facts=one.facts,
            occurred_at=one.occurred_at,
            position=position,
            controller=one.controller,
            actor=one.actor,
        )
        for position, one in enumerate(moments)
    )


def in_order(moments: Iterable[Moment]) -> list[Moment]:
    """By when they happened; what happened at once, by its entry."""
    return sorted(moments, key=lambda one: (one.occurred_at, one.position or 0))


def verdicts(*moments: Moment, as_of: str, rules: Iterable[Rule] | None = None) -> list[Verdict]:
    """What became of every right at an instant, of what had happened by then."""
    known = [one for one in numbered(moments) if one.occurred_at <= as_of]
    return judge(known, HANDOVER, as_of, None if rules is None else uses_of(rules))


def of(rule: str, *moments: Moment, as_of: str) -> Verdict:
    """The one verdict under a rule."""
    [found] = [one for one in verdicts(*moments, as_of=as_of) if one.rule == rule]
    return found


def states(rule: str, *moments: Moment, as_of: str) -> list[State]:
    """The states under a rule, by trigger."""
    return [one.state for one in verdicts(*moments, as_of=as_of) if one.rule == rule]


def broken(rule: Rule) -> State:
    """What a right is that was plainly not kept: one that the law leaves unsettled is to be assessed."""
    return State.TO_BE_ASSESSED if rule.certainty == "U" else State.VIOLATED


def rule_of(name: str) -> Rule:
    """A rule of the register."""
    return rights_rules()[name]
