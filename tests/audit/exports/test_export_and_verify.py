"""An export: the stored bytes, a manifest, and a verdict that finds what was done to either."""

import json
import os
from datetime import UTC, datetime

import pytest

from audit.exports import export as module
from audit.exports.export import ExportAbout, OutNotEmpty, export
from audit.exports.reader import ExportedLog
from audit.log.canonical import canonical
from audit.replay.faults import LogUnreadable
from audit.replay.source import StoredLog
from audit.replay.verify import verify
from domain.handover.events import HandoverSent
from domain.register.events import AuthorityRegistered
from tests.audit.replay.forge import entry_at, execute
from tests.stores import append, new_event

ABOUT = ExportAbout(software="overgang/test", rules="0" * 64, created=datetime(2026, 11, 23, tzinfo=UTC))
ENTRIES = 25


@pytest.fixture
def exported(store, tmp_path, monkeypatch):
    """A log of 25 entries, exported ten to a file."""
    monkeypatch.setattr(module, "ENTRIES_PER_FILE", 10)
    for number in range(ENTRIES):
        store.log.append(
            append(
                new_event(
                    AuthorityRegistered(
                        authority="0370", kind="municipality", name=f"Kommune {number} på øen", cvr=None
                    ),
                    subjects=["a" * 32],
                )
            )
        )
    out = tmp_path / "out"
    export(StoredLog(store.log_database), out, ABOUT)
    return out


def judge(out):
    return verify(ExportedLog(out))


def test_an_export_holds_the_stored_bytes_and_verifies_as_the_store_does(store, exported):
    verdict = judge(exported)
    assert verdict.fault is None
    assert verdict.root_hash == verify(StoredLog(store.log_database)).root_hash
    lines = b"".join(sorted(exported.glob("entries/*"))[i].read_bytes() for i in range(3)).split(b"\n")
    assert lines == [*(entry_at(store, position) for position in range(ENTRIES)), b""]
    manifest = json.loads((exported / "manifest.json").read_bytes())
    assert (manifest["count"], manifest["root_hash"]) == (ENTRIES, verdict.root_hash)
    assert [(file["first"], file["last"]) for file in manifest["files"]] == [(0, 9), (10, 19), (20, 24)]


def test_several_processes_give_the_same_verdict(exported):
    assert verify(ExportedLog(exported), jobs=2) == verify(ExportedLog(exported), jobs=1)


def test_an_empty_log_can_be_exported_and_holds(store, tmp_path):
    manifest = export(StoredLog(store.log_database), tmp_path / "empty", ABOUT)
    assert (manifest.count, manifest.files) == (0, ())
    assert judge(tmp_path / "empty").holds


def test_progress_is_told(store, exported, tmp_path):
    told = []
    export(StoredLog(store.log_database), tmp_path / "more", ABOUT, lambda *counts: told.append(counts))
    assert told == [(10, 25), (20, 25), (25, 25)]


def test_nothing_is_written_over(store, exported):
    with pytest.raises(OutNotEmpty):
        export(StoredLog(store.log_database), exported, ABOUT)
    assert judge(exported).holds


def test_a_store_with_a_hole_is_not_exported_as_whole(store, exported, tmp_path):
    execute(store, "DELETE FROM stored_events WHERE position = 12")
    with pytest.raises(LogUnreadable) as refused:
        export(StoredLog(store.log_database), tmp_path / "hole", ABOUT)
    assert (refused.value.fault.code, refused.value.fault.position) == ("position-gap", 12)
    assert judge(tmp_path / "hole").fault.code == "manifest-missing"


def test_only_the_owner_may_read_an_export(exported):
    assert exported.stat().st_mode & 0o077 == 0
    assert not any(path.stat().st_mode & 0o077 for path in exported.rglob("*"))


SECOND = "entries/00000001.jsonl"


def lines_of(path, change):
    lines = path.read_bytes().split(b"\n")[:-1]
    change(lines)
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def an_entry_is_altered(out):
    lines_of(out / SECOND, lambda lines: lines.__setitem__(4, lines[4].replace(b"Kommune 14", b"Kommune 41")))


def a_line_is_deleted(out):
    lines_of(out / SECOND, lambda lines: lines.pop(4))


def two_lines_change_places(out):
    def swap(lines):
        lines[4], lines[5] = lines[5], lines[4]

    lines_of(out / SECOND, swap)


def a_file_is_cut_short(out):
    os.truncate(out / SECOND, (out / SECOND).stat().st_size - 10)


def a_file_loses_its_last_lines(out):
    lines_of(out / SECOND, lambda lines: lines.__delitem__(slice(7, 10)))


def a_line_is_added(out):
    lines_of(out / "entries/00000002.jsonl", lambda lines: lines.append(lines[-1]))


def a_line_is_endless(out):
    with (out / SECOND).open("wb") as file:
        file.write(b"x" * 200_000)


def a_file_is_missing(out):
    (out / SECOND).unlink()


def the_leaves_are_missing(out):
    (out / "leaves/00000001.bin").unlink()


def a_leaf_is_altered(out):
    path = out / "leaves/00000001.bin"
    path.write_bytes(bytes(32) + path.read_bytes()[32:])


def a_file_is_added(out):
    (out / "entries/extra.jsonl").write_bytes(b"")


def the_manifest_is_missing(out):
    (out / "manifest.json").unlink()


def the_manifest_is_no_json(out):
    (out / "manifest.json").write_bytes(b"{")


def manifest_of(out, change):
    manifest = json.loads((out / "manifest.json").read_bytes())
    change(manifest)
    (out / "manifest.json").write_bytes(canonical(manifest))


def the_manifest_is_newer(out):
    manifest_of(out, lambda manifest: manifest.update(version=99))


def the_manifest_points_elsewhere(out):
    manifest_of(out, lambda manifest: manifest["files"][1].update(name="../../etc/passwd"))


def the_manifest_counts_otherwise(out):
    manifest_of(out, lambda manifest: manifest.update(count=24))


def the_manifest_has_another_root(out):
    manifest_of(out, lambda manifest: manifest.update(root_hash="0" * 64))


def the_manifest_has_another_file_hash(out):
    manifest_of(out, lambda manifest: manifest["files"][1].update(sha256="0" * 64))


def the_last_file_is_left_out(out):
    """Whoever cuts the end off carefully mends the manifest too; the root still tells."""
    (out / "entries/00000002.jsonl").unlink()
    (out / "leaves/00000002.bin").unlink()
    manifest_of(out, lambda manifest: (manifest["files"].pop(), manifest.update(count=20)))


@pytest.mark.parametrize(
    ("change", "code", "position"),
    [
        (an_entry_is_altered, "leaf-hash", 14),
        (a_line_is_deleted, "leaf-hash", 14),
        (two_lines_change_places, "leaf-hash", 14),
        (a_file_is_cut_short, "file-length", 19),
        (a_file_loses_its_last_lines, "file-length", 17),
        (a_line_is_added, "file-length", 25),
        (a_line_is_endless, "entry-too-large", 10),
        (a_file_is_missing, "file-missing", 10),
        (the_leaves_are_missing, "file-missing", 10),
        (a_leaf_is_altered, "file-hash", 10),
        (a_file_is_added, "file-unlisted", None),
        (the_manifest_is_missing, "manifest-missing", None),
        (the_manifest_is_no_json, "manifest-damaged", None),
        (the_manifest_is_newer, "manifest-version", None),
        (the_manifest_points_elsewhere, "manifest-damaged", None),
        (the_manifest_counts_otherwise, "manifest-damaged", None),
        (the_manifest_has_another_root, "root-hash", None),
        (the_manifest_has_another_file_hash, "file-hash", 10),
        (the_last_file_is_left_out, "root-hash", None),
    ],
)
def test_what_was_done_to_an_export_is_found(exported, change, code, position):
    change(exported)
    fault = judge(exported).fault
    assert fault is not None
    assert (fault.code, fault.position) == (code, position)


def test_an_export_of_a_forged_store_is_judged_as_the_store_is(store, exported, tmp_path):
    store.log.append(append(new_event(HandoverSent(channel="overgang", attempt=1))))
    export(StoredLog(store.log_database), tmp_path / "forged", ABOUT)
    assert judge(tmp_path / "forged").fault == _without_file(judge(tmp_path / "forged").fault, store)


def _without_file(fault, store):
    """The store's own verdict, with the file that an export has beside the position."""
    found = verify(StoredLog(store.log_database)).fault
    assert (found.code, found.position) == ("workflow-missing", ENTRIES)
    return type(found)(code=found.code, position=found.position, file=fault.file)
