"""A day with handovers, beside its model: the register, the clock, the system and retries.

The rules of what people do stand in `test_handover_stateful.py`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from domain.events.refusal import Refused
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    person,
)
from tests.journeys.house import MORNING, House
from tests.journeys.model import Box, Case, Model
from tests.journeys.papers import GLN, SOR
from workflows.handlers.read import ReadingExpired
from workflows.ports.log import Actor, IdempotentReplay, StreamConflict

STEPS = ("acknowledge", "take_over", "close", "complete")
UNITS = {REGION: (AMBULATORY, OTHER_AMBULATORY), MUNICIPALITY: (CENTRE, OTHER_CENTRE)}
ROLES = {REGION: "clinician", MUNICIPALITY: "caseworker"}
BOXES = (
    (MUNICIPALITY, None, CENTRE),
    (REGION, AMBULATORY, AMBULATORY),
    (MUNICIPALITY, CENTRE, CENTRE),
    (MUNICIPALITY, None, OTHER_CENTRE),
)
"""An authority, the unit whose mailbox it is (or the authority's own), the unit that opens it."""

which = st.integers(0, 7)
sides = st.sampled_from((REGION, MUNICIPALITY))
# Most of what is done is done by those who should; the rest of the day is the others'.
people = st.sampled_from(("own", "own", "own", "outside", "integration", "auditor", "stranger"))
ages = st.sampled_from((0, 0, 0, 0, -1, 1))
retried = st.booleans()


def actor_of(side: str, who: str) -> Actor:
    if who == "stranger":
        return person("caseworker", OTHER_MUNICIPALITY, CENTRE)
    own, other = UNITS[side]
    role = who if who in ("integration", "auditor") else ROLES[side]
    return person(role, side, other if who == "outside" else own)


class Day(RuleBasedStateMachine):
    """One installation and its model, side by side."""

    def __init__(self, begin: Callable[[], House], end: Callable[[], None]) -> None:
        super().__init__()
        self._end = end
        self.house = begin()
        self.model = Model(now=MORNING)
        self.used: set[int] = set()
        self.keys = 0
        self.messages: dict[UUID, int] = {}
        self.done: list[tuple[Callable[[], Any], Any]] = []

    @initialize()
    def registered(self) -> None:
        """The authorities, their units, and the municipality's mailbox stand in the register."""
        for code in (REGION, MUNICIPALITY):
            self.house.authority(code)
        for code, units in UNITS.items():
            for unit in units:
                self.house.unit(code, unit)
        self.model.events = 6
        self._register(0, 0, None)

    def _key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def _case(self, index: int) -> UUID:
        handovers = list(self.model.cases)
        return handovers[index % len(handovers)]

    def _submitted(self, work: Callable[[], Any], case: Case) -> None:
        outcome = work()
        self.model.submitted(outcome.resource, case)
        assert outcome.etag == case.version
        self.done.append((work, outcome))

    def _stepped(
        self,
        work: Callable[[], Any],
        handover: UUID,
        command: str,
        actor: Actor,
        version: int,
        objects: bool = False,
    ) -> str:
        expected = self.model.step(
            handover, command, actor.role, actor.authority, actor.unit or "", version, objects
        )
        try:
            outcome = work()
        except Refused as refused:
            found = refused.code
        except StreamConflict:
            found = "stale"
        else:
            found = "done"
            assert outcome.etag == self.model.cases[handover].version
            self.done.append((work, outcome))
        assert found == expected, (command, actor.role, actor.authority)
        return found

    def _open(self, handover: UUID, actor: Actor, purpose: str, reason: str | None) -> None:
        key = self._key()
        expected = self.model.open(handover, actor.role, actor.authority, actor.unit or "", reason)
        work = lambda: self.house.open(actor, handover, purpose=purpose, reason=reason, key=key)  # noqa: E731
        try:
            reading = work()
        except Refused as refused:
            assert refused.code == expected
            return
        assert expected == "read"
        assert reading.etag == self.model.cases[handover].version
        assert reading.document["sections"]["stamoplysninger"]["name"] == "Test Testesen"
        self.used.add(reading.position)
        self.done.append((work, (reading, self.model.now)))

    # The register and time

    @rule(place=st.integers(0, 3), starts=st.integers(-30, 30), hours=st.none() | st.integers(1, 60))
    def register_mailbox(self, place: int, starts: int, hours: int | None) -> None:
        """A main mailbox is entered, perhaps for later, perhaps for a while."""
        self._register(place, starts, hours)

    def _register(self, place: int, starts: int, hours: int | None) -> None:
        authority, unit, served_by = BOXES[place]
        begins = self.model.now + timedelta(hours=starts)
        ends = begins + timedelta(hours=hours) if hours else None
        box = Box(UUID(int=0), authority, unit, begins, ends, served_by)
        expected = self.model.register_box(box)
        try:
            box.id = self.house.mailbox(authority, unit, begins, ends, served_by)
        except Refused as refused:
            assert (expected, refused.code) == (False, "valid-time-overlaps")
        else:
            assert expected

    @precondition(lambda self: self.model.boxes)
    @rule(index=which, hours=st.integers(-5, 30))
    def end_mailbox(self, index: int, hours: int) -> None:
        """A main mailbox is ended."""
        box = self.model.boxes[index % len(self.model.boxes)]
        at = self.model.now + timedelta(hours=hours)
        expected = self.model.end_box(box, at)
        try:
            self.house.end_mailbox(box.id, at)
        except Refused as refused:
            assert (expected, refused.code) == (False, "valid-time-empty")
        else:
            assert expected

    @precondition(lambda self: not self.model.address_registered)
    @rule()
    def register_address(self) -> None:
        """The centre is entered with its SOR and GLN."""
        self.house.unit(MUNICIPALITY, CENTRE, sor=SOR, gln=GLN)
        self.model.address_registered = True
        self.model.events += 1

    @rule(hours=st.sampled_from((1, 5, 14, 24, 50)))
    def time_passes(self, hours: int) -> None:
        """The clock goes on."""
        self.house.clock.advance(hours=hours)
        self.model.now += timedelta(hours=hours)

    # The system

    @rule()
    def tick(self) -> None:
        """Waiting handovers are tried."""
        delivered = self.model.tick()
        assert self.house.tick() == len(delivered)
        self._released(delivered)

    @rule(again=st.booleans())
    def relay(self, again: bool) -> None:
        """The relay catches up; a second time it finds nothing to do."""
        delivered = self.model.relay()
        self.house.relay()
        if again:
            self.house.relay()
        self._released(delivered)

    @rule()
    def project(self) -> None:
        """The projector takes a batch."""
        self.house.projector.step()

    def _released(self, delivered: list[UUID]) -> None:
        for handover in delivered:
            routed = [e for e in self.house.log.stream(handover) if e.header.event == "handover-routed"]
            self.used.add(routed[-1].header.position)

    # Retries

    @precondition(lambda self: self.done)
    @rule(index=st.integers(0, 63))
    def retry(self, index: int) -> None:
        """A client that lost the answer asks again: it gets the same, and nothing happens."""
        work, before = self.done[-1 - index % len(self.done)]
        if isinstance(before, tuple):
            reading, moment = before
            if self.model.now - moment > timedelta(minutes=10):
                with pytest.raises(ReadingExpired):
                    work()
            else:
                again = work()
                assert (again.position, again.etag, again.document) == (
                    reading.position,
                    reading.etag,
                    reading.document,
                )
            return
        with pytest.raises(IdempotentReplay) as replay:
            work()
        outcome = replay.value.outcome
        assert (outcome.resource, outcome.etag, outcome.location) == (
            before.resource,
            before.etag,
            before.location,
        )
