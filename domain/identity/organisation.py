"""Numbers of organisations and units: SOR, GLN, CVR.

Source: dk-core identifiers 3.4.0 (`sor`, `gln`, `cvr`) and interop.md 2. A fault that the standard itself
forbids is an error; what is only nearly always so is a warning, and a person decides.
"""

import re
from enum import StrEnum
from typing import Final

import msgspec
from stdnum import ean, verhoeff
from stdnum.dk import cvr as stdnum_cvr

from domain.identity.cpr import without_spaces
from domain.identity.errors import fault

# dk-core says 11 digits or more; 18 is the most a SNOMED identifier, which a SOR code is, can have.
_SOR: Final = re.compile(r"[0-9]{11,18}")
_GLN: Final = re.compile(r"[0-9]{13}")
_CVR: Final = re.compile(r"[1-9][0-9]{7}")
_GS1_DENMARK: Final = "579"


class OrganisationIdType(StrEnum):
    """Which register the number belongs to."""

    SOR = "sor"
    """Sundhedsvæsenets Organisationsregister."""
    GLN = "gln"
    """Global Location Number: lokationsnummer, EAN-nummer."""
    CVR = "cvr"
    """Det Centrale Virksomhedsregister."""


class OrganisationIdWarning(StrEnum):
    """What is suspicious but not forbidden. Stable codes."""

    SOR_CHECK_DIGIT = "sor-check-digit"
    """The Verhoeff check fails: nearly always a typing error, but dk-core does not demand it."""
    GLN_NOT_DANISH = "gln-not-danish"
    """A valid GLN outside GS1 Denmark's prefix 579."""


class OrganisationId(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parsed number in canonical form (digits only) with what is suspicious about it."""

    type: OrganisationIdType
    value: str
    warnings: tuple[OrganisationIdWarning, ...] = ()


def _digits(value: str, code: str) -> str:
    if not isinstance(value, str):  # JSON may bring a number
        raise fault(code)
    return without_spaces(value)


def parse_sor(value: str) -> OrganisationId:
    """A SOR code; spaces are removed. Raises IdentityError `sor-format`; warns `sor-check-digit`."""
    digits = _digits(value, "sor-format")
    if _SOR.fullmatch(digits) is None:
        raise fault("sor-format")
    warnings = () if verhoeff.checksum(digits) == 0 else (OrganisationIdWarning.SOR_CHECK_DIGIT,)
    return OrganisationId(OrganisationIdType.SOR, digits, warnings)


def parse_gln(value: str) -> OrganisationId:
    """A GLN; spaces are removed.

    Raises IdentityError `gln-format`, `gln-check-digit`; warns `gln-not-danish`.
    """
    digits = _digits(value, "gln-format")
    if _GLN.fullmatch(digits) is None:
        raise fault("gln-format")
    if ean.calc_check_digit(digits[:-1]) != digits[-1]:
        raise fault("gln-check-digit")
    warnings = () if digits.startswith(_GS1_DENMARK) else (OrganisationIdWarning.GLN_NOT_DANISH,)
    return OrganisationId(OrganisationIdType.GLN, digits, warnings)


def parse_cvr(value: str) -> OrganisationId:
    """A CVR number; spaces and the prefix DK are removed.

    Raises IdentityError `cvr-format`, `cvr-check-digit`.
    """
    digits = _digits(value, "cvr-format").removeprefix("DK")
    if _CVR.fullmatch(digits) is None:
        raise fault("cvr-format")
    if stdnum_cvr.checksum(digits) != 0:
        raise fault("cvr-check-digit")
    return OrganisationId(OrganisationIdType.CVR, digits)
