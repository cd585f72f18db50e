"""The document that is carried: the same bytes for Overgang and for the peer.

Every handover concerns a citizen of its own (first contact, the dearer case for Overgang). The CPR
numbers are impossible: day of birth + 60, so no living person holds one.
"""

from collections.abc import Callable
from typing import Any

import msgspec

DOCUMENT_BYTES = 10_240
CITIZENS = 28 * 12 * 50 * 4000
"""Distinct impossible CPR numbers that `impossible_cpr` can give."""

_SENTENCE = "Borgeren har selv beskrevet, hvad der hjælper, og hvad der plejer at gå forud for tilbagefald. "


def impossible_cpr(serial: int) -> str:
    """The CPR number of citizen `serial`: day + 60, born 1950-1999 (digit 7 below 4), real month."""
    rest, run = divmod(serial % CITIZENS, 4000)
    rest, day = divmod(rest, 28)
    year, month = divmod(rest, 12)
    return f"{day + 61:02d}{month + 1:02d}{year + 50:02d}{run:04d}"


def filled(build: Callable[[str], dict[str, Any]], size_bytes: int = DOCUMENT_BYTES) -> bytes:
    """`build(free_text)` as JSON of exactly `size_bytes`, by lengthening its free text.

    `build` must use the text once. Raises ValueError when the document without text is larger.
    """
    bare = len(msgspec.json.encode(build("")))
    missing = size_bytes - bare
    if missing < 0:
        raise ValueError("the document without its free text is larger than the size asked for")
    text = (_SENTENCE * (missing // len(_SENTENCE) + 1)).encode()[:missing].decode(errors="ignore")
    # a cut inside a two-byte letter leaves one byte to fill
    text += "." * (missing - len(text.encode()))
    return msgspec.json.encode(build(text))
