"""Identity events: a replacement number turns out to belong to a real CPR number (law.md 12.2)."""

from uuid import UUID

from domain.events.model import Code, Facts


class ReplacementNumberMerged(Facts, frozen=True, kw_only=True):
    """A citizen known under a replacement number is the one with this CPR number.

    History is not rewritten: the numbers stay sealed in the vault, and `alias` names the
    vault's row that joins them.
    """

    NAME = "replacement-number-merged"

    alias: UUID
    from_type: Code
    to_type: Code
    both_known: bool
