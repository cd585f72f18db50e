"""The fixed history behind the golden entries: one event of every type, in order, under fixed keys.

Only ever append to `HISTORY`: an entry's position, counters and random bytes follow from those
before it. No person in it is real: the numbers have a day of birth + 60.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.log.application import EventLog
from audit.vault.keys import DataKeyOpener, DataKeySealer
from domain.events.header import WorkflowRef
from domain.events.model import AuthorityCode, Body, Code, Decided, Facts, Recorded, UnitId
from domain.handover import events as h
from domain.identity.events import MergedNumbersBody, PersonNumber, ReplacementNumberMerged
from domain.proof.events import BodiesReplayed
from domain.register import events as r
from tests.audit.log.due_history import due_history
from tests.audit.log.handover_history import handover_history
from tests.audit.log.later_history import LATER_HISTORY
from tests.audit.log.register_history import REGISTER_HISTORY
from tests.audit.log.rights_history import rights_history
from tests.stores import FixedIds, FrozenClock
from workflows.ports.log import Actor, Append, Idempotency, NewEvent, Outcome
from workflows.ports.vault import BodyKeys, Opener, Sealer

SEED = "golden-1"
FIRST_MOMENT = datetime(2026, 11, 2, 8, 30, 0, 123456, UTC)
SPACE = UUID("6d1f9d4e-3f0b-4a52-9a53-0d5f7f4a2c11")

REGION, MUNICIPALITY = "1085", "0370"


def _id(name: str) -> UUID:
    return uuid5(SPACE, name)


def _hash(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _key_id(name: str) -> str:
    return _hash(f"key id: {name}")[:32]


def _key(name: str) -> AESGCM:
    return AESGCM(sha256(f"key: {name}".encode()).digest())


REGION_KEY, MUNICIPALITY_KEY, OTHER_KEY = map(_key_id, ("region", "municipality", "representative"))
_KEYS = {_key_id(name): _key(name) for name in ("region", "municipality", "representative")}


def openers(*key_ids: str) -> dict[str, Opener]:
    """Openers under the fixed keys: all of them, or those named."""
    return {key_id: DataKeyOpener(key_id, _KEYS[key_id]) for key_id in key_ids or _KEYS}


def _keys(main: str, *, other: bool = False) -> BodyKeys:
    others: dict[str, Sealer] = {}
    if other:
        others["/representative"] = DataKeySealer(OTHER_KEY, _KEYS[OTHER_KEY])
    return BodyKeys(main=DataKeySealer(main, _KEYS[main]), others=others)


class UnitRegisteredSchema1(Facts, frozen=True, kw_only=True):
    """`unit-registered` as schema 1 wrote it, before `offers_dual_diagnosis`."""

    NAME = "unit-registered"
    SCHEMA = 1

    authority: AuthorityCode
    unit: UnitId
    kind: Code
    name: r.OrganisationName
    sor: r.Sor | None
    gln: r.Gln | None


LABEL = h.LabelBody(
    person=h.PersonLabel(name="Testborger Æblegård", person_id_type="cpr", person_id="7001014321"),
    representative=h.OtherPerson(name="Værge Øst", relation="guardian", phone="00000000"),
)
LABEL_ALONE = h.LabelBody(
    person=h.PersonLabel(name="Testborger Æblegård", person_id_type="cpr", person_id="7001014321")
)
HANDOVER = _id("handover")
MAILBOX = _id("mailbox")
DOCUMENT = _id("document")
DOCUMENT_FACTS: dict[str, bool | str] = {
    "overgang.urgency": "hurtig-72h",
    "medicin.supply_ends": "2026-11-20",
    "stamoplysninger.handlekommune": MUNICIPALITY,
    "samtykke.basis": "sul-43-1",
    "samtykke.consent_given_on": "2026-10-28",
    "samtykke.objection": False,
}
ATTACHMENT = h.AttachmentFact(
    id=_id("attachment"), ciphertext_sha256=_hash("attachment"), media_type="application/pdf", size=48_211
)


def _case(
    event: Facts,
    *,
    controller: str = REGION,
    subjects: tuple[str, ...] = (REGION_KEY,),
    body: Body | None = None,
    keys: BodyKeys | None = None,
    occurred_at: str | None = None,
    visible_to: tuple[str, ...] = (MUNICIPALITY, REGION),
) -> NewEvent:
    return NewEvent(
        decided=Decided(event=event, body=body, occurred_at=occurred_at),
        stream=HANDOVER,
        expected_version=None,
        controller=controller,
        visible_to=visible_to,
        purpose="handover",
        legal_basis=("sul:43.1", "sul:44"),
        subjects=subjects,
        keys=keys,
        workflow=WorkflowRef(name="handover", version=1),
    )


def _own(
    event: Facts,
    stream: str,
    *,
    controller: str = MUNICIPALITY,
    subjects: tuple[str, ...] = (),
    body: Body | None = None,
    keys: BodyKeys | None = None,
) -> NewEvent:
    return NewEvent(
        decided=Decided(event=event, body=body),
        stream=_id(stream),
        expected_version=None,
        controller=controller,
        visible_to=(controller,),
        purpose="case-administration",
        subjects=subjects,
        keys=keys,
    )


def _register(event: Facts) -> NewEvent:
    return NewEvent(
        decided=Decided(event=event),
        stream=_id("register"),
        expected_version=None,
        controller=MUNICIPALITY,
        visible_to=(MUNICIPALITY,),
        purpose="register",
        legal_basis=("lokal-aftale:hovedpostkasse",),
    )


HISTORY: tuple[NewEvent, ...] = (
    _register(
        r.AuthorityRegistered(
            authority=MUNICIPALITY, kind="municipality", name="Næstved Kommune", cvr="29189625"
        )
    ),
    _register(
        UnitRegisteredSchema1(
            authority=MUNICIPALITY,
            unit="rusmiddelcenter",
            kind="municipal-centre",
            name="Rusmiddelcenter Test",
            sor="325421000016001",
            gln="5798003500001",
        )
    ),
    _register(
        r.UnitRegistered(
            authority=MUNICIPALITY,
            unit="rusmiddelcenter",
            kind="municipal-centre",
            name="Rusmiddelcenter Test",
            sor="325421000016001",
            gln="5798003500001",
            offers_dual_diagnosis=True,
        )
    ),
    _register(
        r.MainMailboxRegistered(
            mailbox=MAILBOX,
            authority=MUNICIPALITY,
            unit=None,
            served_by="rusmiddelcenter",
            purpose="dual-diagnosis-handover",
            channel="overgang-mailbox",
            address="hovedpostkasse@naestved.example",
            valid_from="2026-01-01T00:00:00.000000Z",
            valid_to=None,
        )
    ),
    _case(
        h.HandoverSubmitted(
            source="api",
            citizen_key=REGION_KEY,
            template="overgangsdokument",
            template_version=1,
            move_from="ingen",
            move_to="koordineret",
            direction="region-to-municipality",
            sender_authority=REGION,
            sender_unit="ambulatorium-1",
            receiver_authority=MUNICIPALITY,
            receiver_unit=None,
            acting_municipality=MUNICIPALITY,
            document_id=DOCUMENT,
            document_sha256=_hash("document"),
            document_facts=DOCUMENT_FACTS,
            attachments=(ATTACHMENT,),
        ),
        subjects=(OTHER_KEY, REGION_KEY),
        visible_to=(REGION,),
        body=LABEL,
        keys=_keys(REGION_KEY, other=True),
    ),
    _case(
        h.HandoverHeld(reason="no-main-mailbox", receiver_authority=MUNICIPALITY, receiver_unit=None),
        visible_to=(REGION,),
    ),
    _case(
        h.HandoverRouted(
            mailbox=MAILBOX,
            mailbox_version=4,
            receiver_authority=MUNICIPALITY,
            receiver_unit="rusmiddelcenter",
            routed_by="handlekommune",
        )
    ),
    _case(h.HandoverSent(channel="overgang-mailbox", attempt=1)),
    _case(
        h.HandoverDelivered(
            channel="overgang-mailbox",
            citizen_key=MUNICIPALITY_KEY,
            mailbox=MAILBOX,
            mailbox_version=4,
            receiver_authority=MUNICIPALITY,
            receiver_unit="rusmiddelcenter",
            sender_authority=REGION,
            sender_unit="ambulatorium-1",
            template="overgangsdokument",
            template_version=1,
            move_from="ingen",
            move_to="koordineret",
            direction="region-to-municipality",
            document_id=DOCUMENT,
            document_sha256=_hash("document"),
            document_facts=DOCUMENT_FACTS,
            attachments=(ATTACHMENT,),
            acknowledge_by="2026-11-05T22:59:59.999999Z",
        ),
        controller=MUNICIPALITY,
        subjects=(MUNICIPALITY_KEY,),
        body=LABEL_ALONE,
        keys=_keys(MUNICIPALITY_KEY),
    ),
    _case(h.HandoverOpened(document_id=DOCUMENT), controller=MUNICIPALITY, subjects=(MUNICIPALITY_KEY,)),
    _case(
        h.HandoverAcknowledged(carried_by_take_over=False),
        controller=MUNICIPALITY,
        subjects=(MUNICIPALITY_KEY,),
    ),
    _case(h.HandoverTakenOver(document_id=DOCUMENT), controller=MUNICIPALITY, subjects=(MUNICIPALITY_KEY,)),
    _case(
        h.HandoverCompleted(
            acknowledge_by="2026-11-05T22:59:59.999999Z",
            template="overgangsdokument",
            template_version=1,
            move_from="ukendt",
            move_to="koordineret",
            document_id=_id("completed document"),
            document_sha256=_hash("completed document"),
            document_facts=DOCUMENT_FACTS,
        ),
        occurred_at="2026-11-01T23:15:00.000000Z",
    ),
    _case(
        h.HandoverClosed(outcome="treatment-started"), controller=MUNICIPALITY, subjects=(MUNICIPALITY_KEY,)
    ),
    _own(
        h.DocumentRead(handover=HANDOVER, document_id=DOCUMENT, attachment=ATTACHMENT.id),
        "readings",
        subjects=(MUNICIPALITY_KEY,),
    ),
    _own(
        h.OutsideAccessUsed(handover=HANDOVER, reason="joint-case", case_unit="rusmiddelcenter"),
        "readings",
        subjects=(MUNICIPALITY_KEY,),
    ),
    _own(
        h.LeadAlerted(handover=HANDOVER, case_unit="rusmiddelcenter", about_position=15),
        "escalations",
        subjects=(MUNICIPALITY_KEY,),
    ),
    _own(
        h.MailboxShown(mailbox=MAILBOX, handovers=(HANDOVER, _id("another handover"))),
        "showings",
        subjects=(MUNICIPALITY_KEY,),
    ),
    _own(h.CommandRefused(command="take-over", reason="not-delivered", handover=HANDOVER), "refusals"),
    _own(
        ReplacementNumberMerged(alias=_id("alias"), from_type="local", to_type="cpr"),
        "identities",
        controller=REGION,
        subjects=(REGION_KEY,),
        body=MergedNumbersBody(
            replacement=PersonNumber(type="local", value="ERST-1", issuer=REGION),
            real=PersonNumber(type="cpr", value="7001014321"),
        ),
        keys=_keys(REGION_KEY),
    ),
    _register(
        r.MainMailboxEnded(mailbox=MAILBOX, authority=MUNICIPALITY, valid_to="2026-12-31T23:00:00.000000Z")
    ),
    _own(BodiesReplayed(first_position=0, last_position=20), "body replays"),
    *REGISTER_HISTORY,
    *handover_history(_keys, REGION_KEY, MUNICIPALITY_KEY),
    *rights_history(MUNICIPALITY_KEY),
    *due_history(MUNICIPALITY_KEY),
    *LATER_HISTORY,
)

IDEMPOTENT = 4
"""The submission carries an idempotency id; the others show that the field may be null."""


def moment(index: int) -> datetime:
    """When the history's event number `index` was recorded."""
    return FIRST_MOMENT + timedelta(minutes=7 * index)


def file_name(index: int) -> str:
    """The golden file of the history's event number `index`."""
    event = HISTORY[index].decided.event
    return f"{index:02d}-{event.NAME}-{event.SCHEMA}.json"


def record(log: EventLog, clock: FrozenClock, history: Iterable[NewEvent] = HISTORY) -> list[Recorded]:
    """Append the history to a fresh log made with `FixedIds(SEED)`, one command an event."""
    recorded: list[Recorded] = []
    for index, new in enumerate(history):
        clock.set(moment(index))
        idempotency = outcome = None
        if index == IDEMPOTENT:
            idempotency = Idempotency(id=_id("idempotency"), fingerprint=b"\x01" * 32)
            outcome = Outcome(status=201, location="/v1/handovers", resource=HANDOVER, etag=1)
        recorded += log.append(
            Append(
                events=(new,),
                actor=Actor(
                    id=_id("actor"),
                    role="clinician" if new.controller == REGION else "caseworker",
                    unit=None if index < IDEMPOTENT else "unit-1",
                    authority=new.controller,
                ),
                correlation_id=_id(f"correlation {index}"),
                causation_id=_id("causation") if index > IDEMPOTENT else None,
                idempotency=idempotency,
                outcome=outcome,
            )
        )
    return recorded


def fixed_ids() -> FixedIds:
    """The random bytes of the golden entries, from the start."""
    return FixedIds(SEED)
