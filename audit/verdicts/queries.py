"""The twelve questions of an audit (law.md 14), each answered by the entries that show it.

What a question rests on is data (`domain.law.log_checks`): rules, checks of entries, or a function that it
names. Where the log alone cannot prove something, the answer says so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec

from audit.replay.source import BEGINNINGS, Snapshot
from audit.replay.verify import Verdict as Verified
from audit.verdicts.cases import JudgedCase
from audit.verdicts.rights import Asked, Rights
from audit.verdicts.rows import Row
from domain.course.responsibility import duty_timeline
from domain.document.loader import templates
from domain.events.model import Recorded
from domain.law.log_checks import AuditQuery, check_register
from domain.rights.verdict import BROKEN, State

ANONYMOUS = "not-for-anonymous-treatment"
UNRESOLVED = "unresolved"
STATISTICS = "statistics"
"""The question of which no entry says anything."""


class Outcome(StrEnum):
    """What a question is answered with. `not-applicable`: it has not arisen; `not-provable`: by no entry."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does-not-hold"
    NOT_APPLICABLE = "not-applicable"
    NOT_PROVABLE = "not-provable"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What shows that a question does not hold: an entry, the rule or code, and its state."""

    position: int | None
    handover: UUID | None
    authority: str | None
    what: str
    state: str | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a question. `judged`: of how many obligations, entries or cases it was asked; `waiting`:
    how many of them still wait, in time, so that it holds so far."""

    number: int
    text: str
    outcome: Outcome
    judged: int
    waiting: int
    shown: tuple[Shown, ...]
    says_not: str | None


class Audit:
    """All twelve answered in one walk over the log. `verified`: what `verify` found of it."""

    def __init__(self, log: Snapshot, asked: Asked, verified: Verified) -> None:
        self._verified = verified
        self._as_of = asked.as_of
        self._rights = Rights(log, asked, self._observe)
        self._queries = check_register().queries
        self._happened: Counter[str] = Counter()
        self._judged: Counter[int] = Counter()
        self._waiting: Counter[int] = Counter()
        self._shown: dict[int, list[Shown]] = {query.number: [] for query in self._queries}
        self._of_rule = _by_code(self._queries)
        self._of = {query.computed: query.number for query in self._queries if query.computed}

    def answers(self) -> Iterator[Answer]:
        """The answers by number. Raises LogUnreadable."""
        for case in self._rights.cases():
            self._rows(case.rows)
            self._duty(case)
        self._rows(self._rights.loose())
        self._chain()
        for query in self._queries:
            yield self._answer(query)

    def _observe(self, recorded: Recorded) -> None:
        self._happened[recorded.header.event] += 1
        facts: Mapping[str, Any] | None = getattr(recorded.event, "document_facts", None)
        if facts is None:
            return
        number = self._of["anonymous"]
        self._judged[number] += 1
        for fact in sorted(_anonymous() & facts.keys()):
            header = recorded.header
            self._shown[number].append(
                Shown(
                    position=header.position,
                    handover=header.stream,
                    authority=header.controller,
                    what=fact,
                )
            )

    def _rows(self, rows: tuple[Row, ...]) -> None:
        for row in rows:
            for query in self._of_rule.get(row.rule, ()):
                self._judged[query.number] += row.rule in query.rules
                self._waiting[query.number] += row.state is State.PENDING and row.strict is not None
                if _against(query, row):
                    self._shown[query.number].append(
                        Shown(
                            position=row.trigger,
                            handover=row.handover,
                            authority=row.authority,
                            what=row.rule,
                            state=row.state,
                        )
                    )

    def _duty(self, case: JudgedCase) -> None:
        """One value at every instant from the beginning on, and always an authority or an explicit none."""
        course = [one for _, one in sorted(case.events.items()) if one.header.occurred_at <= self._as_of]
        if not any(one.header.event in BEGINNINGS for one in course):
            return
        number = self._of["duty"]
        self._judged[number] += 1
        spans = duty_timeline(course)
        apart = [after for before, after in pairwise(spans) if before.end != after.start]
        for span in (*apart, *(one for one in spans if one.value.kind == UNRESOLVED)):
            what = span.value.reason if span.value.kind == UNRESOLVED else "not-one-value"
            state = "still" if span.end is None else "settled-since"
            self._shown[number].append(
                Shown(position=span.cause, handover=case.handover, authority=None, what=what, state=state)
            )

    def _chain(self) -> None:
        number = self._of["chain"]
        self._judged[number] = self._verified.entries
        if (fault := self._verified.fault) is not None:
            self._shown[number].append(
                Shown(position=fault.position, handover=None, authority=None, what=fault.code)
            )

    def _answer(self, query: AuditQuery) -> Answer:
        judged = self._judged[query.number]
        if query.applies:
            judged = sum(self._happened[name] for name in query.applies)
        shown = tuple(self._shown[query.number])
        outcome = Outcome.HOLDS if judged else Outcome.NOT_APPLICABLE
        if query.computed == STATISTICS:
            outcome = Outcome.NOT_PROVABLE
        if shown:
            outcome = Outcome.DOES_NOT_HOLD
        return Answer(
            number=query.number,
            text=query.text,
            outcome=outcome,
            judged=judged,
            waiting=self._waiting[query.number],
            shown=shown,
            says_not=query.says_not,
        )


def _against(query: AuditQuery, row: Row) -> bool:
    """Whether a row shows that a question does not hold."""
    if row.state in BROKEN or row.state is State.TO_BE_ASSESSED:
        return True
    if query.strict and row.state is State.DISPUTED:
        return True
    return query.closed and row.state is State.PENDING and row.strict is None


def _by_code(queries: tuple[AuditQuery, ...]) -> dict[str, list[AuditQuery]]:
    found: dict[str, list[AuditQuery]] = {}
    for query in queries:
        for code in (*query.rules, *query.checks):
            found.setdefault(code, []).append(query)
    return found


@cache
def _anonymous() -> frozenset[str]:
    """The facts by which a document says that its treatment is anonymous, under any version."""
    return frozenset(
        f"{field.id}.{value.code}"
        for template in templates().values()
        for section in template.sections
        for field in section.fields
        if field.value_set
        for value in template.values(field.value_set)
        if value.refused is not None and value.refused.code == ANONYMOUS
    )
