"""What has become of things in an installation: the `then` of the journeys."""

from typing import Any
from uuid import UUID

from domain.events.model import Recorded
from domain.handover.fold import fold
from domain.handover.state import Handover
from domain.handover.streams import escalations_of, readings_of, refusals_by, refusals_of
from tests.journeys.checks import Place, events_of, rows_of


class Told(Place):
    """Questions to an installation."""

    def state(self, handover: UUID) -> Handover:
        """The case as it stands."""
        state = self.log.fold(handover, fold)
        assert state is not None
        return state

    def events(self) -> list[Recorded]:
        """Every event, by position."""
        return events_of(self.log)

    def steps(self, handover: UUID) -> list[str]:
        """The names of the case's workflow stream."""
        return [recorded.header.event for recorded in self.log.stream(handover)]

    def last_step(self, handover: UUID) -> Recorded:
        """The newest event of the workflow stream."""
        return self.log.stream(handover)[-1]

    def readings(self, handover: UUID) -> list[Recorded]:
        """Who read the case."""
        return self.log.stream(readings_of(handover))

    def alerts(self, handover: UUID) -> list[Recorded]:
        """What leads were told about the case."""
        return self.log.stream(escalations_of(handover))

    def refusals(self, handover: UUID) -> list[tuple[str, str]]:
        """Commands refused on the case, with their reasons."""
        return [(one.event.command, one.event.reason) for one in self.log.stream(refusals_of(handover))]

    def refusals_by(self, authority: str) -> list[tuple[str, str]]:
        """Commands refused that concern no case, with their reasons."""
        return [(one.event.command, one.event.reason) for one in self.log.stream(refusals_by(authority))]

    def rows(self, view: str) -> list[tuple[Any, ...]]:
        """A view's whole table, in the order of its keys."""
        return rows_of(self, view)
