"""Replacement numbers for a person without a CPR number, or not yet known by it.

* X-eCPR: national, issued centrally (journalføringsbekendtgørelsen § 12(2)); DDMMYY, a century sign
  (1 for the 1900s, 7 for the 2000s), two letters, a digit whose parity is the sex. dk-core `x-ecpr`.
* Local: any other number an issuer gives out for itself, D-eCPR (dk-core `d-ecpr`) and the CPR office's
  day-plus-60 form among them. Unique only within its issuer, so the issuer is part of the identity.
Source: law.md 12.2, interop.md 2.
"""

import re
from datetime import date
from typing import Final

from domain.identity.cpr import date_or_none, reads_as_real_cpr, without_spaces
from domain.identity.errors import fault

_X_ECPR: Final = re.compile(r"[0-9]{6}-?[17][A-Z]{2}[0-9]")
_X_ECPR_CENTURY: Final = {"1": 1900, "7": 2000}
_LOCAL: Final = re.compile(r"(?=-*[A-Z0-9])[A-Z0-9-]{1,32}")
_ISSUER: Final = re.compile(r"[a-z0-9][a-z0-9.:-]{0,63}")
# A run of exactly ten digits, or six and four: longer runs are serial numbers that hit a date by chance.
_CPR_WITHIN: Final = re.compile(r"(?<![0-9])([0-9]{6})-?([0-9]{4})(?![0-9])")


def normalise_x_ecpr(value: str) -> str:
    """The ten signs of an X-eCPR, capitals, without hyphen and spaces. Raises `x-ecpr-format`."""
    # isascii before upper: some letters outside ASCII have capitals inside it.
    compact = without_spaces(value)
    if not compact.isascii() or _X_ECPR.fullmatch(compact.upper()) is None:
        raise fault("x-ecpr-format")
    return compact.upper().replace("-", "")


def x_ecpr_birth_date(signs: str) -> date:
    """Date of birth (often estimated) of ten normalised signs. Raises IdentityError `x-ecpr-date`."""
    year = _X_ECPR_CENTURY[signs[6]] + int(signs[4:6])
    born = date_or_none(year, int(signs[2:4]), int(signs[:2]))
    if born is None:
        raise fault("x-ecpr-date")
    return born


def normalise_local(value: str) -> str:
    """A local number in capitals, outer spaces removed; hyphens are part of it.

    Raises IdentityError `local-format`, `local-looks-like-cpr` (a CPR entered under the wrong type would
    make a second person of the citizen, and be handled as less than a CPR) or `local-looks-like-x-ecpr`.
    """
    stripped = value.strip(" \u00a0\u202f")
    if not stripped.isascii() or _LOCAL.fullmatch(stripped.upper()) is None:
        raise fault("local-format")
    number = stripped.upper()
    if any(reads_as_real_cpr(head + tail) for head, tail in _CPR_WITHIN.findall(number)):
        raise fault("local-looks-like-cpr")
    if _X_ECPR.fullmatch(number) is not None:
        raise fault("local-looks-like-x-ecpr")
    return number


def normalise_issuer(issuer: str | None) -> str:
    """The issuer of local numbers (an OID, SOR code, GLN, CVR or URN) in lower case, outer spaces removed.

    Raises IdentityError `issuer-missing` or `issuer-format`.
    """
    stripped = "" if issuer is None else issuer.strip(" \u00a0\u202f")
    if not stripped:
        raise fault("issuer-missing")
    if not stripped.isascii() or _ISSUER.fullmatch(stripped.lower()) is None:
        raise fault("issuer-format")
    lowered = stripped.lower()
    cpr_like = _CPR_WITHIN.fullmatch(lowered)
    if cpr_like is not None and reads_as_real_cpr(cpr_like[1] + cpr_like[2]):
        raise fault("issuer-format")  # A person is not an issuer: the fields were swapped.
    return lowered
