"""The whole workflow, driven by anybody in any order over both stores.

No model says what should come of it: the definition does. Whoever may take a step by it takes it, and
nobody else; and whatever was done, the auditor finds nothing wrong, nothing lost, and one value at every
instant of both timelines.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

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

from api.http.cases import actions_of
from api.http.centres.mailboxes import WAITING
from audit.verdicts.checks import violations
from domain.calendar.working_days import danish_day
from domain.course import events as f
from domain.course.responsibility import duty_timeline, held_by_timeline
from domain.events.refusal import Refused
from domain.handover.state import Handover
from domain.handover.streams import facts_of
from tests.domain.course.course import DISPUTED
from tests.journeys.cast import (
    AMBULATORY,
    CENTRE,
    MUNICIPALITY,
    OTHER_CENTRE,
    OTHER_MUNICIPALITY,
    REGION,
    SERVING,
    caseworker,
    clinician,
    person,
)
from tests.journeys.checks import check_all
from tests.journeys.house import House
from tests.journeys.papers import cpr, document, message, origin
from tests.journeys.reaching import ACTS, READER, WRITER, Scene
from tests.journeys.test_handover_stateful import _on_postgres, _on_sqlite
from workflows.handlers.guard import outside_unit
from workflows.ports.lists import MailboxRow
from workflows.ports.log import Actor
from workflows.ports.vault import KeyDestroyed

ROUNDS = int(os.environ.get("OVERGANG_ROUNDS", "1"))
PEOPLE: dict[str, Actor] = {
    "writer": WRITER,
    "reader": READER,
    "the sender's leader": person("leader", REGION, AMBULATORY),
    "the receiver's leader": person("leader", MUNICIPALITY, CENTRE),
    "a colleague in another unit": caseworker(OTHER_CENTRE),
    "the other municipality": caseworker(SERVING[OTHER_MUNICIPALITY], OTHER_MUNICIPALITY),
    "the other municipality's leader": person("leader", OTHER_MUNICIPALITY, SERVING[OTHER_MUNICIPALITY]),
    "an integration": person("integration", REGION, AMBULATORY),
    "an auditor": person("auditor", MUNICIPALITY, CENTRE),
    "another ambulatory": clinician("amb-roskilde"),
}
WORKING = st.sampled_from([who for who in PEOPLE if who not in ("an integration", "an auditor")])
ANYBODY = st.sampled_from(sorted(PEOPLE))
ENDING = frozenset({"report_wrong_person", "enter_in_error"})
"""Steps that end a case from nearly every state; `step` takes them often enough, and others get about."""
which = st.integers(0, 5)
TAKEN: Counter[str] = Counter()
"""Which steps were taken over all the runs: the machine must reach them."""


class WholeMachine(RuleBasedStateMachine):
    """People, the system and the clock."""

    def __init__(self, begin: Callable[[], House], end: Callable[[], None]) -> None:
        super().__init__()
        self._end = end
        self.house = begin()
        self.cases: list[UUID] = []

    @initialize()
    def a_scene(self) -> None:
        """Three authorities with their main mailboxes, and two cases that have come some way."""
        scene = Scene(self.house)
        self.cases += [scene.reach("opened"), scene.reach("returned")]

    @rule(
        citizen=st.integers(0, 3),
        objects=st.sampled_from((False, False, False, True)),
        covers=st.sampled_from(("every-authority", "acting-municipality", "addressed-receiver")),
        days=st.integers(1, 60),
        urgency=st.sampled_from(("rutine", "hurtig-24h")),
    )
    def submit(self, citizen: int, objects: bool, covers: str, days: int, urgency: str) -> None:
        """A handover begins."""
        until = (self.house.clock.now() + timedelta(days=days)).date().isoformat()
        paper = document(
            cpr(citizen),
            samtykke__objection=objects,
            samtykke__covers=covers,
            samtykke__consent_expires_on=until,
            overgang__urgency=urgency,
        )
        self.cases.append(self.house.submit(WRITER, paper))

    @rule()
    def submit_message(self) -> None:
        """A MedCom message without an overgangsdokument."""
        self.cases.append(self.house.submit(WRITER, message(), medcom=origin()))

    @rule(citizen=st.integers(0, 40))
    def import_running(self, citizen: int) -> None:
        """A case that was under way."""
        number = cpr(citizen + 10)
        if number not in {cpr(one) for one in range(4)} and not self._imported(number):
            self.cases.append(self.house.import_running(number))

    def _imported(self, number: str) -> bool:
        known = self.__dict__.setdefault("numbers", set())
        fresh = number not in known
        known.add(number)
        return not fresh

    @precondition(lambda self: self.cases)
    @rule(index=which, who=ANYBODY, command=st.sampled_from(sorted(set(ACTS) - {"open"})))
    def step(self, index: int, who: str, command: str) -> None:
        """Anybody takes any step; the definition says whether it is hers to take."""
        self._take(self.cases[index % len(self.cases)], PEOPLE[who], command)

    @precondition(lambda self: self.cases)
    @rule(index=which, choices=st.lists(st.integers(0, 60), min_size=1, max_size=4))
    def steps_that_are_offered(self, index: int, choices: list[int]) -> None:
        """One after another takes one of the steps that the case offers her."""
        handover = self.cases[index % len(self.cases)]
        for choice in choices:
            offered = [
                (who, command)
                for who in sorted(PEOPLE)
                for command in sorted(self._offered(handover, PEOPLE[who]) & (ACTS.keys() - ENDING))
            ]
            if offered:
                who, command = offered[choice % len(offered)]
                self._take(handover, PEOPLE[who], command)

    @precondition(lambda self: self.cases)
    @rule(index=which, who=WORKING)
    def open(self, index: int, who: str) -> None:
        """Somebody reads, if she may."""
        handover, actor = self.cases[index % len(self.cases)], PEOPLE[who]
        state = self.house.state(handover)
        try:
            self.house.open(actor, handover)
        except Refused as refused:
            reader = state.side_of(actor.authority) is not None and not _outside(self.house, actor, state)
            assert not reader or refused.code in ("quarantined", "document-unknown"), refused.code
        except KeyDestroyed:
            assert state.quarantined

    @precondition(lambda self: self.cases)
    @rule(
        index=which,
        back=st.integers(0, 20),
        by_receiver=st.booleans(),
        kind=st.sampled_from(
            (
                f.CitizenAdmitted,
                f.CitizenDischarged,
                f.VisitationStarted,
                f.VisitationEnded,
                f.TreatmentStarted,
                f.TreatmentEnded,
                f.InquiryReceived,
            )
        ),
    )
    def record(self, index: int, back: int, by_receiver: bool, kind: type[f.CaseFact]) -> None:
        """Either party records something, at a time of its own: nothing forbids it."""
        more = {
            f.VisitationStarted: {"region": REGION},
            f.VisitationEnded: {"reason": "goals-met"},
            f.TreatmentEnded: {"authority": MUNICIPALITY, "status": "completed"},
            f.TreatmentStarted: {"authority": MUNICIPALITY, "provisional": False},
            f.InquiryReceived: {"channel": "digital", "wishes_treatment": True},
        }.get(kind, {})
        handover = self.cases[index % len(self.cases)]
        fact = kind(handover=handover, **more)
        state = self.house.state(handover)
        theirs = by_receiver and state.receiver_authority == MUNICIPALITY and state.receiver_key is not None
        who = READER if theirs else WRITER
        self.house.record(who, fact, self.house.clock.now() - timedelta(days=back))

    @rule(hours=st.sampled_from((1, 20, 30, 200)))
    def time_passes(self, hours: int) -> None:
        """Consents lapse, limits pass; the tick and the relay do their work."""
        self.house.clock.set(self.house.clock.now() + timedelta(hours=hours))
        self.house.tick()
        self.house.escalate()
        self.house.relay()

    def _offered(self, handover: UUID, actor: Actor) -> set[str]:
        state = self.house.state(handover)
        side = state.side_of(actor.authority)
        if side is None or _outside(self.house, actor, state):
            return set()
        today = danish_day(self.house.clock.now())
        return {one["command"] for one in actions_of(state, side, actor.role, today)}

    def _take(self, handover: UUID, actor: Actor, command: str) -> None:
        offered = command in self._offered(handover, actor)
        before = self.house.state(handover)
        try:
            ACTS[command](self.house, actor, handover)
        except Refused as refused:
            assert not offered or refused.code in CONTENT[command], (command, refused.code, before.status)
            assert self.house.state(handover) == before
        else:
            assert offered or command in CONTENT, (command, before.status, actor.role)
            TAKEN[command] += 1

    @invariant()
    def nothing_is_lost(self) -> None:
        """Each case is on a list of whoever must act on it, and stands there as it stands."""
        lists = self.house.worklists
        rows = {row.handover: row for row in lists.all(-1, 10_000)}
        assert rows.keys() == set(self.cases)
        stalled, unresolved = (
            {row.handover for row in of(-1, 10_000)} for of in (lists.stalled, lists.unresolved)
        )
        for handover, row in rows.items():
            state = self.house.state(handover)
            assert (row.status, row.sender_unit) == (state.status, state.sender_unit)
            assert (handover in stalled) == (state.status in ("submitted", "held", "routed", "sent"))
            assert (handover in unresolved) == (state.unresolved_at is not None)
            unread = state.status == "taken_over" and bool(state.documents) and state.opened_at is None
            if state.status in WAITING or unread:
                assert handover in {one.handover for one in self._lists_of(row)}, state.status

    def _lists_of(self, row: MailboxRow) -> list[MailboxRow]:
        """What whoever has the case sees without asking for anything in particular."""
        lists, found = self.house.worklists, []
        if row.mailbox is not None:
            found += lists.mailbox(row.mailbox, WAITING, None, 10_000)
        if row.receiver_unit is not None:
            found += lists.unit(row.receiver_unit, None, 10_000)
        return found

    def teardown(self) -> None:
        """At the end the auditor looks at everything."""
        try:
            check_all(self.house)
            assert violations(self.house.events()) == []
            for handover in self.cases:
                case = [*self.house.log.stream(handover), *self.house.log.stream(facts_of(handover))]
                duty, held_by, state = duty_timeline(case), held_by_timeline(case), self.house.state(handover)
                for spans in (duty, held_by):
                    assert all(one.end == two.start for one, two in pairwise(spans))
                    assert spans[-1].end is None
                assert (state.unresolved_at is not None) == (duty[-1].value.reason in DISPUTED)
                assert held_by[-1].value == state.held_by()
        finally:
            self._end()


CONTENT: dict[str, tuple[str, ...]] = {
    # The document that the act brings may be about another citizen than the case, or lack what is needed.
    "correct": ("another-citizen", "disclosure-basis-live", "consent-covers-receiver", "receiver-acts"),
    "complete": ("another-citizen", "disclosure-basis-live", "receiver-acts", "move-fits-parties"),
    # Where it goes is the act's own, and its consent is asked of that.
    "redirect": ("receiver-is-sender", "receiver-unknown", "move-fits-parties"),
    "forward": ("receiver-is-sender", "consent-covers-receiver", "move-fits-parties"),
    "resolve": ("not-ones-own-to-give",),
    "complete_otherwise": ("receiver-is-sender",),
    "distribute": ("unit-of-own-authority",),
}
"""Refusals that follow from what an act brings along, which no list of actions can foresee."""


def _outside(house: House, actor: Actor, state: Handover) -> bool:
    return outside_unit(house.as_(actor), state)


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 25), ("postgres", 6)])
def test_whoever_does_whatever_the_definition_holds_and_the_auditor_finds_nothing(
    kind: str, examples: int, request: pytest.FixtureRequest
) -> None:
    dsn = request.getfixturevalue("postgres") if kind == "postgres" else ""
    run_state_machine_as_test(
        lambda: WholeMachine(*(_on_postgres(dsn) if dsn else _on_sqlite())),
        settings=settings(
            max_examples=examples * ROUNDS,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    if kind == "sqlite":
        assert len(TAKEN) > len(ACTS) // 2, f"the machine must get about: {TAKEN}"
