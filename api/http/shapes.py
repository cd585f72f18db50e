"""Shapes that give a person away in text: CPR numbers and the Danish replacement numbers.

Used where text crosses a border it must not take a person across: the address of a request
and the lines of the log (CPR guidance in law 12.1-12.3: never a CPR number in a log, a URL
or a file name). The shape is deliberately wider than a valid CPR number: day + 60 numbers
and numbers that never were given out are caught too, because a typing error is personal as well.
"""

import re
from urllib.parse import unquote_plus

#: Opaque identifiers whose digits mean nothing. One UUID in three hundred and one SHA-256 in
#: twenty holds a run that looks like a CPR number, so they are set aside before the search.
_OPAQUE = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"|(?=[0-9]*[a-f])[0-9a-f]{20,128}"
    r")(?![0-9A-Za-z])",
    re.IGNORECASE,
)

#: Ten digits, or six and four, with what people type between them; and the national and regional
#: replacement numbers (X-eCPR, D-eCPR: six digits, a century digit, two letters, a digit).
_PERSON = re.compile(
    r"(?<!\d)\d{6}[\s\-\u2010-\u2015+]{0,3}\d{4}(?!\d)"
    r"|(?<![0-9A-Za-z])\d{6}[\s\-\u2010-\u2015+]{0,3}\d[A-Za-z]{2}\d(?![0-9A-Za-z])"
)

_SIX_DIGITS = re.compile(r"\d{6}")

#: What stands where a person's number stood.
MASK = "[person-number]"

#: How many times an address may be percent-encoded before it is only noise to any reader.
_DECODINGS = 3


def has_person_number(text: str) -> bool:
    """Whether the text holds something shaped like a CPR or replacement number."""
    # Every form begins with six digits in a row: most text ends here.
    return _SIX_DIGITS.search(text) is not None and _PERSON.search(_OPAQUE.sub("\x00", text)) is not None


def mask_person_numbers(text: str) -> str:
    """The text with every CPR-shaped value replaced; opaque identifiers are left as they are."""
    if not has_person_number(text):
        return text
    parts: list[str] = []
    start = 0
    for opaque in _OPAQUE.finditer(text):
        parts.append(_PERSON.sub(MASK, text[start : opaque.start()]))
        parts.append(opaque.group())
        start = opaque.end()
    parts.append(_PERSON.sub(MASK, text[start:]))
    return "".join(parts)


def address_has_person_number(*parts: bytes) -> bool:
    """Whether a raw path or query string holds a CPR-shaped value, however often it was encoded.

    Both the text as sent and each decoding of it are read, so that `%2D`, `+` and a doubly
    encoded number are seen as a person at the other end would see them.
    """
    for part in parts:
        text = part.decode("latin-1")
        for _ in range(_DECODINGS):
            if has_person_number(text):
                return True
            decoded = unquote_plus(text)
            if decoded == text:
                break
            text = decoded
        else:
            if has_person_number(text):
                return True
    return False
