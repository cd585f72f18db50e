"""A folder of files about one case, with a manifest that has the hash of each, written last."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from audit.exports.export import OutNotEmpty, fsync_folder, write_file
from audit.verdicts.rights import Head

FORMAT, VERSION = "overgang-case", 1
MANIFEST = "manifest.json"


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the folder."""

    name: str
    bytes: int
    sha256: str


class CaseManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was written of a case, on what it rests, and the readings that opening its letters took."""

    format: str
    version: int
    software: str
    head: Head
    readings: tuple[int, ...]
    files: tuple[CaseFile, ...]


class CaseFolder:
    """A folder that is empty or not there; its files are for the auditor's eyes only."""

    def __init__(self, out: Path) -> None:
        """Make the folder. Raises OutNotEmpty, OSError."""
        check_empty(out)
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._out = out
        self._files: list[CaseFile] = []

    def write(self, name: str, parts: Iterable[bytes]) -> None:
        """Write one file, fsynced and renamed into place."""
        path = self._out / name
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700)
        size, sha256 = write_file(path, parts)
        self._files.append(CaseFile(name=name, bytes=size, sha256=sha256))

    def text(self, name: str, lines: Iterable[str]) -> None:
        """Write lines of text."""
        self.write(name, (f"{line}\n".encode() for line in lines))

    def json(self, name: str, value: object) -> None:
        """Write one JSON value."""
        self.write(name, [msgspec.json.format(msgspec.json.encode(value)), b"\n"])

    def end(self, head: Head, software: str, readings: tuple[int, ...]) -> CaseManifest:
        """Write the manifest; a folder without one is not finished."""
        manifest = CaseManifest(
            format=FORMAT,
            version=VERSION,
            software=software,
            head=head,
            readings=readings,
            files=tuple(self._files),
        )
        for folder in {(self._out / one.name).parent for one in self._files}:
            fsync_folder(folder)
        write_file(self._out / MANIFEST, [msgspec.json.format(msgspec.json.encode(manifest)), b"\n"])
        fsync_folder(self._out)
        return manifest


def check_empty(out: Path) -> None:
    """Raises OutNotEmpty where something is there already: nothing is written over."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutNotEmpty("the directory to export to is not empty")
