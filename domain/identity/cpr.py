"""The CPR number (personnummer): form, date of birth, sex.

Source: the structure of the CPR number as published by the CPR office; law.md 12.1 and 12.3.
Mod-11 has not been guaranteed since 1 October 2007, so it is information and never a reason to refuse.
Works on strings of digits; `domain.identity.person` is what the rest of the house uses.
"""

import calendar
import re
from datetime import date
from enum import StrEnum
from typing import Final

from domain.identity.errors import fault

TEST_DAY_OFFSET: Final = 60
"""Added to the day of birth to make a number that can belong to nobody (day 61-91)."""

# ASCII only: str.isdigit() and \d would let other scripts' digits through, and `int` would read them.
_FORM: Final = re.compile(r"[0-9]{6}-?[0-9]{4}")
_SPACES: Final = str.maketrans("", "", " \u00a0\u202f")


class Sex(StrEnum):
    """Legal sex as the number shows it (FHIR administrative-gender codes)."""

    MALE = "male"
    FEMALE = "female"


def without_spaces(value: str) -> str:
    """`value` without ordinary, non-breaking and narrow non-breaking spaces."""
    return value.translate(_SPACES)


def normalise_cpr(value: str) -> str:
    """The ten digits of a number written DDMMYYSSSS or DDMMYY-SSSS, with spaces anywhere.

    Raises IdentityError `cpr-format`. Looks at form only.
    """
    compact = without_spaces(value)
    if _FORM.fullmatch(compact) is None:
        raise fault("cpr-format")
    return compact.replace("-", "")


def birth_year(year_of_century: int, seventh_digit: int) -> int:
    """Full year of birth from YY (0-99) and the seventh digit (0-9), by the CPR office's table.

    0-3: 1900s. 4 and 9: YY 00-36 is the 2000s, else the 1900s. 5-8: YY 00-57 is the 2000s, else the 1800s.
    """
    if seventh_digit <= 3:
        return 1900 + year_of_century
    if seventh_digit in (4, 9):
        return (2000 if year_of_century <= 36 else 1900) + year_of_century
    return (2000 if year_of_century <= 57 else 1800) + year_of_century


def date_or_none(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none. Asks first, since the text of
    `date`'s own exception may repeat the parts of the number."""
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def is_test_cpr(digits: str) -> bool:
    """Whether ten digits carry a day of 61-91, which no real number can."""
    return 1 <= int(digits[:2]) - TEST_DAY_OFFSET <= 31


def cpr_birth_date(digits: str, *, allow_test_numbers: bool) -> date:
    """Date of birth of ten digits (a test number's without its 60).

    Raises IdentityError: `cpr-date` (a date in no century), `cpr-century` (a date, but not in the
    century the seventh digit gives: 29 February 1900), `cpr-test-number` (a test number, not allowed).
    """
    day, month, year_of_century = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    is_test = is_test_cpr(digits)
    if is_test:
        day -= TEST_DAY_OFFSET
    born = date_or_none(birth_year(year_of_century, int(digits[6])), month, day)
    if born is None:
        # The centuries differ only in whether year 00 is a leap year, and 2000 is the one that is.
        in_some_century = date_or_none(2000 + year_of_century, month, day) is not None
        raise fault("cpr-century" if in_some_century else "cpr-date")
    if is_test and not allow_test_numbers:
        raise fault("cpr-test-number")
    return born


def reads_as_real_cpr(digits: str) -> bool:
    """Whether ten digits have the form and date of a CPR number a person could hold."""
    day, month, year_of_century = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    return date_or_none(birth_year(year_of_century, int(digits[6])), month, day) is not None


def sex_from_last_digit(last_digit: str) -> Sex:
    """Odd is male, even is female; CPR and X-eCPR alike (law.md 12.1, 12.2)."""
    return Sex.MALE if int(last_digit) % 2 else Sex.FEMALE
