"""A private place for an upload while it is inspected and scanned.

Inspector and scanner need a file, so the plaintext touches the disk once, for seconds: in a folder of mode
0700, in a file of mode 0600, without fsync (so it often never leaves the page cache), deleted when the
``with`` block ends. What a killed process leaves behind is swept at the next start. Where the memory
allows, the folder belongs on a tmpfs.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from audit.blobs.chunked import CHUNK_BYTES
from audit.blobs.refusals import AttachmentRefused
from audit.blobs.temporary import create_locked, private_folder, sweep_unlocked, write_all


class Spool:
    """One upload on its way in. Use as a context manager; made by ``SpoolFolder.spool``."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._digest = hashlib.sha256()
        self._size = 0
        self._fd, self._path = create_locked(folder)

    @property
    def path(self) -> Path:
        """The file, complete up to the last ``write``; gone when the block ends."""
        return self._path

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._size

    @property
    def sha256(self) -> str:
        """SHA-256 of the plaintext so far, hex. It identifies the content: it belongs in the sealed body
        of an event or in a keyed comparison, never in header or facts."""
        return self._digest.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Append a chunk; refuses with ``attachment-too-large`` before the first byte beyond the limit is
        written, so an endless upload costs no more than the limit."""
        if self._size + len(chunk) > self._max_bytes:
            raise AttachmentRefused("attachment-too-large")
        write_all(self._fd, chunk)
        self._digest.update(chunk)
        self._size += len(chunk)

    def chunks(self) -> Iterator[bytes]:
        """The content from its beginning, in chunks of at most 64 KiB (input of ``BlobStore.put``)."""
        offset = 0
        while data := os.pread(self._fd, CHUNK_BYTES, offset):
            offset += len(data)
            yield data

    def close(self) -> None:
        """Delete the file; harmless when already done."""
        if self._fd >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class SpoolFolder:
    """The private folder of a server for uploads under inspection."""

    def __init__(self, folder: Path) -> None:
        """Make ``folder`` (mode 0700) and sweep what dead processes left in it. ``PermissionError`` if it
        belongs to another user."""
        private_folder(folder)
        self._folder = folder
        self.swept = sweep_unlocked(folder)
        """Leftovers deleted at start."""

    def spool(self, max_bytes: int) -> Spool:
        """A new spool for an upload of at most ``max_bytes`` bytes."""
        return Spool(self._folder, max_bytes)
