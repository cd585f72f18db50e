"""Export: the stored entries, byte for byte, in a directory that can be verified anywhere.

Every file is written under a temporary name, fsynced and renamed; the manifest comes last, so
that a broken export is seen to be one.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from audit.exports.manifest import (
    ENTRIES_PER_FILE,
    FORMAT_VERSION,
    NAME,
    ExportFile,
    Manifest,
    entries_name,
    leaves_name,
    write_manifest,
)
from audit.replay.faults import Fault, LogUnreadable
from audit.replay.merkle import Tree, aligned_nodes
from audit.replay.source import Row, Snapshot, StoredLog
from domain.events.instant import to_instant

Progress = Callable[[int, int], None]


class OutNotEmpty(Exception):
    """The directory to export to holds something already; nothing is written over."""


class ExportAbout(msgspec.Struct, frozen=True, kw_only=True):
    """Who exports: the program, the hash of its rules, and the moment."""

    software: str
    rules: str
    created: datetime


def export(
    log: StoredLog, out: Path, about: ExportAbout, progress: Progress = lambda done, total: None
) -> Manifest:
    """Write the log as it stands at this moment to `out`, which must be empty or not there.

    Raises OutNotEmpty, OSError, and LogUnreadable where a position is missing. Entries are copied,
    not judged: a damaged one is exported as it is, with the leaf hash that stands beside it.
    """
    _make_folders(out)
    with log.snapshot() as snapshot:
        manifest = _write(snapshot, out, about, progress)
    for folder in (out / "entries", out / "leaves"):
        fsync_folder(folder)
    write_file(out / NAME, [write_manifest(manifest)])
    fsync_folder(out)
    return manifest


def _make_folders(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutNotEmpty("the directory to export to is not empty")
    # Entries hold sealed personal data and who read what: for the owner's eyes only.
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("entries", "leaves"):
        (out / name).mkdir(mode=0o700)


def _write(snapshot: Snapshot, out: Path, about: ExportAbout, progress: Progress) -> Manifest:
    total, tree = snapshot.length(), Tree()
    files: list[ExportFile] = []
    # The head row says where the log ends: what stands beyond it was never appended.
    for page in snapshot.pages(ENTRIES_PER_FILE, until=total - 1):
        for offset, row in enumerate(page):
            if row.position != tree.size + offset:
                raise LogUnreadable(Fault(code="position-gap", position=tree.size + offset))
        files.append(_write_page(out, len(files), page))
        tree.extend(aligned_nodes(page[0].position, [row.leaf for row in page]))
        progress(tree.size, total)
    if tree.size != total:
        raise LogUnreadable(Fault(code="head-row", position=tree.size))
    return Manifest(
        version=FORMAT_VERSION,
        count=total,
        root_hash=tree.root().hex(),
        files=tuple(files),
        software=about.software,
        rules=about.rules,
        created=to_instant(about.created),
    )


def _write_page(out: Path, index: int, page: list[Row]) -> ExportFile:
    name, leaves = entries_name(index), leaves_name(index)
    size, sha256 = write_file(out / name, (row.entry + b"\n" for row in page))
    _, leaves_sha256 = write_file(out / leaves, (row.leaf for row in page))
    return ExportFile(
        name=name,
        first=page[0].position,
        last=page[-1].position,
        bytes=size,
        sha256=sha256,
        leaves=leaves,
        leaves_sha256=leaves_sha256,
    )


def write_file(path: Path, parts: Iterable[bytes]) -> tuple[int, str]:
    """Write, fsync and rename; returns the size and the SHA-256."""
    digest, size = hashlib.sha256(), 0
    temporary = path.with_name(f".{path.name}.part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for part in parts:
            file.write(part)
            digest.update(part)
            size += len(part)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    return size, digest.hexdigest()


def fsync_folder(folder: Path) -> None:
    """Make what was put into a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
