"""The first rights that the log can prove, judged at replay from header and facts (law.md 14).

Each check is a rule seen from the other side: what a guard blocks at run time, the replay must
find when the guard was not there. The register of all rights comes with the rights issue.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover import events as e
from domain.law.loader import outside_reasons, purposes
from domain.register import events as r
from workflows.rules.conditions import disclosure_fault


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A right that was not kept: which, on what basis, and the entry that shows it."""

    code: str
    basis: str
    position: int
    handover: UUID | None


class _Case(msgspec.Struct):
    facts: e.DocumentFacts
    opened: bool = False


class RightsChecks:
    """Fold entries in order, then read `violations`; memory grows with cases, not with events."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self._cases: dict[UUID, _Case] = {}
        self._mailboxes: dict[UUID, tuple[str, str | None]] = {}

    def take(self, recorded: Recorded) -> None:
        """Judge one entry."""
        event, header = recorded.event, recorded.header
        match event:
            case r.MainMailboxRegistered():
                self._mailboxes[event.mailbox] = (event.valid_from, event.valid_to)
            case r.MainMailboxEnded():
                start, _ = self._mailboxes.get(event.mailbox, ("", None))
                self._mailboxes[event.mailbox] = (start, event.valid_to)
            case e.HandoverSubmitted():
                self._cases[header.stream] = _Case(event.document_facts)
            case e.HandoverCompleted():
                if (case := self._cases.get(header.stream)) is not None:
                    case.facts = event.document_facts
                self._sent(recorded)
            case e.HandoverRouted():
                self._routed(recorded, event)
            case e.HandoverSent():
                self._sent(recorded)
            case e.HandoverOpened():
                if (case := self._cases.get(header.stream)) is not None:
                    case.opened = True
            case e.HandoverTakenOver():
                self._taken_over(recorded)
            case e.DocumentRead() | e.MailboxShown():
                self._read(recorded)
            case e.OutsideAccessUsed() if event.reason not in outside_reasons():
                self._found(recorded, "outside-access-without-reason", "GDPR art. 32", event.handover)
            case _:
                pass

    def _found(self, recorded: Recorded, code: str, basis: str, handover: UUID | None) -> None:
        self.violations.append(
            Violation(code=code, basis=basis, position=recorded.header.position, handover=handover)
        )

    def _routed(self, recorded: Recorded, event: e.HandoverRouted) -> None:
        """law.md 14.5: a main mailbox valid at the time of dispatch."""
        instant, handover = recorded.header.recorded_at, recorded.header.stream
        valid = self._mailboxes.get(event.mailbox)
        if valid is None or not (valid[0] <= instant and (valid[1] is None or instant < valid[1])):
            self._found(recorded, "sent-to-no-valid-mailbox", "lokal aftale om hovedpostkasser", handover)

    def _sent(self, recorded: Recorded) -> None:
        """law.md 14.4: no document leaves without a live basis; a completion carries content too."""
        case = self._cases.get(recorded.header.stream)
        today: date = danish_day(from_instant(recorded.header.recorded_at))
        if case is None or disclosure_fault(case.facts, today) is not None:
            self._found(recorded, "sent-without-basis", "SUL §§41-44, RSL §11a", recorded.header.stream)

    def _taken_over(self, recorded: Recorded) -> None:
        case = self._cases.get(recorded.header.stream)
        if case is None or not case.opened:
            self._found(recorded, "taken-over-unread", "arbejdsgangen", recorded.header.stream)

    def _read(self, recorded: Recorded) -> None:
        """law.md 14.7: every reading has a purpose and a role, and names whose data was read."""
        header = recorded.header
        handover = recorded.event.handover if isinstance(recorded.event, e.DocumentRead) else None
        if header.purpose not in purposes() or not header.role or not header.subjects:
            self._found(recorded, "read-without-purpose", "GDPR art. 15 og 32", handover)


def violations(entries: Iterable[Recorded]) -> list[Violation]:
    """The violations that entries in log order show."""
    checks = RightsChecks()
    for recorded in entries:
        checks.take(recorded)
    return checks.violations
