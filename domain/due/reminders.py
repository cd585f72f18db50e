"""Who is reminded of a deadline and when, and the handover's own limits: local agreement, as data.

No statute says when an authority reminds its own staff (docs/unsettled.md); law.md 3.16 and 9.5 propose days.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

import msgspec

from domain.law.deadline_register import Confidence
from domain.rights.rule import Rule, rights_rules

FILE = "paamindelser-1.json"
EVERY = "*"
STRICT_PASSED, LENIENT_PASSED = "strict-passed", "lenient-passed"
DELIVERED, HELD, RETURNED, QUESTION, TAKEN_OVER = (
    "own-delivered",
    "own-held",
    "own-returned",
    "own-question",
    "own-taken-over",
)
"""The handover's own limits: it arrives, goes on, is seen to when it is back, is answered, is taken over."""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reminder: so long `before` the strict date, or, without one, when the date of its level has passed.

    Working days are counted back from the last day by the strict calendar; 0 is the last working day itself.
    """

    level: str
    to: tuple[str, ...]
    before: int | None = None
    unit: Literal["working-days", "hours"] = "working-days"


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reminders of some rules; those of `*` hold for every rule that no other plan names."""

    rules: tuple[str, ...]
    basis: tuple[str, ...]
    steps: tuple[Step, ...]


class OwnLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A limit of the handover itself. `length` in working days; None: the document says by when."""

    id: str
    name: str
    """What a Dane reads."""
    basis: tuple[str, ...]
    certainty: Confidence
    length: int | None = None


class Reminders(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as it stands."""

    id: str
    version: int
    valid_from: str
    basis: tuple[str, ...]
    certainty: Confidence
    levels: dict[str, str]
    """Level -> what a Dane reads."""
    roles: dict[str, str]
    own: tuple[OwnLimit, ...]
    plans: tuple[Plan, ...]


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind the rule of an obligation: its Danish name, its basis and how sure it is."""

    name: str
    basis: tuple[str, ...]
    certainty: Confidence


@cache
def reminders() -> Reminders:
    """The file in use. Raises msgspec.ValidationError if it is damaged."""
    return msgspec.json.decode(files("domain.law.data").joinpath(FILE).read_bytes(), type=Reminders)


@cache
def own_limits() -> Mapping[str, OwnLimit]:
    """The handover's own limits by id."""
    return MappingProxyType({one.id: one for one in reminders().own})


@cache
def steps_of(rule: str) -> tuple[Step, ...]:
    """The reminders of a rule."""
    plans = {name: plan.steps for plan in reminders().plans for name in plan.rules}
    return plans.get(rule, plans[EVERY])


@cache
def known_rules() -> Mapping[str, Named]:
    """Every rule that an obligation may stand under: of the register, and the handover's own."""
    found: dict[str, Rule | OwnLimit] = {**rights_rules(), **own_limits()}
    return MappingProxyType(
        {name: Named(name=one.name, basis=one.basis, certainty=one.certainty) for name, one in found.items()}
    )
