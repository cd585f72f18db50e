"""The 98 municipalities, from a versioned data file.

Match on the code, never on the name: names are misspelt even in orders (law.md 10.1, 10.3).
"""

import csv
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

import msgspec

from domain.identity.errors import fault

_CODE: Final = re.compile(r"[0-9]{4}")
_KKR_SJAELLAND_REGION: Final = "Sjælland"


class Municipality(msgspec.Struct, frozen=True):
    """One municipality (kommune). The code is the kommunekode, four digits as text."""

    code: str
    name: str
    region: str
    health_council_from_2027: str | None
    """Sundhedsråd from 1 January 2027; filled for KKR Sjælland only."""
    population: int
    """Inhabitants at `population_date`; approximate where that is None."""
    population_date: date | None
    population_source: str

    @property
    def population_is_approximate(self) -> bool:
        """True where the figure must be replaced before it enters a published rate."""
        return self.population_date is None


class MunicipalityFile(msgspec.Struct, frozen=True):
    """What `municipalities.toml` says of the file beside it."""

    version: str
    rows: int
    valid_from: date
    regions_valid_until: date
    """Last day on which the column `region` holds."""
    sources: dict[str, str]
    not_municipalities: dict[str, str]


def _text(name: str) -> str:
    return resources.files("domain.identity.data").joinpath(name).read_text(encoding="utf-8")


@cache
def municipality_file() -> MunicipalityFile:
    """Version, validity and sources of the packaged file. Raises msgspec.ValidationError if it is damaged."""
    return msgspec.convert(tomllib.loads(_text("municipalities.toml")), MunicipalityFile)


@cache
def municipalities() -> Mapping[str, Municipality]:
    """All 98 municipalities by code, in order of code (law.md 10.3).

    Raises ValueError or msgspec.ValidationError if the packaged file is damaged.
    """
    about = municipality_file()
    found: dict[str, Municipality] = {}
    for row in csv.DictReader(_text("municipalities.csv").splitlines()):
        # An empty cell means not known; strict=False lets the text of a cell become a number or date.
        given = {name: cell or None for name, cell in row.items()}
        entry = msgspec.convert(given, Municipality, strict=False)
        if _CODE.fullmatch(entry.code) is None or entry.code in found:
            raise ValueError("municipalities.csv: a code is malformed or repeated")
        found[entry.code] = entry
    if len(found) != about.rows or found.keys() & about.not_municipalities.keys():
        raise ValueError("municipalities.csv: not the rows that municipalities.toml promises")
    return MappingProxyType(dict(sorted(found.items())))


def municipality(code: str) -> Municipality:
    """The municipality with this kommunekode.

    Raises IdentityError `municipality-format`, `municipality-unknown`, or `municipality-christiansoe`
    for 0411, which dk-core's code system lists although it is no municipality.
    """
    if not isinstance(code, str) or _CODE.fullmatch(code) is None:
        raise fault("municipality-format")
    entry = municipalities().get(code)
    if entry is None:
        in_code_system = code in municipality_file().not_municipalities
        raise fault("municipality-christiansoe" if in_code_system else "municipality-unknown")
    return entry


def kkr_sjaelland() -> list[Municipality]:
    """The 17 municipalities of KKR Sjælland, in order of code: those of Region Sjælland (law.md 10.1)."""
    return [entry for entry in municipalities().values() if entry.region == _KKR_SJAELLAND_REGION]
