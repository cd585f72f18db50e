"""The shape of a message as FHIR R4, by fhir.resources (its R4B models; it has no R4 ones).

Resource by resource, since one unknown type makes the library's Bundle raise KeyError. What the library
does not look at (identifiers over 64 characters, booleans as text, profiles) is for the rules.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Final

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import MEDCOM_TYPES, Entry, MessageBundle
from workflows.delivery.medcom.issues import Findings, IssueType

if TYPE_CHECKING:
    from pydantic import BaseModel

_TYPE_NAME: Final = re.compile("[A-Z][A-Za-z]{2,40}")
# Element names come from these models; a member name outside them is input and never repeated.
_PARTS: Final = [
    "BundleEntry",
    "CommunicationPayload",
    "MessageHeaderDestination",
    "MessageHeaderSource",
    "MessageHeaderResponse",
    "ProvenanceAgent",
    "ProvenanceEntity",
    "OperationOutcomeIssue",
    "EncounterParticipant",
    "PatientContact",
    "PatientLink",
    "PatientCommunication",
    "CareTeamParticipant",
    "Identifier",
    "HumanName",
    "Address",
    "ContactPoint",
    "Extension",
    "Attachment",
    "CodeableConcept",
    "Coding",
    "Reference",
    "Meta",
    "Narrative",
    "Period",
    "Quantity",
    "Annotation",
]
_TYPE_FAULT: Final = re.compile("_type$|_parsing$|_invalid$|^json_|validation_format")


def check_shape(bundle: MessageBundle, found: Findings) -> None:
    """Add an error for every place where the Bundle or a resource is not FHIR R4."""
    entries = bundle.root.get("entry")
    if entries is not None and (
        not isinstance(entries, list) or any(not isinstance(entry, dict) for entry in entries)
    ):
        found.error(issues.DATATYPE, "Bundle.entry", "Entries must be an array of objects", "structure")
        return
    frame = dict(bundle.root)
    if isinstance(entries, list):
        frame["entry"] = [
            {k: v for k, v in entry.items() if k != "resource"} or {"id": "x"} for entry in entries
        ]
    _check("Bundle", frame, "Bundle", found)
    for entry in bundle.entries:
        _check_entry(entry, found)


def _check_entry(entry: Entry, found: Findings) -> None:
    if not entry.resource:
        found.required(f"Bundle.entry[{entry.position}].resource", "Every entry must hold a resource")
    elif not entry.type:
        found.required(f"{entry.path}", "Every resource must name its resourceType")
    elif _model(entry.type) is None:
        found.error(
            issues.UNKNOWN_TYPE, entry.path, "The type of resource is unknown in FHIR R4", "structure"
        )
    else:
        _check(entry.type, entry.resource, entry.path, found)


def load_models() -> None:
    """Import the library's models now: before a process limits itself, or before the first message waits."""
    _known_names()


@cache
def _known_model(resource_type: str) -> "type[BaseModel] | None":
    from fhir.resources.R4B import get_fhir_model_class  # slow to import, needed only here

    try:
        model: type[BaseModel] = get_fhir_model_class(resource_type)
    except (ValueError, KeyError):
        return None
    return model


def _model(resource_type: str) -> "type[BaseModel] | None":
    return _known_model(resource_type) if _TYPE_NAME.fullmatch(resource_type) else None


@cache
def _known_names() -> frozenset[str]:
    models = [_known_model(name) for name in ("Bundle", *MEDCOM_TYPES, *_PARTS)]
    return frozenset(
        field.alias or name
        for model in models
        if model is not None
        for name, field in model.model_fields.items()
    )


def _check(resource_type: str, value: dict[str, object], path: str, found: Findings) -> None:
    from pydantic import ValidationError

    model = _model(resource_type)
    if model is None:
        return
    try:
        model.model_validate(value)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False, include_context=False, include_input=False):
            code, issue_type, text = _meaning(str(error["type"]), str(error["msg"]))
            location = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
            found.error(code, path + _known_path(location), text, issue_type)
    except Exception:
        found.error("structure", path, "The resource cannot be read as FHIR R4", "structure")


def _known_path(location: Iterable[int | str]) -> str:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part in _known_names():
            path += f".{part}"
        else:
            break
    return path


def _meaning(kind: str, message: str) -> tuple[str, IssueType, str]:
    if kind == "extra_forbidden":
        return "structure", "structure", "A member is not an element of FHIR R4"
    if "missing" in kind or message.startswith("Value error, Expect any of"):
        return "required", "required", "A required element is missing"
    if message.startswith("Value error, Any of one field"):
        return "structure", "structure", "An element of choice is given more than once"
    if kind == "string_pattern_mismatch":
        return "value", "value", "The value does not have the form of its datatype"
    if "date" in kind or (kind == "value_error" and ("Date" in message or "Instant" in message)):
        return issues.DATE, "value", "The date or time does not have the form that FHIR demands"
    if _TYPE_FAULT.search(kind):
        return issues.DATATYPE, "structure", "The value does not have the datatype of its element"
    return "structure", "structure", "The value does not fit the element"
