"""The law and the local agreements as versioned data files, and one hash over all of them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from domain.calendar.working_days import end_of_day, table_bytes, tables
from domain.law.access_rules import FILE as ACCESS
from domain.law.adoption_reasons import FILE as ADOPTION
from domain.law.appeal_tracks import FILE as APPEAL_TRACKS
from domain.law.arrival_ways import FILE as ARRIVAL
from domain.law.deadline_register import PUBLISHED, REGISTER
from domain.law.deadlines import deadline
from domain.law.log_checks import FILE as CHECKS
from domain.law.responsibility import FILE as RESPONSIBILITY
from domain.law.retention import FILE as LOG_RETENTION

_FILES = (
    ACCESS,
    ADOPTION,
    RESPONSIBILITY,
    "formaal-1.json",
    ARRIVAL,
    REGISTER,
    "henvisning-1.json",
    "hovedpostkasse-1.json",
    APPEAL_TRACKS,
    CHECKS,
    "opbevaring-1.json",
    "paamindelser-1.json",
    "rettigheder-1.json",
    "videregivelse-1.json",
    LOG_RETENTION,
    PUBLISHED,
    "samtykke-1.json",
)


@cache
def _data(name: str) -> Any:
    return json.loads(files("domain.law.data").joinpath(name).read_bytes())


@cache
def rules_hash() -> str:
    """SHA-256 over the rule files and calendars in use, in hex; it stands in every header."""
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update(files("domain.law.data").joinpath(name).read_bytes())
    digest.update(table_bytes())
    return digest.hexdigest()


@cache
def rule_files() -> Mapping[str, str]:
    """Each rule file and calendar in use by name -> its own SHA-256 in hex."""
    found = {name: files("domain.law.data").joinpath(name).read_bytes() for name in _FILES} | dict(tables())
    return MappingProxyType({name: hashlib.sha256(raw).hexdigest() for name, raw in found.items()})


@cache
def calendars_hash() -> str:
    """SHA-256 over the calendars in use alone, in hex; a verdict names it beside the rules'."""
    return hashlib.sha256(table_bytes()).hexdigest()


def acknowledge_by(delivered: datetime) -> datetime:
    """When a person of the receiver should have acknowledged at the latest.

    Local agreement KVIT: three working days after delivery, to the end of that Danish day.
    """
    return end_of_day(deadline("KVIT", delivered).day)


def retention_class(authority_kind: str) -> str:
    """The retention class under which an authority of this kind holds a handover's data."""
    return str(_data("opbevaring-1.json")["classes"][authority_kind]["retention"])


def purposes() -> dict[str, dict[str, Any]]:
    """Every coded purpose with its Danish and English name and its basis."""
    found: dict[str, dict[str, Any]] = _data("formaal-1.json")["purposes"]
    return found


def readable_purposes() -> tuple[str, ...]:
    """The purposes a person may open a document for; the first is preset on one's own list."""
    return tuple(_data("formaal-1.json")["readable"])


def outside_reasons() -> dict[str, dict[str, str]]:
    """The coded reasons for going in from outside the unit that has the case."""
    found: dict[str, dict[str, str]] = _data("formaal-1.json")["outside_reasons"]
    return found


def basis_of(purpose: str) -> tuple[str, ...]:
    """The legal references of a purpose."""
    return tuple(purposes()[purpose]["basis"])


def disclosure_references(basis: str | None) -> tuple[str, ...]:
    """The legal references of a stated basis of disclosure (JFB §29: what was disclosed on what basis).

    Without one, the sender disclosed under an assessment of its own, and that is what stands.
    """
    rules = _data("samtykke-1.json")
    found: list[str] = rules["references"].get(basis, rules["without_stated_basis"])
    return tuple(found)


def consent_lapses(basis: str) -> bool:
    """Whether a consent under this basis lapses at the latest after a year (SUL §44)."""
    return basis in _data("samtykke-1.json")["lapsing_bases"]


def stated_consent_lapses(basis: str) -> bool:
    """Likewise of a basis as the events of rights name it, such as `sul:43`."""
    rules = _data("samtykke-1.json")
    references = [one for code in rules["lapsing_bases"] for one in rules["references"][code]]
    return any(one == basis or one.startswith(f"{basis}.") for one in references)


def consent_last_day(given_on: date) -> date:
    """The last day a lapsing consent counts: the day before its anniversary (SUL §44; law.md 5.11)."""
    return deadline("SAMTYKKE", given_on).day


def is_consent(basis: str) -> bool:
    """Whether a basis of disclosure is the citizen's consent, which names whom it covers (SAB §9)."""
    return basis in _data("samtykke-1.json")["consents"]


def allows_municipal_question(basis: str) -> bool:
    """Whether what the document is disclosed on also lets the municipality ask for more (RSL §11a(1); U)."""
    return basis in _data("samtykke-1.json")["municipal_questions"]


def consent_warning_days() -> int:
    """How many days before a consent lapses the writer is warned (U)."""
    return int(_data("samtykke-1.json")["warn_days"])


def objection_holds() -> bool:
    """Whether any objection holds a disclosure until a person has decided (unsettled: SUL §41(3))."""
    return bool(_data("samtykke-1.json")["objection_holds"])
