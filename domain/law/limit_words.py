"""The length of a limit in Danish words."""

from typing import Final

from domain.law.deadline_register import Unit
from domain.law.deadlines import rule_of

UNITS: Final[dict[Unit, tuple[str, str]]] = {
    "working-days": ("arbejdsdag", "arbejdsdage"),
    "days": ("dag", "dage"),
    "weeks": ("uge", "uger"),
    "months": ("måned", "måneder"),
    "years": ("år", "år"),
    "hours": ("time", "timer"),
}
"""Unit -> Danish, one and more."""


def length_in_words(length: int, unit: Unit) -> str:
    """A length as `4 uger`."""
    one, more = UNITS[unit]
    return f"{length} {one if length == 1 else more}"


def limit_in_words(rule_id: str) -> str:
    """The length of a rule of the register as `4 uger`.

    Raises DeadlineRefused `rule-unknown`, and ValueError for a rule whose length somebody else sets.
    """
    rule = rule_of(rule_id)
    if rule.length is None:
        raise ValueError("this rule has no length of its own")
    return length_in_words(rule.length, rule.unit)
