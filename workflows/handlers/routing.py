"""Where a handover goes: the main mailbox valid at this moment, or the reason it is held."""

from datetime import datetime
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.handover.commands import MedComOrigin
from domain.handover.events import DocumentFacts
from domain.handover.parties import MUNICIPALITY, kind_of
from domain.handover.streams import register_of
from domain.register.fold import fold
from domain.register.mailbox import MainMailbox
from domain.register.resolve import NO_MAILBOX, Resolved, resolve, successor_of, unit_successor_of
from domain.register.state import Register
from workflows.handlers.services import MAILBOX_PURPOSE
from workflows.ports.log import Log
from workflows.rules.conditions import consent_covers, disclosure_fault, reaches
from workflows.rules.moves import move_fault


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Where to, and by which rule; or why it is held."""

    receiver_authority: str | None
    receiver_unit: str | None
    mailbox: MainMailbox | None
    routed_by: str
    hold_reason: str | None


def register(log: Log, authority: str) -> Register | None:
    """What the register knows of an authority."""
    return log.fold(register_of(authority), fold)


def find_route(
    log: Log,
    *,
    sender: str,
    receiver_authority: str | None,
    receiver_unit: str | None,
    facts: DocumentFacts,
    medcom: MedComOrigin | None,
    now: datetime,
    first: str | None = None,
) -> Route:
    """The main mailbox of the addressed unit, or of the authority when no unit is addressed.

    A municipality has one for all its centres: it stands in for a unit that has none of its own.

    Who has been succeeded by now gives way to the successor.
    `first` is the authority first addressed, which a consent names; on a later leg it may be another.
    """
    routed_by = "addressed-unit" if receiver_unit else "handlekommune"
    hold_reason = disclosure_fault(facts, danish_day(now))
    if medcom is not None:
        routed_by = "medcom-address"
        addressed = unit_of_address(log, medcom.receiver_sor, medcom.receiver_gln)
        if addressed is None:
            return Route(
                receiver_authority=None,
                receiver_unit=None,
                mailbox=None,
                routed_by=routed_by,
                hold_reason="receiver-not-in-register",
            )
        receiver_authority, receiver_unit = addressed
    if receiver_authority is not None and not consent_reaches(
        log, facts, first, receiver_authority, receiver_unit, now
    ):
        hold_reason = hold_reason or "consent-does-not-cover"
    found = None
    if receiver_authority is not None:
        found = _resolve(
            log,
            receiver_authority,
            receiver_unit,
            to_instant(now),
            fall_back=medcom is not None or kind_of(receiver_authority) == MUNICIPALITY,
        )
        receiver_authority, receiver_unit = found.authority, found.unit
    if found is not None and found.mailbox is not None and not reaches(facts, sender, found.mailbox):
        hold_reason = hold_reason or "basis-not-for-receiver"
    if receiver_authority == sender:
        hold_reason = hold_reason or "receiver-is-sender"
    if move_fault(facts, sender, receiver_authority) is not None:
        hold_reason = hold_reason or "move-does-not-fit"
    return Route(
        receiver_authority=receiver_authority,
        receiver_unit=receiver_unit,
        mailbox=found.mailbox if found is not None and hold_reason is None else None,
        routed_by=routed_by,
        hold_reason=hold_reason or (found.hold_reason if found is not None else "no-main-mailbox"),
    )


def _resolve(log: Log, authority: str, unit: str | None, instant: str, *, fall_back: bool) -> Resolved:
    """`fall_back`: the authority's main mailbox serves a unit that has none of its own.

    A MedCom message names the unit with the GLN.
    """
    read: dict[str, Register | None] = {}

    def registers(code: str) -> Register | None:
        if code not in read:
            read[code] = register(log, code)
        return read[code]

    found = resolve(registers, authority, unit, MAILBOX_PURPOSE, instant)
    if found.mailbox is None and found.hold_reason == NO_MAILBOX and fall_back and unit is not None:
        of_authority = resolve(registers, found.authority, None, MAILBOX_PURPOSE, instant)
        found = msgspec.structs.replace(
            found, mailbox=of_authority.mailbox, hold_reason=of_authority.hold_reason
        )
    return found


def consent_reaches(
    log: Log, facts: DocumentFacts, first: str | None, authority: str, unit: str | None, now: datetime
) -> bool:
    """Whether the consent covers what is addressed, or by its name whoever stands in its place (JFB §45)."""
    if consent_covers(facts, first, authority):
        return True
    place = _resolve(log, authority, unit, to_instant(now), fall_back=False).authority
    return consent_covers(facts, first, place)


def place_of(
    log: Log, authority: str, unit: str | None, now: datetime, read: dict[str, Register | None]
) -> tuple[str, str | None] | None:
    """The authority and unit that stand in the place of others now; None where the unit has nobody yet.

    `read` keeps the registers that were asked for, for the next question.
    """

    def registers(code: str) -> Register | None:
        if code not in read:
            read[code] = register(log, code)
        return read[code]

    if unit is None:
        return successor_of(registers, authority, to_instant(now)), None
    return unit_successor_of(registers, authority, unit, to_instant(now))


def mailbox_served_by(log: Log, authority: str, unit: str, now: datetime) -> UUID | None:
    """The main mailbox, valid now, that a unit opens: its own, or its authority's. None: it opens none."""
    found = register(log, authority)
    if found is None:
        return None
    for of in (unit, None):
        mailbox = found.main_mailbox(of, MAILBOX_PURPOSE, to_instant(now))
        if mailbox is not None and mailbox.served_by == unit:
            return mailbox.id
    return None


def authority_of_unit(log: Log, unit: str) -> str | None:
    """The authority that a unit was registered by; None for one that is not in the register."""
    stream = log.claimant(f"unit:{unit}")
    if stream is None:
        return None
    first = log.stream(stream)[0]
    return str(getattr(first.event, "authority", "")) or None


def unit_of_address(log: Log, sor: str, gln: str) -> tuple[str, str] | None:
    """The unit whose SOR and GLN both stand in the register, as (authority, unit)."""
    stream = log.claimant(f"gln:{gln}")
    found = log.fold(stream, fold) if stream else None
    if found is None:
        return None
    for unit in found.units.values():
        if unit.gln == gln and unit.sor == sor:
            return found.authority, unit.id
    return None
