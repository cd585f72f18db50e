"""Given a handover in a state, with those who work on it: the `given` of the workflow's rows."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from domain.events.instant import to_instant
from domain.handover import step_commands as s
from domain.handover.decide import decide_route, decide_send
from domain.handover.decide_steps import decide_redirect
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    caseworker,
    clinician,
    person,
)
from tests.journeys.house import House
from tests.journeys.papers import GLN, SOR, document, message, origin
from workflows.handlers.case import Planned, append
from workflows.handlers.routing import register
from workflows.handlers.services import SYSTEM
from workflows.ports.log import Actor

WRITER, READER = clinician(), caseworker()
LEADS = {"sender": person("leader", REGION, AMBULATORY), "receiver": person("leader", MUNICIPALITY, CENTRE)}


class Scene:
    """An installation with a region, two municipalities, and handovers to bring into states."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.two_authorities()
        house.unit(MUNICIPALITY, OTHER_CENTRE)
        house.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
        house.authority(OTHER_MUNICIPALITY)
        house.mailbox(OTHER_MUNICIPALITY)

    def reach(self, status: str, *, without_document: bool = False, **also: bool) -> UUID:
        """A handover that stands in a state. `also`: asked, withdrawal, unresolved, corrected.

        `without_document`: it began as a message that lacks its overgangsdokument.
        """
        if status == "imported":
            return self.house.import_running()
        if status in ("submitted", "routed", "sent"):
            return self._stopped_on_the_way(status, without_document)
        if status == "held" or status == "completed_otherwise":
            handover = self._held(without_document)
        else:
            handover = self._submit(without_document)
        PATHS[status](self, handover, **also)
        if also.get("withdrawal"):
            self.house.take(WRITER, handover, s.RequestWithdrawal, reason="other")
        if also.get("corrected"):
            self.house.correct(WRITER, handover)
        state = self.house.state(handover)
        assert state.status == status, (state.status, status)
        return handover

    def _submit(self, without_document: bool) -> UUID:
        if without_document:
            return self.house.submit(WRITER, message(), medcom=origin())
        return self.house.submit(WRITER, document(samtykke__covers="every-authority"))

    def _held(self, without_document: bool) -> UUID:
        if without_document:
            return self.house.submit(WRITER, message(), medcom=origin(sor="265161000016000"))
        return self.house.submit(WRITER, document(samtykke__objection=True))

    def _stopped_on_the_way(self, status: str, without_document: bool) -> UUID:
        """What a crash leaves behind: each step commits before the next."""
        handover = self._submit(without_document)
        self.house.send_back(READER, handover)
        self._append(WRITER, handover, decide_redirect(self.house.state(handover), MUNICIPALITY, None))
        mailbox = next(iter(self._mailboxes(MUNICIPALITY)))
        if status in ("routed", "sent"):
            self._append(SYSTEM, handover, decide_route(mailbox, "handlekommune"))
        if status == "sent":
            self._append(SYSTEM, handover, decide_send(mailbox))
        return handover

    def _mailboxes(self, authority: str) -> Any:
        found = register(self.house.log, authority)
        assert found is not None
        return found.mailboxes.values()

    def _append(self, actor: Actor, handover: UUID, decided: Any) -> None:
        context = self.house.as_(actor)
        append(self.house.services, context, self.house.state(handover), [Planned(decided=decided)])

    # The ways into each state

    def opened(self, handover: UUID, asked: bool = False, **_: bool) -> None:
        """Opened, and perhaps asked about."""
        self.house.open(READER, handover)
        if asked:
            self.house.ask(READER, handover)

    def delivered(self, handover: UUID, asked: bool = False, **_: bool) -> None:
        """Delivered; where a question waits, because the document was corrected since."""
        if asked:
            self.opened(handover, asked=True)
            self.house.correct(WRITER, handover)

    def acknowledged(self, handover: UUID, **also: bool) -> None:
        """Opened and acknowledged."""
        self.opened(handover, **also)
        self.house.acknowledge(READER, handover)

    def taken_over(self, handover: UUID, **also: bool) -> None:
        """Opened and taken over."""
        self.opened(handover, **also)
        self.house.take_over(READER, handover)

    def declined(self, handover: UUID, unresolved: bool = False, **also: bool) -> None:
        """Declined, and perhaps insisted on."""
        self.opened(handover, **also)
        self.house.decline(READER, handover)
        if unresolved:
            self.house.take(WRITER, handover, s.InsistOnHandover)

    def returned(self, handover: UUID, unresolved: bool = False, **_: bool) -> None:
        """Returned, and perhaps for the second time."""
        self.house.send_back(READER, handover)
        if unresolved:
            self.house.redirect(WRITER, handover, MUNICIPALITY)
            self.house.send_back(READER, handover)

    def closed(self, handover: UUID, **also: bool) -> None:
        """Taken over and closed."""
        self.taken_over(handover, **also)
        self.house.close(READER, handover)

    def _read(self, handover: UUID, unresolved: bool = False, **also: bool) -> None:
        """Opened; where it is to be unresolved, with a no to a no."""
        if unresolved:
            self.declined(handover, unresolved=True)
        else:
            self.opened(handover, **also)

    def misdirected(self, handover: UUID, **also: bool) -> None:
        """Found to be with a wrong receiver."""
        self._read(handover, **also)
        self.house.take(READER, handover, s.ReportMisdirected)

    def wrong_person(self, handover: UUID, **also: bool) -> None:
        """Found to be about another citizen."""
        self._read(handover, **also)
        self.house.take(READER, handover, s.ReportWrongPerson)

    def withdrawn(self, handover: UUID, **also: bool) -> None:
        """Withdrawn, with the receiver's consent."""
        self.opened(handover, **also)
        self.house.take(WRITER, handover, s.RequestWithdrawal, reason="other")
        self.house.take(READER, handover, s.ConfirmWithdrawal)

    def entered_in_error(self, handover: UUID, **_: bool) -> None:
        """Entered in error."""
        self.house.take(WRITER, handover, s.EnterInError, reason="duplicate")

    def completed_otherwise(self, handover: UUID, **_: bool) -> None:
        """Handed over by other means."""
        ACTS["complete_otherwise"](self.house, WRITER, handover)

    def held(self, handover: UUID, **_: bool) -> None:
        """Held from the start."""


PATHS: dict[str, Callable[..., None]] = {
    name: getattr(Scene, name)
    for name in (
        "held",
        "delivered",
        "opened",
        "acknowledged",
        "taken_over",
        "declined",
        "returned",
        "closed",
        "misdirected",
        "wrong_person",
        "withdrawn",
        "entered_in_error",
        "completed_otherwise",
    )
}

Act = Callable[[House, Actor, UUID], Any]


def _answer(house: House, actor: Actor, handover: UUID) -> Any:
    question = next(iter(house.state(handover).questions), uuid4())
    return house.answer(actor, handover, question)


def _step(command: type[s.StepCommand], **fields: Any) -> Act:
    return lambda house, actor, handover: house.take(actor, handover, command, **fields)


def _otherwise(house: House, actor: Actor, handover: UUID) -> Any:
    return house.take(
        actor,
        handover,
        s.CompleteOtherwise,
        means="telephone",
        authority=MUNICIPALITY,
        occurred_at=to_instant(house.clock.now()),
    )


def _resolve(house: House, actor: Actor, handover: UUID) -> Any:
    return house.take(
        actor, handover, s.ResolveResponsibility, authority=actor.authority, decided_by="own-authority"
    )


ACTS: dict[str, Act] = {
    "open": lambda house, actor, handover: house.open(actor, handover),
    "acknowledge": lambda house, actor, handover: house.acknowledge(actor, handover),
    "take_over": lambda house, actor, handover: house.take_over(actor, handover),
    "close": lambda house, actor, handover: house.close(actor, handover),
    "complete": lambda house, actor, handover: house.complete(actor, handover),
    "ask": lambda house, actor, handover: house.ask(actor, handover),
    "answer": _answer,
    "correct": lambda house, actor, handover: house.correct(actor, handover),
    "return": lambda house, actor, handover: house.send_back(actor, handover),
    "decline": lambda house, actor, handover: house.decline(actor, handover),
    "insist": _step(s.InsistOnHandover),
    "resolve": _resolve,
    "redirect": lambda house, actor, handover: house.redirect(actor, handover, OTHER_MUNICIPALITY),
    "forward": lambda house, actor, handover: house.forward(actor, handover, OTHER_MUNICIPALITY),
    "distribute": _step(s.DistributeHandover, unit=OTHER_CENTRE),
    "assign": _step(s.AssignHandover, assignee=uuid4()),
    "request_withdrawal": _step(s.RequestWithdrawal, reason="other"),
    "confirm_withdrawal": _step(s.ConfirmWithdrawal),
    "refuse_withdrawal": _step(s.RefuseWithdrawal, reason="other"),
    "withdraw": _step(s.WithdrawHandover, reason="other"),
    "report_misdirected": _step(s.ReportMisdirected),
    "report_wrong_person": _step(s.ReportWrongPerson),
    "enter_in_error": _step(s.EnterInError, reason="duplicate"),
    "complete_otherwise": _otherwise,
    "confirm_import": _step(s.ConfirmImport),
    "deny_import": _step(s.DenyImport),
}
"""Command -> how somebody takes the step."""
