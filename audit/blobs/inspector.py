"""The child process that parses one attachment: ``python -m audit.blobs.inspector FILE KIND [LIMITS]``.

LIMITS is an ``AttachmentLimits`` as JSON. Prints one line, ``{"code": …}`` or ``{"pages": …}``, and exits 0
when it has an answer. The limits are set before a parser is even imported; they are set here and not by the
server between fork and exec, where a program with threads may run no Python.
"""

import resource
import sys
from pathlib import Path

import msgspec

from audit.blobs.inspection import Answer
from audit.blobs.limits import AttachmentLimits
from audit.blobs.refusals import AttachmentRefused


def confine(limits: AttachmentLimits) -> None:
    """Limit this process: processor seconds, address space, no file written, no core dump (it would hold
    the plaintext), few descriptors."""
    # The soft limit ends the process by SIGXCPU, which says why; at the hard one the kernel only kills.
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, spare=1)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    if sys.platform == "linux":  # macOS has the constant and refuses the call
        _limit(resource.RLIMIT_AS, limits.memory_bytes)


def _limit(which: int, value: int, spare: int = 0) -> None:
    """Lower a limit; never raises one that the system has already set lower."""
    _, ceiling = resource.getrlimit(which)
    hard = value + spare
    if ceiling != resource.RLIM_INFINITY:
        hard = min(hard, ceiling)
    resource.setrlimit(which, (min(value, hard), hard))


def examine(path: Path, kind: str, limits: AttachmentLimits) -> int:
    """Parse in full; returns the pages or raises ``AttachmentRefused``."""
    if kind == "application/pdf":
        from audit.blobs.pdf_check import check_pdf

        return check_pdf(path, limits)
    from audit.blobs.image_check import check_image

    return check_image(path, kind, limits)


def main(arguments: list[str]) -> int:
    """Answer for one file; exit status 0 with a line, 2 for a wrong call, 1 for an unforeseen fault."""
    if len(arguments) not in (2, 3):
        return 2
    path, kind = Path(arguments[0]), arguments[1]
    limits = msgspec.json.decode(arguments[2], type=AttachmentLimits) if arguments[2:] else AttachmentLimits()
    confine(limits)
    try:
        answer = Answer(pages=examine(path, kind, limits))
    except AttachmentRefused as refused:
        answer = Answer(code=refused.code)
    except (MemoryError, RecursionError):
        answer = Answer(code="inspection-memory")
    except Exception:
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
