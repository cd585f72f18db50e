"""What the law says of data protection (law.md 8), categories of data, and risks, from data files."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from audit.dpo.report import Statement
from domain.law.deadline_register import Confidence

FOLDER = "audit/dpo/data"
STATEMENTS = "databeskyttelse-1.json"
CATEGORIES = "kategorier-1.json"
RISKS = "risici-1.json"


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything read from a file: an unknown member is an error."""


class _Said(_Data, frozen=True, kw_only=True):
    id: str
    places: tuple[str, ...] = msgspec.field(name="in")
    da: str
    basis: tuple[str, ...]
    certainty: Confidence
    source: tuple[str, ...] = ()
    question: str | None = None


class _StatementFile(_Data, frozen=True, kw_only=True):
    id: str
    version: int
    valid_from: date
    statements: tuple[_Said, ...]


class Category(_Data, frozen=True, kw_only=True):
    """A category of personal data."""

    da: str
    basis: tuple[str, ...]


class Holding(_Data, frozen=True, kw_only=True):
    """Which categories of data, about which categories of persons, a section may hold."""

    categories: tuple[str, ...]
    subjects: tuple[str, ...]


class CategoryFile(_Data, frozen=True, kw_only=True):
    """Categories by section id. `kinds`: kinds of field that are a category of their own anywhere."""

    id: str
    version: int
    valid_from: date
    certainty: Confidence
    categories: Mapping[str, Category]
    subjects: Mapping[str, str]
    kinds: Mapping[str, str]
    sections: Mapping[str, Holding]


class Risk(_Data, frozen=True, kw_only=True):
    """A risk to the citizen, what stands against it, and the events by which it is seen."""

    id: str
    da: str
    measures: tuple[str, ...]
    events: tuple[str, ...]
    basis: tuple[str, ...]
    question: str | None = None


class RiskFile(_Data, frozen=True, kw_only=True):
    """The risks; how likely and how grave each is, the controller assesses."""

    id: str
    version: int
    valid_from: date
    certainty: Confidence
    risks: tuple[Risk, ...]


def _bytes(name: str) -> bytes:
    return files("audit.dpo.data").joinpath(name).read_bytes()


@cache
def _statements() -> _StatementFile:
    return msgspec.json.decode(_bytes(STATEMENTS), type=_StatementFile)


@cache
def categories() -> CategoryFile:
    """The categories in use. Raises msgspec.ValidationError if the file is damaged."""
    return msgspec.json.decode(_bytes(CATEGORIES), type=CategoryFile)


@cache
def risks() -> RiskFile:
    """The risks in use. Raises msgspec.ValidationError if the file is damaged."""
    return msgspec.json.decode(_bytes(RISKS), type=RiskFile)


def places() -> frozenset[str]:
    """Every `report.chapter` that a statement of the file belongs in."""
    return frozenset(place for said in _statements().statements for place in said.places)


def said_in(place: str) -> tuple[Statement, ...]:
    """What the file says in a chapter (`report.chapter`), in its order."""
    return tuple(
        Statement(
            id=said.id,
            text=said.da,
            source=(f"{FOLDER}/{STATEMENTS}", *said.source),
            basis=said.basis,
            certainty=said.certainty,
            question=said.question,
        )
        for said in _statements().statements
        if place in said.places
    )
