"""Forms and check digits of the identifiers in a MedCom message, exactly as the official invariants have
them: no spaces or hyphens are forgiven, unlike in `domain.identity`, which reads what a person typed.

Source: dk-core 3.4.0 (cpr, x-ecpr, gln, sor, cvr, kombit-org), MedCom core 3.0.1 (assigned-identifier, lpr3).
"""

import re
from typing import Final

from stdnum import ean, verhoeff
from stdnum.dk import cvr

CPR_SYSTEM: Final = "urn:oid:1.2.208.176.1.2"
X_ECPR_SYSTEM: Final = "urn:oid:1.2.208.176.1.6.1.1"
SOR_SYSTEM: Final = "urn:oid:1.2.208.176.1.1"
CVR_SYSTEM: Final = "http://cvr.dk"
KOMBIT_SYSTEM: Final = "https://kombit.dk/sts/organisation"
LPR3_SYSTEM: Final = "https://www.esundhed.dk/Registre/Landspatientregisteret"
GLN_SYSTEM: Final = "https://www.gs1.org/gln"
"""What we write (dk-core 3.4.0, which CareCommunication 5.0 pins)."""
GLN_SYSTEMS: Final = frozenset({GLN_SYSTEM, "http://www.gs1.org/gln"})
"""What we read: dk-core from 3.5.0 fixes the http form."""

_DATE: Final = (
    "(?:(?:0[1-9]|1[0-9]|2[0-9]|3[0-1])(?:01|03|05|07|08|10|12)"
    "|(?:0[1-9]|1[0-9]|2[0-9]|30)(?:04|06|09|11)|(?:0[1-9]|1[0-9]|2[0-9])02)"
)
_CPR: Final = re.compile(_DATE + "[0-9]{6}")
_X_ECPR: Final = re.compile(_DATE + "[0-9]{2}[17][A-Z]{2}[0-9]")
_URN_UUID: Final = re.compile("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UUID: Final = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UUID_V5: Final = re.compile(
    "urn:uuid:[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-5[a-fA-F0-9]{3}-[89aAbB][a-fA-F0-9]{3}-[a-fA-F0-9]{12}"
)
_GLN: Final = re.compile("[0-9]{13}")
_SOR: Final = re.compile("[0-9]{11,}")
_CVR: Final = re.compile("[0-9]{8}")


def is_cpr(value: str) -> bool:
    """Invariant `cpr`: ten digits that begin with a day and month; no modulus 11."""
    return _CPR.fullmatch(value) is not None


def is_x_ecpr(value: str) -> bool:
    """Invariant `x-ecpr`: DDMMYY, 1 or 7, two capitals, a digit."""
    return _X_ECPR.fullmatch(value) is not None


def is_urn_uuid(value: str) -> bool:
    """Invariant `medcom-uuidv4`: any UUID in lower case with the prefix `urn:uuid:`."""
    return _URN_UUID.fullmatch(value) is not None


def is_bare_uuid(value: str) -> bool:
    """A UUID in lower case without prefix."""
    return _UUID.fullmatch(value) is not None


def is_urn_uuid_v5(value: str) -> bool:
    """Invariant `uuidv5` of lpr3 identifiers."""
    return _UUID_V5.fullmatch(value) is not None


def gln_fault(value: str) -> str | None:
    """Key of the broken invariant (`gln-length`, `gln-modulus-10`), or None."""
    if _GLN.fullmatch(value) is None:
        return "gln-length"
    return None if ean.calc_check_digit(value[:-1]) == value[-1] else "gln-modulus-10"


def is_sor(value: str) -> bool:
    """Invariant `min-digits-sor`: at least 11 digits."""
    return _SOR.fullmatch(value) is not None


def sor_check_digit_holds(value: str) -> bool:
    """Verhoeff over the digits (a SOR-id is a SNOMED id). dk-core does not demand it: only a warning."""
    return bool(verhoeff.checksum(value) == 0)


def cvr_fault(value: str) -> str | None:
    """Key of the broken invariant (`CVR-length`, `CVR-modulus-11`), or None."""
    if _CVR.fullmatch(value) is None:
        return "CVR-length"
    return None if cvr.checksum(value) == 0 else "CVR-modulus-11"
