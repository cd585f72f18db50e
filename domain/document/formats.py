"""The written forms of values, each a regular expression that JSON Schema and Python read alike.

One expression serves both the published schema and our own check, so that what the one lets
through the other does not refuse. Only constructs shared by ECMA 262, Python and RE2-like
engines are used (no look-around), and each runs in linear time.
"""

import re
import unicodedata

_DAY_MONTH_NOT_LEAP = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP_YEAR = r"(?:19(?:0[48]|[2468][048]|[13579][26])|20(?:[02468][048]|[13579][26]))"
_DATE = rf"(?:(?:19|20)[0-9][0-9]-{_DAY_MONTH_NOT_LEAP}|{_LEAP_YEAR}-02-29)"

DATE = rf"^{_DATE}$"
"""A date of the Gregorian calendar that exists, ISO 8601, years 1900-2099."""

DATETIME = (
    rf"^{_DATE}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,6}})?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
)
"""RFC 3339 with an offset; no leap second, upper-case T and Z."""

PHONE = r"^\+?[0-9](?: ?[0-9]){5,14}$"
"""6-15 digits (E.164 has at most 15), single spaces between them, + in front if international."""

ASSERTION_ID = r"^[a-z0-9][a-z0-9-]{0,39}$"

IDENTIFIERS: dict[str, str] = {
    "uuid": r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    "sor": r"^[1-9][0-9]{10,17}$",
    "gln": r"^[0-9]{13}$",
    "sha256": r"^[0-9a-f]{64}$",
    "icd10": r"^[A-Z]{1,2}[0-9]{2}(?:\.?[0-9A-Z]{1,4})?$",
    "opaque": r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$",
}
"""Named forms of identifiers; SOR and GLN check digits belong to `domain.identity`."""

_DDMM = (
    r"(?:(?:{d}0[1-9]|{d}[12][0-9]|{d}3[01])(?:0[13578]|1[02])"
    r"|(?:{d}0[1-9]|{d}[12][0-9]|{d}30)(?:0[469]|11)"
    r"|(?:{d}0[1-9]|{d}1[0-9]|{d}2[0-8])02)"
)
_REAL_DAY = _DDMM.replace("{d}", "")
_TEST_DAY = (
    r"(?:(?:6[1-9]|[78][0-9]|9[01])(?:0[13578]|1[02])"
    r"|(?:6[1-9]|[78][0-9]|90)(?:0[469]|11)"
    r"|(?:6[1-9]|7[0-9]|8[0-8])02)"
)
_LEAP_YY = r"(?:0[48]|[2468][048]|[13579][26])"


def _cpr(day: str, leap_day: str) -> str:
    # 29 February: a year divisible by 4, and 00 only where the seventh digit says 2000, not 1900
    # (law.md 12.1: seventh digit 0-3 is the 1900s, 4-9 with year 00 the 2000s).
    return rf"(?:{day}[0-9]{{6}}|{leap_day}02(?:{_LEAP_YY}[0-9]{{4}}|00[4-9][0-9]{{3}}))"


PERSON_NUMBERS: dict[str, str] = {
    "cpr": rf"^{_cpr(_REAL_DAY, '29')}$",
    "x-ecpr": rf"^(?:{_REAL_DAY}[0-9]{{2}}[17][A-Z]{{2}}[0-9]|2902(?:{_LEAP_YY}[17]|007)[A-Z]{{2}}[0-9])$",
    "local": r"^[A-Z0-9][A-Z0-9-]{0,31}$",
}
"""Person number type -> canonical form (law.md 12.1-12.2). `domain.identity` has the last word."""

TEST_CPR = rf"^{_cpr(_TEST_DAY, '89')}$"
"""CPR numbers that no person can hold: day of birth + 60 (law.md 12.3)."""

ISSUER = r"^[a-z0-9][a-z0-9.:-]{0,63}$"
"""Who gave out a local number."""

COMPILED: dict[str, re.Pattern[str]] = {
    "date": re.compile(DATE),
    "datetime": re.compile(DATETIME),
    "phone": re.compile(PHONE),
    "assertion-id": re.compile(ASSERTION_ID),
    "issuer": re.compile(ISSUER),
    "municipality": re.compile(r"^[0-9]{4}$"),
    **{f"person:{name}": re.compile(pattern) for name, pattern in PERSON_NUMBERS.items()},
    "person:test": re.compile(TEST_CPR),
    **{f"identifier:{name}": re.compile(pattern) for name, pattern in IDENTIFIERS.items()},
}


def has_form(name: str, value: str) -> bool:
    """Whether the whole of `value` has the named form (a trailing line break is not ignored)."""
    return COMPILED[name].fullmatch(value) is not None


# Text. Refused: C0 and C1 controls, DEL, line and paragraph separators, the bidirectional
# embeddings and isolates (they can make a shown text read otherwise than it is), noncharacters.
_REFUSED = r"\u2028-\u202e\u2066-\u2069\ufffe\uffff\u007f-\u009f\u0000-\u0008\u000b\u000c\u000e-\u001f"
_REFUSED_ONE_LINE = r"\u2028-\u202e\u2066-\u2069\ufffe\uffff\u007f-\u009f\u0000-\u001f"
_BLANK = r" \u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
TEXT = rf"^[\t\n\r{_BLANK}]*[^\t\n\r{_BLANK}{_REFUSED}][^{_REFUSED}]*$"
TEXT_ONE_LINE = rf"^[{_BLANK}]*[^{_BLANK}{_REFUSED_ONE_LINE}][^{_REFUSED_ONE_LINE}]*$"
_REFUSED_IN_TEXT = re.compile(f"[{_REFUSED}\ud800-\udfff]")
_REFUSED_IN_ONE_LINE = re.compile(f"[{_REFUSED_ONE_LINE}\ud800-\udfff]")
_VISIBLE = re.compile(rf"[^\t\n\r{_BLANK}]")
_STRIPPED = "\t\n\r \u00a0\u1680\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))


def text_fault(value: str, *, lines: bool) -> str | None:
    """The problem code of a text, or None: `control-character` or `blank`."""
    refused = _REFUSED_IN_TEXT if lines else _REFUSED_IN_ONE_LINE
    if refused.search(value):
        return "control-character"
    return None if _VISIBLE.search(value) else "blank"


def normalise_text(value: str) -> str:
    """Unicode NFC, line breaks as LF, no blank edges. Applying it twice changes nothing more."""
    unified = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", unified).strip(_STRIPPED)
