"""The one error type of `domain.identity`.

Every message is a constant chosen by its code, so that no number a person typed can reach
a log, a problem body or a traceback: the text is fixed before any input is seen.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id-type": "the type of a person id must be one of: cpr, x-ecpr, local",
        "cpr-format": "a CPR number is ten digits, written DDMMYYSSSS or DDMMYY-SSSS",
        "cpr-date": "the first six digits of the CPR number are not a date in any century",
        "cpr-century": "the date of the CPR number does not exist in the century its seventh digit gives",
        "cpr-test-number": "test numbers (day of birth plus 60) are not accepted here",
        "x-ecpr-format": "an X-eCPR number is DDMMYY, then 1 or 7, then two letters A-Z, then one digit",
        "x-ecpr-date": "the date of the X-eCPR number does not exist in the century its seventh sign gives",
        "birth-date-future": "the date of birth in the number lies after today",
        "local-format": "a local number is 1 to 32 of the signs A-Z, 0-9 and hyphen, not hyphens alone",
        "local-looks-like-cpr": "a local number must not be, or contain, what reads as a CPR number",
        "local-looks-like-x-ecpr": "a national replacement number must be given with the type x-ecpr",
        "issuer-missing": "a local number needs the issuer within which it is unique",
        "issuer-format": "an issuer is 1 to 64 of the signs a-z, 0-9, full stop, colon and hyphen",
        "issuer-not-allowed": "only a local number has an issuer; this type of number is national",
        "sor-format": "a SOR code is 11 to 18 digits",
        "gln-format": "a GLN is 13 digits",
        "gln-check-digit": "the last digit of the GLN is not its GS1 check digit (modulus 10)",
        "cvr-format": "a CVR number is 8 digits and does not begin with 0",
        "cvr-check-digit": "the CVR number fails its check (modulus 11)",
        "municipality-format": "a municipality code is four digits",
        "municipality-unknown": "no Danish municipality has this code",
        "municipality-christiansoe": "0411 Christiansø has a code but is not a municipality",
    }
)
"""Stable code -> text. Codes are part of the API and are never renamed; texts may be reworded."""


class IdentityError(ValueError):
    """A number or code that cannot be what it is given as.

    `code` is stable and meant for programs; `message` is for people. Neither holds input.
    """

    def __init__(self, code: str, message: str) -> None:
        # Both go to ValueError so that the error survives copying and pickling.
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def fault(code: str) -> IdentityError:
    """The error for a code of `FAULTS`, with its fixed text. Raises KeyError for an unlisted code."""
    return IdentityError(code, FAULTS[code])
