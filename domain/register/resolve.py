"""Where something addressed to an authority or a unit goes at an instant: successors, then main mailbox.

The same function routes at run time and answers the auditor for any instant as known at any other:
only the registers that it is given differ.
"""

from collections.abc import Callable

import msgspec

from domain.register.mailbox import MainMailbox
from domain.register.state import Register

Registers = Callable[[str], Register | None]
"""What the register knows of an authority, by its code."""

NO_MAILBOX = "no-main-mailbox"
NO_SUCCESSOR = "receiver-succeeded"


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """Where it goes; or why nowhere, so that it is held."""

    authority: str
    unit: str | None
    mailbox: MainMailbox | None
    hold_reason: str | None


def successor_of(registers: Registers, authority: str, instant: str) -> str:
    """The authority that stands in this one's place at an instant: itself, where nobody does."""
    return _place(registers, authority, None, instant)[0]


def unit_successor_of(
    registers: Registers, authority: str, unit: str, instant: str
) -> tuple[str, str] | None:
    """The authority and unit that stand in a unit's place at an instant: itself, where nobody does.

    None where its authority has been succeeded and nobody has said who succeeds the unit: what is
    addressed to it waits until somebody does.
    """
    found_authority, found_unit = _place(registers, authority, unit, instant)
    if successor_of(registers, found_authority, instant) != found_authority:
        return None
    assert found_unit is not None, "a unit is succeeded by a unit"
    return found_authority, found_unit


def resolve(registers: Registers, authority: str, unit: str | None, purpose: str, instant: str) -> Resolved:
    """The main mailbox of what is addressed, or of its successor, at an instant."""
    place: tuple[str, str | None] | None
    if unit is None:
        place = (successor_of(registers, authority, instant), None)
    else:
        place = unit_successor_of(registers, authority, unit, instant)
    if place is None:
        return Resolved(authority=authority, unit=unit, mailbox=None, hold_reason=NO_SUCCESSOR)
    register = registers(place[0])
    mailbox = register.main_mailbox(place[1], purpose, instant) if register else None
    return Resolved(
        authority=place[0], unit=place[1], mailbox=mailbox, hold_reason=None if mailbox else NO_MAILBOX
    )


def _place(registers: Registers, authority: str, unit: str | None, instant: str) -> tuple[str, str | None]:
    """Follow successions to the last. One that led back would have been refused; here it ends the way."""
    seen = set()
    while (authority, unit) not in seen:
        seen.add((authority, unit))
        register = registers(authority)
        succession = register.succession(unit, instant) if register else None
        if succession is None:
            break
        authority, unit = succession.successor_authority, succession.successor_unit
    return authority, unit
