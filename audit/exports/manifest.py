"""The manifest of an export: what the directory should hold, file by file.

OUT/entries/00000000.jsonl   10,000 entries, each line the stored bytes (RFC 8785 has no raw newline)
OUT/leaves/00000000.bin      their RFC 6962 leaf hashes, 32 bytes each
OUT/manifest.json            written last: without it there is no export
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from audit.log.canonical import canonical
from audit.replay.faults import Fault
from domain.events.instant import Instant
from domain.events.model import Sha256

ENTRIES_PER_FILE = 10_000
FORMAT_VERSION = 1
NAME = "manifest.json"
MAX_MANIFEST_BYTES = 64 * 1024 * 1024
LEAF_BYTES = 32

Count = Annotated[int, Meta(ge=0)]


class ExportFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run of entries; `last` is its last position, not one more."""

    name: str
    first: Count
    last: Count
    bytes: Count
    sha256: Sha256
    leaves: str
    leaves_sha256: Sha256

    @property
    def count(self) -> int:
        """How many entries the file holds."""
        return self.last - self.first + 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole export. `rules` is the hash of the rule set of the program that exported."""

    format: Literal["overgang-export"] = "overgang-export"
    version: int
    count: Count
    root_hash: Sha256
    files: tuple[ExportFile, ...]
    software: str
    rules: Sha256
    created: Instant


class _Version(msgspec.Struct):
    version: int


class ExportDamaged(Exception):
    """The directory is no export that can be read. Holds the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def entries_name(index: int) -> str:
    """The name of the file number `index`, relative to the export."""
    return f"entries/{index:08d}.jsonl"


def leaves_name(index: int) -> str:
    """The name of its leaf hashes."""
    return f"leaves/{index:08d}.bin"


def write_manifest(manifest: Manifest) -> bytes:
    """The manifest's bytes."""
    return canonical(manifest) + b"\n"


def read_manifest(folder: Path) -> Manifest:
    """Read and check a manifest. Raises ExportDamaged.

    Names are compared with those it must have, so that none can point out of the directory.
    """
    path = folder / NAME
    try:
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            raise ExportDamaged(_fault("manifest-damaged"))
        data = path.read_bytes()
    except OSError:
        raise ExportDamaged(_fault("manifest-missing")) from None
    try:
        if msgspec.json.decode(data, type=_Version).version != FORMAT_VERSION:
            raise ExportDamaged(_fault("manifest-version"))
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, ValueError):
        raise ExportDamaged(_fault("manifest-damaged")) from None
    first = 0
    for index, file in enumerate(manifest.files):
        if (file.name, file.leaves, file.first) != (entries_name(index), leaves_name(index), first) or (
            file.last < first
        ):
            raise ExportDamaged(_fault("manifest-damaged"))
        first = file.last + 1
    if first != manifest.count:
        raise ExportDamaged(_fault("manifest-damaged"))
    return manifest


def _fault(code: str) -> Fault:
    return Fault(code=code, position=None, file=NAME)
