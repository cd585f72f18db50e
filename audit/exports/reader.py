"""An export read back: each file judged by itself, in whatever process."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from audit.exports.manifest import LEAF_BYTES, NAME, ExportDamaged, ExportFile, Manifest, read_manifest
from audit.log.entry import MAX_ENTRY_BYTES
from audit.replay.examine import Summary, examine
from audit.replay.faults import Fault


class ExportedLog:
    """An export directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def manifest(self) -> Manifest:
        """The manifest, after a look that every file is there and none beside. Raises ExportDamaged."""
        manifest = read_manifest(self.folder)
        for file in manifest.files:
            for name in (file.name, file.leaves):
                if not (self.folder / name).is_file():
                    raise ExportDamaged(Fault(code="file-missing", position=file.first, file=name))
        listed = {NAME, *(name for file in manifest.files for name in (file.name, file.leaves))}
        for path in sorted(self.folder.rglob("*")):
            if not path.is_dir() and path.relative_to(self.folder).as_posix() not in listed:
                raise ExportDamaged(Fault(code="file-unlisted", position=None))
        return manifest

    def entries(self, file: ExportFile, offsets: Sequence[int]) -> Iterator[bytes]:
        """The entries at these offsets of a file, ascending."""
        wanted = iter(offsets)
        following = next(wanted, None)
        with (self.folder / file.name).open("rb") as stream:
            for offset, entry in enumerate(_Lines(stream, file.count)):
                if offset == following:
                    yield entry
                    following = next(wanted, None)


class _Lines:
    """The lines of a file, hashed as they pass; one too long is cut, and is judged too large."""

    def __init__(self, file: BinaryIO, expected: int) -> None:
        self._file = file
        self._left = expected + 1
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        readline, update = self._file.readline, self.digest.update
        while self._left and (line := readline(MAX_ENTRY_BYTES + 2)):
            self._left -= 1
            update(line)
            if not line.endswith(b"\n"):
                if len(line) > MAX_ENTRY_BYTES:
                    yield line
                return
            yield line[:-1]


def examine_file(folder: Path, file: ExportFile) -> Summary:
    """Judge one file of an export; its own faults come after those of its entries."""
    try:
        leaves = (folder / file.leaves).read_bytes()
        if len(leaves) != LEAF_BYTES * file.count or hashlib.sha256(leaves).hexdigest() != file.leaves_sha256:
            return _refused(file, "file-hash", file.leaves)
        with (folder / file.name).open("rb") as stream:
            lines = _Lines(stream, file.count)
            summary = examine(file.first, lines, leaves=leaves)
    except OSError:
        return _refused(file, "file-missing", file.name)
    if summary.fault is not None:
        code, position = summary.fault.code, summary.fault.position
        if code == "leaf-hash" and summary.count >= file.count:
            code = "file-length"
        summary.fault = Fault(code=code, position=position, file=file.name)
    elif summary.count != file.count:
        summary.fault = Fault(code="file-length", position=file.first + summary.count, file=file.name)
    elif lines.digest.hexdigest() != file.sha256 or summary.bytes + file.count != file.bytes:
        summary.fault = Fault(code="file-hash", position=file.first, file=file.name)
    return summary


def _refused(file: ExportFile, code: str, name: str) -> Summary:
    return Summary(first=file.first, fault=Fault(code=code, position=file.first, file=name))
