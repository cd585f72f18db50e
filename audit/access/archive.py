"""A ZIP file written as a stream, the same bytes for the same content: fixed times, stored, no platform."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_PRIVATE: Final = 0o600 << 16


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the package: its name, its size in bytes and the SHA-256 of its content."""

    name: str
    bytes: int
    sha256: str


class Archive:
    """Files go in one after the other; `chunks` gives the ZIP as it grows, so that memory stays flat."""

    def __init__(self) -> None:
        self.packed: list[Packed] = []
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """SHA-256 of the ZIP so far, hex."""
        return self._digest.hexdigest()

    def chunks(self, files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
        """The bytes of the ZIP. `files` are names and contents, taken one after the other."""
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
            for name, content in files:
                yield from self._file(archive, sink, name, content)
        yield from self._taken(sink)

    def _file(
        self, archive: zipfile.ZipFile, sink: "_Sink", name: str, content: Iterable[bytes]
    ) -> Iterator[bytes]:
        entry = zipfile.ZipInfo(name, FIXED_TIME)
        entry.create_system, entry.external_attr = _UNIX, _PRIVATE
        digest, size = hashlib.sha256(), 0
        with archive.open(entry, "w") as file:
            for chunk in content:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                yield from self._taken(sink)
        self.packed.append(Packed(name=name, bytes=size, sha256=digest.hexdigest()))
        yield from self._taken(sink)

    def _taken(self, sink: "_Sink") -> Iterator[bytes]:
        if data := sink.take():
            self._digest.update(data)
            self.size += len(data)
            yield data


class _Sink:
    """Where the ZIP is written: it cannot be sought, so what was written stays as it is."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken
