"""The health councils (sundhedsråd) under the regions from 1 January 2027 (BEK 1208/2025).

Match on the code, never on the name: the order itself misspells one (law.md 10.1). The codes are
ours, since no official ones were found.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType

import msgspec


class HealthCouncil(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A health council: its region and the municipalities of its area."""

    code: str
    name: str
    region: str
    municipalities: tuple[str, ...]


class HealthCouncilFile(msgspec.Struct, frozen=True):
    """The packaged file."""

    version: str
    valid_from: date
    sources: dict[str, str]
    councils: tuple[HealthCouncil, ...]


@cache
def health_council_file() -> HealthCouncilFile:
    """The packaged file. Raises msgspec.ValidationError if it is damaged."""
    text = resources.files("domain.identity.data").joinpath("sundhedsraad.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), HealthCouncilFile)


@cache
def health_councils() -> Mapping[str, HealthCouncil]:
    """Every health council by code."""
    return MappingProxyType({council.code: council for council in health_council_file().councils})


def health_council_of(municipality: str, day: date) -> HealthCouncil | None:
    """The health council of a municipality on a day; None before there were any, or for no municipality."""
    if day < health_council_file().valid_from:
        return None
    return next((one for one in health_councils().values() if municipality in one.municipalities), None)
