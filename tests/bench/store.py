"""Fills an embedded store in this process: a register, and handovers each to its acknowledgement.

The commands are the real ones; only HTTP and the fsync are left out, because 32,000 handovers must be
there before a measurement, not measured.
"""

import sys
from base64 import b64encode
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from pydantic import SecretStr

from api.bootstrap import Overgang
from api.settings import Settings
from domain.document.example import example_document
from domain.document.loader import template_on
from domain.document.validate import validate_document
from domain.document.values import standard_checks
from domain.handover.commands import Acknowledge, OpenDocument, SubmitHandover, WrittenDocument
from domain.handover.events import PersonLabel
from domain.identity.person import parse_person_id
from domain.register import commands as c
from domain.register.mailbox_events import Channel
from tests.bench.document import impossible_cpr
from workflows.handlers.act import acknowledge
from workflows.handlers.mailbox_entries import confirm_main_mailbox, propose_main_mailbox
from workflows.handlers.read import open_for_reading
from workflows.handlers.register import register_authority, register_unit
from workflows.handlers.services import Context
from workflows.handlers.submit import submit
from workflows.ports.log import Actor

AUTHORITY, UNIT = "1085", "bench-clinic"
MUNICIPALITY, CENTRE_UNIT = "0370", "bench-centre"
SOR = {"clinic": "265161000016000", "centre": "953741000016009"}
GLN = {"clinic": "5790000209354", "centre": "5790001348120"}
EPOCH_KEY = b64encode(bytes(range(32))).decode()
VALID_FROM = "2020-01-01T00:00:00.000000Z"
CLINICIAN = Actor(id=UUID(int=1, version=4), role="clinician", unit=UNIT, authority=AUTHORITY)
CASEWORKER = Actor(id=UUID(int=2, version=4), role="caseworker", unit=CENTRE_UNIT, authority=MUNICIPALITY)
AUDITOR = Actor(id=UUID(int=4, version=4), role="auditor", unit=None, authority="0000")
_REGISTRAR = Actor(id=UUID(int=3, version=4), role="registrar", unit=None, authority="0000")
_COLLEAGUE = Actor(id=UUID(int=5, version=4), role="registrar", unit=None, authority="0000")
_TOLD_EVERY = 4000


def context(actor: Actor) -> Context:
    """A call by this actor, without idempotency."""
    return Context(actor=actor, correlation_id=uuid4())


def open_store(data: Path) -> Overgang:
    """The embedded store in `data`, migrated, as the benchmarks' server opens it."""
    overgang = Overgang(Settings(data_dir=data, allow_test_persons=True, epoch_key=SecretStr(EPOCH_KEY)))
    overgang.migrate()
    return overgang


def written(serial: int) -> WrittenDocument:
    """A valid document about citizen `serial`."""
    template = template_on("overgangsdokument", date.today())
    document = example_document(template, today=date.today())
    document["sections"]["stamoplysninger"]["person_id"]["value"] = impossible_cpr(serial)
    checks = standard_checks(allow_test_numbers=True)
    found = validate_document(document, template, today=date.today(), checks=checks)
    person = found.sections["stamoplysninger"]
    person_id = parse_person_id("cpr", impossible_cpr(serial), allow_test_numbers=True)
    label = PersonLabel(name=person["name"], person_id_type="cpr", person_id=person_id.value)
    return WrittenDocument(
        template=found.template,
        template_version=found.template_version,
        sections=found.sections,
        facts=dict(found.facts),
        person_id=person_id,
        label=label,
    )


def enter_register(overgang: Overgang) -> None:
    """A region with a clinic, and a municipality with a main mailbox."""
    services, caller = overgang.services, context(_REGISTRAR)
    register_authority(services, caller, c.RegisterAuthority(authority=AUTHORITY, name="Region Eksempel"))
    register_authority(services, caller, c.RegisterAuthority(authority=MUNICIPALITY, name="Eksempel Kommune"))
    for authority, unit, kind, side in (
        (AUTHORITY, UNIT, "ambulatory", "clinic"),
        (MUNICIPALITY, CENTRE_UNIT, "municipal-centre", "centre"),
    ):
        unit_entry = c.RegisterUnit(
            authority=authority, unit=unit, kind=kind, name="Enhed", sor=SOR[side], gln=GLN[side]
        )
        register_unit(services, caller, unit_entry)
    entry = c.ProposeMainMailbox(
        authority=MUNICIPALITY,
        unit=None,
        served_by=CENTRE_UNIT,
        channels=(Channel(channel="overgang-mailbox", address="hovedpostkasse@eksempel.example"),),
        receiver_kind="mixed",
        owner=CENTRE_UNIT,
        valid_from=VALID_FROM,
    )
    proposed = propose_main_mailbox(services, caller, entry)
    assert proposed.etag is not None
    confirmation = c.ConfirmMainMailbox(
        mailbox=proposed.resource,
        expected_version=proposed.etag,
        evidence="letter",
        evidence_on=VALID_FROM[:10],
    )
    confirm_main_mailbox(services, context(_COLLEAGUE), confirmation)


def hand_over(overgang: Overgang, serial: int) -> UUID:
    """Submit, open and acknowledge one handover."""
    services = overgang.services
    handover = submit(services, context(CLINICIAN), SubmitHandover(document=written(serial))).resource
    opening = OpenDocument(handover=handover, purpose="handover")
    reading = open_for_reading(services, context(CASEWORKER), opening)
    acknowledge(services, context(CASEWORKER), Acknowledge(handover=handover, expected_version=reading.etag))
    return handover


def fill(data: Path, earlier: int) -> None:
    """Make the store in `data` (which exists, empty) one with a register and `earlier` handovers.

    What was written without fsync is on disk when this returns.
    """
    overgang = open_store(data)
    try:
        enter_register(overgang)
        for database in (overgang.database, overgang.vault.database):
            relax(database)
        for serial in range(earlier):
            hand_over(overgang, serial)
            if (serial + 1) % _TOLD_EVERY == 0:
                print(f"overgang: {serial + 1} of {earlier} earlier messages", file=sys.stderr)
        while overgang.projector.step():
            pass
        overgang.cursor.advance(overgang.log.length() - 1)
    finally:
        overgang.close()


def relax(database: object) -> None:
    """No fsync while filling; the next process that opens the store has its own setting."""
    # The adapter offers no such switch, and should not.
    getattr(database, "_writer").execute("PRAGMA synchronous=OFF")  # noqa: B009
    setattr(database, "_synchronise", lambda durable: None)  # noqa: B010
