"""The store of attachments: whole or not there, verifiable without a key, orphans swept by age."""

import gc
import hashlib
import os
import stat
import subprocess
import sys
import textwrap
import threading
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from audit.blobs.chunked import BlobDamaged
from audit.blobs.store import BlobExists, BlobMissing, BlobStore

KEY = bytes(range(32))
DOCUMENT = b"document 1"
MIB = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def only_file(root: Path) -> Path:
    (path,) = files(root)
    return path


def later(**age: float) -> datetime:
    return datetime.now(UTC) + timedelta(**age)


def test_an_attachment_comes_back_as_it_went_in(store: BlobStore, tmp_path: Path) -> None:
    content = os.urandom(200_000)
    blob_id = uuid4()
    receipt = store.put(blob_id, [content[:7], content[7:]], KEY, DOCUMENT)
    stored = only_file(tmp_path)
    assert receipt.size == len(content)
    assert receipt.ciphertext_size == stored.stat().st_size
    assert receipt.sha256 == hashlib.sha256(stored.read_bytes()).hexdigest()
    assert content[:64] not in stored.read_bytes()
    assert b"".join(store.open(blob_id, KEY, DOCUMENT)) == content
    assert store.verify(blob_id, receipt.sha256) == receipt.ciphertext_size


def test_an_empty_attachment_is_stored_too(store: BlobStore) -> None:
    blob_id = uuid4()
    assert store.put(blob_id, [], KEY, DOCUMENT).size == 0
    assert list(store.open(blob_id, KEY, DOCUMENT)) == []


def test_only_the_owner_of_the_process_may_look(store: BlobStore, tmp_path: Path) -> None:
    store.put(uuid4(), [b"x"], KEY, DOCUMENT)
    for path in (tmp_path / "blobs").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_files_fan_out_over_two_levels_by_the_random_end_of_the_id(store: BlobStore, tmp_path: Path) -> None:
    store.put(UUID("01890000-0000-7000-8000-00000000abcd"), [b"x"], KEY, DOCUMENT)
    relative = only_file(tmp_path).relative_to(tmp_path / "blobs")
    assert relative.parts == ("cd", "ab", "01890000-0000-7000-8000-00000000abcd.blob")


def test_a_stored_attachment_is_never_overwritten(store: BlobStore, tmp_path: Path) -> None:
    blob_id = uuid4()
    receipt = store.put(blob_id, [b"first"], KEY, DOCUMENT)
    with pytest.raises(BlobExists):
        store.put(blob_id, [b"second"], KEY, DOCUMENT)
    store.verify(blob_id, receipt.sha256)
    assert len(files(tmp_path)) == 1


def test_of_many_writers_of_one_id_exactly_one_wins(
    store: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a slow disk, so that all have looked for the name before the first has taken it."""
    rename = os.rename

    def slow_rename(source: Path, target: Path) -> None:
        time.sleep(0.05)
        rename(source, target)

    monkeypatch.setattr(os, "rename", slow_rename)
    blob_id, won, lost = uuid4(), list[str](), list[int]()
    gate = threading.Barrier(8)

    def write(number: int) -> None:
        gate.wait()
        try:
            won.append(store.put(blob_id, [bytes([number]) * 1000], KEY, DOCUMENT).sha256)
        except BlobExists:
            lost.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)
    store.verify(blob_id, won[0])
    assert len(files(tmp_path)) == 1


def test_what_is_not_there_is_missing_at_once(store: BlobStore) -> None:
    with pytest.raises(BlobMissing) as missing:
        store.open(uuid4(), KEY, DOCUMENT)
    assert missing.value.code == "blob-missing"
    with pytest.raises(BlobMissing):
        store.verify(uuid4(), "00")


@pytest.mark.parametrize(("key", "document"), [(bytes(32), DOCUMENT), (KEY, b"document 2")])
def test_a_wrong_key_or_document_shows_before_the_first_byte(
    store: BlobStore, key: bytes, document: bytes
) -> None:
    blob_id = uuid4()
    store.put(blob_id, [b"x" * 100_000], KEY, DOCUMENT)
    with pytest.raises(BlobDamaged):
        store.open(blob_id, key, document)


def test_damage_on_the_disk_is_found_with_and_without_the_key(store: BlobStore, tmp_path: Path) -> None:
    blob_id = uuid4()
    receipt = store.put(blob_id, [b"x" * 100_000], KEY, DOCUMENT)
    path = only_file(tmp_path)
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(BlobDamaged) as found:
        store.verify(blob_id, receipt.sha256)
    assert found.value.reason == "hash"
    with pytest.raises(BlobDamaged):
        list(store.open(blob_id, KEY, DOCUMENT))


def test_deleting_twice_is_harmless(store: BlobStore, tmp_path: Path) -> None:
    blob_id = uuid4()
    store.put(blob_id, [b"x"], KEY, DOCUMENT)
    assert store.delete(blob_id) is True
    assert store.delete(blob_id) is False
    assert files(tmp_path) == []


def test_a_reader_left_early_closes_its_file(store: BlobStore) -> None:
    blob_id = uuid4()
    store.put(blob_id, [b"x" * 300_000], KEY, DOCUMENT)
    before = len(os.listdir("/dev/fd"))
    with store.open(blob_id, KEY, DOCUMENT) as reader:
        next(reader)
        assert len(os.listdir("/dev/fd")) == before + 1
    assert len(os.listdir("/dev/fd")) == before
    assert list(reader) == []
    gc.collect()


def test_memory_does_not_grow_with_the_attachment(store: BlobStore) -> None:
    """Given 24 MiB, writing, verifying and reading never hold two."""
    blob_id = uuid4()

    def content() -> Iterator[bytes]:
        for number in range(24 * 4):
            yield bytes([number]) * (256 * 1024)

    tracemalloc.start()
    try:
        receipt = store.put(blob_id, content(), KEY, DOCUMENT)
        store.verify(blob_id, receipt.sha256)
        size = sum(len(chunk) for chunk in store.open(blob_id, KEY, DOCUMENT))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size == receipt.size == 24 * MIB
    assert peak < 2 * MIB


def test_orphans_are_what_nobody_knows_and_old_enough(store: BlobStore, tmp_path: Path) -> None:
    named, orphan = uuid4(), uuid4()
    for blob_id in (named, orphan):
        store.put(blob_id, [b"x"], KEY, DOCUMENT)
    day = timedelta(hours=24)

    assert list(store.orphans({named}.__contains__, later(hours=23), day)) == []
    assert list(store.orphans({named}.__contains__, later(hours=25), day)) == [orphan]
    assert store.sweep({named}.__contains__, later(hours=23)).orphans == 0
    assert store.sweep({named}.__contains__, later(hours=25)).orphans == 1
    assert store.sweep({named}.__contains__, later(hours=25)).orphans == 0
    assert only_file(tmp_path).name == f"{named}.blob"


def test_a_young_blob_is_not_even_asked_about(store: BlobStore) -> None:
    store.put(uuid4(), [b"x"], KEY, DOCUMENT)
    asked: list[UUID] = []

    def known(blob_id: UUID) -> bool:
        asked.append(blob_id)
        return False

    assert list(store.orphans(known, later(), timedelta(minutes=5))) == []
    assert asked == []


def test_files_that_are_not_ours_are_left_alone(store: BlobStore, tmp_path: Path) -> None:
    folder = tmp_path / "blobs" / "aa" / "bb"
    folder.mkdir(parents=True)
    (folder / "readme.blob").write_text("no id")
    (folder / f"{uuid4().hex[:28]}0000.blob").write_text("an id in the wrong folder")
    assert list(store.orphans(lambda _: False, later(days=400))) == []
    assert store.sweep(lambda _: False, later(days=400)).orphans == 0
    assert len(files(tmp_path)) == 2


def test_the_age_guard_wants_an_aware_time(store: BlobStore) -> None:
    with pytest.raises(ValueError, match="aware"):
        store.orphans(lambda _: False, datetime(2026, 11, 1))
    with pytest.raises(ValueError, match="zero or more"):
        store.orphans(lambda _: False, later(), timedelta(seconds=-1))


def test_a_write_in_progress_survives_the_sweep(store: BlobStore) -> None:
    blob_id = uuid4()

    def content() -> Iterator[bytes]:
        yield b"one"
        assert store.sweep(lambda _: False, later(days=400)).temporaries == 0
        yield b"two"

    store.put(blob_id, content(), KEY, DOCUMENT)
    assert b"".join(store.open(blob_id, KEY, DOCUMENT)) == b"onetwo"


def test_what_a_killed_process_left_behind_is_swept(store: BlobStore, tmp_path: Path) -> None:
    """Given a process killed amid a write, its half file has no name and the next sweep takes it."""
    program = textwrap.dedent("""
        import os, signal, sys, uuid
        from pathlib import Path
        from audit.blobs.store import BlobStore
        def content():
            yield b"x" * 200_000
            os.kill(os.getpid(), signal.SIGKILL)
        BlobStore(Path(sys.argv[1])).put(uuid.uuid4(), content(), bytes(32), b"")
    """)
    root = tmp_path / "blobs"
    repository = Path(__file__).resolve().parents[3]
    ended = subprocess.run([sys.executable, "-c", program, str(root)], cwd=repository, check=False)
    assert ended.returncode == -9
    leftover = only_file(tmp_path)
    assert leftover.parent.name == "tmp"
    assert leftover.stat().st_size > 60_000
    report = store.sweep(lambda _: True, later())
    assert (report.orphans, report.temporaries) == (0, 1)
    assert files(tmp_path) == []
