"""The register of one authority, folded from its stream: units and main mailboxes in time."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from domain.events.model import Recorded
from domain.register import events as e


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as registered last."""

    id: str
    authority: str
    kind: str
    name: str
    sor: str | None
    gln: str | None
    offers_dual_diagnosis: bool


class MainMailbox(msgspec.Struct, frozen=True, kw_only=True):
    """A main mailbox with its valid time; `version` is the entry's stream version."""

    id: UUID
    version: int
    authority: str
    unit: str | None
    served_by: str
    purpose: str
    channel: str
    address: str
    valid_from: str
    valid_to: str | None

    def valid_at(self, instant: str) -> bool:
        """Whether the mailbox is valid at an instant; `valid_to` is exclusive."""
        return self.valid_from <= instant and (self.valid_to is None or instant < self.valid_to)


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """What the register knows of one authority."""

    authority: str
    kind: str
    name: str
    cvr: str | None
    version: int
    units: dict[str, Unit] = {}
    mailboxes: dict[UUID, MainMailbox] = {}

    def main_mailbox(self, unit: str | None, purpose: str, instant: str) -> MainMailbox | None:
        """The main mailbox of a unit (or of the authority itself) valid at an instant."""
        for mailbox in self.mailboxes.values():
            if mailbox.unit == unit and mailbox.purpose == purpose and mailbox.valid_at(instant):
                return mailbox
        return None

    def overlapping(
        self, unit: str | None, purpose: str, valid_from: str, valid_to: str | None
    ) -> MainMailbox | None:
        """A main mailbox whose valid time overlaps the given one, or None."""
        for mailbox in self.mailboxes.values():
            if (
                (mailbox.unit, mailbox.purpose) == (unit, purpose)
                and (valid_to is None or mailbox.valid_from < valid_to)
                and (mailbox.valid_to is None or valid_from < mailbox.valid_to)
            ):
                return mailbox
        return None


def fold(register: Register | None, events: Iterable[Recorded]) -> Register | None:
    """Fold an authority's register stream."""
    for recorded in events:
        register = _apply(register, recorded)
    return register


def _apply(register: Register | None, recorded: Recorded) -> Register | None:
    event, version = recorded.event, recorded.header.stream_version
    if isinstance(event, e.AuthorityRegistered):
        known = register
        return Register(
            authority=event.authority,
            kind=event.kind,
            name=event.name,
            cvr=event.cvr,
            version=version,
            units=known.units if known else {},
            mailboxes=known.mailboxes if known else {},
        )
    if register is None:
        return None
    if isinstance(event, e.UnitRegistered):
        unit = Unit(
            id=event.unit,
            authority=event.authority,
            kind=event.kind,
            name=event.name,
            sor=event.sor,
            gln=event.gln,
            offers_dual_diagnosis=event.offers_dual_diagnosis,
        )
        return msgspec.structs.replace(register, version=version, units={**register.units, event.unit: unit})
    if isinstance(event, e.MainMailboxRegistered):
        mailbox = MainMailbox(
            id=event.mailbox,
            version=version,
            authority=event.authority,
            unit=event.unit,
            served_by=event.served_by,
            purpose=event.purpose,
            channel=event.channel,
            address=event.address,
            valid_from=event.valid_from,
            valid_to=event.valid_to,
        )
        return msgspec.structs.replace(
            register, version=version, mailboxes={**register.mailboxes, event.mailbox: mailbox}
        )
    if isinstance(event, e.MainMailboxEnded) and event.mailbox in register.mailboxes:
        ended = msgspec.structs.replace(
            register.mailboxes[event.mailbox], valid_to=event.valid_to, version=version
        )
        return msgspec.structs.replace(
            register, version=version, mailboxes={**register.mailboxes, event.mailbox: ended}
        )
    return msgspec.structs.replace(register, version=version)
