"""Cases that were under way before Overgang: imported one by one, unresolved until the receiver confirms.

The same row imported twice is one case: its idempotency id is made from its content, under the vault's key.
So is another row about the same case: citizen, parties and day claim it, as a fingerprint under that key.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product
from uuid import UUID, uuid5

import msgspec

from domain.calendar.working_days import danish_day, start_of_day
from domain.document.loader import template_on
from domain.events.instant import to_instant
from domain.events.model import Decided
from domain.handover.commands import ImportCase
from domain.handover.decide import OVERGANGSDOKUMENT, UNKNOWN_MOVE
from domain.handover.events import LabelBody
from domain.handover.parties import direction, kind_of, municipality_of
from domain.handover.steps import HandoverImported
from domain.identity.municipality import municipalities
from domain.register.state import Register
from workflows.handlers.case import holder
from workflows.handlers.envelope import case_event
from workflows.handlers.routing import mailbox_served_by, place_of, register
from workflows.handlers.services import WORKFLOW, Context, Services
from workflows.handlers.submit import person_known_by
from workflows.handlers.succeeded import places_of
from workflows.machines.installed import definition_on
from workflows.ports.log import Append, Idempotency, IdempotentReplay, Outcome
from workflows.ports.vault import BodyKeys
from workflows.rules.moves import move_fault, stated

EARLIEST = date(2007, 1, 1)
"""The day from which there are regions to hand over (domain/identity/data/regions.toml)."""
MOVE_FITS = "move-fits-parties"
_ROWS = UUID("0e0f4c1a-1c53-5a0e-8f6e-5d3f0c2b9a71")


def import_fault(services: Services, command: ImportCase) -> tuple[str, str] | None:
    """What is wrong with a row that is not imported yet, as (column, code); None where it can be imported."""
    today = danish_day(services.clock.now())
    return (
        _party_fault(services, command)
        or _code_fault(command, today)
        or _move_fault(command)
        or _day_fault(command, today)
        or _other_row(services, command)
    )


def _party_fault(services: Services, command: ImportCase) -> tuple[str, str] | None:
    """Both parties stand in the register, for themselves: the case of one that was succeeded is stranded."""
    read: dict[str, Register | None] = {}
    now = services.clock.now()
    for side in ("sender", "receiver"):
        authority, unit = getattr(command, f"{side}_authority"), getattr(command, f"{side}_unit")
        found = register(services.log, authority) if kind_of(authority) else None
        if found is None:
            return f"{side}_authority", "not-in-register"
        if unit not in found.units:
            return f"{side}_unit", "not-in-register"
        if place_of(services.log, authority, None, now, read) != (authority, None):
            return f"{side}_authority", "succeeded"
        if place_of(services.log, authority, unit, now, read) != (authority, unit):
            return f"{side}_unit", "succeeded"
    if command.receiver_authority == command.sender_authority:
        return "receiver_authority", "receiver-is-sender"
    return None


def _code_fault(command: ImportCase, today: date) -> tuple[str, str] | None:
    forms = {value.code for value in template_on(OVERGANGSDOKUMENT, today).values("form")} | {UNKNOWN_MOVE}
    for column in ("move_from", "move_to"):
        if getattr(command, column) not in forms:
            return column, "unknown-code"
    claims = definition_on(WORKFLOW, today).codes("import", "claimed")
    if command.claimed not in {value.name for value in claims}:
        return "claimed", "unknown-code"
    if command.acting_municipality is not None and command.acting_municipality not in municipalities():
        return "handlekommune", "unknown-code"
    return None


def _move_fault(command: ImportCase) -> tuple[str, str] | None:
    """The move is one and goes the way a document's must; who acts is the municipality that takes part."""
    sender, receiver = command.sender_authority, command.receiver_authority
    municipality = municipality_of(sender, receiver)
    if municipality is None:  # from region to region, whatever the forms are
        return "receiver_authority", MOVE_FITS
    if move_fault(stated(command.move_from, command.move_to), sender, receiver) is not None:
        return "move_to", MOVE_FITS
    between = kind_of(sender) == kind_of(receiver)
    if command.move_from == command.move_to != UNKNOWN_MOVE and not between:
        return "move_to", "no-move"
    if command.acting_municipality not in (None, municipality):
        return "handlekommune", "not-the-municipality-of-the-case"
    return None


def _day_fault(command: ImportCase, today: date) -> tuple[str, str] | None:
    if command.began_on < EARLIEST:
        return "began_on", "too-early"
    return ("began_on", "in-the-future") if command.began_on > today else None


def _other_row(services: Services, command: ImportCase) -> tuple[str, str] | None:
    """The same case from another row is no second case: what it says otherwise is mended in the case."""
    known = any(services.log.claimant(claim) is not None for claim in _claims(services, command))
    return ("person_id", "imported-with-other-content") if known else None


def is_imported(services: Services, command: ImportCase) -> bool:
    """Whether this very row was imported before."""
    return services.log.replayed(_idempotency(services, command)) is not None


def import_case(services: Services, context: Context, command: ImportCase) -> Outcome:
    """Import a case whose row has no fault. Raises IdempotentReplay for one that was imported before."""
    idempotency = _idempotency(services, command)
    if (earlier := services.log.replayed(idempotency)) is not None:
        raise IdempotentReplay(earlier)
    keys = services.subjects.provision(
        person=person_known_by(command.person),
        holders=(holder(command.sender_authority), holder(command.receiver_authority)),
    )
    sender_key, receiver_key = (
        keys.keys[command.sender_authority],
        keys.keys[command.receiver_authority],
    )
    imported = HandoverImported(
        citizen_key=sender_key,
        receiver_key=receiver_key,
        sender_authority=command.sender_authority,
        sender_unit=command.sender_unit,
        receiver_authority=command.receiver_authority,
        receiver_unit=command.receiver_unit,
        mailbox=mailbox_served_by(
            services.log, command.receiver_authority, command.receiver_unit, services.clock.now()
        ),
        direction=direction(command.sender_authority, command.receiver_authority),
        move_from=command.move_from,
        move_to=command.move_to,
        acting_municipality=command.acting_municipality,
        claimed=command.claimed,
        row_fingerprint=idempotency.fingerprint.hex(),
    )
    handover = services.ids.uuid()
    outcome = Outcome(status=201, location=f"/v1/handovers/{handover}", resource=handover, etag=1)
    workflow = definition_on(WORKFLOW, danish_day(services.clock.now()))
    services.log.append(
        Append(
            events=(
                case_event(
                    Decided(
                        event=imported,
                        body=LabelBody(person=command.label),
                        occurred_at=to_instant(start_of_day(command.began_on)),
                    ),
                    handover=handover,
                    version=1,
                    workflow=workflow.version,
                    controller=command.receiver_authority,
                    visible_to=(command.sender_authority, command.receiver_authority),
                    subjects=(sender_key, receiver_key),
                    keys=BodyKeys(main=keys.sealers[receiver_key]),
                ),
            ),
            actor=context.actor,
            correlation_id=context.correlation_id,
            idempotency=idempotency,
            outcome=outcome,
            claims=(_claim(services, command),),
        )
    )
    return outcome


def _idempotency(services: Services, command: ImportCase) -> Idempotency:
    fingerprint = services.subjects.fingerprint(command.canonical_row())
    return Idempotency(id=uuid5(_ROWS, fingerprint.hex()), fingerprint=fingerprint)


def _claim(services: Services, command: ImportCase) -> str:
    return f"imported-case:{services.subjects.fingerprint(command.canonical_case()).hex()}"


def _claims(services: Services, command: ImportCase) -> Iterator[str]:
    """Its claim, and those of the same case when either party was still the one it has succeeded."""
    senders, receivers = (
        sorted(place[0] for place in places_of(services, authority, None))
        for authority in (command.sender_authority, command.receiver_authority)
    )
    for sender, receiver in product(senders, receivers):
        before = msgspec.structs.replace(command, sender_authority=sender, receiver_authority=receiver)
        yield _claim(services, before)
