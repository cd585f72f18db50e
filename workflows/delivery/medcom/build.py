"""Making a CareCommunication *new-message* as FHIR JSON, with a test person for demonstration and tests.

Source: the profiles of CareCommunication 5.0.4; each resource has the narrative that MedCom demands (elements
with obligation SHALL:in-narrative are in it). The result has been read by our own parser before it is given.
"""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from workflows.delivery.medcom import identifiers as ids
from workflows.delivery.medcom.build_parts import Json, coding, extension, narrative, reference, resource
from workflows.delivery.medcom.message import Opaque, Organisation, Patient, PatientIdentifier, Priority
from workflows.delivery.medcom.parse import parse_into
from workflows.delivery.medcom.rules import payload as p
from workflows.delivery.medcom.rules.header import USE_URL
from workflows.delivery.medcom.terminology import CodeList, terminology

TEST_PATIENT: Final = Patient(
    identifier=PatientIdentifier("cpr", "2509479989", ids.CPR_SYSTEM), family="Elmer", given=("Bruno",)
)
"""MedCom's official test person, as in its published examples. Not a citizen."""

_IG: Final = "http://medcomfhir.dk/ig/"
_DEFINITION: Final = _IG + "messagedefinitions/MessageDefinition/MedComCareCommunicationMessageDefinition|5.0"
_SYSTEMS: Final = {"cpr": ids.CPR_SYSTEM, "x-ecpr": ids.X_ECPR_SYSTEM}
_USES: Final = {"cpr": "official", "x-ecpr": "temp"}


class Writer(Opaque, frozen=True):
    """The person who writes the message: name, role in words, phone number."""

    given: str
    family: str
    role: str
    phone: str


class NewMessage(Opaque, frozen=True, kw_only=True):
    """What is to be sent. `sent_at` has a time zone; line breaks in `text` are \\n."""

    sender: Organisation
    receiver: Organisation
    patient: Patient
    writer: Writer
    text: str
    sent_at: datetime
    category: str = "alcohol-and-drug-treatment"
    """A code of MedCom's category list; this one is *Rusmiddelbehandling*."""
    topic: str | None = None
    priority: Priority | None = None
    pdf: bytes | None = None
    pdf_title: str | None = None
    """Without `.pdf`, which MedCom does not allow."""


class _Ids(msgspec.Struct, frozen=True):
    """The ids of the resources, and of thread and segments."""

    bundle: str
    header: str
    patient: str
    communication: str
    role: str
    practitioner: str
    sender: str
    receiver: str
    provenance: str
    thread: str
    text: str
    pdf: str


def build_new_message(
    message: NewMessage, *, new_id: Callable[[], UUID], base_url: str = "https://overgang.example/fhir"
) -> bytes:
    """The message as FHIR JSON in UTF-8.

    `new_id` is called twelve times; `base_url` begins every fullUrl. Raises MedComRefused where what is given
    makes no valid message (a GLN's check digit, a category that is not in the list, a missing topic).
    """
    made = _Ids(*(str(new_id()) for _ in _Ids.__struct_fields__))
    when = message.sent_at.isoformat(timespec="seconds")
    resources = [
        _header(message, made),
        _patient(message.patient, made),
        _communication(message, made, when),
        _role(message.writer, made),
        _practitioner(message.writer, made),
        _organisation(message.sender, made.sender),
        _organisation(message.receiver, made.receiver),
        _provenance(message, made, when),
    ]
    bundle: Json = {
        "resourceType": "Bundle",
        "id": made.bundle,
        "meta": {"profile": [_IG + "carecommunication/StructureDefinition/medcom-careCommunication-message"]},
        "type": "message",
        "timestamp": when,
        "entry": [{"fullUrl": f"{base_url}/{r['resourceType']}/{r['id']}", "resource": r} for r in resources],
    }
    raw = msgspec.json.format(msgspec.json.encode(bundle), indent=1)
    parse_into(raw, None)
    return raw


def _codes(codes: CodeList, code: str) -> Json:
    return coding(codes.system, code)


def _endpoint(organisation: Organisation) -> str:
    return f"https://sor2.sum.dsdn.dk/#id={organisation.sor}"


def _header(message: NewMessage, made: _Ids) -> Json:
    event, use = terminology().event, terminology().destination_use
    return resource(
        "MessageHeader",
        made.header,
        narrative("MessageHeader", {"Afsender": message.sender.name, "Modtager": message.receiver.name}),
        eventCoding=_codes(event, "care-communication-message"),
        destination=[
            {
                "extension": [extension(USE_URL, "Coding", _codes(use, "primary"))],
                "endpoint": _endpoint(message.receiver),
                "receiver": reference("Organization", made.receiver),
            }
        ],
        sender=reference("Organization", made.sender),
        source={"endpoint": _endpoint(message.sender)},
        focus=[reference("Communication", made.communication)],
        definition=_DEFINITION,
    )


def _patient(patient: Patient, made: _Ids) -> Json:
    identifier: Json = {"value": patient.identifier.value}
    system = _SYSTEMS.get(patient.identifier.type, patient.identifier.system)
    if system is not None:
        identifier["system"] = system
    if patient.identifier.type in _USES:
        identifier["use"] = _USES[patient.identifier.type]
    name: Json = {"use": "official", "family": patient.family}
    if patient.given:
        name["given"] = list(patient.given)
    full = " ".join((*patient.given, patient.family))
    return resource(
        "Patient",
        made.patient,
        narrative("Patient", {"Navn": full, "Personnummer": patient.identifier.value}),
        identifier=[identifier],
        name=[name],
    )


def _organisation(organisation: Organisation, made: str) -> Json:
    facts = {"Navn": organisation.name, "SOR": organisation.sor, "Lokationsnummer": organisation.gln}
    return resource(
        "Organization",
        made,
        narrative("Organization", facts),
        identifier=[
            {"use": "official", "system": ids.GLN_SYSTEM, "value": organisation.gln},
            {"use": "official", "system": ids.SOR_SYSTEM, "value": organisation.sor},
        ],
        name=organisation.name,
    )


def _role(writer: Writer, made: _Ids) -> Json:
    return resource(
        "PractitionerRole",
        made.role,
        narrative("PractitionerRole", {"Stilling": writer.role}),
        practitioner=reference("Practitioner", made.practitioner),
        organization=reference("Organization", made.sender),
        code=[{"text": writer.role}],
    )


def _practitioner(writer: Writer, made: _Ids) -> Json:
    return resource(
        "Practitioner",
        made.practitioner,
        narrative("Practitioner", {"Navn": f"{writer.given} {writer.family}"}),
        name=[{"family": writer.family, "given": [writer.given]}],
    )


def _segment(message: NewMessage, made: _Ids, identifier: str, when: str) -> list[Json]:
    phone = {"system": "phone", "value": message.writer.phone}
    named = {"value": f"urn:uuid:{identifier}", "assigner": reference("Organization", made.sender)}
    return [
        extension(p.DATE_URL, "DateTime", when),
        extension(p.IDENTIFIER_URL, "Identifier", named),
        extension(p.AUTHOR_URL, "Reference", reference("PractitionerRole", made.role)),
        extension(p.CONTACT_URL, "ContactPoint", phone),
    ]


def _communication(message: NewMessage, made: _Ids, when: str) -> Json:
    writer = message.writer
    told: dict[str, str | None] = {
        "Kategori": message.category,
        "Emne": message.topic,
        "Prioritet": message.priority,
        "Dato": when,
        "Forfatter": f"{writer.given} {writer.family}, {writer.role}",
        "Telefon": writer.phone,
        "Tekst": message.text,
    }
    payload: list[Json] = [
        {"extension": _segment(message, made, made.text, when), "contentString": message.text}
    ]
    if message.pdf is not None:
        title = message.pdf_title or "Bilag"
        told |= {"Bilag": title, "Bilagets type": "application/pdf", "Bilagets dato": when}
        attachment: Json = {
            "contentType": "application/pdf",
            "data": base64.b64encode(message.pdf).decode(),
            "title": title,
            "creation": when,
        }
        payload.append(
            {"extension": _segment(message, made, made.pdf, when), "contentAttachment": attachment}
        )
    return resource(
        "Communication",
        made.communication,
        narrative("Communication", told, status="extensions"),
        identifier=[{"value": f"urn:uuid:{made.thread}"}],
        status="unknown",
        category=[{"coding": [_codes(terminology().category, message.category)]}],
        priority=message.priority,
        subject=reference("Patient", made.patient),
        topic=None if message.topic is None else {"text": message.topic},
        payload=payload,
    )


def _provenance(message: NewMessage, made: _Ids, when: str) -> Json:
    added = [made.text] if message.pdf is None else [made.text, made.pdf]
    activity = terminology().care_communication_activity
    return resource(
        "Provenance",
        made.provenance,
        narrative(
            "Provenance", {"Aktivitet": "new-message", "Udført af": message.sender.name, "Tidspunkt": when}
        ),
        target=[reference("MessageHeader", made.header)],
        occurredDateTime=when,
        recorded=when,
        activity={"coding": [_codes(activity, "new-message")]},
        agent=[{"who": reference("Organization", made.sender)}],
        entity=[{"role": "source", "what": {"identifier": {"value": f"urn:uuid:{one}"}}} for one in added],
    )
