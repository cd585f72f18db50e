"""The store of sealed attachments: one file each, written once, durable before any log entry names it.

Order of a write (design section 4, *Documents*): temporary file, fsync, rename, fsync of the folder, and
only then the append that refers to it. A crash between leaves a file nobody names, never an entry whose
file is missing. Such orphans are swept when old enough that no append can still be on its way.

Deleting a file frees space; what makes a citizen's attachment unreadable is the end of its content key in
the vault (disks and backups keep old blocks).
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, Self
from uuid import UUID

import msgspec

from audit.blobs.chunked import BlobDamaged, decrypt_stream, encrypt_stream
from audit.blobs.temporary import create_locked, private_folder, sweep_unlocked, write_all

ORPHAN_AGE: Final = timedelta(hours=24)
"""A blob is appended to the log seconds after it is stored; a day leaves room for any queue or clock."""

_SUFFIX: Final = ".blob"
_READ_BYTES: Final = 256 * 1024


class BlobMissing(Exception):
    """No attachment is stored under this id."""

    code: Final = "blob-missing"

    def __init__(self) -> None:
        super().__init__("no attachment is stored under this id")


class BlobExists(Exception):
    """An attachment is already stored under this id; a stored one is never overwritten."""

    code: Final = "blob-exists"

    def __init__(self) -> None:
        super().__init__("an attachment is already stored under this id")


class BlobReceipt(msgspec.Struct, frozen=True):
    """What the log records of a stored attachment."""

    sha256: str
    """SHA-256 of the stored ciphertext, hex: survives the forgetting of the key."""
    size: int
    """Bytes of plaintext."""
    ciphertext_size: int
    """Bytes of the stored file."""


class SweepReport(msgspec.Struct, frozen=True):
    """What a sweep removed."""

    orphans: int
    temporaries: int


class BlobReader(Iterator[bytes]):
    """Plaintext of one attachment, chunk by chunk; closes its file at the end, on a fault, or by ``close``.

    The first chunk has already been opened, so a wrong key or document shows before the first byte is sent.
    """

    def __init__(self, file: BinaryIO, key: bytes, associated_data: bytes) -> None:
        self._file = file
        try:
            self._chunks = decrypt_stream(file, key, associated_data)
            self._first: bytes | None = next(self._chunks, b"")
        except BaseException:
            file.close()
            raise

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        first, self._first = self._first, None
        if first:
            return first
        try:
            return next(self._chunks)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading and close the file; harmless when already closed."""
        self._first = None
        self._chunks = iter(())
        self._file.close()


class BlobStore:
    """Sealed attachments under ``root`` (mode 0700), fanned out over two levels of folders by id.

    Safe for several threads and server processes on one local file system.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._temporary = root / "tmp"
        private_folder(root)
        private_folder(self._temporary)
        self._durable: set[Path] = set()
        self._durable_lock = threading.Lock()

    def put(self, blob_id: UUID, chunks: Iterable[bytes], key: bytes, associated_data: bytes) -> BlobReceipt:
        """Seal and store an attachment; when this returns, it survives a power cut.

        ``blob_id`` is new for every attempt, ``key`` the document's own content key (32 bytes),
        ``associated_data`` the document's id. Whatever goes wrong (also in ``chunks``) leaves nothing under
        the final name. Raises ``BlobExists``, ``OSError``, ``ValueError`` (key size).
        """
        final = self._path(blob_id)
        self._make_durable(final.parent)
        fd, temporary = create_locked(self._temporary)
        try:
            receipt = _write_sealed(fd, chunks, key, associated_data)
            os.fsync(fd)
            self._publish(temporary, final)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        finally:
            os.close(fd)
        return receipt

    def open(self, blob_id: UUID, key: bytes, associated_data: bytes) -> BlobReader:
        """Read an attachment as a stream of plaintext chunks (at most 64 KiB each).

        Raises ``BlobMissing``, and ``BlobDamaged`` here for the first chunk, later while iterating.
        """
        return BlobReader(self._file(blob_id), key, associated_data)

    def verify(self, blob_id: UUID, sha256: str) -> int:
        """Compare the stored bytes with the hash the log names; needs no key. Returns the ciphertext's size.

        Raises ``BlobMissing``, or ``BlobDamaged`` (reason ``hash``).
        """
        digest, size = hashlib.sha256(), 0
        with self._file(blob_id) as file:
            while data := file.read(_READ_BYTES):
                digest.update(data)
                size += len(data)
        if digest.hexdigest() != sha256:
            raise BlobDamaged("hash")
        return size

    def delete(self, blob_id: UUID) -> bool:
        """Delete the file, durably; False when there was none (erasures are redone from the log)."""
        path = self._path(blob_id)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _fsync_folder(path.parent)
        return True

    def orphans(
        self, known: Callable[[UUID], bool], now: datetime, older_than: timedelta = ORPHAN_AGE
    ) -> Iterator[UUID]:
        """Blobs that ``known`` denies and that were stored more than ``older_than`` before ``now``.

        ``known`` must answer for everything that may refer to a blob: log entries and drafts. ``now`` is
        an aware time. ``ValueError`` for a negative age or a naive time.
        """
        if older_than < timedelta(0) or now.tzinfo is None:
            raise ValueError("the age guard needs an aware time and an age of zero or more")
        return self._orphans(known, now - older_than)

    def _orphans(self, known: Callable[[UUID], bool], before: datetime) -> Iterator[UUID]:
        for path in self._root.glob(f"??/??/*{_SUFFIX}"):
            blob_id = _blob_id(path)
            if blob_id is None or path != self._path(blob_id):
                continue
            try:
                status = path.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            # The change time moves at rename and at restore from a backup, the safe side of both.
            stored = datetime.fromtimestamp(max(status.st_mtime, status.st_ctime), UTC)
            if stored < before and not known(blob_id):
                yield blob_id

    def sweep(
        self, known: Callable[[UUID], bool], now: datetime, older_than: timedelta = ORPHAN_AGE
    ) -> SweepReport:
        """Delete orphans (see ``orphans``) and the temporary files of processes that have died."""
        orphans = sum(self.delete(blob_id) for blob_id in self.orphans(known, now, older_than))
        return SweepReport(orphans=orphans, temporaries=sweep_unlocked(self._temporary))

    def _path(self, blob_id: UUID) -> Path:
        # The last digits: random in every kind of UUID, while version 7 begins with the time.
        name = blob_id.hex
        return self._root / name[-2:] / name[-4:-2] / f"{blob_id}{_SUFFIX}"

    def _file(self, blob_id: UUID) -> BinaryIO:
        try:
            fd = os.open(self._path(blob_id), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise BlobMissing from None
        return os.fdopen(fd, "rb")

    def _make_durable(self, folder: Path) -> None:
        """Create the fan-out folders and make their own entries durable, once in a process."""
        with self._durable_lock:
            if folder in self._durable:
                return
            folder.parent.mkdir(mode=0o700, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            _fsync_folder(folder.parent)
            _fsync_folder(self._root)
            self._durable.add(folder)

    def _publish(self, temporary: Path, final: Path) -> None:
        """Give the finished file its name, once: the folder's lock makes look and rename one step."""
        folder = os.open(final.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            if final.exists():
                raise BlobExists
            os.rename(temporary, final)
            try:
                os.fsync(folder)
            except BaseException:
                final.unlink(missing_ok=True)  # whole but perhaps not durable: the caller may not name it
                raise
        finally:
            os.close(folder)


def _write_sealed(fd: int, chunks: Iterable[bytes], key: bytes, associated_data: bytes) -> BlobReceipt:
    plain = _Counted(chunks)
    digest, written = hashlib.sha256(), 0
    for sealed in encrypt_stream(plain, key, associated_data):
        write_all(fd, sealed)
        digest.update(sealed)
        written += len(sealed)
    return BlobReceipt(sha256=digest.hexdigest(), size=plain.size, ciphertext_size=written)


class _Counted:
    """Passes chunks through and counts their bytes."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            yield chunk


def _fsync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _blob_id(path: Path) -> UUID | None:
    try:
        return UUID(path.name.removesuffix(_SUFFIX))
    except ValueError:
        return None
