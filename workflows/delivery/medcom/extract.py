"""From a Bundle that has passed every rule to the message that the rest of the house reads."""

from datetime import datetime
from typing import Final, cast

from workflows.delivery.medcom import identifiers as ids
from workflows.delivery.medcom import message as m
from workflows.delivery.medcom.attachments import Decoded, Place
from workflows.delivery.medcom.bundle import (
    Entry,
    MessageBundle,
    extensions_of,
    object_of,
    objects_of,
    text_of,
    texts_of,
)
from workflows.delivery.medcom.dates import read_instant
from workflows.delivery.medcom.issues import Issue
from workflows.delivery.medcom.rules import payload as p
from workflows.delivery.medcom.rules.communication import SENDER_URL, category_of
from workflows.delivery.medcom.rules.header import DEFINITION
from workflows.delivery.medcom.rules.parties import MUNICIPALITY_URL
from workflows.delivery.medcom.strict_json import JsonObject

_TYPES: Final[dict[str, m.PatientIdentifierType]] = {ids.CPR_SYSTEM: "cpr", ids.X_ECPR_SYSTEM: "x-ecpr"}
_STRENGTH: Final = {"cpr": 0, "x-ecpr": 1, "local": 2}


def extract(
    bundle: MessageBundle, decoded: dict[Place, Decoded], warnings: tuple[Issue, ...]
) -> m.CareCommunication:
    """The message. `bundle` has no errors left; an element that the rules demand is therefore there."""
    header, communication, provenance = bundle.header, bundle.communication, bundle.current_provenance
    if header is None or communication is None or provenance is None:
        raise AssertionError("extract() needs a Bundle that has passed the rules")
    definition = DEFINITION.fullmatch(_need(header.resource, "definition"))
    resource = communication.resource
    texts, attachments = _segments(bundle, communication, decoded)
    return m.CareCommunication(
        bundle_id=_need(bundle.root, "id"),
        header_id=_need(header.resource, "id"),
        thread_id=_need(objects_of(resource, "identifier")[0], "value"),
        activity=cast("m.Activity", bundle.activity),
        definition_version=definition[1] if definition else "",
        category=category_of(resource) or "",
        sent_at=_instant(bundle.root, "timestamp"),
        occurred_at=_need(provenance.resource, "occurredDateTime"),
        recorded_at=_instant(provenance.resource, "recorded"),
        sender=_organisation(bundle.resolve(object_of(header.resource, "sender"))),
        receiver=_organisation(
            bundle.resolve(object_of(objects_of(header.resource, "destination")[0], "receiver"))
        ),
        patient=_patient(bundle.of_type("Patient")[0].resource),
        texts=texts,
        attachments=attachments,
        topic=text_of(object_of(resource, "topic"), "text"),
        priority=cast("m.Priority | None", text_of(resource, "priority")),
        sender_unit=_unit(
            bundle, [object_of(e, "valueReference") for e in extensions_of(resource, SENDER_URL)]
        ),
        recipient_unit=_unit(bundle, objects_of(resource, "recipient")),
        episode_of_care=_episode(bundle),
        warnings=warnings,
    )


def _need(parent: JsonObject, name: str) -> str:
    return text_of(parent, name) or ""


def _instant(parent: JsonObject, name: str) -> datetime:
    found = read_instant(parent.get(name))
    if found is None:
        raise AssertionError("extract() needs a Bundle that has passed the rules")
    return found


def _organisation(entry: Entry | None) -> m.Organisation:
    resource = entry.resource if entry is not None else {}
    values = {
        identifier.get("system"): _need(identifier, "value")
        for identifier in objects_of(resource, "identifier")
    }
    gln = next((values[system] for system in sorted(ids.GLN_SYSTEMS) if system in values), "")
    return m.Organisation(sor=values.get(ids.SOR_SYSTEM, ""), gln=gln, name=text_of(resource, "name"))


def _patient(resource: JsonObject) -> m.Patient:
    identifiers = sorted(
        (
            m.PatientIdentifier(
                _TYPES.get(text_of(i, "system") or "", "local"), _need(i, "value"), text_of(i, "system")
            )
            for i in objects_of(resource, "identifier")
            if text_of(i, "value")
        ),
        key=lambda identifier: _STRENGTH[identifier.type],
    )
    name = next(name for name in objects_of(resource, "name") if name.get("use") == "official")
    addresses = objects_of(resource, "address")
    return m.Patient(
        identifier=identifiers[0],
        family=_need(name, "family"),
        given=texts_of(name, "given"),
        other_identifiers=tuple(identifiers[1:]),
        address=_address(addresses[0]) if addresses else None,
        telecom=tuple(
            m.Telecom(_need(t, "value"), text_of(t, "system"), text_of(t, "use"))
            for t in objects_of(resource, "telecom")
            if text_of(t, "value")
        ),
        deceased=_deceased(resource),
    )


def _deceased(resource: JsonObject) -> bool | None:
    if "deceasedDateTime" in resource:
        return True
    value = resource.get("deceasedBoolean")
    return value if isinstance(value, bool) else None


def _address(address: JsonObject) -> m.Address:
    codings = [
        coding
        for extension in extensions_of(address, MUNICIPALITY_URL)
        for coding in objects_of(object_of(extension, "valueCodeableConcept"), "coding")
    ]
    return m.Address(
        lines=texts_of(address, "line"),
        postal_code=text_of(address, "postalCode"),
        city=text_of(address, "city"),
        municipality_code=text_of(codings[0], "code") if codings else None,
    )


def _segments(
    bundle: MessageBundle, communication: Entry, decoded: dict[Place, Decoded]
) -> tuple[tuple[m.TextSegment, ...], tuple[m.Attachment, ...]]:
    texts: list[m.TextSegment] = []
    attachments: list[m.Attachment] = []
    for number, payload in enumerate(objects_of(communication.resource, "payload")):
        identifier = _need(object_of(extensions_of(payload, p.IDENTIFIER_URL)[0], "valueIdentifier"), "value")
        date = _need(extensions_of(payload, p.DATE_URL)[0], "valueDateTime")
        author = _author(bundle, payload)
        contacts = extensions_of(payload, p.CONTACT_URL)
        phone = text_of(object_of(contacts[0], "valueContactPoint"), "value") if contacts else None
        text = text_of(payload, "contentString")
        if text is not None:
            texts.append(m.TextSegment(identifier, date, text, author or m.Author("", ""), phone or ""))
            continue
        attachment = object_of(payload, "contentAttachment")
        data = decoded.get((communication.position, number))
        attachments.append(
            m.Attachment(
                identifier=identifier,
                date=date,
                title=_need(attachment, "title"),
                media_type=text_of(attachment, "contentType"),
                creation=text_of(attachment, "creation"),
                size=data.size if data else 0,
                sha256=data.sha256 if data else None,
                content=data.content if data else None,
                path=data.path if data else None,
                url=text_of(attachment, "url"),
                author=author,
                contact_phone=phone,
            )
        )
    return tuple(texts), tuple(attachments)


def _author(bundle: MessageBundle, payload: JsonObject) -> m.Author | None:
    authors = extensions_of(payload, p.AUTHOR_URL)
    role = bundle.resolve(object_of(authors[0], "valueReference")) if authors else None
    return _author_of(bundle, role) if role is not None else None


def _author_of(bundle: MessageBundle, role: Entry) -> m.Author:
    practitioner = bundle.resolve(object_of(role.resource, "practitioner"))
    names = objects_of(practitioner.resource if practitioner else {}, "name")
    words = next(
        (text for code in objects_of(role.resource, "code") if (text := text_of(code, "text"))), None
    )
    codings = [
        c
        for code in objects_of(role.resource, "code")
        for c in objects_of(code, "coding")
        if text_of(c, "code")
    ]
    code = text_of(codings[0], "code") if codings else None
    display = text_of(codings[0], "display") if codings else None
    return m.Author(
        name=_name(names[0]) if names else "", role=words or display or code or "", role_code=code
    )


def _name(name: JsonObject) -> str:
    written = text_of(name, "text")
    return written or " ".join(part for part in (*texts_of(name, "given"), text_of(name, "family")) if part)


def _unit(bundle: MessageBundle, references: list[JsonObject]) -> str | None:
    unit = bundle.resolve(references[0]) if references else None
    if unit is None:
        return None
    return (
        text_of(unit.resource, "name") if unit.type == "CareTeam" else _author_of(bundle, unit).name or None
    )


def _episode(bundle: MessageBundle) -> str | None:
    for encounter in bundle.of_type("Encounter"):
        for episode in objects_of(encounter.resource, "episodeOfCare"):
            value = text_of(object_of(episode, "identifier"), "value")
            if value is not None:
                return value
    return None
