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
from domain.events.model import Recorded
from domain.events.refusal import Refused
from domain.handover import commands as c
from tests.journeys.cast import AMBULATORY, MUNICIPALITY, REGION
from tests.journeys.checks import project
from tests.journeys.papers import written_by
from tests.journeys.stepping import Stepping
from tests.stores import EPOCH_KEY, Store, make_log
from workflows.delivery.relay import deliver_all_stalled, relay_step
from workflows.handlers import act, read, submit
from workflows.handlers.deliver import deliver_stalled
from workflows.handlers.mailbox import Page, show_mailbox
from workflows.handlers.services import SYSTEM, Context, Services
from workflows.ports.log import Actor, Idempotency, Outcome
from workflows.ports.uploads import Uploaded
from workflows.views.installed import COMMITTED, FOLLOWING

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_CLIENT = UUID("0b8b2b0e-3d3c-5a57-9d0e-3d6b3f6f2a11")


class House(Stepping):
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
        self.projector = Projector(self.database, self.log, FOLLOWING, COMMITTED)
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
        paper = paper or written_by(actor.authority)
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
        paper: UUID | None = None,
        key: str | None = None,
    ) -> read.Reading:
        """Open the document, an earlier one or a note (`paper`), or an attachment."""
        command = c.OpenDocument(
            handover=handover,
            purpose=purpose,
            attachment=attachment,
            outside_reason=reason,
            document=paper,
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
        paper = paper or written_by(actor.authority)
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
