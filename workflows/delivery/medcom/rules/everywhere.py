"""Rules that hold in every resource: extensions, contained resources, narrative, references, datatypes.

Source: FHIR R4 (ext-1, cpt-2, dom-2..6, txt-1..2, pat-1, org-2..3; isModifier) and MedCom's rule that what
is referred to is in the Bundle.
"""

from collections.abc import Iterator

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import Entry, MessageBundle, object_of, objects_of, text_of
from workflows.delivery.medcom.issues import Findings
from workflows.delivery.medcom.narrative import narrative_fault
from workflows.delivery.medcom.strict_json import JsonObject

# What a Provenance of an earlier step of the thread refers to has been sent before, not again.
_MAY_BE_ELSEWHERE = frozenset({"target", "what"})


def check_everywhere(bundle: MessageBundle, found: Findings) -> None:
    """Every resource, at every depth."""
    if "implicitRules" in bundle.root:
        found.error(
            "extension", "Bundle.implicitRules", "Rules outside the standard are not understood", "extension"
        )
    for entry in bundle.entries:
        _check_narrative(entry, found)
        _check_contained(entry, found)
        for path, value in _objects(entry.resource, entry.path):
            _check_object(bundle, entry, path, value, found)


def _objects(value: JsonObject, path: str) -> Iterator[tuple[str, JsonObject]]:
    yield path, value
    for name, member in value.items():
        if isinstance(member, dict):
            yield from _objects(member, f"{path}.{name}")
        elif isinstance(member, list):
            for position, item in enumerate(member):
                if isinstance(item, dict):
                    yield from _objects(item, f"{path}.{name}[{position}]")


def _check_object(bundle: MessageBundle, entry: Entry, path: str, value: JsonObject, found: Findings) -> None:
    if "modifierExtension" in value or "implicitRules" in value:
        # FHIR: who does not understand a modifier must not use the resource.
        found.error("extension", path, "A modifying extension that is not understood", "extension")
    if "fhir_comments" in value:  # DSTU2's; the library still lets it through
        found.error("structure", path, "A member is not an element of FHIR R4", "structure")
    for name in ("extension", "modifierExtension"):
        for position, extension in enumerate(objects_of(value, name)):
            _check_extension(f"{path}.{name}[{position}]", extension, found)
    for position, telecom in enumerate(objects_of(value, "telecom")):
        if "value" in telecom and "system" not in telecom:
            found.invariant("cpt-2", f"{path}.telecom[{position}]", "A contact value needs its system")
    _check_reference(bundle, entry, path, value, found)


def _check_extension(path: str, extension: JsonObject, found: Findings) -> None:
    if text_of(extension, "url") is None:
        found.required(f"{path}.url", "An extension needs its url")
    values = [name for name in extension if name.startswith(("value", "_value"))]
    if ("extension" in extension) == bool(values):
        found.invariant("ext-1", path, "An extension has either a value or extensions")


def _check_reference(
    bundle: MessageBundle, entry: Entry, path: str, value: JsonObject, found: Findings
) -> None:
    target = text_of(value, "reference")
    if target is None or path == entry.path:
        return
    last = path.rpartition(".")[2].partition("[")[0]
    if entry.type == "Provenance" and last in _MAY_BE_ELSEWHERE:
        return
    if target.startswith("#"):
        known = any(text_of(inner, "id") == target[1:] for inner in objects_of(entry.resource, "contained"))
    else:
        known = bundle.resolve(value) is not None or target.startswith(("http://", "https://"))
    if not known and not found.has(f"{path}.reference"):
        found.error(
            issues.NO_EXIST, f"{path}.reference", "The resource referred to is not in the Bundle", "not-found"
        )


def _check_narrative(entry: Entry, found: Findings) -> None:
    text = object_of(entry.resource, "text")
    if not text:
        found.warn(
            "dom-6",
            f"{entry.path}.text",
            "A narrative should always be there in a MedCom message",
            "incomplete",
        )
        return
    div = text_of(text, "div")
    if div is None:
        found.required(f"{entry.path}.text.div", "A narrative needs its content")
        return
    fault = narrative_fault(div)
    if fault is not None:
        found.invariant(
            fault, f"{entry.path}.text.div", "The narrative must be basic XHTML with some content"
        )


def _check_contained(entry: Entry, found: Findings) -> None:
    used = {text_of(value, "reference") for _, value in _objects(entry.resource, "")}
    for position, inner in enumerate(objects_of(entry.resource, "contained")):
        path = f"{entry.path}.contained[{position}]"
        meta = object_of(inner, "meta")
        if "contained" in inner:
            found.invariant("dom-2", path, "A contained resource contains no other")
        if f"#{text_of(inner, 'id')}" not in used:
            found.invariant("dom-3", path, "A contained resource must be referred to")
        if "versionId" in meta or "lastUpdated" in meta:
            found.invariant("dom-4", path, "A contained resource has no version")
        if "security" in meta:
            found.invariant("dom-5", path, "A contained resource has no security label")
