"""The official invariants, read from MedCom's published profiles and evaluated by fhirpathpy.

An oracle that shares nothing with our rules: neither their code nor their reading of the profiles.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import fhirpathpy
from fhirpathpy.models import models

Json = dict[str, Any]

CARE_COMMUNICATION = ("communication", "message", "messageHeader", "provenance")
BESIDE = (
    "messaging-organization",
    "core-patient",
    "core-practitioner",
    "core-practitionerrole",
    "core-careteam",
    "core-encounter",
    "messaging-message",
    "messaging-messageHeader",
    "messaging-provenance",
)
_CORE = "http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-"
_SEGMENT_ID = f"Communication.payload.extension.where(url='{_CORE}identifier-extension').value"

# Where a datatype profile applies, as a path from the Bundle.
DATATYPES = {
    "dk-core-cpr-identifier": "ofType(Patient).identifier.where(system='urn:oid:1.2.208.176.1.2')",
    "dk-core-x-ecpr-identifier": "ofType(Patient).identifier.where(system='urn:oid:1.2.208.176.1.6.1.1')",
    "dk-core-gln-identifier": "ofType(Organization).identifier.where(system='https://www.gs1.org/gln')",
    "dk-core-sor-identifier": "ofType(Organization).identifier.where(system='urn:oid:1.2.208.176.1.1')",
    "dk-core-cvr-identifier": "ofType(Organization).identifier.where(system='http://cvr.dk')",
    "dk-core-kombit-org-identifier": (
        "ofType(Organization).identifier.where(system='https://kombit.dk/sts/organisation')"
    ),
    "medcom-assigned-identifier": _SEGMENT_ID.replace("Communication", "ofType(Communication)", 1),
    "medcom-core-contact-extension": (
        f"ofType(Communication).payload.extension.where(url='{_CORE}contact-extension')"
    ),
    "medcom-messaging-contactpoint": "ofType(Patient).telecom",
    "lpr3-Identifier": (
        "ofType(Encounter).episodeOfCare.identifier"
        ".where(system='https://www.esundhed.dk/Registre/Landspatientregisteret')"
    ),
}

SKIPPED = {
    ("dom-3", ""): "fhirpathpy has no as() over a collection; the official examples contain no resource",
    ("txt-1", "text.div"): "htmlChecks() is not FHIRPath: it is defined by the HL7 validator's code",
    ("txt-2", "text.div"): "htmlChecks() is not FHIRPath: it is defined by the HL7 validator's code",
    ("ele-1", "text.div"): "fhirpathpy cannot evaluate children() of XHTML",
    (
        "x-ecpr",
        "identifier.value",
    ): "dk-core 3.4.0 asks the string for its .value: false on every valid number",
}
"""(key, element) -> why fhirpathpy does not evaluate it. Everything else is evaluated."""


class Invariant(NamedTuple):
    """One constraint of severity error, with the path from the resource (or Bundle) to what it constrains."""

    key: str
    root: str
    path: str
    expression: str


@cache
def invariants(folder: Path) -> tuple[Invariant, ...]:
    """All of them that can apply to a CareCommunication, of 5.0.2 and 5.0.4."""
    files = [folder / "profiles" / f"StructureDefinition-medcom-{name}.json" for name in BESIDE]
    for version in ("profiles", "profiles-5.0.4"):
        files += [
            folder / version / f"StructureDefinition-medcom-careCommunication-{n}.json"
            for n in CARE_COMMUNICATION
        ]
    files += [folder / "profiles" / f"StructureDefinition-{name}.json" for name in DATATYPES]
    found = {invariant: None for file in files for invariant in _read(file)}
    return tuple(found)


def _read(file: Path) -> Iterator[Invariant]:
    profile = json.loads(file.read_text(encoding="utf-8"))
    where = DATATYPES.get(profile["id"])
    for element in profile["snapshot"]["element"]:
        head, _, rest = re.sub(r":[A-Za-z0-9\-]+", "", element["id"].replace("[x]", "")).partition(".")
        for constraint in element.get("constraint", []):
            if constraint["severity"] != "error":
                continue
            if where is not None:
                path = f"entry.resource.{where}" + (f".{rest}" if rest else "")
                yield Invariant(constraint["key"], "Bundle", path, constraint["expression"])
            else:
                yield Invariant(constraint["key"], head, rest, constraint["expression"])


def is_skipped(invariant: Invariant) -> bool:
    """Whether the invariant is in the list of what fhirpathpy does not evaluate."""
    path = re.sub(r"\.where\([^)]*\)", "", invariant.path)
    return any(
        invariant.key == key and (path.endswith(element) if element else not path) for key, element in SKIPPED
    )


def broken(bundle: Json, folder: Path) -> set[str]:
    """Keys of the official invariants that do not hold for the message."""
    resources: dict[str, list[Json]] = {"Bundle": [bundle]}
    for entry in bundle["entry"]:
        resources.setdefault(entry["resource"].get("resourceType", ""), []).append(entry["resource"])
    _BUNDLE[:] = [bundle]
    return {
        invariant.key
        for invariant in invariants(folder)
        if not is_skipped(invariant)
        for resource in resources.get(invariant.root, [])
        # An empty answer is a violation too, as in the HL7 validator.
        if _compiled(invariant)(resource, {"resource": resource}) != [True]
    }


_BUNDLE: list[Json] = []  # what resolve() looks into: compiled expressions outlive one message


@cache
def _compiled(invariant: Invariant) -> Any:
    path = f"({invariant.path}).all({invariant.expression})" if invariant.path else invariant.expression
    functions = {
        "resolve": {"fn": _resolve, "arity": {0: []}},
        "hasValue": {"fn": _has_value, "arity": {0: []}},
    }
    return fhirpathpy.compile(path, models["r4"], {"userInvocationTable": functions})


def _resolve(nodes: list[Any]) -> list[Any]:
    found = []
    for node in nodes:
        value = getattr(node, "data", node)
        target = value.get("reference") if isinstance(value, dict) else value
        found += [
            entry["resource"]
            for entry in _BUNDLE[0]["entry"]
            if target is not None and f"/{entry.get('fullUrl')}".endswith(f"/{target}")
        ]
    return found


def _has_value(nodes: list[Any]) -> list[bool]:
    return [len(nodes) == 1 and not isinstance(getattr(nodes[0], "data", nodes[0]), dict | list)]
