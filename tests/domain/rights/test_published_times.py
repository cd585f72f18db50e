"""A decision within the time that the municipality had published (RSL §3(2), §3a)."""

import pytest

from domain.calendar.counting import DayUnit
from domain.law.deadline_register import Published
from domain.rights import published
from domain.rights.complaints import AppealDecided
from domain.rights.decisions import ApplicationReceived, DecisionMade
from domain.rights.judge import judge
from domain.rights.moment import Moment
from domain.rights.verdict import State
from tests.domain.rights.samples import HANDOVER, matter, sample

MUNICIPALITY, SUCCESSOR = "0370", "0360"
LATER = "2027-12-01T09:00:00.000000Z"


def happened(event, on, controller=MUNICIPALITY, position=1):
    """An event as it stands on the log, at noon of a Danish day."""
    facts = {name: getattr(event, name) for name in event.__struct_fields__}
    return Moment(
        event=event.NAME,
        facts={name: str(value) if name in ("decision", "after") else value for name, value in facts.items()},
        occurred_at=f"{on}T11:00:00.000000Z",
        position=position,
        controller=controller,
    )


def publication(length, unit: DayUnit, valid_from, *, entered, basis="sel:101", authority=MUNICIPALITY):
    """A published time of decision, and the day it was entered in the register."""
    facts = {
        "authority": authority,
        "legal_basis": basis,
        "length": length,
        "unit": unit,
        "valid_from": valid_from,
        "source": "municipal-website",
    }
    return Moment(
        event="processing-time-published",
        facts=facts,
        occurred_at=f"{entered}T11:00:00.000000Z",
        position=0,
        controller=authority,
    )


def applied(on, basis="sel:101"):
    return happened(sample(ApplicationReceived, decision=matter("decision"), legal_basis=basis), on)


def decided(on, number=1, after=None, basis="sel:101"):
    event = sample(DecisionMade, decision=matter("decision", number), legal_basis=basis, after=after)
    return happened(event, on)


def verdict(*moments, rule="processing-time", at=LATER):
    in_order = sorted(moments, key=lambda one: one.occurred_at)
    [found] = [one for one in judge(in_order, HANDOVER, at) if one.rule == rule]
    return found


FOUR_WEEKS = publication(4, "weeks", "2026-01-01", entered="2026-01-02")


@pytest.mark.parametrize(
    ("decided_on", "state"), [("2026-03-30", State.FULFILLED), ("2026-03-31", State.FULFILLED_LATE)]
)
def test_a_decision_on_the_last_day_of_the_published_time_is_in_time_and_a_day_later_is_late(
    decided_on, state
):
    found = verdict(FOUR_WEEKS, applied("2026-03-02"), decided(decided_on))
    assert (str(found.strict), str(found.lenient), found.state) == ("2026-03-30", "2026-03-30", state)
    assert found.reason is None


@pytest.mark.parametrize(
    ("at", "state"),
    [("2026-03-30T21:59:59.000000Z", State.PENDING), ("2026-03-30T22:00:00.000000Z", State.VIOLATED)],
)
def test_without_a_decision_it_is_broken_when_the_last_day_has_ended_in_denmark(at, state):
    assert verdict(FOUR_WEEKS, applied("2026-03-02"), at=at).state is state


@pytest.mark.parametrize(("unit", "last_day"), [("days", "2026-03-12"), ("working-days", "2026-03-16")])
def test_it_is_counted_in_the_unit_that_was_published(unit, last_day):
    ten = publication(10, unit, "2026-01-01", entered="2026-01-02")
    assert str(verdict(ten, applied("2026-03-02")).strict) == last_day


def test_nothing_published_gives_no_dates_and_says_why():
    found = verdict(applied("2026-03-02"))
    assert (found.strict, found.lenient, found.state) == (None, None, State.PENDING)
    assert found.reason == "length-not-published"


@pytest.mark.parametrize(
    "other",
    [
        publication(4, "weeks", "2026-01-01", entered="2026-01-02", basis="sul:141"),
        publication(4, "weeks", "2026-01-01", entered="2026-01-02", authority="0330"),
        publication(4, "weeks", "2026-03-03", entered="2026-01-02"),
    ],
    ids=["another legal basis", "another municipality", "from the day after"],
)
def test_what_was_published_of_something_else_does_not_count(other):
    assert verdict(other, applied("2026-03-02")).reason == "length-not-published"


def test_a_later_publication_does_not_change_the_limit_of_an_earlier_application():
    given = (FOUR_WEEKS, applied("2026-03-02"))
    before = verdict(*given)
    later = publication(12, "weeks", "2026-03-03", entered="2026-03-03")
    dated_back = publication(12, "weeks", "2026-02-01", entered="2026-03-03")
    assert verdict(*given, later) == verdict(*given, dated_back) == before
    # while it holds for the next
    assert str(verdict(FOUR_WEEKS, later, applied("2026-03-03")).strict) == "2026-05-26"


def test_what_stood_published_and_was_entered_afterwards_counts_where_nothing_was_entered():
    afterwards = publication(4, "weeks", "2025-06-01", entered="2026-03-20")
    assert str(verdict(applied("2026-03-02"), afterwards).strict) == "2026-03-30"


def test_of_several_the_one_that_holds_from_the_latest_day_counts():
    newer = publication(2, "weeks", "2026-03-02", entered="2026-01-02")
    assert str(verdict(FOUR_WEEKS, newer, applied("2026-03-02")).strict) == "2026-03-16"
    assert str(verdict(FOUR_WEEKS, newer, applied("2026-03-01")).strict) == "2026-03-29"


def test_a_remitted_case_is_decided_again_within_the_time_of_the_decisions_legal_basis():
    """RSL §3a: counted from the receipt of Ankestyrelsen's decision."""
    health = publication(2, "weeks", "2026-01-01", entered="2026-01-02", basis="sul:141")
    remitted = happened(
        AppealDecided(
            handover=HANDOVER,
            complaint=matter("complaint"),
            decision=matter("decision"),
            body="ankestyrelsen",
            outcome="remitted",
        ),
        "2026-06-01",
    )
    past = (FOUR_WEEKS, health, applied("2026-03-02"), decided("2026-03-10"), remitted)
    found = verdict(*past, rule="remittal")
    assert (str(found.strict), found.state) == ("2026-06-29", State.VIOLATED)
    again = decided("2026-06-29", 2, after=matter("decision"))
    assert verdict(*past, again, rule="remittal").state is State.FULFILLED
    # a decision under another act than the social ones is not bound by it, whatever was published
    other = (FOUR_WEEKS, health, decided("2026-03-10", basis="sul:141"), remitted)
    assert "remittal" not in {one.rule for one in judge(other, HANDOVER, LATER)}


@pytest.mark.parametrize(("basis", "bound"), [("sel:101", True), ("sel:101.7", True), ("sul:142", False)])
def test_a_time_of_decision_binds_in_the_social_acts_only(basis, bound):
    """RSL §3 is about help under the social acts; nobody waits for a date that no law asks for."""
    found = judge([applied("2026-03-02", basis=basis)], HANDOVER, LATER)
    assert ("processing-time" in {one.rule for one in found}) == bound


def test_a_successor_owes_what_the_authority_before_it_had_published():
    carried = Moment(
        event="handover-carried-over",
        facts={"from_authority": MUNICIPALITY, "to_authority": SUCCESSOR},
        occurred_at="2026-03-10T11:00:00.000000Z",
        position=2,
        controller=MUNICIPALITY,
    )
    theirs = publication(12, "weeks", "2026-01-01", entered="2026-01-02", authority=SUCCESSOR)
    found = verdict(FOUR_WEEKS, theirs, applied("2026-03-02"), carried)
    assert (found.authority, str(found.strict)) == (SUCCESSOR, "2026-03-30")


def test_the_data_file_stands_in_where_the_register_has_none(monkeypatch):
    on_file = {MUNICIPALITY: Published(length=6, unit="weeks", source="test")}
    monkeypatch.setattr(published, "published_limits", lambda: on_file)
    assert str(verdict(applied("2026-03-02")).strict) == "2026-04-13"
    assert str(verdict(FOUR_WEEKS, applied("2026-03-02")).strict) == "2026-03-30"
