"""One and six months after treatment ended the municipality follows up (AFD §4(2))."""

from datetime import date

import pytest

from domain.course import events as f
from domain.course.follow_up import follow_ups
from domain.law import responsibility
from tests.domain.course.course import ON, OTHER_TOWN, REGION, TOWN, at, course, handed_over, submitted
from workflows.machines.installed import definition

ENDED = f.TreatmentEnded(**ON, authority=TOWN, status="completed")


def done(months, status="well"):
    return f.FollowUpDone(**ON, after_months=months, status=status)


def test_given_treatment_ended_then_both_are_owed_and_each_is_due_by_its_rule():
    found = follow_ups(handed_over((ENDED, 0)))
    assert [(one.rule, one.authority, one.due, one.done_at) for one in found] == [
        ("OPF1", TOWN, date(2026, 12, 2), None),
        # 2 May 2027 is a Sunday.
        ("OPF6", TOWN, date(2027, 5, 3), None),
    ]


def test_what_was_done_counts_for_its_own_month_and_the_last_end_before_it():
    case = handed_over((ENDED, 0), (done(1), 30), (ENDED, 90), (done(6, "relapsed"), 200))
    found = {(one.ended_at, one.after_months): (one.done_at, one.status) for one in follow_ups(case)}
    assert found == {
        (at(0), 1): (at(30), "well"),
        (at(0), 6): (None, None),
        (at(90), 1): (None, None),
        (at(90), 6): (at(200), "relapsed"),
    }


def test_nothing_is_owed_before_treatment_ended_nor_to_the_dead():
    assert follow_ups(handed_over((done(1), 3))) == ()
    assert follow_ups(handed_over((ENDED, 0), (f.CitizenDeceased(**ON), 5))) == ()


def _ended(status, authority=TOWN):
    return f.TreatmentEnded(**ON, authority=authority, status=status)


def _setting(monkeypatch, **changes):
    changed = {"follow_up": responsibility.settings()["follow_up"] | changes}
    monkeypatch.setattr("domain.course.follow_up.settings", lambda: changed)


@pytest.mark.parametrize(
    "status", [value.name for value in definition("handover", 2).fact("treatment-ended").codes[0].values]
)
def test_every_end_but_a_death_owes_them_unless_the_setting_says_otherwise(status, monkeypatch):
    """AFD §4(2) names some ends only; which of ours they are is not settled."""
    case = handed_over((_ended(status), 0))
    assert bool(follow_ups(case)) == (status != "deceased")
    _setting(monkeypatch, owes_none=[status])
    assert follow_ups(case) == ()


def test_given_the_region_ended_treatment_then_the_municipality_that_acted_then_owes_them(monkeypatch):
    moved = f.ActingMunicipalityChanged(**ON, municipality=OTHER_TOWN, basis="residence")
    later = handed_over((_ended("completed", REGION), 5), (moved, 9))
    assert [one.authority for one in follow_ups(later)] == [TOWN, TOWN]
    before = handed_over((moved, 2), (_ended("completed", REGION), 5))
    assert [one.authority for one in follow_ups(before)] == [OTHER_TOWN, OTHER_TOWN]
    _setting(monkeypatch, after_regions_treatment="nobody")
    assert follow_ups(before) == ()


def test_given_nobody_knows_which_municipality_acts_then_who_ended_treatment_owes_them():
    unknown = submitted("ukendt", "ukendt", acting_municipality=None)
    case = course((unknown, 0, REGION), (_ended("completed", REGION), 5))
    assert [one.authority for one in follow_ups(case)] == [REGION, REGION]


def test_an_end_that_was_retracted_owes_nothing():
    retracted = f.CaseFactRetracted(**ON, position=2, retracts=ENDED.NAME, reason="did-not-happen")
    assert follow_ups(handed_over((ENDED, 0), (retracted, 1))) == ()


def test_beyond_the_calendar_it_is_owed_without_a_date():
    [first, _] = follow_ups(handed_over((ENDED, -20000)))
    assert first.due is None
