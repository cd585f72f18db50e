"""A right as a rule: what triggers it, by when, what fulfils it, what exempts from it, what it opens.

Rules are data (`domain/law/data/rettigheder-1.json`). Two kinds bind an authority: *after* (the trigger is
to be followed by something, mostly within a limit) and *before* (the trigger may not happen unless something
did before it, or with it). *Told* compares the last date that a letter told with the one that was due.
*Period* is a time that others wait for: a hearing, a pending request.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

import msgspec

from domain.calendar.counting import DayUnit
from domain.law.deadline_register import Confidence

FILE = "rettigheder-1.json"
Values = tuple[str | bool | None, ...]
Kind = Literal["after", "before", "told", "period"]
CONTROLLER = "controller"
"""An owner that is the controller of the event, not a field of its facts."""
ANY = "any"
"""Whoever did it: it closes what anybody owes, as the end of a handover does."""


class Match(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event, and what its facts must say.

    `key`: the fact that ties it to the matter, where it is not the rule's own. `owner`: whose it is.
    `reason`: the fact that gives the mandatory reason of an exemption; without one it is the event itself.
    """

    event: str
    when: dict[str, Values] = {}
    unless: dict[str, Values] = {}
    key: str | None = None
    owner: str = CONTROLLER
    reason: str | None = None


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By when: a rule of the register of limits, a date that the trigger states, or a length of our own where
    the law says only soon or at once (snarest, straks).

    `lenient`: the length after which nobody calls that soon any more; between the two it is disputed. Without
    one the length is both.
    `published`: the length is the one that the owner had published by the trigger's day (RSL §3(2)).
    `by_track`: the rule follows from the track of appeal.
    """

    rule: str | None = None
    fact: str | None = None
    length: int | None = None
    lenient: int | None = None
    unit: DayUnit = "working-days"
    published: bool = False
    by_track: dict[str, str] = {}


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must be so at the trigger: exactly one of these.

    `trigger`: its own facts say so. `earlier`: such an event came before it in the same matter. `none_open`:
    nothing waits under these rules. `computed`: a named condition of `domain.rights.computed`.
    """

    trigger: dict[str, Values] | None = None
    earlier: Match | None = None
    none_open: tuple[str, ...] = ()
    computed: str | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the act is refused at run time."""

    en: str
    da: str


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One right. `any_of` holds alternatives, each of them conditions that must all be met.

    `given`: the rule applies only where such an event came before in the same matter. `computed`: a named
    function derives its obligations from the handover's course.
    """

    id: str
    name: str
    """What a Dane reads."""
    basis: tuple[str, ...]
    certainty: Confidence
    valid_from: date
    valid_to: date | None = None
    kind: Kind
    key: str = "handover"
    triggers: tuple[Match, ...] = ()
    given: tuple[Match, ...] = ()
    computed: str | None = None
    limit: Limit | None = None
    moved_by: tuple[Match, ...] = ()
    fulfilled_by: tuple[Match, ...] = ()
    exempted_by: tuple[Match, ...] = ()
    any_of: tuple[tuple[Condition, ...], ...] = ()
    opens: tuple[str, ...] = ()
    refusal: Refusal | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def gated(self) -> bool:
        """Whether an act that breaks it is refused at run time."""
        return self.kind == "before" and self.refusal is not None


class RightsRegister(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The register as it stands in its file."""

    id: str
    version: int
    valid_from: date
    events: dict[str, str]
    """Event -> what a Dane reads of it."""
    values: dict[str, dict[str, str]]
    """Fact -> code -> what a Dane reads."""
    rules: tuple[Rule, ...]


@cache
def rights_register() -> RightsRegister:
    """The register in use. Raises msgspec.ValidationError if the file is damaged."""
    return msgspec.json.decode(files("domain.law.data").joinpath(FILE).read_bytes(), type=RightsRegister)


@cache
def rights_rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the register."""
    return MappingProxyType({rule.id: rule for rule in rights_register().rules})
