"""What became of a right: never stored, always derived for a log index and a moment (audit-log.md E2)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from domain.events.instant import from_instant
from domain.rights.moment import day_of
from domain.rights.rule import Rule


class State(StrEnum):
    """What became of an obligation. `overdue-but-disputed`: after the strict date, not after the lenient one.

    `to-be-assessed`: not kept as far as the log shows, under a rule that the law leaves unsettled.
    """

    PENDING = "pending"
    FULFILLED = "fulfilled"
    FULFILLED_LATE = "fulfilled-late"
    EXEMPT = "exempt"
    DISPUTED = "overdue-but-disputed"
    VIOLATED = "violated"
    TO_BE_ASSESSED = "to-be-assessed"


BROKEN = frozenset({State.FULFILLED_LATE, State.VIOLATED})
"""States in which a right was not kept."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """An obligation and what became of it, with its reasons.

    `strict` and `lenient` are its two dates (or moments, where it counts hours); None: it has no limit.
    `closed_by` is the entry that closed it; None while no entry does, which the complete log proves.
    `told`: the date that a letter stated, where that is what was judged. `reason`: what exempts from it, or
    why it has no dates though a limit is due.
    """

    rule: str
    basis: tuple[str, ...]
    certainty: str
    authority: str
    handover: UUID
    matter: str
    trigger: int | None
    trigger_event: str
    triggered_at: str
    strict: date | None = None
    lenient: date | None = None
    told: date | None = None
    state: State
    closed_by: int | None = None
    closing_event: str | None = None
    closed_at: str | None = None
    reason: str | None = None
    opened: tuple[str, ...] = ()


def state_of(
    rule: Rule,
    strict: date | None,
    lenient: date | None,
    *,
    closed_at: str | None,
    exempt: bool,
    as_of: str,
) -> State:
    """The state of an obligation with a limit, closed or not, at an instant."""
    late = _lateness(strict, lenient, closed_at or as_of)
    if closed_at is not None:
        if late is State.PENDING:
            return State.EXEMPT if exempt else State.FULFILLED
        # Too late to exempt from what was broken already.
        missed = _not_kept(rule) if exempt else State.FULFILLED_LATE
        return missed if late is State.VIOLATED else late
    return _not_kept(rule) if late is State.VIOLATED else late


def _not_kept(rule: Rule) -> State:
    return State.TO_BE_ASSESSED if rule.certainty == "U" else State.VIOLATED


def not_kept(rule: Rule) -> State:
    """The state of a right that was plainly not kept: one under an unsettled rule is to be assessed."""
    return _not_kept(rule)


def _lateness(strict: date | None, lenient: date | None, at: str) -> State:
    if strict is None or lenient is None or not passed(strict, at):
        return State.PENDING
    return State.VIOLATED if passed(lenient, at) else State.DISPUTED


def passed(end: date, at: str) -> bool:
    """Whether an instant lies after a last day, or a last moment."""
    return from_instant(at) > end if isinstance(end, datetime) else day_of(at) > end
