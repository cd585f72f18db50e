"""A message Bundle as a set of resources that refer to one another, read without trusting a type.

The accessors are total: what has the wrong type reads as absent, and a rule then says what is missing.
"""

import re
from typing import Final

from workflows.delivery.medcom.strict_json import JsonObject

MEDCOM_TYPES: Final = (
    "MessageHeader",
    "Patient",
    "Communication",
    "Encounter",
    "PractitionerRole",
    "Practitioner",
    "CareTeam",
    "Organization",
    "Provenance",
    "OperationOutcome",
)
"""Resource types of CareCommunication and Acknowledgement messages."""

_ENDING: Final = re.compile(r"/([A-Za-z]+)/([A-Za-z0-9\-.]{1,64})\Z")
_RELATIVE: Final = re.compile(r"([A-Za-z]+)/([A-Za-z0-9\-.]{1,64})")


def text_of(parent: object, name: str) -> str | None:
    """The string member `name`, or None."""
    value = parent.get(name) if isinstance(parent, dict) else None
    return value if isinstance(value, str) and value else None


def object_of(parent: object, name: str) -> JsonObject:
    """The object member `name`, or an empty one."""
    value = parent.get(name) if isinstance(parent, dict) else None
    return value if isinstance(value, dict) else {}


def objects_of(parent: object, name: str) -> list[JsonObject]:
    """The objects in the array member `name`, in order; positions are kept (a stray value reads as {})."""
    value = parent.get(name) if isinstance(parent, dict) else None
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []


def texts_of(parent: object, name: str) -> tuple[str, ...]:
    """The strings in the array member `name`."""
    value = parent.get(name) if isinstance(parent, dict) else None
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def extensions_of(parent: object, url: str) -> list[JsonObject]:
    """The extensions of `parent` with this url."""
    return [extension for extension in objects_of(parent, "extension") if extension.get("url") == url]


class Entry:
    """One Bundle.entry with its resource."""

    def __init__(self, position: int, entry: JsonObject) -> None:
        self.position = position
        self.full_url = text_of(entry, "fullUrl")
        self.resource = object_of(entry, "resource")
        self.type = text_of(self.resource, "resourceType") or ""
        self.id = text_of(self.resource, "id")

    @property
    def path(self) -> str:
        """Expression of the resource. Its type is named only if the standard knows it."""
        base = f"Bundle.entry[{self.position}].resource"
        return f"{base}.ofType({self.type})" if self.type in MEDCOM_TYPES else base

    def __repr__(self) -> str:
        return f"<Entry {self.position}>"


class MessageBundle:
    """The entries of a Bundle, found by type and by reference."""

    def __init__(self, root: JsonObject) -> None:
        self.root = root
        self.entries = [Entry(position, entry) for position, entry in enumerate(objects_of(root, "entry"))]
        self._by_url: dict[str, Entry] = {}
        self._by_name: dict[tuple[str, str], Entry] = {}
        for entry in self.entries:
            if entry.full_url is not None:
                self._by_url.setdefault(entry.full_url, entry)
                if (ending := _ENDING.search(entry.full_url)) is not None:
                    self._by_name.setdefault((ending[1], ending[2]), entry)
            if entry.type and entry.id is not None:
                self._by_name.setdefault((entry.type, entry.id), entry)

    def of_type(self, resource_type: str) -> list[Entry]:
        """The entries with this type of resource."""
        return [entry for entry in self.entries if entry.type == resource_type]

    def resolve(self, reference: JsonObject) -> Entry | None:
        """The entry that a Reference names: by fullUrl, or by `Type/id` as MedCom writes it."""
        target = text_of(reference, "reference")
        if target is None:
            return None
        found = self._by_url.get(target)
        relative = _RELATIVE.fullmatch(target)
        if found is None and relative is not None:
            found = self._by_name.get((relative[1], relative[2]))
        return found

    @property
    def header(self) -> Entry | None:
        """The MessageHeader in the first entry, or None."""
        first = self.entries[0] if self.entries else None
        return first if first is not None and first.type == "MessageHeader" else None

    @property
    def communication(self) -> Entry | None:
        """The first Communication, or None (the rules demand exactly one)."""
        found = self.of_type("Communication")
        return found[0] if found else None

    @property
    def current_provenance(self) -> Entry | None:
        """The Provenance of this message: the only one that targets its own MessageHeader, else None."""
        found = [entry for entry in self.of_type("Provenance") if self._targets_header(entry)]
        return found[0] if len(found) == 1 else None

    def _targets_header(self, entry: Entry) -> bool:
        header = self.header
        return header is not None and any(
            self.resolve(target) is header for target in objects_of(entry.resource, "target")
        )

    @property
    def activity(self) -> str | None:
        """Activity code of the current Provenance, unchecked, or None."""
        if self.current_provenance is None:
            return None
        coding = objects_of(object_of(self.current_provenance.resource, "activity"), "coding")
        return text_of(coding[0], "code") if coding else None

    @property
    def event(self) -> str | None:
        """Code of the message's event, unchecked, or None."""
        return (
            None if self.header is None else text_of(object_of(self.header.resource, "eventCoding"), "code")
        )
