"""The ways a letter reaches the citizen, as shipped: carriers, presumptions, evidence (law.md 8.14-8.15).

Rows are data: a new carrier, or another number of days, is a changed file.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

from domain.law.deadline_register import Confidence

FILE: Final = "fremkomst-1.json"

PresumptionUnit = Literal["days", "delivery-days"]


class Presumption(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a letter is taken to have arrived, counted from the day after dispatch (vejl. 9533/2018)."""

    days: int
    unit: PresumptionUnit
    """Calendar days, or days on which letters are delivered (omdelingsdage)."""
    da: str
    """The rule as the letter states it."""
    basis: tuple[str, ...]
    certainty: Confidence
    valid_from: date | None = None
    """Where a carrier has had several: the first day of dispatch this one is for."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What proves that a letter has arrived. The authority bears the burden of proof (vejl. 9533/2018)."""

    code: str
    """As it stands in `letter-arrived`."""
    da: str
    en: str
    needs: tuple[Literal["receipt"], ...]
    """What must be known beside when, and by whom it is recorded; with one missing nothing is proven."""
    basis: tuple[str, ...]
    certainty: Confidence


class Carrier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who carries the letter (omdelingsfirma), and for which days of dispatch."""

    da: str
    valid_from: date
    valid_to: date | None = None
    basis: tuple[str, ...]
    certainty: Confidence
    presumptions: tuple[Presumption, ...]


class Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to the citizen. It has a presumption of its own, or one for each carrier."""

    da: str
    en: str
    valid_from: date
    valid_to: date | None = None
    basis: tuple[str, ...]
    evidence: Evidence
    presumption: Presumption | None = None
    carriers: dict[str, Carrier] = {}


class DeliveryDays(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which days letters are delivered on: the working days of one calendar."""

    calendar: Literal["strict", "lenient"]
    bridge_friday: bool
    basis: tuple[str, ...]
    certainty: Confidence
    note: str


class ArrivalFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as it stands."""

    id: str
    version: int
    valid_from: date
    basis: tuple[str, ...]
    certainty: Confidence
    note: str
    delivery_days: DeliveryDays
    ways: Mapping[str, Way]


@cache
def arrival_file() -> ArrivalFile:
    """The file in use. Raises msgspec.ValidationError if it is damaged."""
    return msgspec.json.decode(files("domain.law.data").joinpath(FILE).read_bytes(), type=ArrivalFile)
