"""Cases that were under way before Overgang: imported one by one, unresolved until the receiver confirms.

The same row imported twice is one case: its idempotency id is made from its content, under the vault's key.
"""

from uuid import UUID, uuid5

from domain.calendar.working_days import danish_day, start_of_day
from domain.document.loader import template_on
from domain.events.instant import to_instant
from domain.events.model import Decided
from domain.handover.commands import ImportCase
from domain.handover.decide import OVERGANGSDOKUMENT, UNKNOWN_MOVE
from domain.handover.events import LabelBody
from domain.handover.parties import direction, kind_of
from domain.handover.steps import HandoverImported
from domain.identity.municipality import municipalities
from workflows.handlers.case import holder
from workflows.handlers.envelope import case_event
from workflows.handlers.routing import mailbox_served_by, register
from workflows.handlers.services import WORKFLOW, Context, Services
from workflows.handlers.submit import person_known_by
from workflows.machines.installed import definition_on
from workflows.ports import Append, BodyKeys, Idempotency, IdempotentReplay, Outcome

_ROWS = UUID("0e0f4c1a-1c53-5a0e-8f6e-5d3f0c2b9a71")


def import_fault(services: Services, command: ImportCase) -> tuple[str, str] | None:
    """What is wrong with a row, as (column, code); None where it can be imported."""
    for side in ("sender", "receiver"):
        authority, unit = getattr(command, f"{side}_authority"), getattr(command, f"{side}_unit")
        found = register(services.log, authority) if kind_of(authority) else None
        if found is None:
            return f"{side}_authority", "not-in-register"
        if unit not in found.units:
            return f"{side}_unit", "not-in-register"
    if command.receiver_authority == command.sender_authority:
        return "receiver_authority", "receiver-is-sender"
    today = danish_day(services.clock.now())
    forms = {value.code for value in template_on(OVERGANGSDOKUMENT, today).values("form")} | {UNKNOWN_MOVE}
    for column in ("move_from", "move_to"):
        if getattr(command, column) not in forms:
            return column, "unknown-code"
    claims = definition_on(WORKFLOW, today).codes("import", "claimed")
    if command.claimed not in {value.name for value in claims}:
        return "claimed", "unknown-code"
    if command.acting_municipality is not None and command.acting_municipality not in municipalities():
        return "handlekommune", "unknown-code"
    return ("began_on", "in-the-future") if command.began_on > today else None


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
        )
    )
    return outcome


def _idempotency(services: Services, command: ImportCase) -> Idempotency:
    fingerprint = services.subjects.fingerprint(command.canonical_row())
    return Idempotency(id=uuid5(_ROWS, fingerprint.hex()), fingerprint=fingerprint)
