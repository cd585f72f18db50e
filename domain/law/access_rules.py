"""What a package of documents holds under each regime of access, as data (FVL §9, SUL §§36-37, OFL §8)."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec

from domain.law.deadline_register import Confidence

FILE: Final = "aktindsigt-1.json"


class AccessRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one regime says of the documents of a case.

    `day_after_dispatch`: what was sent to others is open from the day after (FVL §9(4)).
    `working_documents`: the ground on which an authority's own may be left out; None: there is none.
    `others`: the grounds on which what is said of other persons may be. `months_at_most`: how long after the
    request the answer may be put off, all in all (GDPR art. 12(3)); None: the act sets no such end.
    """

    basis: tuple[str, ...]
    day_after_dispatch: bool
    working_documents: str | None
    others: tuple[str, ...]
    months_at_most: int | None
    certainty: Confidence


class _Register(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    version: int
    valid_from: date
    regimes: dict[str, AccessRule]


@cache
def access_rules() -> Mapping[str, AccessRule]:
    """Regime -> its rule. Raises msgspec.ValidationError if the file is damaged."""
    raw = files("domain.law.data").joinpath(FILE).read_bytes()
    return MappingProxyType(msgspec.json.decode(raw, type=_Register).regimes)
