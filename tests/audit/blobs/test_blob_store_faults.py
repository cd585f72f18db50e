"""Faults at every step of a write: no partial attachment is ever seen under its final name."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from audit.blobs.store import BlobMissing, BlobStore

KEY = bytes(range(32))
DOCUMENT = b"document 1"
CONTENT = b"c" * 150_000
CALLS = ("open", "write", "fsync", "rename", "close")


class Tripwire:
    """Counts the calls that change the disk and makes the n-th one fail; watches the final names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
        self.root = root
        self.calls: list[str] = []
        self.fail_at: int | None = None
        self.seen_sizes: set[int] = set()
        for name in CALLS:
            monkeypatch.setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            number = len(self.calls)
            self.calls.append(name)
            self.look()
            if number == self.fail_at:
                if name == "close":  # Linux frees the descriptor even when close fails
                    real(*args, **kwargs)
                raise OSError("planted fault")
            try:
                return real(*args, **kwargs)
            finally:
                self.look()

        return call

    def look(self) -> None:
        self.seen_sizes.update(path.stat().st_size for path in self.root.glob("??/??/*"))


def count_calls(monkeypatch: pytest.MonkeyPatch, root: Path) -> tuple[list[str], int]:
    with monkeypatch.context() as patch:
        store = BlobStore(root)
        wire = Tripwire(patch, root)
        whole = store.put(uuid4(), [CONTENT], KEY, DOCUMENT).ciphertext_size
    return wire.calls, whole


def test_the_order_is_write_fsync_rename_fsync_of_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls, _ = count_calls(monkeypatch, tmp_path / "blobs")
    steps = [name for name in calls if name in {"write", "fsync", "rename"}]
    assert steps == ["fsync", "fsync", "write", "write", "write", "write", "fsync", "rename", "fsync"]


def test_a_fault_at_any_step_leaves_a_whole_file_or_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls, whole = count_calls(monkeypatch, tmp_path / "count")
    assert {"open", "write", "fsync", "rename", "close"} == set(calls)
    for step, name in enumerate(calls):
        root = tmp_path / f"at{step}"
        store = BlobStore(root)
        blob_id = uuid4()
        with monkeypatch.context() as patch:
            wire = Tripwire(patch, root)
            wire.fail_at = step
            with pytest.raises(OSError, match="planted fault"):
                store.put(blob_id, [CONTENT], KEY, DOCUMENT)
        assert wire.seen_sizes <= {whole}, f"a partial file was visible when {name} (call {step}) failed"
        assert list((root / "tmp").iterdir()) == []
        try:
            found = b"".join(store.open(blob_id, KEY, DOCUMENT))
        except BlobMissing:
            # A later attempt under the same id succeeds.
            store.put(blob_id, [CONTENT], KEY, DOCUMENT)
            found = b"".join(store.open(blob_id, KEY, DOCUMENT))
        assert found == CONTENT


@pytest.mark.parametrize("name", ["fsync", "rename"])
def test_when_durability_fails_nothing_is_left_under_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    calls, _ = count_calls(monkeypatch, tmp_path / "count")
    for step in (step for step, call in enumerate(calls) if call == name):
        root = tmp_path / f"at{step}"
        store = BlobStore(root)
        with monkeypatch.context() as patch:
            Tripwire(patch, root).fail_at = step
            with pytest.raises(OSError, match="planted fault"):
                store.put(uuid4(), [CONTENT], KEY, DOCUMENT)
        assert [path for path in root.rglob("*") if path.is_file()] == []


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)

    def broken() -> Iterator[bytes]:
        yield CONTENT
        raise ConnectionError("the client went away")

    with pytest.raises(ConnectionError):
        store.put(uuid4(), broken(), KEY, DOCUMENT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
