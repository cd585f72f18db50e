"""Decisions about successions, and about what an authority has published. Pure."""

from uuid import UUID

from msgspec.structs import replace

from domain.register import commands as c
from domain.register import processing_events as p
from domain.register import referrer_events as r
from domain.register import succession_events as s
from domain.register.refusals import no
from domain.register.resolve import Registers
from domain.register.state import Register
from domain.register.succession import Succession

REGION, MUNICIPALITY = "region", "municipality"
_END_OF_TIME = "9999-12-31T23:59:59.999999Z"
"""Successions begin and never end, so that here all of them hold."""


def decide_propose_succession(
    registers: Registers, command: c.ProposeSuccession, proposal: UUID
) -> s.SuccessionProposed:
    """One person says who succeeds. Raises Refused."""
    register, successor = registers(command.authority), registers(command.successor_authority)
    if register is None or successor is None:
        raise no("unknown-authority")
    if (command.unit is None) != (command.successor_unit is None):
        raise no("succession-incomplete")
    if command.unit is not None and (
        command.unit not in register.units or command.successor_unit not in successor.units
    ):
        raise no("unit-unknown")
    _check_ends(registers, register, command.unit, command)
    return s.SuccessionProposed(
        proposal=proposal,
        authority=command.authority,
        unit=command.unit,
        successor_authority=command.successor_authority,
        successor_unit=command.successor_unit,
        valid_from=command.valid_from,
        basis=command.basis,
    )


def decide_confirm_succession(
    registers: Registers, command: c.ConfirmSuccession, by: UUID
) -> s.AuthoritySucceeded | s.UnitSucceeded:
    """Another person lets it hold. Raises Refused."""
    register = registers(command.authority)
    proposal = register.succession_proposals.get(command.proposal) if register else None
    if register is None or proposal is None:
        raise no("nothing-proposed")
    if by == proposal.entered_by:
        raise no("same-person")
    found = proposal.succession
    _check_ends(registers, register, found.unit, found)
    if found.unit is None or found.successor_unit is None:
        return s.AuthoritySucceeded(
            proposal=command.proposal,
            authority=command.authority,
            successor=found.successor_authority,
            valid_from=found.valid_from,
            basis=found.basis,
        )
    return s.UnitSucceeded(
        proposal=command.proposal,
        authority=command.authority,
        unit=found.unit,
        successor_authority=found.successor_authority,
        successor_unit=found.successor_unit,
        valid_from=found.valid_from,
        basis=found.basis,
    )


def _check_ends(
    registers: Registers, register: Register, unit: str | None, wanted: c.ProposeSuccession | Succession
) -> None:
    """Refuse a succession whose successors would lead back, now or at any later instant."""
    given = Succession(
        unit=unit,
        successor_authority=wanted.successor_authority,
        successor_unit=wanted.successor_unit,
        valid_from=wanted.valid_from,
        basis=wanted.basis,
        version=0,
    )
    assumed = replace(register, successions={**register.successions, unit: given})
    here, place = (register.authority, unit), (given.successor_authority, given.successor_unit)
    while place != here:
        found = assumed if place[0] == register.authority else registers(place[0])
        succession = found.succession(place[1], _END_OF_TIME) if found else None
        if succession is None:
            return
        place = (succession.successor_authority, succession.successor_unit)
    raise no("succession-of-itself")


def decide_publish_referrer(register: Register, command: c.PublishReferrer) -> r.ReferrerPublished:
    """The region has published it. Raises Refused."""
    if register.kind != REGION:
        raise no("not-a-region")
    if command.valid_to is not None and command.valid_to <= command.valid_from:
        raise no("valid-time-empty")
    return r.ReferrerPublished(
        authority=command.authority,
        referrer=command.referrer,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
    )


def decide_publish_processing_time(
    register: Register, command: c.PublishProcessingTime
) -> p.ProcessingTimePublished:
    """The municipality has published it. Raises Refused."""
    if register.kind != MUNICIPALITY:
        raise no("not-a-municipality")
    return p.ProcessingTimePublished(
        authority=command.authority,
        legal_basis=command.legal_basis,
        length=command.length,
        unit=command.unit,
        valid_from=command.valid_from,
        source=command.source,
    )
