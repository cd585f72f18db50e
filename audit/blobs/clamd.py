"""ClamAV's daemon as malware scanner, over its socket protocol (clamd(8), commands VERSION and INSTREAM).

The file is streamed to the daemon, which therefore needs no right to our folders and may run on another
machine. Anything but the two answers ``stream: OK`` and ``stream: NAME FOUND`` is no answer.

The daemon must be set up for our limits, or it passes over what is too large for it: ``StreamMaxLength``,
``MaxFileSize`` and ``MaxScanSize`` at least ``AttachmentLimits.max_bytes``, and ``AlertExceedsMax yes``
(without it a file beyond a limit is reported OK unread; with it as ``Heuristics.Limits.Exceeded``).
"""

import re
import socket
import struct
import time
from pathlib import Path
from typing import Final

from audit.blobs.scanner import ScannerUnavailable, ScanResult, Verdict

_CHUNK_BYTES: Final = 64 * 1024
_REPLY_BYTES: Final = 1024
_FOUND: Final = re.compile(rb"stream: (.{1,900}) FOUND")
_SIGNATURE: Final = re.compile(r"[A-Za-z0-9._:/()+{}-]{1,120}")
_VERSION: Final = re.compile(r"ClamAV [A-Za-z0-9._:/+ -]{1,120}")


class ClamdScanner:
    """Scans through a clamd at a Unix socket or a TCP address."""

    production_ready: Final = True

    def __init__(self, address: Path | tuple[str, int], timeout: float = 60.0) -> None:
        """``address``: path of the Unix socket, or host and port. ``timeout``: seconds for one whole scan."""
        self._address = address
        self._timeout = timeout

    def scan(self, path: Path) -> ScanResult:
        """Stream the file to the daemon. ``ScannerUnavailable`` unless it answers clearly."""
        deadline = time.monotonic() + self._timeout
        engine = self._engine(deadline)
        reply = self._instream(path, deadline)
        if reply == b"stream: OK":
            return ScanResult(verdict=Verdict.CLEAN, engine=engine)
        if found := _FOUND.fullmatch(reply):
            name = found[1].decode("ascii", "replace")
            code = name if _SIGNATURE.fullmatch(name) else "unnamed"
            return ScanResult(verdict=Verdict.INFECTED, engine=engine, signature_code=code)
        if b"size limit exceeded" in reply:
            raise ScannerUnavailable("size-limit")
        raise ScannerUnavailable("error" if reply.endswith(b"ERROR") else "garbled")

    def _engine(self, deadline: float) -> str:
        version = self._command(b"zVERSION\0", deadline).decode("ascii", "replace")
        if not _VERSION.fullmatch(version):
            raise ScannerUnavailable("garbled")
        return version

    def _command(self, command: bytes, deadline: float) -> bytes:
        with self._connect(deadline) as connection:
            try:
                _send(connection, command, deadline)
                return _reply(connection, deadline)
            except TimeoutError:
                raise ScannerUnavailable("timeout") from None
            except OSError:
                raise ScannerUnavailable("disconnected") from None

    def _instream(self, path: Path, deadline: float) -> bytes:
        with path.open("rb") as file, self._connect(deadline) as connection:
            try:
                try:
                    _send(connection, b"zINSTREAM\0", deadline)
                    while data := file.read(_CHUNK_BYTES):
                        _send(connection, struct.pack(">I", len(data)) + data, deadline)
                    _send(connection, struct.pack(">I", 0), deadline)
                except (BrokenPipeError, ConnectionResetError):
                    # It has stopped listening, as it does beyond its size limit; perhaps it says why. What
                    # it says cannot be a verdict on a file it has not seen whole.
                    if b"size limit exceeded" in _reply(connection, deadline):
                        raise ScannerUnavailable("size-limit") from None
                    raise ScannerUnavailable("disconnected") from None
                return _reply(connection, deadline)
            except TimeoutError:
                raise ScannerUnavailable("timeout") from None
            except OSError:
                raise ScannerUnavailable("disconnected") from None

    def _connect(self, deadline: float) -> socket.socket:
        try:
            if isinstance(self._address, tuple):
                return socket.create_connection(self._address, timeout=_left(deadline))
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.settimeout(_left(deadline))
                connection.connect(str(self._address))
            except BaseException:
                connection.close()
                raise
            return connection
        except TimeoutError:
            raise ScannerUnavailable("timeout") from None
        except OSError:
            raise ScannerUnavailable("unreachable") from None


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise ScannerUnavailable("timeout")
    return left


def _send(connection: socket.socket, data: bytes, deadline: float) -> None:
    connection.settimeout(_left(deadline))
    connection.sendall(data)


def _reply(connection: socket.socket, deadline: float) -> bytes:
    """One answer, which ends with a zero byte (the ``z`` form of a command), without it."""
    reply = b""
    while not reply.endswith(b"\0"):
        connection.settimeout(_left(deadline))
        data = connection.recv(_REPLY_BYTES)
        if not data:
            raise ScannerUnavailable("disconnected")
        reply += data
        if len(reply) > _REPLY_BYTES:
            raise ScannerUnavailable("garbled")
    return reply[:-1]
