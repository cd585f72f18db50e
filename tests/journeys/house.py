"""One installation of Overgang over a test store, spoken to in the words of the domain.

Everything in it is the real thing: log, vault, views, relay. Only the clock is ours.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5

from audit.database.port import Database, Rows
from audit.log.entry import open_body
from audit.projector.cursor import DurableCursor
from audit.projector.projector import Projector
from audit.projector.worklists import Worklists
from audit.vault.drafts import Drafts
from audit.vault.uploads import Uploads
from audit.vault.vault import Vault
from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.events.refusal import Refused
from domain.handover import commands as c
from domain.register import commands as rc
from tests.journeys.cast import AMBULATORY, MUNICIPALITY, NAMES, REGION, SERVING, secretariat
from tests.journeys.checks import project
from tests.journeys.papers import document
from tests.journeys.told import Told
from tests.stores import EPOCH_KEY, Store, make_log
from workflows.delivery.relay import deliver_all_stalled, relay_step
from workflows.handlers import act, read, register, submit
from workflows.handlers.deliver import deliver_stalled
from workflows.handlers.mailbox import Page, show_mailbox
from workflows.handlers.services import SYSTEM, Context, Services
from workflows.ports import Actor, Idempotency, Outcome, Uploaded
from workflows.views.alerts import ALERTS
from workflows.views.volume import VOLUME
from workflows.views.worklist import WORKLIST

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_CLIENT = UUID("0b8b2b0e-3d3c-5a57-9d0e-3d6b3f6f2a11")


class House(Told):
    """An installation: its services, and given / when / then."""

    def __init__(
        self,
        store: Store,
        *,
        connections: tuple[Database, Database] | None = None,
    ) -> None:
        """Set up over a fresh store, or beside another house on the same (`connections`)."""
        self.store = store
        self.clock = store.clock
        if connections is None:
            self.clock.set(MORNING)
            self.database, self.vault = store.log_database, store.vault
        else:
            self.database, self.vault = connections[0], Vault(connections[1], EPOCH_KEY)
            self.vault.unlock()

        def committed_views(rows: Rows, events: Sequence[Recorded]) -> None:
            self.projector.in_transaction(rows, events)

        self.log = make_log(self.database, store.clock, store.ids, committed_views)
        self.projector = Projector(self.database, self.log, (VOLUME, ALERTS), (WORKLIST,))
        self.cursor = DurableCursor(self.database, "relay")
        if connections is None:
            self.projector.migrate()
            self.cursor.migrate()
        self.worklists = Worklists(self.database)
        self.uploads = Uploads(self.vault, store.clock.now)
        self.drafts = Drafts(self.vault)
        self.services = Services(
            log=self.log,
            subjects=self.vault,
            uploads=self.uploads,
            worklists=self.worklists,
            clock=store.clock,
            ids=store.ids,
        )

    # Given

    def authority(self, code: str) -> None:
        """An authority that takes part."""
        register.register_authority(
            self.services, self.as_(secretariat()), rc.RegisterAuthority(authority=code, name=NAMES[code])
        )

    def unit(self, authority: str, unit: str, sor: str | None = None, gln: str | None = None) -> None:
        """A unit of an authority."""
        kind = "ambulatory" if authority.startswith("108") else "substance-abuse-centre"
        command = rc.RegisterUnit(
            authority=authority, unit=unit, kind=kind, name=f"Enheden {unit}", sor=sor, gln=gln
        )
        register.register_unit(self.services, self.as_(secretariat()), command)

    def mailbox(
        self,
        authority: str,
        unit: str | None = None,
        valid_from: datetime = datetime(2026, 1, 1, tzinfo=UTC),
        valid_to: datetime | None = None,
        served_by: str | None = None,
    ) -> UUID:
        """A main mailbox that is valid for a time, and the unit that opens it."""
        served_by = served_by or unit or SERVING[authority]
        if self.log.claimant(f"unit:{served_by}") is None:
            self.unit(authority, served_by)
        command = rc.RegisterMainMailbox(
            authority=authority,
            unit=unit,
            served_by=served_by,
            address=f"hovedpostkasse@myndighed-{authority}.example",
            valid_from=to_instant(valid_from),
            valid_to=to_instant(valid_to) if valid_to else None,
        )
        return register.register_main_mailbox(self.services, self.as_(secretariat()), command).resource

    def end_mailbox(self, mailbox_id: UUID, at: datetime) -> None:
        """A main mailbox ends."""
        register.end_main_mailbox(
            self.services,
            self.as_(secretariat()),
            rc.EndMainMailbox(mailbox=mailbox_id, valid_to=to_instant(at)),
        )

    def two_authorities(self) -> UUID:
        """A region with an ambulatory and a municipality with its main mailbox; returns the mailbox."""
        for code in (REGION, MUNICIPALITY):
            self.authority(code)
        self.unit(REGION, AMBULATORY)
        return self.mailbox(MUNICIPALITY)

    def upload(self, owner: Actor, content: bytes = b"%PDF") -> UUID:
        """An attachment that was uploaded and examined, and waits."""
        upload = uuid4()
        self.uploads.keep(
            owner,
            uuid4(),
            Uploaded(
                id=upload,
                ciphertext_sha256=sha256(content).hexdigest(),
                media_type="application/pdf",
                size=len(content),
            ),
            sha256(upload.bytes).digest(),
            b"fingerprint",
            self.clock.now(),
        )
        return upload

    # When

    def as_(self, actor: Actor, key: str | None = None, content: Any = None) -> Context:
        """A call by somebody; with a key it is a create that may be repeated."""
        idempotency = None
        if key is not None:
            idempotency = Idempotency(
                id=uuid5(_CLIENT, key), fingerprint=self.vault.fingerprint(repr(content).encode())
            )
        return Context(actor=actor, correlation_id=uuid4(), idempotency=idempotency)

    def submit(
        self, actor: Actor, paper: c.WrittenDocument | None = None, *, key: str | None = None, **more: Any
    ) -> UUID:
        """Submit a document; returns the handover."""
        return self.submitted(actor, paper, key=key, **more).resource

    def submitted(
        self, actor: Actor, paper: c.WrittenDocument | None = None, *, key: str | None = None, **more: Any
    ) -> Outcome:
        """Submit a document; returns the answer."""
        paper = paper or document()
        command = c.SubmitHandover(document=paper, **more)
        return submit.submit(self.services, self.as_(actor, key, (paper.sections, more)), command)

    def open(
        self,
        actor: Actor,
        handover: UUID,
        *,
        purpose: str = "handover",
        reason: str | None = None,
        attachment: UUID | None = None,
        key: str | None = None,
    ) -> read.Reading:
        """Open the document, or an attachment."""
        command = c.OpenDocument(
            handover=handover, purpose=purpose, attachment=attachment, outside_reason=reason
        )
        return read.open_for_reading(self.services, self.as_(actor, key, command.handover), command)

    def show(
        self,
        actor: Actor,
        mailbox_id: UUID,
        *statuses: str,
        after: tuple[int, str, str] | None = None,
        limit: int = 20,
    ) -> Page:
        """Show a page of a mailbox."""
        command = c.ShowMailbox(
            mailbox=mailbox_id, statuses=statuses or ("delivered",), after=after, limit=limit
        )
        return show_mailbox(self.services, self.as_(actor), command, open_body)

    def acknowledge(
        self, actor: Actor, handover: UUID, version: int | None = None, key: str | None = None
    ) -> Outcome:
        """Confirm receipt."""
        command = c.Acknowledge(handover=handover, expected_version=self._version(handover, version))
        return act.acknowledge(self.services, self.as_(actor, key, "acknowledge"), command)

    def take_over(
        self, actor: Actor, handover: UUID, version: int | None = None, key: str | None = None
    ) -> Outcome:
        """Accept the handover."""
        command = c.TakeOver(handover=handover, expected_version=self._version(handover, version))
        return act.take_over(self.services, self.as_(actor, key, "take over"), command)

    def close(
        self,
        actor: Actor,
        handover: UUID,
        version: int | None = None,
        key: str | None = None,
        outcome: str = "treatment-started",
    ) -> Outcome:
        """End the handover."""
        command = c.CloseHandover(
            handover=handover, expected_version=self._version(handover, version), outcome=outcome
        )
        return act.close(self.services, self.as_(actor, key, outcome), command)

    def complete(
        self,
        actor: Actor,
        handover: UUID,
        paper: c.WrittenDocument | None = None,
        version: int | None = None,
        key: str | None = None,
    ) -> Outcome:
        """Give a message its overgangsdokument."""
        paper = paper or document()
        command = c.CompleteHandover(
            handover=handover, expected_version=self._version(handover, version), document=paper
        )
        return act.complete(self.services, self.as_(actor, key, paper.sections), command)

    def deliver(self, handover: UUID) -> bool:
        """The system tries one waiting handover."""
        return deliver_stalled(
            self.services, self.as_(SYSTEM), c.DeliverStalled(handover=handover), open_body
        )

    def relay(self) -> None:
        """The relay catches up with the log."""
        while relay_step(self.services, self.cursor, open_body):
            pass

    def tick(self) -> int:
        """Time passes: every waiting handover is tried."""
        return deliver_all_stalled(self.services, open_body)

    def project(self) -> None:
        """The projector catches up with the log."""
        project(self.projector)

    def _version(self, handover: UUID, version: int | None) -> int:
        return self.state(handover).version if version is None else version


def refused(work: Callable[[], Any]) -> str:
    """The code of the refusal that some work meets."""
    try:
        work()
    except Refused as refusal:
        return refusal.code
    raise AssertionError("nothing was refused")
