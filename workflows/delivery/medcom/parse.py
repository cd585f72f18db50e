"""Reading one inbound CareCommunication message: strict JSON, FHIR R4 shape, MedCom's rules, then the facts.

Only *new-message* enters so far; a reply or forward is refused as not supported, not misread.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.attachments import Decoded, Place, decode_all, detach
from workflows.delivery.medcom.bundle import MessageBundle
from workflows.delivery.medcom.extract import extract
from workflows.delivery.medcom.issues import Findings, refuse
from workflows.delivery.medcom.message import CareCommunication
from workflows.delivery.medcom.rules.communication import check_communication
from workflows.delivery.medcom.rules.everywhere import check_everywhere
from workflows.delivery.medcom.rules.frame import check_counts, check_frame
from workflows.delivery.medcom.rules.header import check_header
from workflows.delivery.medcom.rules.parties import check_organisations, check_patient, check_units
from workflows.delivery.medcom.rules.provenance import check_provenances
from workflows.delivery.medcom.shape import check_shape
from workflows.delivery.medcom.strict_json import check_values, load_object

MAX_IN_PROCESS: Final = 10 * 1024 * 1024
"""Bytes of JSON that may be read in the server's own process; larger messages are spooled (`spool`)."""

CARE_COMMUNICATION: Final = "care-communication-message"
ACKNOWLEDGEMENT: Final = "acknowledgement-message"


def parse_new_message(raw: bytes, *, attachments_dir: Path | None = None) -> CareCommunication:
    """The new-message in `raw` (FHIR JSON, UTF-8, at most 10 MiB).

    Attachments are decoded into memory, or, where `attachments_dir` is given (it must be the caller's alone,
    mode 0700), into files of a fresh folder in it, which is removed again when the message is refused.
    Raises MedComRefused with every issue found (`too-long` above 10 MiB), OSError when a file cannot be
    written, ValueError when the directory is open to others.
    """
    if len(raw) > MAX_IN_PROCESS:
        raise refuse("too-long", "Bundle", "The message is too large to be read in one piece", "too-long")
    if attachments_dir is None:
        return parse_into(raw, None)
    folder = private_folder(attachments_dir)
    try:
        return parse_into(raw, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def private_folder(parent: Path) -> Path:
    """A fresh folder (mode 0700) in `parent`. Raises ValueError where others may enter `parent`."""
    if parent.stat().st_mode & 0o077:
        raise ValueError("attachments_dir must be open to its owner only (mode 0700)")
    return Path(tempfile.mkdtemp(prefix="medcom-", dir=parent))


def parse_into(raw: bytes, folder: Path | None) -> CareCommunication:
    """As `parse_new_message`, of any size, into a folder that the caller removes on failure (see `spool`)."""
    bundle, data = read_bundle(raw)
    if bundle.header is not None and bundle.event != CARE_COMMUNICATION:
        raise refuse(
            issues.MESSAGE_TYPE,
            "Bundle.entry[0].resource.ofType(MessageHeader).eventCoding",
            "Only CareCommunication messages are received here",
            "not-supported",
        )
    if bundle.activity in ("reply-message", "forward-message"):
        raise refuse(
            "not-supported",
            "Bundle.entry.resource.ofType(Provenance).activity",
            "Only new messages are taken in yet: replies and forwarded messages are not supported",
            "not-supported",
        )
    found = Findings()
    decoded = apply_rules(bundle, data, folder, found)
    found.raise_if_refused()
    return extract(bundle, decoded, found.warnings)


def read_bundle(raw: bytes) -> tuple[MessageBundle, dict[Place, str]]:
    """A Bundle in the shape of FHIR R4, and the attachment data taken out of it. Raises MedComRefused."""
    root = load_object(raw)
    if root.get("resourceType") != "Bundle":
        raise refuse(issues.UNKNOWN_TYPE, "Bundle", "The message must be a FHIR Bundle", "structure")
    data = detach(root)
    check_values(root)
    bundle = MessageBundle(root)
    found = Findings()
    check_shape(bundle, found)
    found.raise_if_refused()
    return bundle, data


def apply_rules(
    bundle: MessageBundle, data: dict[Place, str], folder: Path | None, found: Findings
) -> dict[Place, Decoded]:
    """Every rule of CareCommunication 5.0.4 on a Bundle of FHIR shape; returns the decoded attachments."""
    check_frame(bundle, found)
    check_counts(bundle, found)
    if bundle.header is not None:
        check_header(bundle, bundle.header, found)
    for patient in bundle.of_type("Patient"):
        check_patient(bundle, patient, found)
    for communication in bundle.of_type("Communication"):
        check_communication(bundle, communication, found)
    check_organisations(bundle, found)
    check_units(bundle, found)
    check_provenances(bundle, found)
    check_everywhere(bundle, found)
    return decode_all(bundle.root, data, folder, found)
