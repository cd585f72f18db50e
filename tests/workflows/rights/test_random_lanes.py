"""Whatever two authorities try, with all guards on, no right that binds before an act is broken at replay."""

import threading
from collections import Counter
from datetime import timedelta
from functools import partial

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.events.instant import to_instant
from domain.events.refusal import Refused
from domain.handover.streams import facts_of, rights_of
from domain.rights.access import AccessRequested
from domain.rights.case import judge_case
from domain.rights.decisions import DecisionDrafted, DecisionMade
from domain.rights.hearing import HearingOmitted
from domain.rights.judge import broken_by
from domain.rights.rule import rights_rules
from domain.rights.verdict import State
from tests.domain.rights.anything import LANE
from tests.domain.rights.samples import HANDOVER, matter, sample
from tests.journeys.cast import MUNICIPALITY, REGION, caseworker, clinician
from tests.workflows.rights.acts import AGAINST_HER, FORBIDDEN
from workflows.handlers import rights
from workflows.handlers.claimed import needs_words

GATED = {name for name, rule in rights_rules().items() if rule.gated}
PEOPLE = {"town": caseworker(), "region": clinician()}
DECISIONS = [matter("decision", number) for number in range(1, 5)]
FAVOURABLE = AGAINST_HER | {"kind": "grant", "outcome": "full", "adverse": False}
LIKELY = [
    event
    for made in FORBIDDEN.values()
    for before, act in [made(HANDOVER, PEOPLE["town"])]
    for event in (*before, act)
    if not isinstance(event, DecisionDrafted)
] + 4 * [
    sample(HearingOmitted),
    sample(DecisionMade, **AGAINST_HER),
    sample(DecisionMade, **FAVOURABLE),
]
"""Acts that a guard forbids, what leads up to them, and decisions that are as the law wants them."""


def _of_some_decision(event, decision):
    return msgspec.structs.replace(event, decision=decision) if hasattr(event, "decision") else event


_LIKELY = st.builds(_of_some_decision, st.sampled_from(LIKELY), st.sampled_from(DECISIONS))
TRIED = _LIKELY | _LIKELY | LANE
TRIES = st.lists(
    st.tuples(TRIED, st.sampled_from(("town", "town", "region")), st.sampled_from((0, 1, 5, 40))),
    min_size=10,
    max_size=24,
)
"""What is tried, by whom, and how many hours later."""


@pytest.fixture
def house(sqlite_house, monkeypatch):
    """A case can be submitted, and nobody asks for the letter by which an act is done."""
    sqlite_house.two_authorities()
    monkeypatch.setattr(rights, "without_letter", lambda event: None)
    return sqlite_house


def broken(house, handover):
    """The gated rights that the replay of the case finds broken."""
    now = to_instant(house.clock.now())
    streams = (handover, facts_of(handover), *(rights_of(handover, one) for one in (MUNICIPALITY, REGION)))
    events = [one for stream in streams for one in house.log.stream(stream)]
    return [
        one.rule
        for one in judge_case(events, handover, now)
        if one.rule in GATED and one.state in (State.VIOLATED, State.TO_BE_ASSESSED)
    ]


def _begun(house, handover, actor):
    """Decisions are under way with each, so that much of what is tried concerns one."""
    for decision in DECISIONS:
        house.right(actor, sample(DecisionDrafted, handover=handover, decision=decision))


def _try(house, actor, event, done):
    text = "Begrundelsen står her." if needs_words(event) else None
    try:
        house.right(actor, event, text=text)
    except Refused as refused:
        done[refused.code] += 1
    else:
        done[event.NAME] += 1


@pytest.mark.parametrize("gates", ["on", "off"])
def test_random_histories(house, monkeypatch, gates):
    done: Counter[str] = Counter()
    found: Counter[str] = Counter()
    if gates == "off":
        monkeypatch.setattr(rights, "broken_by", partial(broken_by, rules={}))

    @given(TRIES)
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    def history(tries):
        handover = house.submit(clinician())
        for actor in PEOPLE.values():
            _begun(house, handover, actor)
        for event, who, hours in tries:
            house.clock.advance(hours=hours, minutes=1)
            said = msgspec.structs.replace(event, handover=handover, outside=False)
            _try(house, PEOPLE[who], said, done)
        breaches = broken(house, handover)
        found.update(breaches)
        assert gates == "off" or breaches == []

    history()
    # and it was no idle run: decisions were made, and guards had to refuse
    assert done["decision-made"] > 3
    if gates == "on":
        assert sum(done[rule] for rule in GATED) > 20
    else:
        assert len(found) > 6, "without the guards the same histories break many rights"


# Two colleagues at once


@pytest.fixture
def ready(house):
    """An adverse decision that may be made: drafted, and its hearing left out on a ground."""
    handover = house.submit(clinician())
    for event in (
        sample(DecisionDrafted, handover=handover, kind="refusal", adverse=True),
        sample(HearingOmitted, handover=handover, ground="fvl:19.2.1"),
    ):
        house.clock.advance(minutes=1)
        house.right(caseworker(), event, text="Begrundelsen står her.")
    house.clock.advance(minutes=1)
    return handover


class _MeanwhileLog:
    """The log, and what a colleague does between a reading of it and the next append."""

    def __init__(self, log, meanwhile):
        self._log, self._meanwhile = log, meanwhile

    def __getattr__(self, name):
        return getattr(self._log, name)

    def append(self, command):
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return self._log.append(command)


def test_a_colleague_registers_her_request_just_before_the_decision_is_written(house, ready):
    decision = sample(DecisionMade, handover=ready, **AGAINST_HER)
    asked = sample(AccessRequested, handover=ready, regime="fvl")
    command = rights.RecordRight(event=decision)
    log = _MeanwhileLog(house.log, lambda: house.right(caseworker(), asked))
    services = msgspec.structs.replace(house.services, log=log)
    # when the decision is written on what was read before the request came
    with pytest.raises(Refused) as refused:
        rights.record_right(services, house.as_(caseworker()), command)
    # then it is judged again, and waits for her access
    assert refused.value.code == "access-holds-decision"
    assert broken(house, ready) == []


def test_what_a_colleague_did_meanwhile_is_no_reason_to_refuse_by_itself(house, ready):
    decision = sample(DecisionMade, handover=ready, **AGAINST_HER)
    note = sample(AccessRequested, handover=ready, regime="sul")
    log = _MeanwhileLog(house.log, lambda: house.right(caseworker(), note))
    services = msgspec.structs.replace(house.services, log=log)
    rights.record_right(services, house.as_(caseworker()), rights.RecordRight(event=decision))
    assert broken(house, ready) == []


def test_two_colleagues_at_once(house):
    """One decides while the other registers her request: whoever comes second is judged by the first."""
    outcomes: Counter[str] = Counter()
    for _ in range(6):
        handover = house.submit(clinician())
        house.right(caseworker(), sample(DecisionDrafted, handover=handover, adverse=True))
        house.right(caseworker(), sample(HearingOmitted, handover=handover, ground="fvl:19.2.1"), text="Ja.")
        house.clock.advance(minutes=1)
        start = threading.Barrier(2)

        def act(event, start=start):
            start.wait()
            _try(house, caseworker(), event, outcomes)

        acts = (
            sample(DecisionMade, handover=handover, **AGAINST_HER),
            sample(AccessRequested, handover=handover, regime="fvl"),
        )
        threads = [threading.Thread(target=act, args=(event,)) for event in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        house.clock.advance(hours=1)
        assert broken(house, handover) == []
    assert outcomes["access-requested"] == 6
    assert outcomes["decision-made"] + outcomes["access-holds-decision"] == 6


def test_what_was_received_earlier_and_registered_later_is_found_and_not_refused(house, ready):
    """Her letter had come the day before; the decision was made without knowing of it."""
    received = house.clock.now() - timedelta(minutes=1)
    house.right(caseworker(), sample(DecisionMade, handover=ready, **AGAINST_HER))
    house.clock.advance(days=1)
    house.right(caseworker(), sample(AccessRequested, handover=ready, regime="fvl"), received)
    assert broken(house, ready) == ["access-holds-decision"]
