"""Is this attachment what it says, whole, and inert? Asked in a process of its own.

The parsers are the likeliest place for a hostile file to do harm, so they run in a child process with
limits on processor time, memory and files, without the server's environment (no keys, no database address)
and with nothing to write to but one line of JSON. The answer is not believed beyond its form, and whatever
goes wrong is a refusal.
"""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, Literal, NoReturn, get_args

import msgspec

import audit
from audit.blobs.limits import AttachmentLimits
from audit.blobs.refusals import AttachmentRefused, is_refusal_code

MediaType = Literal["application/pdf", "image/png", "image/jpeg", "image/tiff"]

MAGIC: Final[dict[MediaType, tuple[bytes, ...]]] = {
    # ISO 32000-2 7.5.2. Readers forgive up to 1024 bytes of junk before it; that is how polyglots hide.
    "application/pdf": (b"%PDF-1.", b"%PDF-2."),
    "image/png": (b"\x89PNG\r\n\x1a\n",),  # PNG (ISO/IEC 15948) 5.2
    "image/jpeg": (b"\xff\xd8\xff",),  # ITU-T T.81 B.1.1.3: start of image, then another marker
    "image/tiff": (b"II*\x00", b"MM\x00*"),  # TIFF 6.0 section 2 (BigTIFF is not taken)
}
_ANSWER_BYTES: Final = 4096
_ROOT: Final = Path(next(iter(audit.__path__))).resolve().parent


class Inspection(msgspec.Struct, frozen=True):
    """What is known of an attachment that passed."""

    media_type: MediaType
    size: int
    """Bytes."""
    pages: int
    """Pages of a PDF, frames of an image."""


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The child's line: either a code of refusal or the number of pages."""

    code: str | None = None
    pages: int = 0


def inspect(path: Path, declared: str, limits: AttachmentLimits) -> Inspection:
    """Parse the file at ``path`` in full as the media type ``declared``, in a limited child process.

    Raises ``AttachmentRefused`` with one of the codes of ``audit.blobs.refusals``; the file's name and
    content appear nowhere. Blocks for at most ``limits.wall_seconds``.
    """
    kind = _media_type(declared)
    size = path.stat().st_size
    if size == 0:
        raise AttachmentRefused("attachment-empty")
    if size > limits.max_bytes:
        raise AttachmentRefused("attachment-too-large")
    with path.open("rb") as file:
        if not file.read(16).startswith(MAGIC[kind]):
            raise AttachmentRefused("attachment-magic")
    answer = _ask(path, kind, limits)
    if answer.code is not None:
        raise AttachmentRefused(answer.code if is_refusal_code(answer.code) else "inspection-failed")
    if not 1 <= answer.pages <= limits.max_pages:
        raise AttachmentRefused("inspection-failed")
    return Inspection(media_type=kind, size=size, pages=answer.pages)


def _media_type(declared: str) -> MediaType:
    for kind in get_args(MediaType):
        if declared.strip().lower() == kind:
            return kind  # type: ignore[no-any-return]
    raise AttachmentRefused("attachment-type")


def _ask(path: Path, kind: MediaType, limits: AttachmentLimits) -> Answer:
    # -B: no bytecode written, the child may write no file. cwd and an almost empty environment: it finds
    # this package and its libraries, and nothing that is secret.
    command = [sys.executable, "-B", "-m", "audit.blobs.inspector", str(path.resolve()), kind]
    command.append(msgspec.json.encode(limits).decode())
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    process = subprocess.Popen(
        command,
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser's complaint quotes the content
        start_new_session=True,
    )
    try:
        line = _read_answer(process, time.monotonic() + limits.wall_seconds)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
    try:
        return msgspec.json.decode(line, type=Answer)
    except msgspec.DecodeError:
        raise AttachmentRefused("inspection-failed") from None


def _read_answer(process: "subprocess.Popen[bytes]", deadline: float) -> bytes:
    """All that the child says until it ends, bounded in bytes and time."""
    assert process.stdout is not None
    poll = select.poll()
    poll.register(process.stdout, select.POLLIN | select.POLLHUP)
    line = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise AttachmentRefused("inspection-timeout")
        data = os.read(process.stdout.fileno(), _ANSWER_BYTES)
        if not data:
            break
        line += data
        if len(line) > _ANSWER_BYTES:
            raise AttachmentRefused("inspection-failed")
    try:
        status = process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise AttachmentRefused("inspection-timeout") from None
    if status:
        _refuse_by_status(status)
    return line


def _refuse_by_status(status: int) -> NoReturn:
    if status == -signal.SIGXCPU:
        raise AttachmentRefused("inspection-timeout")
    if status == -signal.SIGKILL:  # not by us: the system ran out of memory
        raise AttachmentRefused("inspection-memory")
    raise AttachmentRefused("inspection-failed")
