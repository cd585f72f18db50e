"""The child process of `spool`: limits first, then one message. Run with `-m`; not for import by others."""

import resource
import sys
from pathlib import Path

import msgspec

from workflows.delivery.medcom.issues import MedComRefused, refuse
from workflows.delivery.medcom.parse import parse_into
from workflows.delivery.medcom.shape import load_models
from workflows.delivery.medcom.spool import MAX_MESSAGE, ChildReply, ChildTask, SpoolLimits

_COSTLY = "The message costs more memory or time to read than is allowed"


def limit(limits: SpoolLimits) -> None:
    """Bind this process: no core dump (it would hold the message), bounded memory, CPU and files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_MESSAGE, MAX_MESSAGE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def work(task: ChildTask) -> bytes:
    """The encoded ChildReply for one task."""
    refused: MedComRefused
    try:
        reply = ChildReply(message=parse_into(Path(task.source).read_bytes(), Path(task.folder)))
        encoded = msgspec.json.encode(reply)
        if len(encoded) <= task.limits.reply:
            return encoded
        refused = refuse(
            "too-costly", "Bundle", "The texts of the message are too long together", "too-costly"
        )
    except MedComRefused as problem:
        refused = problem
    except MemoryError:
        refused = refuse("too-costly", "Bundle", _COSTLY, "too-costly")
    return msgspec.json.encode(ChildReply(issues=tuple(refused.issues)))


def main() -> None:
    """Read a ChildTask from standard input, answer on standard output."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=ChildTask)
    load_models()
    limit(task.limits)
    sys.stdout.buffer.write(work(task))


if __name__ == "__main__":
    main()
