"""Hypothesis drives handovers through everything that anybody may do, against both stores.

A plain model says what should come of it. The rules cover the wrong people, stale views and
retries too, since those are what a real day is made of.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.events.refusal import Refused
from tests.journeys.checks import check_all
from tests.journeys.house import (
    AMBULATORY,
    CENTRE,
    MORNING,
    MUNICIPALITY,
    OTHER_AMBULATORY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    House,
    person,
)
from tests.journeys.model import Box, Case, Model
from tests.journeys.papers import GLN, SOR, cpr, document, message, origin
from tests.stores import create_schemas, drop_schemas, make_store
from workflows.handlers.read import ReadingExpired
from workflows.ports import Actor, IdempotentReplay, StreamConflict

ROUNDS = int(os.environ.get("OVERGANG_ROUNDS", "1"))
STEPS = ("acknowledge", "take_over", "close", "complete")
UNITS = {REGION: (AMBULATORY, OTHER_AMBULATORY), MUNICIPALITY: (CENTRE, OTHER_CENTRE)}
ROLES = {REGION: "clinician", MUNICIPALITY: "caseworker"}
BOXES = ((MUNICIPALITY, None), (REGION, AMBULATORY), (MUNICIPALITY, CENTRE))

which = st.integers(0, 7)
sides = st.sampled_from((REGION, MUNICIPALITY))
# Most of what is done is done by those who should; the rest of the day is the others'.
people = st.sampled_from(("own", "own", "own", "outside", "integration", "auditor", "stranger"))
ages = st.sampled_from((0, 0, 0, 0, -1, 1))
retried = st.booleans()


def _actor(side: str, who: str) -> Actor:
    if who == "stranger":
        return person("caseworker", OTHER_MUNICIPALITY, CENTRE)
    own, other = UNITS[side]
    role = who if who in ("integration", "auditor") else ROLES[side]
    return person(role, side, other if who == "outside" else own)


class HandoverMachine(RuleBasedStateMachine):
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
        self.house.unit(REGION, AMBULATORY)
        self.model.events = 3
        self._register(0, 0, None)

    def _key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def _case(self, index: int) -> UUID:
        handovers = list(self.model.cases)
        return handovers[index % len(handovers)]

    # Submitting

    @rule(
        side=sides,
        citizen=st.integers(0, 3),
        objects=st.sampled_from((False, False, False, True)),
        days=st.integers(0, 3),
    )
    def submit(self, side: str, citizen: int, objects: bool, days: int) -> None:
        """An ambulatory or a centre submits a document."""
        until = (self.model.now + timedelta(days=days)).date()
        receiver = MUNICIPALITY if side == REGION else REGION
        unit = AMBULATORY if receiver == REGION else None
        paper = document(
            cpr(citizen),
            samtykke__objection=objects,
            samtykke__consent_expires_on=until.isoformat(),
        )
        actor, key = _actor(side, "own"), self._key()
        work = lambda: self.house.submitted(actor, paper, key=key, receiver_unit=unit)  # noqa: E731
        case = Case(
            sender=side,
            sender_unit=UNITS[side][0],
            receiver=receiver,
            receiver_unit=unit,
            objects=objects,
            consent_until=until,
        )
        self._submitted(work, case)

    @rule(citizen=st.integers(0, 3))
    def submit_message(self, citizen: int) -> None:
        """A clinic's system sends a MedCom message."""
        actor, key, sent = person("integration", REGION, AMBULATORY), self._key(), origin(uuid4())
        paper = message(cpr(citizen))
        case = Case(
            sender=REGION,
            sender_unit=AMBULATORY,
            receiver=MUNICIPALITY,
            receiver_unit=CENTRE,
            objects=False,
            consent_until=None,
            message=True,
            needs_completion=True,
        )
        work = lambda: self.house.submitted(actor, paper, key=key, medcom=sent)  # noqa: E731
        self._submitted(work, case)
        self.messages[list(self.model.cases)[-1]] = citizen

    def _submitted(self, work: Callable[[], Any], case: Case) -> None:
        outcome = work()
        self.model.submitted(outcome.resource, case)
        assert outcome.etag == case.version
        self.done.append((work, outcome))

    # Steps

    @precondition(lambda self: self.model.cases)
    @rule(index=which, command=st.sampled_from(STEPS[:3]), side=sides, who=people, age=ages)
    def step(self, index: int, command: str, side: str, who: str, age: int) -> None:
        """Somebody takes a step on a view of the case that may be old."""
        handover = self._case(index)
        version = self.model.cases[handover].version + age
        actor, key = _actor(side, who), self._key()
        work = lambda: getattr(self.house, command)(actor, handover, version, key)  # noqa: E731
        self._stepped(work, handover, command, actor, version)

    @precondition(lambda self: any(case.arrived for case in self.model.cases.values()))
    @rule(index=which, steps=st.integers(1, 4), first=st.sampled_from(("open", "acknowledge")))
    def receiver_goes_on(self, index: int, steps: int, first: str) -> None:
        """The right person does what comes next, for a while."""
        arrived = [handover for handover, case in self.model.cases.items() if case.arrived]
        handover = arrived[index % len(arrived)]
        case = self.model.cases[handover]
        actor = _actor(str(case.receiver), "own")
        for _ in range(steps):
            following = {
                "delivered": first,
                "opened": "take_over",
                "acknowledged": "take_over" if case.opened else "open",
                "taken_over": "close",
                "closed": "open",
            }[case.status]
            if following == "open":
                self._open(handover, actor, "handover", None)
            else:
                key, version = self._key(), case.version
                work = lambda f=following, k=key, v=version: getattr(self.house, f)(actor, handover, v, k)  # noqa: E731
                assert self._stepped(work, handover, following, actor, version) == "done"

    @precondition(lambda self: self.messages)
    @rule(
        index=which,
        who=people,
        age=ages,
        objects=st.booleans(),
        side=st.sampled_from((REGION, REGION, MUNICIPALITY)),
    )
    def complete(self, index: int, who: str, age: int, objects: bool, side: str) -> None:
        """A message is given its overgangsdokument, to which the citizen may object."""
        handover = list(self.messages)[index % len(self.messages)]
        paper = document(cpr(self.messages[handover]), samtykke__objection=objects)
        version = self.model.cases[handover].version + age
        actor, key = _actor(side, who), self._key()
        work = lambda: self.house.complete(actor, handover, paper, version, key)  # noqa: E731
        if self._stepped(work, handover, "complete", actor, version) == "done":
            case = self.model.cases[handover]
            case.objects, case.consent_until = objects, date(2027, 5, 31)

    def _stepped(
        self, work: Callable[[], Any], handover: UUID, command: str, actor: Actor, version: int
    ) -> str:
        expected = self.model.step(handover, command, actor.role, actor.authority, actor.unit or "", version)
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

    @precondition(lambda self: self.model.cases)
    @rule(
        index=which,
        side=sides,
        who=people,
        reason=st.sampled_from((None, "joint-case", "supervision")),
        purpose=st.sampled_from(("handover", "treatment")),
    )
    def open(self, index: int, side: str, who: str, reason: str | None, purpose: str) -> None:
        """Somebody reads the document."""
        self._open(self._case(index), _actor(side, who), purpose, reason)

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

    @precondition(lambda self: self.model.boxes)
    @rule(index=which, limit=st.integers(1, 5))
    def show_mailbox(self, index: int, limit: int) -> None:
        """A receiver pages through her mailbox."""
        box = self.model.boxes[index % len(self.model.boxes)]
        reader = person(ROLES[box.authority], box.authority, box.unit or UNITS[box.authority][0])
        statuses = ("delivered", "opened", "acknowledged")
        seen: list[UUID] = []
        after = None
        while True:
            page = self.house.show(reader, box.id, *statuses, after=after, limit=limit)
            if not page.listed:
                break
            self.model.events += 1
            assert page.shown_position is not None
            self.used.add(page.shown_position)
            assert all(one.label is not None and one.label.name == "Test Testesen" for one in page.listed)
            seen += [one.row.handover for one in page.listed]
            last = page.listed[-1].row
            after = (last.priority, last.due, str(last.handover))
        assert len(seen) == len(set(seen))
        assert set(seen) == self.model.listed(box.id, statuses)

    # The register and time

    @rule(place=st.integers(0, 2), starts=st.integers(-30, 30), hours=st.none() | st.integers(1, 60))
    def register_mailbox(self, place: int, starts: int, hours: int | None) -> None:
        """A main mailbox is entered, perhaps for later, perhaps for a while."""
        self._register(place, starts, hours)

    def _register(self, place: int, starts: int, hours: int | None) -> None:
        authority, unit = BOXES[place]
        if unit == CENTRE and not self.model.address_registered:
            return
        begins = self.model.now + timedelta(hours=starts)
        ends = begins + timedelta(hours=hours) if hours else None
        box = Box(UUID(int=0), authority, unit, begins, ends)
        expected = self.model.register_box(box)
        try:
            box.id = self.house.mailbox(authority, unit, begins, ends)
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

    # What always holds

    @invariant()
    def each_case_stands_as_the_model_says(self) -> None:
        """Status, version, sides, reason."""
        for handover, case in self.model.cases.items():
            state = self.house.state(handover)
            assert (state.status, state.version, state.held_reason, state.needs_completion) == (
                case.status,
                case.version,
                case.reason,
                case.needs_completion,
            )
            assert (state.opened_at is not None, state.receiver_key is not None) == (
                case.opened,
                case.arrived,
            )
            if case.arrived:
                assert (state.mailbox, state.receiver_unit) == (case.box, case.receiver_unit)

    @invariant()
    def the_log_is_as_long_as_the_model_says(self) -> None:
        """Nothing more was recorded, and nothing less: a conflict and a retry write nothing."""
        assert self.house.log.length() == self.model.events

    @invariant()
    def no_handover_is_lost(self) -> None:
        """Each is in a mailbox, or on the list of those that wait."""
        waiting = {row.handover for row in self.house.worklists.stalled(-1, 1000)}
        assert waiting == {handover for handover, case in self.model.cases.items() if not case.arrived}

    def teardown(self) -> None:
        """At the end everything is looked at."""
        try:
            check_all(self.house, self.used)
            assert [e.header.event for e in self.house.events()].count("lead-alerted") == self.model.alerts
        finally:
            self._end()


def _on_sqlite() -> tuple[Callable[[], House], Callable[[], None]]:
    folder = tempfile.TemporaryDirectory(prefix="overgang-machine-")
    store = make_store("sqlite", Path(folder.name))

    def end() -> None:
        store.close()
        folder.cleanup()

    return (lambda: House(store)), end


def _on_postgres(dsn: str) -> tuple[Callable[[], House], Callable[[], None]]:
    schema = f"m{uuid4().hex[:12]}"
    store = make_store("postgres", create_schemas(dsn, schema))

    def end() -> None:
        store.close()
        drop_schemas(dsn, schema)

    return (lambda: House(store)), end


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 40), ("postgres", 15)])
def test_whatever_people_do_the_handover_stands_as_the_model_says(
    kind: str, examples: int, request: pytest.FixtureRequest
) -> None:
    dsn = request.getfixturevalue("postgres") if kind == "postgres" else ""
    run_state_machine_as_test(
        lambda: HandoverMachine(*(_on_postgres(dsn) if dsn else _on_sqlite())),
        settings=settings(
            max_examples=examples * ROUNDS,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
