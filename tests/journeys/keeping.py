"""The register of an installation, kept by its secretariat: the `given` of the journeys."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.events.model import Decided
from domain.handover import parties
from domain.handover.streams import register_of
from domain.register import commands as c
from domain.register.events import MainMailboxRegistered
from domain.register.fold import fold
from domain.register.mailbox_events import Channel
from tests.journeys.cast import EAST, NAMES, OTHER_MUNICIPALITY, REGION, SERVING, secretariat
from tests.journeys.told import Told
from workflows.handlers import mailbox_entries, register, successions
from workflows.handlers.services import MAILBOX_PURPOSE, Context, Services
from workflows.ports.clock import Clock
from workflows.ports.log import Actor, Append, NewEvent

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
NEW_YEAR = "2026-12-31T23:00:00.000000Z"


class Keeping(Told):
    """Authorities, units, main mailboxes. Each call is made by somebody else, as two persons must."""

    services: Services
    clock: Clock

    def as_(self, actor: Actor, key: str | None = None, content: Any = None) -> Context:
        """A call by somebody."""
        raise NotImplementedError

    def authority(self, code: str, cvr: str | None = None) -> None:
        """An authority that takes part."""
        command = c.RegisterAuthority(authority=code, name=NAMES[code], cvr=cvr)
        register.register_authority(self.services, self.as_(secretariat()), command)

    def publish_time(
        self, authority: str, legal_basis: str, length: int, unit: str, *, valid_from: str
    ) -> None:
        """A municipality's time of decision, as it stands published on its website."""
        command = c.PublishProcessingTime(
            authority=authority,
            legal_basis=legal_basis,
            length=length,
            unit=unit,
            valid_from=valid_from,
            source="municipal-website",
        )
        register.publish_processing_time(self.services, self.as_(secretariat()), command)

    def unit(self, authority: str, unit: str, sor: str | None = None, gln: str | None = None) -> None:
        """A unit of an authority."""
        kind = "ambulatory" if parties.kind_of(authority) == parties.REGION else "substance-abuse-centre"
        command = c.RegisterUnit(
            authority=authority, unit=unit, kind=kind, name=f"Enheden {unit}", sor=sor, gln=gln
        )
        register.register_unit(self.services, self.as_(secretariat()), command)

    def mailbox(
        self,
        authority: str,
        unit: str | None = None,
        valid_from: datetime = BEGINNING,
        valid_to: datetime | None = None,
        served_by: str | None = None,
    ) -> UUID:
        """A main mailbox that is valid for a time, and the unit that opens it, entered and confirmed."""
        return self.confirm_mailbox(self.propose_mailbox(authority, unit, valid_from, valid_to, served_by))

    def propose_mailbox(
        self,
        authority: str,
        unit: str | None = None,
        valid_from: datetime = BEGINNING,
        valid_to: datetime | None = None,
        served_by: str | None = None,
        *,
        by: Actor | None = None,
        **more: Any,
    ) -> UUID:
        """One person enters a main mailbox."""
        served_by = served_by or unit or SERVING[authority]
        if self.log.claimant(f"unit:{served_by}") is None:
            self.unit(authority, served_by)
        address = f"hovedpostkasse@myndighed-{authority}.example"
        given: dict[str, Any] = {
            "channels": (Channel(channel="overgang-mailbox", address=address),),
            "receiver_kind": "mixed",
            "owner": served_by,
        }
        command = c.ProposeMainMailbox(
            authority=authority,
            unit=unit,
            served_by=served_by,
            valid_from=to_instant(valid_from),
            valid_to=to_instant(valid_to) if valid_to else None,
            **(given | more),
        )
        context = self.as_(by or secretariat())
        return mailbox_entries.propose_main_mailbox(self.services, context, command).resource

    def confirm_mailbox(self, mailbox_id: UUID, by: Actor | None = None) -> UUID:
        """Another person vouches for it."""
        command = c.ConfirmMainMailbox(
            mailbox=mailbox_id,
            expected_version=self.version_of(mailbox_id),
            evidence="test-letter",
            evidence_on=danish_day(self.clock.now()).isoformat(),
        )
        mailbox_entries.confirm_main_mailbox(self.services, self.as_(by or secretariat()), command)
        return mailbox_id

    def doubt_mailbox(self, mailbox_id: UUID, since: datetime | None = None, by: Actor | None = None) -> None:
        """Somebody no longer vouches for it."""
        command = c.WithdrawMailboxConfirmation(
            mailbox=mailbox_id,
            expected_version=self.version_of(mailbox_id),
            reason="not-read",
            since=to_instant(since) if since else None,
        )
        mailbox_entries.withdraw_mailbox_confirmation(self.services, self.as_(by or secretariat()), command)

    def end_mailbox(self, mailbox_id: UUID, at: datetime) -> None:
        """A main mailbox ends: one person says so, another confirms it."""
        self.propose_end(mailbox_id, at)
        command = c.ConfirmMailboxEnd(mailbox=mailbox_id, expected_version=self.version_of(mailbox_id))
        mailbox_entries.confirm_mailbox_end(self.services, self.as_(secretariat()), command)

    def propose_end(self, mailbox_id: UUID, at: datetime, by: Actor | None = None) -> None:
        """One person says when a main mailbox ends."""
        command = c.ProposeMailboxEnd(
            mailbox=mailbox_id,
            expected_version=self.version_of(mailbox_id),
            valid_to=to_instant(at),
            evidence="letter",
            evidence_on=danish_day(self.clock.now()).isoformat(),
        )
        mailbox_entries.propose_mailbox_end(self.services, self.as_(by or secretariat()), command)

    def version_of(self, mailbox_id: UUID) -> int:
        """The version of what stands, or waits, of a mailbox: what a person would have seen last."""
        stream = self.log.claimant(f"mailbox:{mailbox_id}")
        found = self.log.fold(stream, fold) if stream else None
        if found is None:
            return 0
        waiting = found.end_proposals.get(mailbox_id) or found.proposals.get(mailbox_id)
        known = waiting or found.mailboxes.get(mailbox_id)
        return known.version if known else 0


def keep_everything(house: Keeping, unit: str) -> None:
    """Whatever else may happen in the register, once: after the journey, with a unit of the region."""
    command: Any
    east = "amb-oest"
    house.authority(EAST)
    house.unit(EAST, east)
    asked = c.AskForMainMailbox(authority=EAST, means="letter", asked_on="2026-01-02")
    mailbox_entries.ask_for_main_mailbox(house.services, house.as_(secretariat()), asked)
    house.doubt_mailbox(house.mailbox(EAST, east))
    withdrawn = house.propose_mailbox(EAST, east)
    command = c.WithdrawMailboxProposal(
        mailbox=withdrawn, expected_version=house.version_of(withdrawn), reason="mistyped"
    )
    mailbox_entries.withdraw_mailbox_proposal(house.services, house.as_(secretariat()), command)
    for units in ((unit, east), (None, None)):
        command = c.ProposeSuccession(
            authority=REGION,
            unit=units[0],
            successor_authority=EAST,
            successor_unit=units[1],
            valid_from=NEW_YEAR,
            basis="ovl-2026",
        )
        proposal = successions.propose_succession(house.services, house.as_(secretariat()), command).resource
        command = c.ConfirmSuccession(authority=REGION, proposal=proposal)
        successions.confirm_succession(house.services, house.as_(secretariat()), command)
    command = c.PublishReferrer(authority=EAST, referrer="other-region", valid_from=NEW_YEAR)
    register.publish_referrer(house.services, house.as_(secretariat()), command)
    house.authority(OTHER_MUNICIPALITY)
    house.publish_time(OTHER_MUNICIPALITY, "sel:101", 4, "weeks", valid_from="2027-01-01")
    _as_in_the_first_years(house, unit)


def _as_in_the_first_years(house: Keeping, unit: str) -> None:
    """A main mailbox that one person entered, as logs of the first years have them."""
    stream = register_of(REGION)
    entry = MainMailboxRegistered(
        mailbox=uuid4(),
        authority=REGION,
        unit=unit,
        served_by=unit,
        purpose=MAILBOX_PURPOSE,
        channel="overgang-mailbox",
        address="gammel@region.example",
        valid_from="2020-01-01T00:00:00.000000Z",
        valid_to="2021-01-01T00:00:00.000000Z",
    )
    event = NewEvent(
        decided=Decided(event=entry),
        stream=stream,
        expected_version=None,
        controller=REGION,
        visible_to=(REGION,),
        purpose="register",
    )
    claims = (f"mailbox:{entry.mailbox}",)
    house.log.append(Append(events=(event,), actor=secretariat(), correlation_id=uuid4(), claims=claims))
