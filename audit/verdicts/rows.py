"""What a report of rights says of one obligation, and how many of each became what."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from audit.verdicts.checks import Violation
from domain.events.model import Recorded
from domain.law.log_checks import log_checks
from domain.rights.rule import rights_rules
from domain.rights.verdict import BROKEN, State, Verdict
from domain.rights.words import STATES

CHECK = "check"
"""The kind of a row that is no obligation: something that an entry shows by itself."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An obligation and what became of it, with the entries that show it.

    `kind` is the rule's (`after`, `before`, `told`), or `check`: then `trigger` is the entry that shows the
    breach. `strict` and `lenient` are the two dates; `told` the date that a letter stated. `nothing_until`:
    nothing on the log up to and including this position has closed it; the complete log proves that.
    """

    rule: str
    name: str
    kind: str
    basis: tuple[str, ...]
    certainty: str
    authority: str
    handover: UUID | None
    matter: str | None
    trigger: int | None
    trigger_event: str
    triggered_at: str
    strict: date | None
    lenient: date | None
    told: date | None
    state: State
    state_da: str
    closed_by: int | None
    closing_event: str | None
    closed_at: str | None
    closed_outside: bool
    """Whether what closed it was done outside Overgang and rests on whoever registered it."""
    closed_recorded_at: str | None
    """When that stood on the log; later than it happened, where it was registered afterwards."""
    nothing_until: int | None
    reason: str | None
    opened: tuple[str, ...]


def of_verdict(verdict: Verdict, at_index: int, closing: Recorded | None = None) -> Row:
    """The row of an obligation, as known at an index. `closing`: the entry that closed it, where one did."""
    rule = rights_rules()[verdict.rule]
    # What a letter told is judged against what was due; nothing has to close it.
    waits = verdict.closed_at is None and rule.kind != "told"
    return Row(
        rule=verdict.rule,
        name=rule.name,
        kind=rule.kind,
        basis=verdict.basis,
        certainty=verdict.certainty,
        authority=verdict.authority,
        handover=verdict.handover,
        matter=verdict.matter,
        trigger=verdict.trigger,
        trigger_event=verdict.trigger_event,
        triggered_at=verdict.triggered_at,
        strict=verdict.strict,
        lenient=verdict.lenient,
        told=verdict.told,
        state=verdict.state,
        state_da=STATES[verdict.state],
        closed_by=verdict.closed_by,
        closing_event=verdict.closing_event,
        closed_at=verdict.closed_at,
        closed_outside=closing is not None and bool(getattr(closing.event, "outside", False)),
        closed_recorded_at=None if closing is None else closing.header.recorded_at,
        nothing_until=at_index if waits else None,
        reason=verdict.reason,
        opened=verdict.opened,
    )


def of_violation(violation: Violation) -> Row:
    """The row of what an entry shows by itself."""
    check = log_checks()[violation.code]
    return Row(
        rule=check.id,
        name=check.name,
        kind=CHECK,
        basis=check.basis,
        certainty=check.certainty,
        authority=violation.authority,
        handover=violation.handover,
        matter=None,
        trigger=violation.position,
        trigger_event=violation.event,
        triggered_at=violation.occurred_at,
        strict=None,
        lenient=None,
        told=None,
        state=State.VIOLATED,
        state_da=STATES[State.VIOLATED],
        closed_by=None,
        closing_event=None,
        closed_at=None,
        closed_outside=False,
        closed_recorded_at=None,
        nothing_until=None,
        reason=None,
        opened=(),
    )


class Summary(msgspec.Struct, kw_only=True):
    """How many obligations became what: of all, of each rule and of each authority. Grows with neither events
    nor cases. `not_kept`: those violated, and those fulfilled too late."""

    cases: int = 0
    obligations: int = 0
    not_kept: int = 0
    by_state: dict[str, int] = {}
    by_rule: dict[str, dict[str, int]] = {}
    by_authority: dict[str, dict[str, int]] = {}

    def take(self, rows: Iterable[Row]) -> None:
        """Count rows."""
        for row in rows:
            self.obligations += 1
            self.not_kept += row.state in BROKEN
            for counts in (
                self.by_state,
                self.by_rule.setdefault(row.rule, {}),
                self.by_authority.setdefault(row.authority, {}),
            ):
                counts[row.state] = counts.get(row.state, 0) + 1
