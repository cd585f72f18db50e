"""The identity of a citizen: a CPR number or one of its two kinds of replacement.

A `PersonId` never shows its number: not in repr, str, f-strings, rich tracebacks or errors. The number
comes out only where it is asked for by name (`value`, `lookup_key`) or is encoded into a sealed body.
Source: law.md 12, interop.md 2.
"""

from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from domain.identity import cpr, replacement
from domain.identity.cpr import Sex
from domain.identity.errors import fault


class PersonIdType(StrEnum):
    """Which register the number belongs to."""

    CPR = "cpr"
    """Personnummer, from the Central Person Register."""
    X_ECPR = "x-ecpr"
    """Centralt erstatningspersonnummer: national replacement number."""
    LOCAL = "local"
    """Decentralt erstatningspersonnummer (D-eCPR) or other local number; unique within its issuer."""


class PersonId(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number that identifies one citizen, in canonical form.

    Take numbers from outside through `parse_person_id`. Building or decoding one directly is for numbers
    that were parsed before (a stored body): it demands the canonical form but lets test numbers pass,
    so that a later rule never makes an old event unreadable.
    Raises IdentityError (inside msgspec's decoder: msgspec.ValidationError with the same text).
    """

    type: PersonIdType
    value: str
    issuer: str | None = None

    def __post_init__(self) -> None:
        if self.type is PersonIdType.LOCAL:
            if replacement.normalise_local(self.value) != self.value:
                raise fault("local-format")
            if replacement.normalise_issuer(self.issuer) != self.issuer:
                raise fault("issuer-format")
            return
        if self.issuer is not None:
            raise fault("issuer-not-allowed")
        if self.type is PersonIdType.CPR:
            if cpr.normalise_cpr(self.value) != self.value:
                raise fault("cpr-format")
            cpr.cpr_birth_date(self.value, allow_test_numbers=True)
        else:
            if replacement.normalise_x_ecpr(self.value) != self.value:
                raise fault("x-ecpr-format")
            replacement.x_ecpr_birth_date(self.value)

    def __repr__(self) -> str:
        return f"PersonId({self.type.value}, ***)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        # msgspec gives every Struct one that lists its fields; rich tracebacks would print them.
        return [("type", self.type.value), ("value", "***")]

    @property
    def birth_date(self) -> date | None:
        """Date of birth as the number gives it; None for a local number, whose form promises nothing."""
        if self.type is PersonIdType.CPR:
            return cpr.cpr_birth_date(self.value, allow_test_numbers=True)
        if self.type is PersonIdType.X_ECPR:
            return replacement.x_ecpr_birth_date(self.value)
        return None

    @property
    def sex(self) -> Sex | None:
        """Legal sex by the parity of the last digit; None for a local number."""
        return None if self.type is PersonIdType.LOCAL else cpr.sex_from_last_digit(self.value[-1])

    @property
    def is_test_number(self) -> bool:
        """Whether this is a CPR number that no person can hold (day of birth plus 60; law.md 12.3).

        False says nothing: MedCom's official test persons have numbers of ordinary form.
        """
        return self.type is PersonIdType.CPR and cpr.is_test_cpr(self.value)

    @property
    def is_replacement(self) -> bool:
        """Whether a CPR number may later be merged with this one (law.md 12.2)."""
        return self.type is not PersonIdType.CPR

    def lookup_key(self) -> str:
        """Canonical string of this identity, for the vault's keyed index (HMAC). Holds the number: never log.

        `cpr:…`, `x-ecpr:…` or `local:<issuer>:…`. Two different identities never share one: only the
        issuer can hold a colon, and it stands between the first and the last. Fixed for ever, as the
        index is built over it.
        """
        if self.issuer is None:
            return f"{self.type.value}:{self.value}"
        return f"{self.type.value}:{self.issuer}:{self.value}"


def parse_person_id(
    type: PersonIdType | str,
    value: str,
    *,
    issuer: str | None = None,
    allow_test_numbers: bool = False,
    today: date | None = None,
) -> PersonId:
    """The identity that a number from outside stands for, in canonical form.

    `issuer`: required for `local`, refused for the national types. `allow_test_numbers`: accept CPR
    numbers with day 61-91, marked by `is_test_number`. `today`: where given, a national number of
    someone born after it is refused; without it the function is independent of the clock.

    Raises IdentityError with a code of `errors.FAULTS`: `id-type`, `cpr-…`, `x-ecpr-…`, `local-…`,
    `issuer-…`, `birth-date-future`. The error never holds the input.
    """
    if type not in tuple(PersonIdType):
        raise fault("id-type")
    kind = PersonIdType(type)
    if not isinstance(value, str):  # JSON may bring a number, which has lost its leading zero
        raise fault(f"{kind.value}-format")
    if issuer is not None and not isinstance(issuer, str):
        raise fault("issuer-format")
    if kind is PersonIdType.LOCAL:
        return PersonId(kind, replacement.normalise_local(value), replacement.normalise_issuer(issuer))
    if issuer is not None:
        raise fault("issuer-not-allowed")
    if kind is PersonIdType.CPR:
        number = cpr.normalise_cpr(value)
        born = cpr.cpr_birth_date(number, allow_test_numbers=allow_test_numbers)
    else:
        number = replacement.normalise_x_ecpr(value)
        born = replacement.x_ecpr_birth_date(number)
    if today is not None and born > today:
        raise fault("birth-date-future")
    return PersonId(kind, number)
