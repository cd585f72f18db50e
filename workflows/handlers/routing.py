"""Where a handover goes: the main mailbox valid at this moment, or the reason it is held."""

from datetime import datetime

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import to_instant
from domain.handover.commands import MedComOrigin
from domain.handover.events import DocumentFacts
from domain.handover.streams import register_of
from domain.register.state import MainMailbox, Register, fold
from workflows.handlers.services import MAILBOX_PURPOSE
from workflows.ports import Log
from workflows.rules.conditions import disclosure_fault


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
) -> Route:
    """The main mailbox of the addressed unit, or of the authority when no unit is addressed."""
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
    if receiver_authority == sender:
        hold_reason = hold_reason or "receiver-is-sender"
    found = register(log, receiver_authority) if receiver_authority else None
    mailbox = _mailbox(found, receiver_unit, to_instant(now), fall_back=medcom is not None)
    return Route(
        receiver_authority=receiver_authority,
        receiver_unit=receiver_unit,
        mailbox=mailbox if hold_reason is None else None,
        routed_by=routed_by,
        hold_reason=hold_reason or (None if mailbox else "no-main-mailbox"),
    )


def _mailbox(
    found: Register | None, unit: str | None, instant: str, *, fall_back: bool
) -> MainMailbox | None:
    """A MedCom message names the unit with the GLN, and the authority's main mailbox serves it."""
    if found is None:
        return None
    mailbox = found.main_mailbox(unit, MAILBOX_PURPOSE, instant)
    if mailbox is None and fall_back:
        mailbox = found.main_mailbox(None, MAILBOX_PURPOSE, instant)
    return mailbox


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
