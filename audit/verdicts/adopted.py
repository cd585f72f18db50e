"""Were entries written under rules that a person had taken into use?

Asked from the first adoption on: a log that has none is one of an exercise, or from before adoptions.
"""

from domain.events.model import Recorded
from domain.proof.adoption import RulesAdopted


class AdoptedRules:
    """The rules that were adopted last, as far as the log has been replayed."""

    def __init__(self) -> None:
        self._adopted: str | None = None
        self._told: set[tuple[str, str]] = set()

    def breaks(self, recorded: Recorded) -> bool:
        """Whether an entry was written under other rules: the first of an authority under each of them."""
        header, event = recorded.header, recorded.event
        if isinstance(event, RulesAdopted):
            self._adopted = event.rules_after
            self._told.clear()
        if self._adopted is None or header.rules == self._adopted:
            return False
        written = (header.controller, header.rules)
        if written in self._told:
            return False
        self._told.add(written)
        return True
