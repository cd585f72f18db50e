"""Successions of authorities and units: proposed by one person, confirmed by another (decision 0016)."""

from domain.register import commands as c
from domain.register.decide_succession import decide_confirm_succession, decide_propose_succession
from domain.register.resolve import Registers
from domain.register.state import Register
from workflows.handlers.entries import append_entry, deciding, known
from workflows.handlers.routing import register
from workflows.handlers.services import Context, Services
from workflows.ports.log import Outcome


def propose_succession(services: Services, context: Context, command: c.ProposeSuccession) -> Outcome:
    """Say who succeeds an authority or a unit; beyond one's own authority the secretariat does so."""
    name, abroad = "propose-succession", command.successor_authority != command.authority
    found = known(services, context, command.authority, name, secretariat=abroad)
    proposal = services.ids.uuid()
    event = deciding(
        services,
        context,
        name,
        lambda: decide_propose_succession(_registers(services, found), command, proposal),
    )
    location = f"/v1/authorities/{command.authority}/proposals"
    return append_entry(
        services, context, command.authority, found, event, location, (), proposal, proposed=True
    )


def confirm_succession(services: Services, context: Context, command: c.ConfirmSuccession) -> Outcome:
    """Let a succession hold as another person proposed. Raises Refused."""
    name = "confirm-succession"
    found = known(services, context, command.authority, name)
    proposal = found.succession_proposals.get(command.proposal)
    if proposal is not None and proposal.succession.successor_authority != command.authority:
        known(services, context, command.authority, name, secretariat=True)
    event = deciding(
        services,
        context,
        name,
        lambda: decide_confirm_succession(_registers(services, found), command, context.actor.id),
    )
    location = f"/v1/authorities/{command.authority}"
    return append_entry(services, context, command.authority, found, event, location, (), command.proposal)


def _registers(services: Services, found: Register) -> Registers:
    """Registers by authority; the one that is decided on stays as it was read."""
    return lambda code: found if code == found.authority else register(services.log, code)
