"""Hypothesis drives handovers through everything that anybody may do, against both stores.

A plain model says what should come of it. The rules cover the wrong people, stale views and
retries too, since those are what a real day is made of.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    REGION,
    person,
)
from tests.journeys.checks import check_all
from tests.journeys.house import House
from tests.journeys.machine import ROLES, STEPS, UNITS, Day, actor_of, ages, people, sides, which
from tests.journeys.model import Case
from tests.journeys.papers import cpr, document, message, origin, written_by
from tests.stores import create_schemas, drop_schemas, make_store

ROUNDS = int(os.environ.get("OVERGANG_ROUNDS", "1"))


class HandoverMachine(Day):
    """What people do with handovers, and what always holds of them."""

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
        paper = written_by(
            side,
            cpr(citizen),
            samtykke__objection=objects,
            samtykke__consent_expires_on=until.isoformat(),
        )
        actor, key = actor_of(side, "own"), self._key()
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

    # Steps

    @precondition(lambda self: self.model.cases)
    @rule(index=which, command=st.sampled_from(STEPS[:3]), side=sides, who=people, age=ages)
    def step(self, index: int, command: str, side: str, who: str, age: int) -> None:
        """Somebody takes a step on a view of the case that may be old."""
        handover = self._case(index)
        version = self.model.cases[handover].version + age
        actor, key = actor_of(side, who), self._key()
        work = lambda: getattr(self.house, command)(actor, handover, version, key)  # noqa: E731
        self._stepped(work, handover, command, actor, version)

    @precondition(lambda self: any(case.arrived for case in self.model.cases.values()))
    @rule(index=which, steps=st.integers(1, 4), first=st.sampled_from(("open", "acknowledge")))
    def receiver_goes_on(self, index: int, steps: int, first: str) -> None:
        """The right person does what comes next, for a while."""
        arrived = [handover for handover, case in self.model.cases.items() if case.arrived]
        handover = arrived[index % len(arrived)]
        case = self.model.cases[handover]
        actor = person(ROLES[str(case.receiver)], str(case.receiver), case.receiver_unit)
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
        actor, key = actor_of(side, who), self._key()
        work = lambda: self.house.complete(actor, handover, paper, version, key)  # noqa: E731
        if self._stepped(work, handover, "complete", actor, version, objects) == "done":
            case = self.model.cases[handover]
            case.consent_until = date(2027, 5, 31)

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
        self._open(self._case(index), actor_of(side, who), purpose, reason)

    @precondition(lambda self: self.model.boxes)
    @rule(index=which, limit=st.integers(1, 5))
    def show_mailbox(self, index: int, limit: int) -> None:
        """A receiver pages through her mailbox."""
        box = self.model.boxes[index % len(self.model.boxes)]
        reader = person(ROLES[box.authority], box.authority, box.served_by)
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
            after = last.rank
        assert len(seen) == len(set(seen))
        assert set(seen) == self.model.listed(box.id, statuses)

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


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 30), ("postgres", 8)])
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
