"""All that is still to be done on a handover: the citizen's rights, and the handover's own limits."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

import msgspec

from domain.due.events import DeadlineWarned
from domain.due.obligation import Obligation
from domain.due.own import own_obligations, walk
from domain.events.model import Recorded
from domain.handover.streams import breaches_of, escalations_of, facts_of, rights_of
from domain.rights.case import judge_case
from domain.rights.published import publications
from domain.rights.rule import rights_rules
from domain.rights.verdict import Verdict

ALWAYS = "9999-01-01T00:00:00.000000Z"
"""After all that is recorded: what is open does not depend on the hour at which it is asked."""

ReadStream = Callable[[UUID], Iterable[Recorded]]


def obligations(read: ReadStream, handover: UUID) -> list[Obligation]:
    """What nothing has closed on a handover, from its streams alone; of one that does not exist, nothing."""
    steps = list(read(handover))
    walked = walk(steps)
    if walked is None:
        return []
    events = [*steps, *read(facts_of(handover)), *read(breaches_of(handover))]
    were = parties(steps)
    for authority in were:
        events += read(rights_of(handover, authority))
    events += publications(events, were, read)
    verdicts = judge_case(events, handover, ALWAYS)
    found = [_owed(one, walked.units) for one in verdicts if _is_open(one)]
    found += own_obligations(walked)
    warned = _warned(read(escalations_of(handover)))
    return [msgspec.structs.replace(one, warned=tuple(warned.get(one.id, ()))) for one in found]


def parties(steps: Iterable[Recorded]) -> tuple[str, ...]:
    """Every authority that was ever a party, or was meant to be one: each may have a lane of rights."""
    found: dict[str, None] = {}
    for one in steps:
        for field in ("sender_authority", "receiver_authority", "to_authority"):
            if (authority := getattr(one.event, field, None)) is not None:
                found[authority] = None
    return tuple(found)


def _is_open(verdict: Verdict) -> bool:
    """What can still be done: a right that binds before an act is kept or broken at that act."""
    return (
        rights_rules()[verdict.rule].kind == "after"
        and verdict.closed_by is None
        and verdict.closed_at is None
    )


def _owed(verdict: Verdict, units: Mapping[str, str]) -> Obligation:
    return Obligation(
        handover=verdict.handover,
        authority=verdict.authority,
        unit=units.get(verdict.authority),
        rule=verdict.rule,
        certainty=verdict.certainty,
        matter=_uuid(verdict.matter),
        trigger=verdict.trigger,
        trigger_event=verdict.trigger_event,
        since=verdict.triggered_at,
        strict=verdict.strict,
        lenient=verdict.lenient,
    )


def _uuid(matter: str) -> UUID | None:
    try:
        return UUID(matter)
    except ValueError:
        return None


def _warned(escalations: Iterable[Recorded]) -> Mapping[UUID, list[tuple[str, str]]]:
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for one in escalations:
        if isinstance(one.event, DeadlineWarned):
            found[one.event.obligation].append((one.event.level, one.event.due))
    return found
