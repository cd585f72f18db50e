"""The regions, each with the days on which it exists, and which region a municipality lies in on a day."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType

import msgspec

from domain.identity.municipality import municipalities


class Region(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A region. `valid_to` is its last day; `successor` the region that its tasks then go to."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None = None
    successor: str | None = None
    provisional: bool = False
    """True where the code is ours, because the official one is not known yet (U)."""

    def exists_on(self, day: date) -> bool:
        """Whether the region exists on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class _RegionFile(msgspec.Struct, frozen=True):
    version: str
    sources: dict[str, str]
    regions: tuple[Region, ...]


@cache
def regions() -> Mapping[str, Region]:
    """Every region there was, is or is to be, by code. Raises msgspec.ValidationError for a damaged file."""
    text = resources.files("domain.identity.data").joinpath("regions.toml").read_text(encoding="utf-8")
    found = msgspec.convert(tomllib.loads(text), _RegionFile)
    return MappingProxyType({region.code: region for region in found.regions})


def region_of(municipality: str, on: date) -> str:
    """The code of the region a municipality lies in on a day. Raises KeyError for no municipality.

    The table of municipalities names the region before 2027; what came after it follows from there.
    """
    name = municipalities()[municipality].region
    region = next(region for region in regions().values() if region.name == name)
    while not region.exists_on(on) and region.successor is not None and on > region.valid_from:
        region = regions()[region.successor]
    return region.code
