"""The annex (bilag) of all main mailboxes, as the steering group asked for it (6/2/2026, point 5).

The municipalities in order of code, and of the regions the ambulatories that offer treatment of dual
diagnosis. Who has no confirmed main mailbox stands there too, and how far it has come.
"""

from collections.abc import Iterator
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.identity.municipality import kkr_sjaelland, municipalities
from domain.identity.region import region_of, regions
from domain.law.mailbox_rules import counts_as
from domain.register.mailbox import Gap, MainMailbox
from domain.register.mailbox_events import Channel
from domain.register.resolve import Registers
from domain.register.standing import standing
from domain.register.state import Register, Unit


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as the annex names it."""

    unit: str
    name: str
    sor: str | None
    gln: str | None


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """A main mailbox as the annex prints it."""

    id: UUID
    version: int
    served_by: Place
    channels: tuple[Channel, ...]
    receiver_kind: str
    counts_as: str
    """The kind that the rules on disclosure treat the receivers as."""
    kle: tuple[str, ...]
    telephone: str | None
    owner: Place
    deputy: Place | None
    valid_from: str
    valid_to: str | None
    gaps: tuple[Gap, ...]
    confirmed_at: str | None
    evidence: str | None
    evidence_on: str | None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the annex: an authority's own main mailbox (`unit` None) or that of one of its units."""

    authority: str
    name: str
    cvr: str | None
    unit: Place | None
    offers_dual_diagnosis: bool
    """Whether the unit that it is about, or else the one that opens the mailbox, offers the treatment."""
    state: str
    asked_on: str | None
    mailbox: Printed | None


class Annex(msgspec.Struct, frozen=True, kw_only=True):
    """The whole annex at an instant, as known at an instant (None: now)."""

    on: str
    known: str | None
    municipalities: tuple[Entry, ...]
    ambulatories: tuple[Entry, ...]


def annex(registers: Registers, purpose: str, on: str, known: str | None) -> Annex:
    """The annex: the 17 municipalities of KKR Sjælland always, others once they stand in the register."""
    day = danish_day(from_instant(on))
    ours = {municipality.code for municipality in kkr_sjaelland()}
    entries: list[Entry] = []
    for code, municipality in municipalities().items():
        register = registers(code)
        if code in ours or register is not None:
            entries.append(_entry(register, code, f"{municipality.name} Kommune", None, purpose, on))
        entries += _units(register, purpose, on, offering=False)
    served = {region_of(code, day) for code in ours}
    ambulatories = [
        entry
        for code in sorted(regions())
        if code in served
        for entry in _units(registers(code), purpose, on, offering=True)
    ]
    return Annex(on=on, known=known, municipalities=tuple(entries), ambulatories=tuple(ambulatories))


def _units(register: Register | None, purpose: str, on: str, *, offering: bool) -> Iterator[Entry]:
    """Units that have a main mailbox of their own; of a region also those that should have one."""
    if register is None:
        return
    for unit in sorted(register.units.values(), key=lambda one: one.id):
        own = register.main_mailbox(unit.id, purpose, on) is not None
        if own or (offering and unit.offers_dual_diagnosis):
            yield _entry(register, register.authority, register.name, unit, purpose, on)


def _entry(
    register: Register | None, authority: str, name: str, unit: Unit | None, purpose: str, on: str
) -> Entry:
    unit_id = unit.id if unit else None
    asked = register.last_asked(purpose, on) if register and unit is None else None
    mailbox = register.main_mailbox(unit_id, purpose, on) if register else None
    about = unit
    if register is not None and mailbox is not None and unit is None:
        about = register.units[mailbox.served_by]
    return Entry(
        authority=authority,
        name=register.name if register else name,
        cvr=register.cvr if register else None,
        unit=_place(unit) if unit else None,
        offers_dual_diagnosis=about is not None and about.offers_dual_diagnosis,
        state=standing(register, purpose, on, unit_id),
        asked_on=asked.asked_on if asked else None,
        mailbox=_printed(register.units, mailbox) if register and mailbox else None,
    )


def _printed(units: dict[str, Unit], mailbox: MainMailbox) -> Printed:
    return Printed(
        id=mailbox.id,
        version=mailbox.version,
        served_by=_place(units[mailbox.served_by]),
        channels=mailbox.channels,
        receiver_kind=mailbox.receiver_kind,
        counts_as=counts_as(mailbox.receiver_kind),
        kle=mailbox.kle,
        telephone=mailbox.telephone,
        owner=_place(units[mailbox.owner or mailbox.served_by]),
        deputy=_place(units[mailbox.deputy]) if mailbox.deputy else None,
        valid_from=mailbox.valid_from,
        valid_to=mailbox.valid_to,
        gaps=mailbox.gaps,
        confirmed_at=mailbox.confirmed_at,
        evidence=mailbox.evidence,
        evidence_on=mailbox.evidence_on,
    )


def _place(unit: Unit) -> Place:
    return Place(unit=unit.id, name=unit.name, sor=unit.sor, gln=unit.gln)
