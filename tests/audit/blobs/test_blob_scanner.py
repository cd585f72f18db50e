"""The malware scanner: clean only when clamd says so of the whole file.

clamd itself is an outside product and not part of the test environment, so a small real socket server
speaks its protocol here: it parses commands and lengths, puts the stream together and looks for the EICAR
test string, and can misbehave in each way that a daemon or a network does.
"""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.blobs.clamd import ClamdScanner
from audit.blobs.scanner import NoScanner, Scanner, ScannerUnavailable, Verdict

# In two halves, so that a scanner on a developer's machine does not take this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VERSION = b"ClamAV 1.4.3/27823/Mon Nov  2 09:26:12 2026"


class FakeClamd(socketserver.ThreadingTCPServer):
    """Answers VERSION and INSTREAM as clamd does."""

    allow_reuse_address = True
    daemon_threads = True
    version = VERSION
    limit = 10_000_000
    mode = "normal"
    streams: list[bytes]

    def __init__(self, *args: Any) -> None:
        self.streams = []
        super().__init__(*args)


class FakeClamdUnix(FakeClamd):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)


class Conversation(socketserver.StreamRequestHandler):
    server: FakeClamd

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            byte = self.rfile.read(1)
            if not byte:
                return
            command += byte
        if command == b"zVERSION\0":
            self.wfile.write(self.server.version + b"\0")
        elif command == b"zINSTREAM\0":
            self.wfile.write(self.instream())
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def instream(self) -> bytes:
        mode, stream = self.server.mode, b""
        while True:
            (length,) = struct.unpack(">I", self.rfile.read(4))
            if not length:
                break
            stream += self.rfile.read(length)
            if len(stream) > self.server.limit:
                return b"INSTREAM size limit exceeded. ERROR\0"
            if mode == "break off":
                return b""
            if mode == "early ok":
                return b"stream: OK\0"
        self.server.streams.append(stream)
        if mode == "silent":
            threading.Event().wait(3)
            return b""
        if mode.startswith("say "):
            return mode.removeprefix("say ").encode()
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in stream else b"stream: OK\0"


@pytest.fixture
def clamd() -> Iterator[FakeClamd]:
    with FakeClamd(("127.0.0.1", 0), Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def scanner_of(server: FakeClamd, timeout: float = 10.0) -> ClamdScanner:
    host, port = server.server_address[:2]
    return ClamdScanner((str(host), int(port)), timeout)


def file_of(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 1_000_000])
def test_a_clean_file_reaches_the_scanner_whole(tmp_path: Path, clamd: FakeClamd, size: int) -> None:
    content = bytes(number % 251 for number in range(1000)) * (size // 1000 + 1)
    result = scanner_of(clamd).scan(file_of(tmp_path, content[:size]))
    assert (result.clean, result.verdict, result.signature_code) == (True, Verdict.CLEAN, None)
    assert result.engine == VERSION.decode()
    assert clamd.streams == [content[:size]]


@pytest.mark.parametrize("before", [0, 65530])
def test_the_eicar_file_is_found_also_across_a_chunk_border(
    tmp_path: Path, clamd: FakeClamd, before: int
) -> None:
    result = scanner_of(clamd).scan(file_of(tmp_path, b" " * before + EICAR))
    assert (result.clean, result.verdict) == (False, Verdict.INFECTED)
    assert result.signature_code == "Eicar-Test-Signature"


def test_a_unix_socket_serves_as_well(tmp_path: Path) -> None:
    address = tmp_path / "clamd.sock"
    with FakeClamdUnix(str(address), Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        scanner = ClamdScanner(address, 10.0)
        assert scanner.scan(file_of(tmp_path, b"harmless")).clean
        assert not scanner.scan(file_of(tmp_path, EICAR)).clean
        server.shutdown()
        thread.join()


def unavailable(scanner: Scanner, path: Path) -> str:
    with pytest.raises(ScannerUnavailable) as failed:
        scanner.scan(path)
    assert failed.value.code == "scanner-unavailable"
    assert str(path) not in str(failed.value)
    return failed.value.reason


@pytest.mark.parametrize("size", [200_000, 8_000_000])
def test_beyond_the_scanners_size_limit_there_is_no_verdict(
    tmp_path: Path, clamd: FakeClamd, size: int
) -> None:
    """A small rest is still sent before the answer is read; a large one meets a closed connection."""
    clamd.limit = 100_000
    reason = unavailable(scanner_of(clamd), file_of(tmp_path, bytes(size)))
    assert reason in ({"size-limit"} if size < 1_000_000 else {"size-limit", "disconnected"})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("stream: OK", "disconnected"),  # no end of answer: it may go on
        ("\0", "garbled"),
        ("OK\0", "garbled"),
        ("stream: OK \0", "garbled"),
        ("STREAM: OK\0", "garbled"),
        ("stream: OK\nstream: Bad FOUND\0", "garbled"),
        ("stream: not OK\0", "garbled"),
        ("HTTP/1.1 200 OK\r\n\r\nstream: OK\0", "garbled"),
        ("stream: Can't allocate memory ERROR\0", "error"),
        ("x" * 5000 + "\0", "garbled"),
        ("\x80\xff\0", "garbled"),
    ],
)
def test_any_other_answer_is_no_verdict(tmp_path: Path, clamd: FakeClamd, answer: str, reason: str) -> None:
    clamd.mode = "say " + answer
    assert unavailable(scanner_of(clamd), file_of(tmp_path, b"x")) == reason


@pytest.mark.parametrize("name", ["0101014321 Hansen", "a" * 200, "<b>"])
def test_an_odd_signature_name_is_still_a_finding_and_is_not_repeated(
    tmp_path: Path, clamd: FakeClamd, name: str
) -> None:
    clamd.mode = f"say stream: {name} FOUND\0"
    result = scanner_of(clamd).scan(file_of(tmp_path, b"x"))
    assert (result.clean, result.verdict, result.signature_code) == (False, Verdict.INFECTED, "unnamed")


def test_a_broken_connection_is_no_verdict(tmp_path: Path, clamd: FakeClamd) -> None:
    clamd.mode = "break off"
    assert unavailable(scanner_of(clamd), file_of(tmp_path, bytes(5_000_000))) == "disconnected"


def test_an_ok_before_the_file_was_sent_is_no_verdict(tmp_path: Path, clamd: FakeClamd) -> None:
    clamd.mode = "early ok"
    assert unavailable(scanner_of(clamd), file_of(tmp_path, bytes(8_000_000))) == "disconnected"


def test_a_silent_scanner_is_no_verdict(tmp_path: Path, clamd: FakeClamd) -> None:
    clamd.mode = "silent"
    assert unavailable(scanner_of(clamd, timeout=0.3), file_of(tmp_path, b"x")) == "timeout"


def test_something_else_at_the_address_is_no_verdict(tmp_path: Path, clamd: FakeClamd) -> None:
    clamd.version = b"SSH-2.0-OpenSSH_9.2"
    assert unavailable(scanner_of(clamd), file_of(tmp_path, b"x")) == "garbled"
    assert clamd.streams == []  # and it was not shown the file


def test_nobody_at_the_address_is_no_verdict(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        free = unused.getsockname()
    path = file_of(tmp_path, b"x")
    assert unavailable(ClamdScanner((free[0], free[1]), 2.0), path) == "unreachable"
    assert unavailable(ClamdScanner(tmp_path / "none.sock", 2.0), path) == "unreachable"


def test_without_a_scanner_nothing_is_called_clean(tmp_path: Path) -> None:
    none: Scanner = NoScanner()
    result = none.scan(file_of(tmp_path, EICAR))
    assert (result.clean, result.verdict, result.engine) == (False, "not-scanned", "none")
    assert not none.production_ready
    assert ClamdScanner(tmp_path / "clamd.sock").production_ready
