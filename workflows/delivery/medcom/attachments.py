"""Attachment data: taken out of the message before anything copies it, and decoded with all checks.

Decoded bytes go to files in a private directory (large messages) or stay in memory (small ones). Content
types are MedCom's; whether the bytes are what they are called is for the attachment check of the audit floor.
"""

import binascii
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import object_of, objects_of
from workflows.delivery.medcom.issues import Findings
from workflows.delivery.medcom.message import Opaque
from workflows.delivery.medcom.strict_json import JsonObject

Place = tuple[int, int]
"""Position of the entry, position of the payload in it."""

PLACEHOLDER: Final = "AAAA"
_CHUNK: Final = 4 * 1024 * 1024  # signs of base64 at a time; a multiple of four
_SPACE: Final = re.compile(r"[ \t\r\n]")


class Decoded(Opaque, frozen=True):
    """One decoded attachment: exactly one of `content` and `path` is set. `sha256` in hex."""

    size: int
    sha256: str
    content: bytes | None = None
    path: str | None = None


class _Target:
    """Where decoded bytes go."""

    def __init__(self, path: Path | None) -> None:
        self._parts: list[bytes] = []
        self._path = path
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._sha256 = hashlib.sha256()
        self._size = 0
        # O_EXCL: never through a link, never over another's file.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._file = None if path is None else os.fdopen(os.open(path, flags, 0o600), "wb")

    def write(self, part: bytes) -> None:
        self._size += len(part)
        self._sha1.update(part)
        self._sha256.update(part)
        if self._file is None:
            self._parts.append(part)
        else:
            self._file.write(part)

    def close(self) -> tuple[Decoded, bytes]:
        """The result, and the SHA-1 that FHIR's Attachment.hash is made with."""
        if self._file is not None:
            self._file.close()
        content = b"".join(self._parts) if self._path is None else None
        path = None if self._path is None else str(self._path)
        return Decoded(self._size, self._sha256.hexdigest(), content, path), self._sha1.digest()


def detach(root: JsonObject) -> dict[Place, str]:
    """Take the base64 out of every attachment of `root`, leaving a placeholder, and return it by place.

    What is not a string with something in it stays, for the rules to refuse.
    """
    data: dict[Place, str] = {}
    for position, entry in enumerate(objects_of(root, "entry")):
        resource = object_of(entry, "resource")
        if resource.get("resourceType") != "Communication":
            continue
        for number, payload in enumerate(objects_of(resource, "payload")):
            attachment = object_of(payload, "contentAttachment")
            value = attachment.get("data")
            if isinstance(value, str) and value:
                data[position, number] = value
                attachment["data"] = PLACEHOLDER
    return data


def decode_all(
    root: JsonObject, data: dict[Place, str], directory: Path | None, found: Findings
) -> dict[Place, Decoded]:
    """Decode what `detach` took out; `data` is emptied as it goes, so that memory falls.

    Adds `MSG_Datatype_Wrong` for what is no base64 and `MSG_Damaged_durin_transport` where Attachment.size or
    Attachment.hash (SHA-1) says otherwise. Raises OSError when a file cannot be written.
    """
    decoded: dict[Place, Decoded] = {}
    for place in list(data):
        position, number = place
        resource = object_of(objects_of(root, "entry")[position], "resource")
        attachment = object_of(objects_of(resource, "payload")[number], "contentAttachment")
        path = f"Bundle.entry[{position}].resource.ofType(Communication).payload[{number}].contentAttachment"
        target = _Target(None if directory is None else directory / f"attachment-{position}-{number}")
        try:
            for part in _decode(data.pop(place)):
                target.write(part)
        except ValueError:  # binascii.Error is one; so is what is not ASCII
            target.close()
            found.error(issues.DATATYPE, f"{path}.data", "The data is not base64", "value")
            continue
        decoded[place], sha1 = target.close()
        _check_transport(attachment, decoded[place].size, sha1, path, found)
    return decoded


def _decode(value: str) -> Iterator[bytes]:
    # FHIR's base64Binary allows white space between groups.
    compact = _SPACE.sub("", value) if _SPACE.search(value) else value
    if not compact:
        raise ValueError
    for start in range(0, len(compact), _CHUNK):
        part = compact[start : start + _CHUNK]
        if "=" in part and start + _CHUNK < len(compact):  # padding only at the very end
            raise ValueError
        yield binascii.a2b_base64(part, strict_mode=True)


def _check_transport(attachment: JsonObject, size: int, sha1: bytes, path: str, found: Findings) -> None:
    if "size" in attachment and attachment["size"] != size:
        found.error(issues.DAMAGED, f"{path}.size", "The data has not the size that is given", "value")
    if "hash" in attachment:
        try:
            given = binascii.a2b_base64(str(attachment["hash"]), strict_mode=True)
        except ValueError:
            given = b""
        if given != sha1:
            found.error(issues.DAMAGED, f"{path}.hash", "The data has not the hash that is given", "value")
