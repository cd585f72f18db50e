"""Why the rules in use were changed: a small set of codes, as data."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec

FILE = "ibrugtagning-1.json"
FIRST = "first-installation"
"""The reason of the first adoption, and of no other."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    version: int
    valid_from: date
    reasons: dict[str, str]


@cache
def adoption_reasons() -> Mapping[str, str]:
    """Code -> what a Dane reads. Raises msgspec.ValidationError if the file is damaged."""
    raw = files("domain.law.data").joinpath(FILE).read_bytes()
    return MappingProxyType(msgspec.json.decode(raw, type=_File).reasons)
