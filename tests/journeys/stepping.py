"""The steps beside the first line, and the facts of a course: the `when` of the journeys."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from audit.log.entry import open_body
from domain.course import events as f
from domain.course.commands import AssessBreach, RecordFact, RecordReferral
from domain.document.loader import get_template
from domain.document.validate import validate_document
from domain.events.instant import to_instant
from domain.handover import commands as c
from domain.handover import step_commands as s
from domain.handover.events import PersonLabel
from domain.identity.person import parse_person_id
from domain.rights.commands import RecordRight
from domain.rights.model import RightsEvent
from tests.journeys.cast import AMBULATORY, CENTRE, MUNICIPALITY, REGION
from tests.journeys.keeping import Keeping
from tests.journeys.papers import TODAY, written_by
from workflows.handlers.carry_over import carry_over_all
from workflows.handlers.correct import correct
from workflows.handlers.facts import assess_breach, record_fact, record_referral
from workflows.handlers.imports import import_case
from workflows.handlers.mailbox import Page, show_unit_list
from workflows.handlers.migrate import Migrated, migrate_cases
from workflows.handlers.readdress import forward, redirect
from workflows.handlers.rights import record_right
from workflows.handlers.steps import take_step
from workflows.ports.log import Actor, Outcome
from workflows.timers.escalate import escalate_unresolved
from workflows.timers.remind import remind_all


@lru_cache
def note(template: str, **fields: Any) -> s.WrittenNote:
    """A text under a template of notes."""
    found = get_template(template, 1)
    written = {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}
    valid = validate_document(
        {"template": template, "template_version": 1, "sections": {template: written}}, found, today=TODAY
    )
    return s.WrittenNote(template=template, template_version=1, sections=valid.sections)


def remark(text: str = "En bemærkning.") -> s.WrittenNote:
    """A remark."""
    return note("bemaerkning", text=text)


class Stepping(Keeping):
    """Each step in a word; the version is the newest unless another is given."""

    def take(
        self,
        actor: Actor,
        handover: UUID,
        command: type[s.StepCommand],
        *,
        version: int | None = None,
        key: str | None = None,
        **fields: Any,
    ) -> Outcome:
        """Take a step."""
        expected = self.state(handover).version if version is None else version
        made: Any = command(handover=handover, expected_version=expected, **fields)
        context = self.as_(actor, key, (command.__name__, fields))
        match made:
            case s.CorrectDocument():
                return correct(self.services, context, made)
            case s.RedirectHandover():
                return redirect(self.services, context, made, open_body)
            case s.ForwardHandover():
                return forward(self.services, context, made, open_body)
            case _:
                return take_step(self.services, context, made)

    def ask(self, actor: Actor, handover: UUID, text: str = "Hvem udleverer medicinen?", **more: Any) -> UUID:
        """Ask the sender; returns the question."""
        sections = ("medicin",)
        question = note("spoergsmaal", concerns=sections, text=text)
        self.take(actor, handover, s.AskQuestion, sections=sections, note=question, **more)
        return self.state(handover).questions[-1]

    def answer(self, actor: Actor, handover: UUID, question: UUID, text: str = "Ambulatoriet.") -> Outcome:
        """Answer a question."""
        return self.take(actor, handover, s.AnswerQuestion, question=question, note=note("svar", text=text))

    def correct(
        self, actor: Actor, handover: UUID, paper: c.WrittenDocument | None = None, **more: Any
    ) -> Outcome:
        """Put a corrected document in place."""
        paper = paper or written_by(actor.authority, name="Test Rettet")
        return self.take(actor, handover, s.CorrectDocument, document=paper, reason="error", **more)

    def send_back(self, actor: Actor, handover: UUID, suggested: str | None = None, **more: Any) -> Outcome:
        """Return it: wrong recipient."""
        return self.take(
            actor, handover, s.ReturnHandover, reason="wrong-recipient", suggested=suggested, **more
        )

    def decline(self, actor: Actor, handover: UUID, reason: str = "at-capacity", **more: Any) -> Outcome:
        """Say that the citizen cannot be taken."""
        return self.take(actor, handover, s.DeclineHandover, reason=reason, **more)

    def redirect(self, actor: Actor, handover: UUID, to: str, **more: Any) -> Outcome:
        """Address it to another authority."""
        return self.take(actor, handover, s.RedirectHandover, receiver_authority=to, **more)

    def forward(self, actor: Actor, handover: UUID, to: str, **more: Any) -> Outcome:
        """Pass it on to another authority."""
        return self.take(actor, handover, s.ForwardHandover, receiver_authority=to, **more)

    def record(
        self, actor: Actor, fact: f.CaseFact, at: datetime | None = None, key: str | None = None
    ) -> Outcome:
        """Record something that happened, at a moment of its own."""
        moment = to_instant(at or self.clock.now())
        command = RecordFact(fact=fact, occurred_at=moment)
        return record_fact(self.services, self.as_(actor, key, (fact, moment)), command)

    def right(
        self,
        actor: Actor,
        event: RightsEvent,
        at: datetime | None = None,
        *,
        text: str | None = None,
        key: str | None = None,
    ) -> Outcome:
        """Do something about a right, or record that it was done, in the actor's own lane."""
        moment = None if at is None else to_instant(at)
        note = None if text is None else remark(text)
        command = RecordRight(event=event, occurred_at=moment, note=note)
        return record_right(self.services, self.as_(actor, key, (event, moment)), command)

    def refer(
        self, actor: Actor, handover: UUID, referrer: str, region: str = REGION, at: datetime | None = None
    ) -> Outcome:
        """Record a henvisning that a region received."""
        command = RecordReferral(
            handover=handover,
            region=region,
            referrer=referrer,
            occurred_at=to_instant(at or self.clock.now()),
        )
        return record_referral(self.services, self.as_(actor), command)

    def assess(self, actor: Actor, handover: UUID, outcome: str = "not-required") -> Outcome:
        """Register the assessment of a breach."""
        command = AssessBreach(handover=handover, outcome=outcome, citizen_informed=True)
        return assess_breach(self.services, self.as_(actor), command)

    def show_unit(self, actor: Actor, limit: int = 20) -> Page:
        """Show the actor's unit's own list."""
        command = c.ShowUnitList(unit=actor.unit or "", after=None, limit=limit)
        return show_unit_list(self.services, self.as_(actor), command, open_body)

    def escalate(self) -> int:
        """The tick tells of disputes whose time is up."""
        return escalate_unresolved(self.services)

    def remind(self) -> int:
        """The tick gives the reminders whose time has come, of what the due table knows."""
        self.project()
        return remind_all(self.services)

    def carry_over(self) -> int:
        """The tick carries over what has been succeeded; returns how many cases wait."""
        return carry_over_all(self.services, open_body)

    def migrate_to(self, version: int, *, dry_run: bool = False) -> list[Migrated]:
        """Move every case to a version of the workflow."""
        return migrate_cases(self.services, version, dry_run=dry_run)

    def import_running(self, number: str = "7001014321", **more: Any) -> UUID:
        """Import a case that was under way."""
        command = running(number, **more)
        actor = Actor(id=self.services.ids.uuid(), role="registrar", unit=None, authority="0000")
        return import_case(self.services, self.as_(actor), command).resource


def running(number: str = "7001014321", **more: Any) -> c.ImportCase:
    """A case that was under way before Overgang, as a row of an import describes it."""
    person = parse_person_id("cpr", number, allow_test_numbers=True)
    fields: dict[str, Any] = {
        "person": person,
        "label": PersonLabel(name="Test Testesen", person_id_type="cpr", person_id=person.value),
        "sender_authority": REGION,
        "sender_unit": AMBULATORY,
        "receiver_authority": MUNICIPALITY,
        "receiver_unit": CENTRE,
        "move_from": "integreret",
        "move_to": "koordineret",
        "acting_municipality": MUNICIPALITY,
        "began_on": date(2026, 9, 1),
        "claimed": "sent",
    }
    return c.ImportCase(**(fields | more))
