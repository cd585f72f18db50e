"""The register: who enters authorities and units, and what an authority has published."""

from domain.handover.parties import kind_of
from domain.handover.streams import register_of
from domain.register import commands as c
from domain.register import events as e
from domain.register.decide_succession import decide_publish_processing_time, decide_publish_referrer
from domain.register.refusals import no
from domain.register.state import Register
from workflows.handlers.entries import allowed, append_entry, deciding, known
from workflows.handlers.services import Context, Services
from workflows.ports.log import Outcome


def register_authority(services: Services, context: Context, command: c.RegisterAuthority) -> Outcome:
    """Enter an authority, or its new name. Raises Refused for a code that is none."""
    kind = kind_of(command.authority)
    if kind is None:
        raise no("unknown-authority")
    found = allowed(services, context, command.authority, "register-authority")
    event = e.AuthorityRegistered(authority=command.authority, kind=kind, name=command.name, cvr=command.cvr)
    claims = () if found else (f"authority:{command.authority}",)
    return append_entry(
        services, context, command.authority, found, event, f"/v1/authorities/{command.authority}", claims
    )


def register_unit(services: Services, context: Context, command: c.RegisterUnit) -> Outcome:
    """Enter a unit; its id, SOR and GLN are each registered to one unit only."""
    found = known(services, context, command.authority, "register-unit")
    earlier = found.units.get(command.unit)
    wanted = {f"unit:{command.unit}"}
    wanted |= {f"sor:{command.sor}"} if command.sor else set()
    wanted |= {f"gln:{command.gln}"} if command.gln else set()
    if earlier is not None:
        wanted -= {f"unit:{earlier.id}", f"sor:{earlier.sor}", f"gln:{earlier.gln}"}
    wanted -= _own_codes(services, found, command)
    event = e.UnitRegistered(
        authority=command.authority,
        unit=command.unit,
        kind=command.kind,
        name=command.name,
        sor=command.sor,
        gln=command.gln,
        offers_dual_diagnosis=command.offers_dual_diagnosis,
    )
    location = f"/v1/authorities/{command.authority}"
    return append_entry(services, context, command.authority, found, event, location, tuple(sorted(wanted)))


def _own_codes(services: Services, found: Register, command: c.RegisterUnit) -> set[str]:
    """Codes that this authority claimed before and that no other unit of it has now."""
    others = [unit for unit in found.units.values() if unit.id != command.unit]
    codes = {f"sor:{command.sor}"} - {f"sor:{unit.sor}" for unit in others}
    codes |= {f"gln:{command.gln}"} - {f"gln:{unit.gln}" for unit in others}
    own = register_of(command.authority)
    return {code for code in codes if services.log.claimant(code) == own}


def publish_referrer(services: Services, context: Context, command: c.PublishReferrer) -> Outcome:
    """Note that a region has published that a type of referrer may refer (RSY §11(2)). Raises Refused."""
    found = known(services, context, command.authority, "publish-referrer")
    event = deciding(services, context, "publish-referrer", lambda: decide_publish_referrer(found, command))
    location = f"/v1/authorities/{command.authority}"
    return append_entry(services, context, command.authority, found, event, location)


def publish_processing_time(
    services: Services, context: Context, command: c.PublishProcessingTime
) -> Outcome:
    """Note that a municipality has published its time of decision (RSL §3(2)). Raises Refused."""
    name = "publish-processing-time"
    found = known(services, context, command.authority, name)
    event = deciding(services, context, name, lambda: decide_publish_processing_time(found, command))
    location = f"/v1/authorities/{command.authority}"
    return append_entry(services, context, command.authority, found, event, location)
