"""Everything that can happen to handovers beside the first line, each once at least."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from domain.course import events as f
from domain.events.instant import to_instant
from domain.handover import step_commands as s
from domain.rights.duties import RightsFactRetracted
from tests.domain.rights.samples import samples
from tests.journeys.cast import OTHER_MUNICIPALITY, OTHER_REGION, REGION, person
from tests.journeys.house import House
from tests.journeys.papers import written_by
from tests.journeys.stepping import remark
from workflows.handlers.claimed import needs_words
from workflows.ports.log import Actor


class Parties:
    """A sender and a receiver, each with somebody at work and a leader; and a third authority."""

    def __init__(self, writer: Actor, reader: Actor) -> None:
        self.writer, self.reader = writer, reader
        self.sender, self.receiver = writer.authority, reader.authority
        self.unit = reader.unit
        self.lead = person("leader", self.sender, writer.unit)
        self.other_lead = person("leader", self.receiver, reader.unit)
        self.third = OTHER_REGION if self.receiver == REGION else OTHER_MUNICIPALITY


def take_every_step(house: House, who: Parties, other_unit: str) -> None:
    """Every step of the workflow beside the first line, on handovers from one party to the other."""
    house.authority(who.third)
    house.mailbox(who.third)
    house.unit(who.receiver, other_unit)

    talked_over = _submitted(house, who)
    house.open(who.reader, talked_over)
    house.answer(who.writer, talked_over, house.ask(who.reader, talked_over))
    house.correct(who.writer, talked_over)
    house.open(who.reader, talked_over)
    house.take(who.reader, talked_over, s.AssignHandover, assignee=uuid4())
    house.take(who.writer, talked_over, s.RequestWithdrawal, reason="other")
    house.take(who.reader, talked_over, s.RefuseWithdrawal, reason="citizen-has-approached")
    house.take(who.writer, talked_over, s.RequestWithdrawal, reason="other")
    house.take(who.reader, talked_over, s.ConfirmWithdrawal)

    given = _submitted(house, who)
    house.take(who.reader, given, s.DistributeHandover, unit=other_unit)
    house.show_unit(person("caseworker", who.receiver, other_unit))

    _dispute(house, who)
    _come_to_the_wrong_place(house, who)
    _end(house, who)
    record_everything(house, who.writer, who.reader, _submitted(house, who))
    record_every_right(house, who.reader, _submitted(house, who))

    forms = ("integreret", "koordineret")
    before, after = forms if who.sender == REGION else reversed(forms)
    for month, answer in ((9, s.ConfirmImport), (10, s.DenyImport)):
        imported = house.import_running(
            move_from=before,
            move_to=after,
            began_on=date(2026, month, 1),
            sender_authority=who.sender,
            sender_unit=who.writer.unit,
            receiver_authority=who.receiver,
            receiver_unit=who.unit,
            claimed="sent" if answer is s.ConfirmImport else "taken-over",
        )
        house.take(who.reader, imported, answer)


def _submitted(house: House, who: Parties, **changes: Any) -> UUID:
    changes = {"samtykke__covers": "every-authority", **changes}
    return house.submit(who.writer, written_by(who.writer.authority, **changes), receiver_unit=who.unit)


def _dispute(house: House, who: Parties) -> None:
    """Declined, insisted, unresolved, escalated, resolved; and what nobody has acknowledged meanwhile."""
    disputed = _submitted(house, who)
    house.open(who.reader, disputed)
    house.decline(who.reader, disputed, note=remark())
    house.take(who.writer, disputed, s.InsistOnHandover)
    house.relay()
    house.clock.set(house.clock.now() + timedelta(days=7))
    assert house.escalate() >= 1
    assert house.remind() >= 1, "nobody has acknowledged what was given to the other unit"
    own = {"authority": who.receiver, "decided_by": "own-authority"}
    house.take(who.other_lead, disputed, s.ResolveResponsibility, **own)


def _come_to_the_wrong_place(house: House, who: Parties) -> None:
    """Returned and redirected, forwarded, misdirected, about another person."""
    back = _submitted(house, who)
    house.send_back(who.reader, back, who.third)
    house.redirect(who.writer, back, who.third)

    on = _submitted(house, who)
    house.open(who.reader, on)
    house.forward(who.reader, on, who.third)

    for report in (s.ReportMisdirected, s.ReportWrongPerson):
        wrong = _submitted(house, who)
        house.open(who.reader, wrong)
        house.take(who.reader, wrong, report)
        house.assess(who.lead, wrong)


def _end(house: House, who: Parties) -> None:
    """Withdrawn, in error, and handed over by other means."""
    objection = {"samtykke__objection": True}
    house.take(who.writer, _submitted(house, who, **objection), s.WithdrawHandover, reason="citizen-declines")
    house.take(who.writer, _submitted(house, who), s.EnterInError, reason="duplicate")
    house.take(
        who.writer,
        _submitted(house, who, **objection),
        s.CompleteOtherwise,
        means="telephone",
        authority=who.receiver,
        occurred_at=to_instant(house.clock.now()),
    )


def record_every_right(house: House, actor: Actor, handover: UUID) -> None:
    """Every event of a lane of rights, registered as done outside Overgang."""
    for event in samples():
        if isinstance(event, RightsFactRetracted):
            last = house.events()[-1].header
            event = msgspec.structs.replace(event, position=last.position, retracts=last.event)
        said = msgspec.structs.replace(event, handover=handover, outside=True)
        house.right(actor, said, text="Det er forklaret." if needs_words(said) else None)


def record_everything(house: House, writer: Actor, reader: Actor, handover: UUID) -> None:
    """Every fact of a course, recorded on one handover."""
    municipality, region = "0330", "1085"
    own = {"handover": handover}
    facts: list[f.CaseFact] = [
        f.InquiryReceived(**own, channel="telephone", wishes_treatment=True),
        f.VisitationStarted(**own, region=region),
        f.VisitationEnded(**own, reason="goals-met"),
        f.CitizenAdmitted(**own),
        f.CitizenDischarged(**own),
        f.ActingMunicipalityChanged(**own, municipality=municipality, basis="residence"),
        f.TreatmentStarted(**own, authority=municipality, provisional=True),
        f.TreatmentEnded(**own, authority=municipality, status="completed"),
        f.FollowUpDone(**own, after_months=1, status="well"),
        f.ReferredElsewhere(**own, place="private-provider", citizens_choice=True),
        f.CitizenMoved(**own, municipality=municipality),
        f.CitizenDeceased(**own),
        f.TelephoneContactMade(**own, unit=None),
    ]
    for n, fact in enumerate(facts):
        house.record(writer if n % 2 else reader, fact)
    house.refer(writer, handover, "general-practitioner")
    deceased = next(one for one in reversed(house.events()) if isinstance(one.event, f.CitizenDeceased))
    house.record(
        writer,
        f.CaseFactRetracted(
            **own,
            position=deceased.header.position,
            retracts=f.CitizenDeceased.NAME,
            reason="wrong-citizen",
        ),
    )
