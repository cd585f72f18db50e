"""The register: who enters what, and that valid times of main mailboxes never overlap."""

from uuid import UUID

from domain.events.model import Decided, Facts
from domain.events.refusal import Refused
from domain.handover.parties import kind_of
from domain.handover.streams import register_of
from domain.law.loader import basis_of
from domain.register import commands as c
from domain.register import events as e
from domain.register.state import Register
from workflows.handlers.guard import refusal, refuse
from workflows.handlers.mailbox import MailboxNotFound
from workflows.handlers.routing import register
from workflows.handlers.services import MAILBOX_PURPOSE, Context, Services
from workflows.ports import Append, IdempotentReplay, NewEvent, Outcome

SECRETARIAT = "0000"
"""The authority code of those who keep the register for everybody."""


class AuthorityNotFound(Exception):
    """The authority does not stand in the register."""


def register_authority(services: Services, context: Context, command: c.RegisterAuthority) -> Outcome:
    """Enter an authority, or its new name. Raises Refused for a code that is none."""
    kind = kind_of(command.authority)
    if kind is None:
        raise Refused(
            "unknown-authority",
            "The code is neither a municipality nor a region.",
            "Koden er hverken en kommune eller en region.",
        )
    found = _allowed(services, context, command.authority, "register-authority")
    event = e.AuthorityRegistered(authority=command.authority, kind=kind, name=command.name, cvr=command.cvr)
    claims = () if found else (f"authority:{command.authority}",)
    return _append(
        services, context, command.authority, found, event, f"/v1/authorities/{command.authority}", claims
    )


def register_unit(services: Services, context: Context, command: c.RegisterUnit) -> Outcome:
    """Enter a unit; its id, SOR and GLN are each registered to one unit only."""
    found = _known(services, context, command.authority, "register-unit")
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
    return _append(services, context, command.authority, found, event, location, tuple(sorted(wanted)))


def _own_codes(services: Services, found: Register, command: c.RegisterUnit) -> set[str]:
    """Codes that this authority claimed before and that no other unit of it has now."""
    others = [unit for unit in found.units.values() if unit.id != command.unit]
    codes = {f"sor:{command.sor}"} - {f"sor:{unit.sor}" for unit in others}
    codes |= {f"gln:{command.gln}"} - {f"gln:{unit.gln}" for unit in others}
    own = register_of(command.authority)
    return {code for code in codes if services.log.claimant(code) == own}


def register_main_mailbox(services: Services, context: Context, command: c.RegisterMainMailbox) -> Outcome:
    """Enter a main mailbox. Raises Refused when its valid time overlaps another's."""
    found = _known(services, context, command.authority, "register-main-mailbox")
    refused = None
    if command.served_by not in found.units or (command.unit or command.served_by) not in found.units:
        refused = Refused(
            "unit-unknown", "The unit does not stand in the register.", "Enheden står ikke i registret."
        )
    elif command.valid_to is not None and command.valid_to <= command.valid_from:
        refused = Refused(
            "valid-time-empty",
            "The mailbox would never be valid: valid_to is not after valid_from.",
            "Postkassen ville aldrig gælde: slutter, før den begynder.",
        )
    elif found.overlapping(command.unit, MAILBOX_PURPOSE, command.valid_from, command.valid_to):
        refused = Refused(
            "valid-time-overlaps",
            "Another main mailbox is valid in part of that time; end it first.",
            "En anden hovedpostkasse gælder i en del af tiden; afslut den først.",
        )
    if refused is not None:
        refuse(services, context, "register-main-mailbox", refused)
    mailbox = services.ids.uuid()
    event = e.MainMailboxRegistered(
        mailbox=mailbox,
        authority=command.authority,
        unit=command.unit,
        served_by=command.served_by,
        purpose=MAILBOX_PURPOSE,
        channel=command.channel,
        address=command.address,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
    )
    location = f"/v1/mailboxes/{mailbox}"
    return _append(
        services, context, command.authority, found, event, location, (f"mailbox:{mailbox}",), mailbox
    )


def end_main_mailbox(services: Services, context: Context, command: c.EndMainMailbox) -> Outcome:
    """End a main mailbox at an instant."""
    stream = services.log.claimant(f"mailbox:{command.mailbox}")
    if stream is None:
        raise MailboxNotFound
    authority = str(getattr(services.log.stream(stream)[0].event, "authority", ""))
    found = _known(services, context, authority, "end-main-mailbox")
    mailbox = found.mailboxes[command.mailbox]
    if command.valid_to <= mailbox.valid_from or (
        mailbox.valid_to is not None and mailbox.valid_to < command.valid_to
    ):
        refuse(
            services,
            context,
            "end-main-mailbox",
            Refused(
                "valid-time-empty",
                "A mailbox ends after it begins, and no later than it already does.",
                "En postkasse slutter efter sin begyndelse og ikke senere end allerede fastsat.",
            ),
        )
    event = e.MainMailboxEnded(mailbox=command.mailbox, authority=authority, valid_to=command.valid_to)
    location = f"/v1/mailboxes/{command.mailbox}"
    return _append(services, context, authority, found, event, location, (), command.mailbox)


def _allowed(services: Services, context: Context, authority: str, command: str) -> Register | None:
    actor = context.actor
    found = register(services.log, authority)
    # Asked after the register was read: the same request, committed in between, is no overlap.
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    if actor.role != "registrar" or actor.authority not in (authority, SECRETARIAT):
        refuse(services, context, command, refusal("role-not-allowed"))
    return found


def _known(services: Services, context: Context, authority: str, command: str) -> Register:
    found = _allowed(services, context, authority, command)
    if found is None:
        raise AuthorityNotFound
    return found


def _append(
    services: Services,
    context: Context,
    authority: str,
    found: Register | None,
    event: Facts,
    location: str,
    claims: tuple[str, ...],
    resource: UUID | None = None,
) -> Outcome:
    stream = register_of(authority)
    version = (found.version if found else 0) + 1
    outcome = Outcome(status=201, location=location, resource=resource or stream, etag=version)
    services.log.append(
        Append(
            events=(
                NewEvent(
                    decided=Decided(event=event),
                    stream=stream,
                    expected_version=version,
                    controller=authority,
                    visible_to=(authority,),
                    purpose="register",
                    legal_basis=basis_of("register"),
                ),
            ),
            actor=context.actor,
            correlation_id=context.correlation_id,
            idempotency=context.idempotency,
            outcome=outcome,
            claims=claims,
        )
    )
    return outcome
