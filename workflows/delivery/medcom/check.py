"""Is a file a valid MedCom message? The core of `overgang medcom check`; nothing is taken in or kept.

A reply or forwarded message is judged by the rules common to every CareCommunication, and says so in a
warning: the rules of the thread come with the full exchange.
"""

import tempfile
from pathlib import Path
from typing import Literal

import msgspec

from workflows.delivery.medcom.issues import Findings, Issue, MedComRefused, refuse
from workflows.delivery.medcom.parse import (
    ACKNOWLEDGEMENT,
    CARE_COMMUNICATION,
    MAX_IN_PROCESS,
    apply_rules,
    read_bundle,
)
from workflows.delivery.medcom.rules.acknowledgement import check_acknowledgement
from workflows.delivery.medcom.spool import SpoolFailed, parse_spooled

Kind = Literal["CareCommunication", "Acknowledgement", "unknown"]


class CheckResult(msgspec.Struct, frozen=True):
    """The verdict. `valid` means no issue of severity error; warnings are listed either way."""

    valid: bool
    kind: Kind
    issues: tuple[Issue, ...] = ()


def check_file(path: Path) -> CheckResult:
    """Judge one file of FHIR JSON.

    Above 10 MiB it is read in a limited child process, as a CareCommunication new-message only.
    Raises OSError when the file cannot be read, SpoolFailed when the child process fails.
    """
    if path.stat().st_size <= MAX_IN_PROCESS:
        return check_bytes(path.read_bytes())
    with tempfile.TemporaryDirectory(prefix="medcom-check-") as folder:
        try:
            message = parse_spooled(path, Path(folder))
        except MedComRefused as refused:
            return CheckResult(False, "unknown", tuple(refused.issues))
        return CheckResult(True, "CareCommunication", message.warnings)


def check_bytes(raw: bytes) -> CheckResult:
    """Judge one message held in memory (at most 10 MiB). Raises nothing."""
    kind: Kind = "unknown"
    found = Findings()
    try:
        if len(raw) > MAX_IN_PROCESS:
            raise refuse("too-long", "Bundle", "The message is too large to be read in one piece", "too-long")
        bundle, data = read_bundle(raw)
        if bundle.event == ACKNOWLEDGEMENT:
            kind = "Acknowledgement"
            check_acknowledgement(bundle, found)
        elif bundle.event == CARE_COMMUNICATION:
            kind = "CareCommunication"
            apply_rules(bundle, data, None, found)
            if bundle.activity in ("reply-message", "forward-message"):
                found.warn(
                    "not-supported",
                    "Bundle.entry.resource.ofType(Provenance).activity",
                    "Only the rules common to every CareCommunication were checked, not those of the thread",
                    "not-supported",
                )
        elif bundle.header is None:
            found.invariant("bdl-12", "Bundle.entry[0].resource", "The first entry must be the MessageHeader")
        else:
            found.error(
                "not-supported",
                "Bundle.entry[0].resource.ofType(MessageHeader).eventCoding",
                "Neither a CareCommunication nor an Acknowledgement",
                "not-supported",
            )
    except MedComRefused as refused:
        return CheckResult(False, kind, tuple(refused.issues))
    return CheckResult(not any(i.severity == "error" for i in found.issues), kind, tuple(found.issues))


__all__ = ["CheckResult", "SpoolFailed", "check_bytes", "check_file"]
