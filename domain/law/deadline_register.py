"""The register of limits (law.md 11.4) as shipped: one row a rule, and the choices that counting makes.

Rows are data: a changed limit is a changed file. Codes are for programs; `words` says them in Danish.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

import msgspec

from domain.calendar.counting import DayUnit, FirstDay, LastDay, MissingDay, Roll

REGISTER = "frister-1.json"
PUBLISHED = "sagsbehandling-1.json"

Confidence = Literal["F", "F-i", "M", "U"]
"""How sure the source is (law.md 0): found, found indirectly, from memory, unsure."""

Operative = Literal["strict", "lenient"]
Unit = DayUnit | Literal["hours"]
Parameter = Literal["length", "municipality"]

_Choice = TypeVar("_Choice")


class Certainty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How sure the length is, and how sure the day it ends on: working days, roll, last valid day."""

    length: Confidence
    last_day: Confidence


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One limit (frist): what starts it, how long it is, whose it is and what follows when it has passed."""

    id: str
    name: str
    """What a Dane reads."""
    basis: tuple[str, ...]
    trigger: str
    length: int | None
    """None where nobody but the authority itself has set one (RSL §3(2))."""
    unit: Unit
    last_day: LastDay = "same-date"
    roll: Roll | Literal["unsettled"]
    """Counted working days end on one and need no roll. `unsettled`: the register leaves it open."""
    operative: Operative
    """Which of the two dates its owner goes by. Where nothing counts days off they are the same."""
    owner: str
    on_expiry: tuple[str, ...]
    certainty: Certainty
    parameters: tuple[Parameter, ...] = ()
    """What the caller may set: the length, or the municipality that has published one."""
    valid_from: date
    """When the text was in force from, where law.md says; otherwise the start of this edition."""

    @property
    def counts_days_off(self) -> bool:
        """Whether a day off can move the end. Where none can, the strict and the lenient date are one."""
        return self.unit == "working-days" or self.roll == "next-working-day"


class Setting(msgspec.Struct, Generic[_Choice], frozen=True, forbid_unknown_fields=True):
    """A choice the law leaves open, how sure it is, and where it is from."""

    value: _Choice
    certainty: Confidence
    basis: tuple[str, ...]


class Counting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The choices in the counting rules (law.md 11.3) that hold for every rule."""

    first_day: Setting[FirstDay]
    missing_day: Setting[MissingDay]
    unsettled_roll: Setting[Roll]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Code -> Danish."""

    triggers: dict[str, str]
    owners: dict[str, str]
    expiries: dict[str, str]


class Register(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it stands."""

    id: str
    version: int
    valid_from: date
    counting: Counting
    words: Words
    rules: tuple[Rule, ...]


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The limit a municipality has published for its own decisions (RSL §3(2))."""

    length: int
    unit: DayUnit
    source: str


class _PublishedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    version: int
    valid_from: date
    basis: tuple[str, ...]
    note: str
    sources: dict[str, str]
    published: dict[str, Published]


def _bytes(name: str) -> bytes:
    return files("domain.law.data").joinpath(name).read_bytes()


@cache
def deadline_register() -> Register:
    """The register in use. Raises msgspec.ValidationError if the file is damaged."""
    return msgspec.json.decode(_bytes(REGISTER), type=Register)


@cache
def deadline_rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the register."""
    return MappingProxyType({rule.id: rule for rule in deadline_register().rules})


@cache
def _published() -> _PublishedFile:
    return msgspec.json.decode(_bytes(PUBLISHED), type=_PublishedFile)


def published_limits() -> Mapping[str, Published]:
    """Municipality code -> the limit it has published, where its register has none."""
    return MappingProxyType(_published().published)


def publication_sources() -> Mapping[str, str]:
    """Where a municipality's limit may stand published: code -> what a Dane reads."""
    return MappingProxyType(_published().sources)
