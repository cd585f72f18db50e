"""Times that others wait for, and last dates that a letter told."""

from datetime import date

import pytest

from domain.rights import access as a
from domain.rights import complaints as c
from domain.rights import decisions as d
from domain.rights import hearing as h
from domain.rights import letters as b
from domain.rights.rule import rights_rules
from domain.rights.verdict import State
from tests.domain.rights.given import REGION, at, day_after, did, last_moment, of, states, verdicts
from tests.domain.rights.samples import matter

ADVERSE = {"outcome": "refusal", "adverse": True, "agreed": False, "oral": False, "access_ground": None}


def decided(when, **more):
    return did(d.DecisionMade, when, **(ADVERSE | more))


def heard(when, *before):
    """Whether an adverse decision at a moment keeps the right to be heard."""
    return of("hearing", *before, decided(when), as_of=at("2027-06-01")).state


def spoken(when, *before):
    """Whether it keeps the right to make a statement first."""
    return of("statement", *before, decided(when), as_of=at("2027-06-01")).state


def seen(when, *before):
    """Whether it keeps the right to see the file first."""
    return of("access-holds-decision", *before, decided(when), as_of=at("2029-01-03")).state


SENT = did(h.HearingSent, "2026-12-01", answer_by="2026-12-15")
DEMANDED = did(h.StatementDemanded, "2026-12-01", answer_by="2026-12-15")
ASKED = did(a.AccessRequested, "2026-12-01", regime="fvl")
KEPT, BROKEN = State.FULFILLED, State.VIOLATED
PERIODS = {name for name, rule in rights_rules().items() if rule.kind == "period"}


def test_every_period_of_the_register_is_tried_here():
    assert {"access-pending", "hearing-period", "statement-period", "upheld-period"} == PERIODS


@pytest.mark.parametrize("name", sorted(PERIODS))
def test_a_period_is_nobodys_breach(name):
    told = verdicts(
        SENT,
        DEMANDED,
        ASKED,
        did(c.ComplaintReconsidered, "2026-12-01", outcome="partial"),
        as_of=at("2028-01-03"),
    )
    assert name not in {one.rule for one in told}


def test_a_hearing_waits_until_the_end_of_its_last_day():
    assert heard(last_moment("2026-12-15"), SENT) is BROKEN
    assert heard(day_after("2026-12-15"), SENT) is KEPT


def test_a_hearing_that_is_answered_waits_no_longer():
    answered = did(h.HearingAnswered, "2026-12-04")
    assert heard("2026-12-05", SENT, answered) is KEPT
    assert heard("2026-12-03", SENT, answered) is BROKEN


def test_a_hearing_that_ends_on_a_day_off_ends_on_the_next_working_day_for_her():
    on_christmas_eve = did(h.HearingSent, "2026-12-10", answer_by="2026-12-24")
    assert heard("2026-12-25", on_christmas_eve) is BROKEN
    assert heard(last_moment("2026-12-28"), on_christmas_eve) is BROKEN
    assert heard(day_after("2026-12-28"), on_christmas_eve) is KEPT


def test_a_hearing_that_is_extended_waits_until_the_new_day():
    more = did(h.HearingExtended, "2026-12-10", answer_by="2027-01-06")
    assert heard("2026-12-16", SENT, more) is BROKEN
    assert heard(day_after("2027-01-06"), SENT, more) is KEPT


def test_more_time_may_be_given_after_the_first_day_has_passed():
    more = did(h.HearingExtended, "2026-12-17", answer_by="2027-01-06")
    assert heard("2026-12-16", SENT, more) is KEPT, "it had ended then"
    assert heard("2026-12-18", SENT, more) is BROKEN


def test_an_extension_never_shortens():
    shorter = did(h.HearingExtended, "2026-12-02", answer_by="2026-12-03")
    assert heard("2026-12-08", SENT, shorter) is BROKEN
    assert heard(day_after("2026-12-15"), SENT, shorter) is KEPT


def test_two_hearings_of_one_decision_are_both_waited_for():
    second = did(h.HearingSent, "2026-12-03", hearing=matter("hearing", 2), answer_by="2027-01-06")
    answered = did(h.HearingAnswered, "2026-12-04")
    assert heard("2026-12-16", SENT, second, answered) is BROKEN
    both = did(h.HearingAnswered, "2026-12-17", hearing=matter("hearing", 2))
    assert heard("2026-12-18", SENT, second, answered, both) is KEPT


@pytest.mark.parametrize(("decided_on", "kept"), [("2026-12-18", BROKEN), ("2026-12-19", KEPT)])
def test_a_hearing_letter_that_comes_late_gives_as_many_days_more(decided_on, kept):
    """HOERING counts from the letter's arrival: it was presumed on the 2nd and came on the 5th."""
    about = {"matter": matter("hearing"), "about": "hearing"}
    letter_sent = did(b.LetterSent, "2026-12-01", presumed_on="2026-12-02", **about)
    came = did(b.LetterArrived, "2026-12-05", **about)
    assert heard(decided_on, SENT, letter_sent, came) is kept
    assert heard("2026-12-16", SENT, letter_sent) is KEPT, "as presumed"
    answered = did(h.HearingAnswered, "2026-12-06")
    assert heard("2026-12-07", SENT, letter_sent, came, answered) is KEPT


def test_her_demand_to_speak_holds_the_decision_until_she_has_or_is_refused_or_the_day_is_over():
    assert spoken("2026-12-02", DEMANDED) is BROKEN
    assert spoken(last_moment("2026-12-15"), DEMANDED) is BROKEN
    assert spoken(day_after("2026-12-15"), DEMANDED) is KEPT
    assert spoken("2026-12-03", DEMANDED, did(h.StatementMade, "2026-12-02")) is KEPT
    assert spoken("2026-12-03", DEMANDED, did(h.StatementRefused, "2026-12-02", ground="fvl:21.2.1")) is KEPT
    assert spoken("2026-12-03") is KEPT, "nobody demanded it"


def test_a_demand_without_a_day_waits_for_her_or_for_the_day_that_the_authority_sets():
    demanded = did(h.StatementDemanded, "2026-12-01", answer_by=None)
    limit = did(h.StatementLimitSet, "2026-12-02", answer_by="2026-12-15")
    assert spoken("2027-05-03", demanded) is BROKEN
    assert spoken(last_moment("2026-12-15"), demanded, limit) is BROKEN
    assert spoken(day_after("2026-12-15"), demanded, limit) is KEPT
    longer = did(h.StatementLimitSet, "2026-12-03", answer_by="2026-12-22")
    shorter = did(h.StatementLimitSet, "2026-12-03", answer_by="2026-12-04")
    assert spoken("2026-12-16", demanded, limit, longer) is BROKEN
    assert spoken("2026-12-05", demanded, limit, shorter) is BROKEN, "what was set is not taken from her"
    over = did(h.StatementLimitSet, "2026-12-02", answer_by="2026-11-01")
    assert spoken("2026-12-16", demanded, over) is BROKEN, "a day that was over sets none"
    assert spoken("2026-12-16", did(h.StatementLimitSet, "2026-12-02", answer_by="2027-01-15")) is KEPT


def test_a_demand_in_another_decision_holds_nothing_here():
    other = did(h.StatementDemanded, "2026-12-01", decision=matter("decision", 2), answer_by="2026-12-15")
    assert spoken("2026-12-02", other) is KEPT


@pytest.mark.parametrize(
    "ended",
    [
        did(a.AccessGiven, "2026-12-08"),
        did(a.AccessDecided, "2026-12-08", outcome="refused"),
        did(a.AccessWithdrawn, "2026-12-08"),
    ],
    ids=lambda one: one.event,
)
def test_pending_access_holds_every_decision_of_the_case_until_it_ends(ended):
    assert seen("2026-12-07", ASKED, ended) is BROKEN
    assert seen("2026-12-09", ASKED, ended) is KEPT
    assert seen("2028-12-29", ASKED) is BROKEN, "it has no end of its own"


@pytest.mark.parametrize("regime", ["sul", "ofl", "gdpr"])
def test_access_under_another_regime_holds_nothing(regime):
    assert seen("2026-12-02", did(a.AccessRequested, "2026-12-01", regime=regime)) is KEPT


def test_what_waits_with_another_authority_holds_nothing_here():
    """Who decides a case decides on access to it (FVL §16(1))."""
    assert seen("2026-12-02", did(a.AccessRequested, "2026-12-01", REGION, regime="fvl")) is KEPT
    assert (
        spoken("2026-12-02", did(h.StatementDemanded, "2026-12-01", REGION, answer_by="2026-12-15")) is KEPT
    )


# The last date that a letter told


def letter(told, track="a", presumed="2026-11-26", **more):
    facts = {"about": "decision", "told_last_date": told, "track": track, "presumed_on": presumed}
    return did(b.LetterSent, "2026-11-20", **(facts | more))


def test_it_told_the_cautious_date_or_a_later_one():
    # From 26/11, by law.md 11.5: 24/12 raw, 28/12 rolled.
    assert of("told-last-date", letter("2026-12-28"), as_of=at("2026-11-21")).state is State.FULFILLED
    found = of("told-last-date", letter("2026-12-29"), as_of=at("2026-11-21"))
    assert (found.state, found.lenient, found.told) == (
        State.FULFILLED,
        date(2026, 12, 28),
        date(2026, 12, 29),
    )


@pytest.mark.parametrize(("told", "state"), [("2026-12-27", State.DISPUTED), ("2026-12-23", BROKEN)])
def test_it_told_an_earlier_date_than_the_one_that_is_due(told, state):
    assert of("told-last-date", letter(told), as_of=at("2026-11-21")).state is state


@pytest.mark.parametrize(
    ("arrived", "due"),
    [
        ("2026-02-28", "2026-03-30"),
        ("2026-03-06", "2026-04-07"),
        ("2026-04-16", "2026-05-15"),
        ("2026-04-24", "2026-05-22"),
        ("2026-11-26", "2026-12-28"),
    ],
)
def test_four_weeks_from_arrival_as_the_law_counts_them(arrived, due):
    given = letter(due, presumed=arrived)
    found = of("told-last-date", given, as_of=given.occurred_at)
    assert (found.state, str(found.lenient)) == (State.FULFILLED, due)


@pytest.mark.parametrize("track", ["a", "a2", "c"])
def test_each_track_with_four_weeks_is_compared(track):
    assert of("told-last-date", letter("2026-12-23", track), as_of=at("2026-11-21")).state is BROKEN


def test_a_refusal_of_access_is_compared_too():
    assert of("told-last-date", letter("2026-12-23", about="access"), as_of=at("2026-11-21")).state is BROKEN


@pytest.mark.parametrize("track", ["b", "b2", "d", "e", "f", "g"])
def test_a_track_without_such_a_period_compares_nothing(track):
    found = of("told-last-date", letter("2026-11-21", track), as_of=at("2026-11-21"))
    assert (found.state, found.lenient) == (State.FULFILLED, None)


def test_proven_arrival_moves_the_date_later_and_never_earlier():
    given = letter("2026-12-28")
    early, late = did(b.LetterArrived, "2026-11-23"), did(b.LetterArrived, "2026-12-03")
    assert str(of("told-last-date", given, early, as_of=at("2026-12-10")).lenient) == "2026-12-28"
    moved = of("told-last-date", given, late, as_of=at("2026-12-10"))
    assert str(moved.lenient) == "2027-01-04", "28 days end on 31/12, and are rolled"
    assert moved.state is BROKEN, "what the letter told is now too early, and she must be told"
    before = of("told-last-date", given, late, as_of=at("2026-12-02"))
    assert (before.state, str(before.lenient)) == (State.FULFILLED, "2026-12-28")


def test_another_letters_arrival_moves_nothing():
    other = did(b.LetterArrived, "2026-12-03", letter=matter("letter", 2))
    assert str(of("told-last-date", letter("2026-12-28"), other, as_of=at("2027-01-02")).lenient) == (
        "2026-12-28"
    )


def test_a_letter_without_a_last_date_told_none():
    assert states("told-last-date", letter(None), as_of=at("2026-12-01")) == []
    assert states("told-last-date", letter("2026-12-28", about="hearing"), as_of=at("2026-12-01")) == []
