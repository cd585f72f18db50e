"""The rules in use against those that a person has taken into use."""

from domain.law.loader import rules_hash
from workflows.handlers.adoption import adopted
from workflows.ports.log import Log

NOT_ADOPTED = "rules-not-adopted"
FAULT = (
    f"{NOT_ADOPTED}: nobody has taken the rules, calendars and settings in use into use;"
    " see `overgang rules state` and `overgang rules adopt`"
)
"""Why production does not start."""


def rules_in_use_are_adopted(log: Log) -> bool:
    """Whether the rules in use are those that were adopted last."""
    last = adopted(log)
    return last is not None and last.rules == rules_hash()
