"""A letter as a tagged PDF that a screen reader can read: PDF/UA-1 and PDF/A-3a (ISO 14289-1, 19005-3).

The same letter gives the same bytes: fonts are typst's own, and the only date is the letter's. It is made
in a child process with limits: a letter that costs too much ends that process and not the server.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import msgspec

from workflows.letters.letter import Letter, head_lines, proof_lines

_ROOT: Final = Path(__file__).resolve().parents[2]
_WALL_SECONDS: Final = 60.0

REFUSED: Final = 3
"""Exit status of the child where typst has refused the letter."""


class ReportExtraMissing(RuntimeError):
    """PDF needs the extra `report`, which is not installed."""


class LetterNotPrinted(RuntimeError):
    """A letter could not be made a PDF; the plain text can still be read. Codes:

    `no-glyph` a character that the fonts do not have, `failed` the child failed or took too long.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def can_print() -> bool:
    """Whether the extra `report` is installed."""
    return find_spec("typst") is not None


def as_pdf(letter: Letter) -> bytes:
    """The letter as PDF. Raises ReportExtraMissing and LetterNotPrinted; neither repeats the letter."""
    if not can_print():
        raise ReportExtraMissing("PDF needs the extra `report`")
    try:
        # Nothing of our environment: it may hold keys and passwords.
        done = subprocess.run(
            [sys.executable, "-m", "workflows.letters.pdf_child"],
            input=msgspec.json.encode(_as_data(letter)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a message of typst's quotes the letter
            cwd=_ROOT,
            env={"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LetterNotPrinted("failed") from None
    if done.returncode == REFUSED:
        raise LetterNotPrinted("no-glyph")
    if done.returncode != os.EX_OK or not done.stdout.startswith(b"%PDF"):
        raise LetterNotPrinted("failed")
    return done.stdout


def _as_data(letter: Letter) -> dict[str, Any]:
    return {**msgspec.to_builtins(letter), "head": head_lines(letter), "proof": proof_lines(letter)}
