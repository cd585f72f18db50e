"""The child process of `pdf`: limits first, then one letter. Run with `-m`; not for import by others."""

import resource
import sys
from importlib.resources import files

import typst

from workflows.letters.pdf import REFUSED

_CPU_SECONDS = 30
_MEMORY = 4 * 1024 * 1024 * 1024  # bytes of address space; a letter of a hundred pages needs a tenth


def confine() -> None:
    """Bind this process: no core dump (it would hold the letter), no file written, few seconds and bytes."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CPU, _CPU_SECONDS)
    if sys.platform == "linux":  # macOS has the constant and refuses the call
        _limit(resource.RLIMIT_AS, _MEMORY)


def _limit(which: int, value: int) -> None:
    _, ceiling = resource.getrlimit(which)
    most = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
    resource.setrlimit(which, (most, most))


def main() -> int:
    """A letter as JSON on standard input, its PDF on standard output; `REFUSED` where a glyph is missing."""
    letter = sys.stdin.buffer.read().decode()
    layout = files("workflows.letters.data").joinpath("brev.typ").read_bytes()
    confine()
    compiler = typst.Compiler(layout, ignore_system_fonts=True, sys_inputs={"letter": letter})
    try:
        made = compiler.compile(format="pdf", pdf_standards=["ua-1", "a-3a"], timestamp=0)
    except typst.TypstError as error:
        return REFUSED if "could not be displayed" in error.message else 1
    sys.stdout.buffer.write(made if isinstance(made, bytes) else b"")
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
