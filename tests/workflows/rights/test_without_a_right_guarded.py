"""Take one guard away, and the replay finds exactly that breach; with all of them, it finds none.

Letters are taken for granted here, so that acts with any facts reach the guards (`test_letters.py` has what
a letter itself prevents).
"""

import msgspec
import pytest

from audit.replay.source import StoredLog
from audit.verdicts.rights import Rights, ask
from domain.events.instant import to_instant
from domain.events.refusal import Refused
from domain.rights.disclosure import ConsentWithdrawn, ObjectionRegistered
from domain.rights.duties import RightsFactRetracted
from domain.rights.judge import broken_by
from domain.rights.rule import rights_rules
from domain.rights.verdict import State
from tests.domain.rights.samples import sample
from tests.journeys.cast import OTHER_MUNICIPALITY, caseworker, clinician
from tests.journeys.papers import document
from tests.workflows.rights.acts import FORBIDDEN
from workflows.handlers import guard, read, rights
from workflows.handlers.claimed import needs_words

GATED = {name for name, rule in rights_rules().items() if rule.gated}
BY_STEPS = {"consent-not-withdrawn", "no-leg-against-objection"}
"""Guarded where the handover itself is sent, not in the lane of rights."""


@pytest.fixture
def house(sqlite_house, monkeypatch):
    """A case can be submitted, and nobody asks for the letter by which an act is done."""
    sqlite_house.two_authorities()
    monkeypatch.setattr(rights, "without_letter", lambda event: None)
    return sqlite_house


@pytest.fixture
def case(house):
    handover = house.submit(clinician())
    house.open(caseworker(), handover)
    return handover


def breaches(house, handover):
    """What an auditor's replay of the log finds broken on the case now."""
    with StoredLog(house.database).snapshot() as log:
        asked = ask(log, to_instant(house.clock.now()), handover=handover)
        rows = Rights(log, asked).case(handover).rows
    broken = (State.VIOLATED, State.TO_BE_ASSESSED, State.DISPUTED, State.FULFILLED_LATE)
    return [(one.rule, one.trigger) for one in rows if one.state in broken]


def do(house, actor, event, at=None):
    """An act with its reason in words, where it needs one."""
    text = "Begrundelsen står her." if needs_words(event) else None
    house.right(actor, event, at, text=text)


def prepared(house, case, rule):
    """What came before, done; and the act."""
    actor = caseworker()
    before, act = FORBIDDEN[rule](case, actor)
    for event in before:
        house.clock.advance(minutes=1)
        do(house, actor, event)
    house.clock.advance(minutes=1)
    assert breaches(house, case) == []
    return actor, act


def without(monkeypatch, rule):
    """The guard of one right is gone."""
    held = {name: one for name, one in rights_rules().items() if name != rule}
    monkeypatch.setattr(rights, "broken_by", lambda act, past, of: broken_by(act, past, of, held))


def test_every_guard_is_taken_away_in_turn():
    assert set(FORBIDDEN) | BY_STEPS == GATED


@pytest.mark.parametrize("rule", sorted(FORBIDDEN))
def test_the_guard_refuses_the_act_and_nothing_is_recorded_but_the_refusal(house, case, rule):
    actor, act = prepared(house, case, rule)
    lane = len(rights.lane_of(house.services, case, actor.authority).events)
    with pytest.raises(Refused) as refused:
        do(house, actor, act)
    assert refused.value.code == rule
    assert rights_rules()[rule].basis[0] in refused.value.detail
    assert len(rights.lane_of(house.services, case, actor.authority).events) == lane
    assert (rights.COMMAND, rule) in house.refusals(case)
    assert breaches(house, case) == []


@pytest.mark.parametrize("rule", sorted(FORBIDDEN))
def test_without_the_guard_the_replay_finds_exactly_that_breach(house, case, monkeypatch, rule):
    actor, act = prepared(house, case, rule)
    without(monkeypatch, rule)
    do(house, actor, act)
    assert breaches(house, case) == [(rule, house.events()[-1].header.position)]


@pytest.mark.parametrize("rule", sorted(FORBIDDEN))
def test_done_on_paper_and_registered_afterwards_it_is_recorded_and_found(house, case, rule):
    actor, act = prepared(house, case, rule)
    done_at = house.clock.now()
    house.clock.advance(hours=2)
    do(house, actor, msgspec.structs.replace(act, outside=True), done_at)
    assert breaches(house, case) == [(rule, house.events()[-1].header.position)]
    assert house.refusals(case) == []


SAID = [
    (ConsentWithdrawn, {"scope": "disclosure"}, "consent-not-withdrawn"),
    (
        ObjectionRegistered,
        {"scope": "disclosure", "consequences_explained": True},
        "no-leg-against-objection",
    ),
]


def test_each_guard_of_a_step_is_taken_away():
    assert {rule for _, _, rule in SAID} == BY_STEPS


@pytest.mark.parametrize(("event", "stated", "rule"), SAID)
def test_without_the_guard_of_the_step_the_replay_finds_what_was_sent(
    house, case, monkeypatch, event, stated, rule
):
    house.authority(OTHER_MUNICIPALITY)
    house.mailbox(OTHER_MUNICIPALITY)
    house.right(clinician(), sample(event, handover=case, **stated))
    house.clock.advance(minutes=1)
    with pytest.raises(Refused):
        house.forward(caseworker(), case, OTHER_MUNICIPALITY)
    assert breaches(house, case) == []
    monkeypatch.setattr(guard, "live_facts", lambda services, state, facts=None: state.document_facts)
    house.forward(caseworker(), case, OTHER_MUNICIPALITY)
    assert {found for found, _ in breaches(house, case)} == {rule}


@pytest.mark.parametrize(("event", "stated", "rule"), SAID)
def test_without_the_lock_the_replay_finds_the_first_opening(house, monkeypatch, event, stated, rule):
    shut = house.submit(clinician())
    house.right(clinician(), sample(event, handover=shut, **stated))
    house.clock.advance(minutes=1)
    with pytest.raises(Refused):
        house.open(caseworker(), shut)
    assert breaches(house, shut) == []
    monkeypatch.setattr(read, "is_locked", lambda services, state, side: False)
    house.open(caseworker(), shut)
    assert {found for found, _ in breaches(house, shut)} == {rule}


def test_what_rests_on_no_consent_goes_on_when_a_consent_is_taken_back(house):
    """The guard, the lock and the replay agree: a basis of the discloser's own is not hers to take back."""
    basis = {"samtykke__basis": "sul-43-2-2", "samtykke__exception_reason": "danger-to-life"}
    case = house.submit(clinician(), document(**basis))
    house.right(clinician(), sample(ConsentWithdrawn, handover=case, scope="disclosure"))
    house.clock.advance(minutes=1)
    house.open(caseworker(), case)
    assert breaches(house, case) == []


def test_what_is_retracted_later_no_longer_carries_the_decision(house, case):
    """A hearing was registered by mistake; the decision that rested on it stands without one."""
    actor, act = prepared(house, case, "reasons")
    [hearing] = [one for one in house.events() if one.header.event == "hearing-omitted"]
    house.right(actor, msgspec.structs.replace(act, reasons_considerations=True))
    assert breaches(house, case) == []
    made = house.events()[-1].header.position
    house.clock.advance(minutes=1)
    retraction = sample(
        RightsFactRetracted,
        handover=case,
        position=hearing.header.position,
        retracts="hearing-omitted",
        reason="not-true",
    )
    house.right(actor, retraction, text="Det var en anden sag.")
    assert breaches(house, case) == [("hearing", made)]
