"""Large messages, in a child process with limits, so that the server never holds one whole.

A 100 MB message peaks at half a gigabyte while it is parsed (stack.md). The child gets a path, decodes the
attachments into files of the caller's private directory and answers with the facts alone.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from workflows.delivery.medcom.issues import Issue, MedComRefused, refuse
from workflows.delivery.medcom.message import CareCommunication
from workflows.delivery.medcom.parse import MAX_IN_PROCESS, parse_new_message, private_folder

MAX_MESSAGE: Final = 100 * 1024 * 1024
"""Bytes. MedCom's limit for a message in its VANSEnvelope (governance for the network layer, 030)."""

_ROOT: Final = Path(__file__).resolve().parents[3]
_REFUSAL: Final = 256 * 1024  # bytes; a hundred issues always fit
_LIMIT_TEXT: Final = "The message costs more memory or time to read than is allowed"


class SpoolLimits(msgspec.Struct, frozen=True):
    """What the child may use. Memory is address space in bytes; times are in seconds."""

    memory: int = 1536 * 1024 * 1024
    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    reply: int = 8 * 1024 * 1024
    """Most bytes of facts (texts included) that the child may answer with."""


class SpoolFailed(RuntimeError):
    """The child could not do its work through no fault of the message that we know of. Try again."""


class ChildTask(msgspec.Struct, frozen=True):
    """What the child is told, on its standard input."""

    source: str
    folder: str
    limits: SpoolLimits


class ChildReply(msgspec.Struct, frozen=True):
    """What the child answers, on its standard output: a message, or the issues it was refused for."""

    message: CareCommunication | None = None
    issues: tuple[Issue, ...] = ()


def parse_spooled(
    path: Path,
    attachments_dir: Path,
    *,
    limits: SpoolLimits | None = None,
    in_process_up_to: int = MAX_IN_PROCESS,
) -> CareCommunication:
    """The new-message in the file `path`, whatever its size up to 100 MiB.

    Attachments become files in a fresh folder of `attachments_dir` (the caller's alone, mode 0700), which is
    removed when the message is refused; otherwise the caller owns it. Up to `in_process_up_to` bytes are read
    here, more in a child process.
    Raises MedComRefused (`too-long` above 100 MiB, `too-costly` over the limits), SpoolFailed, OSError when
    a file cannot be read or written, ValueError when the directory is open to others.
    """
    size = path.stat().st_size
    if size > MAX_MESSAGE:
        raise refuse("too-long", "Bundle", "A message has at most 100 MiB", "too-long")
    if size <= min(in_process_up_to, MAX_IN_PROCESS):
        return parse_new_message(path.read_bytes(), attachments_dir=attachments_dir)
    folder = private_folder(attachments_dir)
    try:
        reply = _run(ChildTask(str(path.resolve()), str(folder), limits or SpoolLimits()))
        if reply.message is None:
            raise MedComRefused(list(reply.issues))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return reply.message


def _run(task: ChildTask) -> ChildReply:
    # Nothing of our environment: it may hold keys and passwords, and this process reads hostile input.
    with tempfile.TemporaryFile(dir=task.folder) as answer:
        child = subprocess.Popen(
            [sys.executable, "-m", "workflows.delivery.medcom.spool_child"],
            stdin=subprocess.PIPE,
            stdout=answer,
            stderr=subprocess.DEVNULL,  # a traceback could show the message
            cwd=_ROOT,
            env={"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
        try:
            child.communicate(msgspec.json.encode(task), timeout=task.limits.wall_seconds)
        except subprocess.TimeoutExpired:
            raise refuse("too-costly", "Bundle", _LIMIT_TEXT, "too-costly") from None
        finally:
            if child.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            raise refuse("too-costly", "Bundle", _LIMIT_TEXT, "too-costly")
        most = max(task.limits.reply, _REFUSAL)
        answer.seek(0)
        raw = answer.read(most + 1)
    if child.returncode != 0 or len(raw) > most:
        raise SpoolFailed("the child process that reads large messages failed")
    return msgspec.json.decode(raw, type=ChildReply)
