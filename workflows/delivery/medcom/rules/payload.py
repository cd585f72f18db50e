"""Communication.payload: the message segments, texts and attachments.

Source: medcom-careCommunication-communication 5.0.4 and the extensions of MedCom core 3.0.1.
"""

import re
from typing import Final

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import (
    Entry,
    MessageBundle,
    extensions_of,
    object_of,
    objects_of,
    text_of,
)
from workflows.delivery.medcom.dates import is_date_time
from workflows.delivery.medcom.identifiers import is_urn_uuid
from workflows.delivery.medcom.issues import Findings
from workflows.delivery.medcom.rules.references import follow
from workflows.delivery.medcom.strict_json import JsonObject
from workflows.delivery.medcom.terminology import terminology

_CORE: Final = "http://medcomfhir.dk/ig/core/StructureDefinition/"
DATE_URL: Final = _CORE + "medcom-core-datetime-extension"
IDENTIFIER_URL: Final = _CORE + "medcom-core-identifier-extension"
AUTHOR_URL: Final = _CORE + "medcom-core-practitioner-extension"
CONTACT_URL: Final = _CORE + "medcom-core-contact-extension"

_PHONE: Final = re.compile("[+]?[-0-9]")  # searched, not matched in full: so is the official invariant


def check_payloads(bundle: MessageBundle, communication: Entry, found: Findings) -> None:
    """Every segment, and that one at least is a text."""
    payloads = objects_of(communication.resource, "payload")
    if not any("contentString" in payload for payload in payloads):
        found.required(f"{communication.path}.payload", "There must be at least one message text")
    for position, payload in enumerate(payloads):
        path = f"{communication.path}.payload[{position}]"
        if "contentString" in payload:
            if text_of(payload, "contentString") is None:
                found.required(f"{path}.contentString", "The message text is missing")
            _check_extensions(bundle, payload, path, found, is_text=True)
        elif "contentAttachment" in payload:
            _check_extensions(bundle, payload, path, found, is_text=False)
            is_new = bundle.activity == "new-message"
            _check_attachment(
                object_of(payload, "contentAttachment"), f"{path}.contentAttachment", is_new, found
            )
        else:
            # Open slicing would allow a reference, whose content no reader of ours would show.
            found.error("not-supported", path, "A segment is a text or an attachment", "not-supported")


def _check_extensions(
    bundle: MessageBundle, payload: JsonObject, path: str, found: Findings, *, is_text: bool
) -> None:
    for url, name, required in (
        (DATE_URL, "date", True),
        (IDENTIFIER_URL, "identifier", True),
        (AUTHOR_URL, "author", is_text),
        (CONTACT_URL, "author's phone", is_text),
    ):
        given = len(extensions_of(payload, url))
        if given > 1:
            found.error(issues.NO_REPEAT, f"{path}.extension", f"A segment has one {name}", "structure")
        elif not given and required:
            found.required(f"{path}.extension", f"The segment's {name} is missing")
    for position, extension in enumerate(objects_of(payload, "extension")):
        at = f"{path}.extension[{position}]"
        kind = extension.get("url")
        if kind == DATE_URL and not is_date_time(extension.get("valueDateTime")):
            found.error(issues.DATE, f"{at}.valueDateTime", "The date must exist, with a time zone", "value")
        elif kind == IDENTIFIER_URL:
            _check_identifier(bundle, object_of(extension, "valueIdentifier"), f"{at}.valueIdentifier", found)
        elif kind == AUTHOR_URL:
            _check_author(bundle, extension, at, found)
        elif kind == CONTACT_URL:
            _check_contact(object_of(extension, "valueContactPoint"), f"{at}.valueContactPoint", found)


def _check_identifier(bundle: MessageBundle, identifier: JsonObject, path: str, found: Findings) -> None:
    value = text_of(identifier, "value")
    if value is None:
        found.required(f"{path}.value", "The segment's identifier is missing")
    elif not is_urn_uuid(value):
        found.invariant("medcom-uuidv4", f"{path}.value", "The identifier must be a urn:uuid in lower case")
    follow(bundle, identifier, "assigner", path, ("Organization",), found)


def _check_contact(contact: JsonObject, path: str, found: Findings) -> None:
    value = text_of(contact, "value")
    if contact.get("system") != "phone":
        found.error("value", f"{path}.system", "The author's contact must be a phone", "value")
    if value is None:
        found.required(f"{path}.value", "The phone number is missing")
    elif _PHONE.search(value) is None:
        found.invariant("medcom-core-contact", f"{path}.value", "A phone number holds digits")


def _check_author(bundle: MessageBundle, extension: JsonObject, path: str, found: Findings) -> None:
    role = follow(bundle, extension, "valueReference", path, ("PractitionerRole",), found)
    if role is None:
        return
    codes = objects_of(role.resource, "code")
    coded = any(text_of(coding, "code") for code in codes for coding in objects_of(code, "coding"))
    if coded == any(text_of(code, "text") for code in codes):
        found.invariant(
            "medcom-careCommunication-7",
            f"{role.path}.code",
            "An author has a role, as a code or as text but not both",
        )
    practitioner = bundle.resolve(object_of(role.resource, "practitioner"))
    if practitioner is None or not _has_name(practitioner):
        found.invariant(
            "medcom-careCommunication-8",
            f"{role.path}.practitioner",
            "An author's Practitioner must have a name",
        )


def _has_name(practitioner: Entry) -> bool:
    return any(
        text_of(name, "text") or text_of(name, "family") or name.get("given")
        for name in objects_of(practitioner.resource, "name")
    )


def _check_attachment(attachment: JsonObject, path: str, is_new: bool, found: Findings) -> None:
    """Data itself is judged where it is decoded."""
    media_type = attachment.get("contentType")
    if media_type is None and "data" in attachment:
        found.invariant("att-1", f"{path}.contentType", "An attachment with data needs its content type")
    elif media_type is not None and media_type not in terminology().attachment_media_type.codes:
        found.error(
            issues.VALUESET,
            f"{path}.contentType",
            "The content type is not allowed by MedCom",
            "code-invalid",
        )
    if text_of(attachment, "title") is None:
        found.required(f"{path}.title", "An attachment needs a title")
    if "creation" in attachment and not is_date_time(attachment["creation"]):
        found.error(issues.DATE, f"{path}.creation", "The date must exist, with a time zone", "value")
    # In a reply the attachments of earlier messages come without their data.
    if is_new and "data" not in attachment and "url" not in attachment:
        found.required(f"{path}.data", "An attachment in a new message holds data or is a link")
