"""What the log is checked for besides the rules, and the twelve questions of an audit (law.md 14), as data.

A check is judged entry by entry; a question is answered by rules, by checks, or by a named function.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec

from domain.law.deadline_register import Confidence

FILE = "kontroller-1.json"


class LogCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A check by its code: what a Dane reads of it, and on what it rests."""

    id: str
    name: str
    basis: tuple[str, ...]
    certainty: Confidence


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question of an audit. It arises where a rule was triggered, or an event of `applies` is on the log.

    `strict`: after the strict date is too late, also where the lenient one has not passed. `closed`: what
    waits without a limit does not hold either. `says_not`: what the log alone cannot prove.
    """

    number: int
    text: str
    rules: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    applies: tuple[str, ...] = ()
    computed: str | None = None
    strict: bool = False
    closed: bool = False
    says_not: str | None = None


class CheckRegister(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Checks and questions as they stand in their file."""

    id: str
    version: int
    valid_from: date
    checks: tuple[LogCheck, ...]
    queries: tuple[AuditQuery, ...]


@cache
def check_register() -> CheckRegister:
    """The register in use. Raises msgspec.ValidationError if the file is damaged."""
    return msgspec.json.decode(files("domain.law.data").joinpath(FILE).read_bytes(), type=CheckRegister)


@cache
def log_checks() -> Mapping[str, LogCheck]:
    """Every check by its code, in the order of the register."""
    return MappingProxyType({check.id: check for check in check_register().checks})
