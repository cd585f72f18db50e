"""The time of decision that an authority had published when a case began (RSL §3(2), §3a).

Publications stand in the authorities' registers and are given to `judge` among all that has happened.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from uuid import UUID

import msgspec

from domain.calendar.counting import DayUnit
from domain.events.model import Recorded
from domain.handover.streams import register_of
from domain.law.deadline_register import published_limits
from domain.register.processing_events import ProcessingTimePublished
from domain.rights.moment import Moment, day_of
from domain.rights.rule import rights_rules

PUBLICATION = ProcessingTimePublished.NAME
NOT_PUBLISHED = "length-not-published"
"""Why a verdict has no dates: nothing was published that says how long it may take."""


@cache
def published_rules() -> frozenset[str]:
    """The rules whose limit is as long as its owner has published."""
    return frozenset(
        name for name, rule in rights_rules().items() if rule.limit is not None and rule.limit.published
    )


@cache
def _starting() -> frozenset[str]:
    return frozenset(match.event for name in published_rules() for match in rights_rules()[name].triggers)


def publications(
    case: Iterable[Recorded], authorities: Iterable[str], read: Callable[[UUID], Iterable[Recorded]]
) -> list[Recorded]:
    """What authorities have published, where something on a case starts a time that depends on it.

    `read` gives the streams of their registers; of a case without such a time none is read.
    """
    if not any(one.header.event in _starting() for one in case):
        return []
    return [
        one
        for authority in sorted(authorities)
        for one in read(register_of(authority))
        if isinstance(one.event, ProcessingTimePublished)
    ]


class Length(msgspec.Struct, frozen=True, kw_only=True):
    """How long an authority has said that a decision takes."""

    length: int
    unit: DayUnit


class Publications:
    """What authorities have published, by authority and legal basis."""

    def __init__(self, moments: Iterable[Moment]) -> None:
        self._by: dict[tuple[str, str], list[Moment]] = {}
        for one in moments:
            if one.event == PUBLICATION:
                key = (str(one.fact("authority")), str(one.fact("legal_basis")))
                self._by.setdefault(key, []).append(one)

    def length(self, authority: str, legal_basis: str | None, at: str) -> Length | None:
        """What the authority had published by the Danish day of an instant; None: nothing.

        What had been entered by that day goes first: no later entry, dated back, changes a limit that ran. An
        entry made later counts only where there was none. Of several the one that holds from the latest day
        counts. A length of the data file stands for a municipality that has none under that basis.
        """
        day = day_of(at).isoformat()
        in_force = [
            one
            for one in self._by.get((authority, str(legal_basis)), [])
            if str(one.fact("valid_from")) <= day
        ]
        entered = [one for one in in_force if day_of(one.occurred_at).isoformat() <= day]
        found = max(entered or in_force, key=_order, default=None)
        if found is not None:
            return _length(found.facts)
        on_file = published_limits().get(authority)
        return None if on_file is None else Length(length=on_file.length, unit=on_file.unit)


def _order(one: Moment) -> tuple[str, str, int]:
    return str(one.fact("valid_from")), one.occurred_at, one.position or 0


def _length(facts: Mapping[str, object]) -> Length:
    return msgspec.convert({name: facts[name] for name in ("length", "unit")}, Length)


def legal_basis_of(trigger: Moment, matter: str, key: str, past: Sequence[Moment]) -> str | None:
    """What the trigger says of its legal basis, or what was said last of the matter before it."""
    said = trigger.fact("legal_basis") or next(
        (
            one.fact("legal_basis")
            for one in reversed(past)
            if one.fact("legal_basis") and one.event != PUBLICATION and str(one.fact(key)) == matter
        ),
        None,
    )
    return None if said is None else str(said)
