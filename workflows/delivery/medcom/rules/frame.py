"""The Bundle itself: envelope, order of entries, fullUrls, how many of each resource.

Source: medcom-messaging-message 4.0.2, medcom-careCommunication-message 5.0.4, FHIR R4 Bundle (bdl-*).
"""

import re
from typing import Final

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import MEDCOM_TYPES, Entry, MessageBundle, object_of, text_of, texts_of
from workflows.delivery.medcom.dates import read_instant
from workflows.delivery.medcom.identifiers import is_bare_uuid, is_urn_uuid
from workflows.delivery.medcom.issues import Findings

_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_IG: Final = "http://medcomfhir.dk/ig/carecommunication/StructureDefinition/"
_ABSOLUTE: Final = re.compile(r"(https?://\S+|urn:(uuid|oid):\S+)")


def check_frame(bundle: MessageBundle, found: Findings) -> None:
    """Rules that any MedCom message Bundle must keep."""
    root = bundle.root
    bundle_id = text_of(root, "id")
    if bundle_id is None:
        found.required("Bundle.id", "The envelope needs an id")
    elif _ID.fullmatch(bundle_id) is None:
        found.error(issues.INVALID_ID, "Bundle.id", "The id does not have the form of a FHIR id", "value")
    elif not is_bare_uuid(bundle_id):
        # MedCom's own example gfd00bc2-… is none, so the standard's word is not enforced.
        found.warn("value", "Bundle.id", "The envelope id should be a UUID in lower case", "value")
    if root.get("type") != "message":
        found.error("value", "Bundle.type", "The Bundle must be of type message", "value")
    if "timestamp" not in root:
        found.required("Bundle.timestamp", "The envelope needs a timestamp")
    elif read_instant(root["timestamp"]) is None:
        found.error(issues.DATE, "Bundle.timestamp", "The timestamp must exist and have a time zone", "value")
    if "total" in root:
        found.invariant("bdl-1", "Bundle.total", "A message has no total")
    if bundle.header is None:
        found.invariant("bdl-12", "Bundle.entry[0].resource", "The first entry must be the MessageHeader")
    elif len(bundle.of_type("MessageHeader")) > 1:
        found.error(issues.NO_REPEAT, "Bundle.entry", "There must be exactly one MessageHeader", "structure")
    _check_entries(bundle, found)


def check_counts(bundle: MessageBundle, found: Findings) -> None:
    """How many of each resource a CareCommunication has, and which profiles they name."""
    for resource_type, key in (("Patient", "medcom-careCommunication-2"), ("Communication", "")):
        count = len(bundle.of_type(resource_type))
        if count != 1 and key:
            found.invariant(key, "Bundle.entry", "There must be exactly one Patient")
        elif count == 0:
            found.error(issues.RESOURCE_REQUIRED, "Bundle.entry", "There must be a Communication", "required")
        elif count > 1:
            found.error(
                issues.NO_REPEAT, "Bundle.entry", "There must be exactly one Communication", "structure"
            )
    if not bundle.of_type("Provenance"):
        found.invariant("medcom-messaging-2", "Bundle.entry", "There must be at least one Provenance")
    practitioners = bundle.of_type("Practitioner")
    if not any("name" in entry.resource for entry in practitioners):
        found.invariant(
            "medcom-careCommunication-4", "Bundle.entry", "There must be a Practitioner with a name"
        )
    roles = bundle.of_type("PractitionerRole")
    if not any("practitioner" in entry.resource for entry in roles):
        found.invariant(
            "medcom-careCommunication-13",
            "Bundle.entry",
            "There must be a PractitionerRole that names its Practitioner",
        )
    if bundle.header is not None and not _names_profile(
        bundle.header, "medcom-careCommunication-messageHeader"
    ):
        found.invariant(
            "medcom-careCommunication-1",
            f"{bundle.header.path}.meta.profile",
            "The MessageHeader must name the CareCommunication profile",
        )
    for entry in bundle.of_type("Provenance"):
        if not _names_profile(entry, "medcom-careCommunication-provenance"):
            found.invariant(
                "medcom-careCommunication-3",
                f"{entry.path}.meta.profile",
                "Every Provenance must name the CareCommunication profile",
            )


def _names_profile(entry: Entry, profile: str) -> bool:
    profiles = texts_of(object_of(entry.resource, "meta"), "profile")
    # The official invariant says startsWith: a version may follow.
    return bool(profiles) and all(name.startswith(_IG + profile) for name in profiles)


def _check_entries(bundle: MessageBundle, found: Findings) -> None:
    urls: set[str] = set()
    names: set[tuple[str, str]] = set()
    raw = bundle.root.get("entry")
    for entry, original in zip(bundle.entries, raw if isinstance(raw, list) else [], strict=True):
        path = f"Bundle.entry[{entry.position}]"
        for member, key in (("search", "bdl-2"), ("request", "bdl-3"), ("response", "bdl-4")):
            if member in original:
                found.invariant(key, f"{path}.{member}", "An entry of a message has no such element")
        _check_full_url(entry, path, urls, found)
        if entry.id is None:
            found.required(f"{entry.path}.id", "Every resource in a message needs an id")
        elif _ID.fullmatch(entry.id) is None:
            found.error(
                issues.INVALID_ID, f"{entry.path}.id", "The id does not have the form of a FHIR id", "value"
            )
        elif (entry.type, entry.id) in names:
            found.error(
                issues.DUPLICATE_ID,
                f"{entry.path}.id",
                "Two resources have the same type and id",
                "duplicate",
            )
        names.add((entry.type, entry.id or ""))
        if entry.type not in MEDCOM_TYPES:
            found.warn(
                "not-supported",
                path,
                "This type of resource is no part of the message and is not read",
                "not-supported",
            )


def _check_full_url(entry: Entry, path: str, urls: set[str], found: Findings) -> None:
    if entry.full_url is None:
        found.required(f"{path}.fullUrl", "Every entry needs a fullUrl")
        return
    if entry.full_url in urls:
        found.invariant("bdl-7", f"{path}.fullUrl", "Two entries have the same fullUrl")
    urls.add(entry.full_url)
    if "/_history/" in entry.full_url:
        found.invariant("bdl-8", f"{path}.fullUrl", "A fullUrl must not be specific to a version")
    if _ABSOLUTE.fullmatch(entry.full_url) is None:
        found.error("value", f"{path}.fullUrl", "A fullUrl must be absolute", "value")
    elif entry.full_url.startswith("urn:uuid:"):
        if not is_urn_uuid(entry.full_url):
            found.error("value", f"{path}.fullUrl", "A urn:uuid must be a UUID in lower case", "value")
    elif not entry.full_url.endswith(f"/{entry.type}/{entry.id}") and not entry.full_url.startswith(
        "urn:oid:"
    ):
        found.error(
            issues.ID_MISMATCH,
            f"{path}.fullUrl",
            "The fullUrl disagrees with the resource's type and id",
            "value",
        )
