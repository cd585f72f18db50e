"""What the log can prove entry by entry, judged at replay from header and facts (law.md 14).

Each check is a rule seen from the other side: what a guard blocks at run time, the replay must
find when the guard was not there. What each is called and rests on is data (`domain.law.log_checks`);
the rights with a trigger and a limit are judged case by case (`audit.verdicts.cases`).
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from audit.verdicts.adopted import AdoptedRules
from audit.verdicts.register import RegisterChecks
from domain.calendar.working_days import danish_day
from domain.course.events import FollowUpDone, ReferredElsewhere, TreatmentEnded, TreatmentStarted
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover import events as e
from domain.handover.addressing import led_by
from domain.handover.exits import (
    HandoverEnteredInError,
    HandoverForwarded,
    HandoverMisdirected,
    HandoverRedirected,
    HandoverWrongPerson,
)
from domain.handover.parties import MUNICIPALITY, kind_of
from domain.handover.steps import (
    HandoverCarriedOver,
    HandoverCorrected,
    HandoverImported,
    HandoverQuestionAnswered,
    HandoverQuestionAsked,
)
from domain.law.loader import allows_municipal_question, outside_reasons, purposes
from domain.law.log_checks import log_checks
from domain.register.fold import REGISTER_EVENTS
from domain.rights.disclosure import ConsentGiven, ConsentWithdrawn
from domain.rights.duties import RightsFactRetracted
from domain.rights.say import BASIS, Said, said
from workflows.handlers.read import ASSESSOR
from workflows.rules.conditions import consent_covers, consented, disclosure_fault, reaches


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A right that was not kept: which, on what basis, and the entry that shows it; whose entry it is."""

    code: str
    basis: tuple[str, ...]
    position: int
    handover: UUID | None
    event: str
    occurred_at: str
    authority: str


class _Case(msgspec.Struct):
    facts: e.DocumentFacts
    addressed: str | None
    sender: str
    by_handlekommune: bool = False
    opened: bool = False
    delivered: bool = False
    taken_over: bool = False
    heard: dict[int, Recorded] = msgspec.field(default_factory=dict)
    """By position, what she has said of consent that was not retracted."""

    def said(self, recorded: Recorded) -> Said:
        """What held of it on the day when an entry was recorded."""
        return said(self.heard.values(), danish_day(from_instant(recorded.header.recorded_at)))

    def carry_over(self, event: HandoverCarriedOver) -> None:
        """A consent to the authority before is one to its successor."""
        if event.side == "receiver" and self.addressed == event.from_authority:
            self.addressed = event.to_authority


class RightsChecks:
    """Fold entries in order, then read `violations`; memory grows with cases, not with events."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self._cases: dict[UUID, _Case] = {}
        self._register = RegisterChecks()
        self._rules = AdoptedRules()
        self._shut: set[UUID] = set()
        self._shut_cases: set[UUID] = set()

    def take(self, recorded: Recorded) -> None:
        """Judge one entry."""
        event, header = recorded.event, recorded.header
        if self._rules.breaks(recorded):
            self._found(recorded, "rules-not-adopted", None)
        match event:
            case e.HandoverSubmitted():
                self._cases[header.stream] = _Case(
                    event.document_facts,
                    addressed=event.receiver_authority,
                    sender=event.sender_authority,
                    by_handlekommune=event.receiver_unit is None and event.medcom_message is None,
                )
            case HandoverImported():
                self._cases[header.stream] = _Case(
                    {}, addressed=event.receiver_authority, sender=event.sender_authority, delivered=True
                )
            case e.HandoverCompleted() | HandoverCorrected():
                self._written(recorded, event)
            case e.HandoverRouted():
                self._routed(recorded, event)
            case e.HandoverSent() | HandoverQuestionAnswered():
                self._sent(recorded)
            case HandoverQuestionAsked():
                self._sent(recorded)
                self._asked(recorded)
            case ConsentGiven() | ConsentWithdrawn():
                if (case := self._cases.get(event.handover)) is not None:
                    case.heard[header.position] = recorded
            case RightsFactRetracted():
                if (case := self._cases.get(event.handover)) is not None:
                    case.heard.pop(event.position, None)
            case e.HandoverDelivered():
                if (case := self._cases.get(header.stream)) is not None:
                    case.delivered, case.opened = True, False
            case HandoverForwarded() | HandoverRedirected():
                self._readdressed(recorded, event)
            case HandoverCarriedOver():
                if (case := self._cases.get(header.stream)) is not None:
                    case.carry_over(event)
            case HandoverWrongPerson():
                self._shut.update(event.documents)
            case HandoverMisdirected() | HandoverEnteredInError():
                self._shut_cases.add(header.stream)
            case e.HandoverOpened():
                if (case := self._cases.get(header.stream)) is not None:
                    case.opened = True
            case e.HandoverTakenOver():
                self._taken_over(recorded)
            case TreatmentStarted() | TreatmentEnded() | FollowUpDone() | ReferredElsewhere():
                self._told_back(recorded, event.handover)
            case e.DocumentRead() | e.MailboxShown() | e.UnitListShown():
                self._read(recorded)
            case e.OutsideAccessUsed() if event.reason not in outside_reasons():
                self._found(recorded, "outside-access-without-reason", event.handover)
            case _ if type(event) in REGISTER_EVENTS:
                for code in self._register.take(recorded):
                    self._found(recorded, code, None)
            case _:
                pass

    def _found(self, recorded: Recorded, code: str, handover: UUID | None) -> None:
        header = recorded.header
        self.violations.append(
            Violation(
                code=code,
                basis=log_checks()[code].basis,
                position=header.position,
                handover=handover,
                event=header.event,
                occurred_at=header.occurred_at,
                authority=header.controller,
            )
        )

    def _written(self, recorded: Recorded, event: e.HandoverCompleted | HandoverCorrected) -> None:
        """A document in place of the one before: to a receiver that has it, it carries content."""
        case = self._cases.get(recorded.header.stream)
        if case is not None:
            if isinstance(event, HandoverCorrected) and case.by_handlekommune and not case.delivered:
                at = recorded.header.occurred_at
                case.addressed = led_by(case.sender, case.addressed, case.facts, event.document_facts, at)
            case.facts = event.document_facts
            # Under the first workflow what had been opened stayed so when a message was completed.
            workflow = recorded.header.workflow
            first = workflow is not None and workflow.version == 1
            case.opened = case.opened and first and isinstance(event, e.HandoverCompleted)
        own = case is not None and case.delivered and len(recorded.header.visible_to) < 2
        if not own and (isinstance(event, e.HandoverCompleted) or event.delivered):
            self._sent(recorded)

    def _readdressed(self, recorded: Recorded, event: HandoverForwarded | HandoverRedirected) -> None:
        """A new leg. Who forwards discloses; what the consent does not cover is not for a third authority."""
        case = self._cases.get(recorded.header.stream)
        if isinstance(event, HandoverForwarded):
            self._sent(recorded)
            if case is None or not consent_covers(case.facts, case.addressed, event.receiver_authority):
                self._found(recorded, "sent-outside-consent", recorded.header.stream)
        if case is not None:
            case.delivered, case.opened, case.by_handlekommune = False, False, False
        # Another receiver's, and the former is no party any more.
        self._shut_cases.discard(recorded.header.stream)

    def _routed(self, recorded: Recorded, event: e.HandoverRouted) -> None:
        """law.md 14.5: a main mailbox valid at the time of dispatch."""
        instant, handover = recorded.header.recorded_at, recorded.header.stream
        mailbox = self._register.mailbox(event.mailbox)
        if mailbox is None or not mailbox.valid_at(instant):
            self._found(recorded, "sent-to-no-valid-mailbox", handover)
        if (case := self._cases.get(handover)) is not None:
            if mailbox is not None and not reaches(case.facts, case.sender, mailbox):
                self._found(recorded, "sent-on-basis-for-others", handover)
            case.addressed = case.addressed or event.receiver_authority
            if not consent_covers(case.facts, case.addressed, event.receiver_authority):
                self._found(recorded, "sent-outside-consent", handover)

    def _told_back(self, recorded: Recorded, handover: UUID) -> None:
        """How it went after the take-over is told the sender with her consent only."""
        case, header = self._cases.get(handover), recorded.header
        if case is None or not case.taken_over or header.authority == case.sender:
            return
        if case.sender in header.visible_to and not case.said(recorded).back_reporting:
            self._found(recorded, "told-back-without-consent", handover)

    def _asked(self, recorded: Recorded) -> None:
        """RSL §11a: a municipality gets information from others with the citizen's consent."""
        case = self._cases.get(recorded.header.stream)
        asker = recorded.header.authority
        if case is not None and kind_of(asker) == MUNICIPALITY:
            basis = case.facts.get(BASIS)
            allowed = isinstance(basis, str) and allows_municipal_question(basis)
            if not (allowed or case.said(recorded).collection):
                self._found(recorded, "asked-without-consent", recorded.header.stream)

    def _sent(self, recorded: Recorded) -> None:
        """law.md 14.4: no document leaves without a live basis; a completion carries content too."""
        case = self._cases.get(recorded.header.stream)
        today: date = danish_day(from_instant(recorded.header.recorded_at))
        consent = None if case is None else case.said(recorded).consent
        if case is None or disclosure_fault(consented(case.facts, consent), today) is not None:
            self._found(recorded, "sent-without-basis", recorded.header.stream)

    def _taken_over(self, recorded: Recorded) -> None:
        case = self._cases.get(recorded.header.stream)
        if case is not None:
            case.taken_over = True
        if case is None or not case.opened:
            self._found(recorded, "taken-over-unread", recorded.header.stream)

    def _read(self, recorded: Recorded) -> None:
        """law.md 14.7: every reading has a purpose and a role, and names whose data was read."""
        header = recorded.header
        handover = recorded.event.handover if isinstance(recorded.event, e.DocumentRead) else None
        if isinstance(recorded.event, e.DocumentRead) and (header.role, header.purpose) != ASSESSOR:
            # Only who assesses the breach reads what is shut.
            if recorded.event.document_id in self._shut:
                self._found(recorded, "read-of-wrong-person", handover)
            elif handover in self._shut_cases:
                self._found(recorded, "read-of-what-is-shut", handover)
        if header.purpose not in purposes() or not header.role or not header.subjects:
            self._found(recorded, "read-without-purpose", handover)


def violations(entries: Iterable[Recorded]) -> list[Violation]:
    """The violations that entries in log order show."""
    checks = RightsChecks()
    for recorded in entries:
        checks.take(recorded)
    return checks.violations
