"""Decisions, reasons, the period of appeal, complaints and what comes of them (law.md 3, 4, 7)."""

import pytest

from domain.law.deadline_register import Published
from domain.rights import access as a
from domain.rights import complaints as c
from domain.rights import decisions as d
from domain.rights import letters as b
from domain.rights import published as published_times
from domain.rights.verdict import State
from tests.domain.rights.given import REGION, TOWN, at, day_after, did, of, states
from tests.domain.rights.samples import matter

LATER = at("2028-01-03")
NEW = matter("decision", 2)


def complained(when, **more):
    return did(c.ComplaintReceived, when, **({"track": "a", "urgent": False, "late": False} | more))


def forwarded(when, **more):
    return did(c.ComplaintForwarded, when, **more)


def reconsidered(when, outcome):
    return did(c.ComplaintReconsidered, when, outcome=outcome)


def test_written_reasons_within_14_days_of_her_request_or_a_word_why_and_when():
    asked = did(d.WrittenReasonsRequested, "2026-12-21")
    delayed = did(d.WrittenReasonsDelayed, "2027-01-04", reason="complexity", promised_on="2027-01-11")
    given = did(d.WrittenReasonsGiven, "2027-01-11")
    assert of("oral-reasons", asked, as_of=day_after("2027-01-04")).state is State.VIOLATED
    found = of("oral-reasons", asked, delayed, as_of=LATER)
    assert (found.state, found.opened) == (State.EXEMPT, ("oral-reasons-promised",))
    assert of("oral-reasons-promised", asked, delayed, given, as_of=LATER).state is State.FULFILLED


def test_no_appeal_period_runs_before_the_decision_is_proven_to_have_arrived():
    made = did(d.DecisionMade, "2026-12-16", oral=False)
    arrived = did(b.LetterArrived, "2026-12-21", about="decision", matter=matter("decision"))
    of_a_hearing = did(b.LetterArrived, "2026-12-21", about="hearing", matter=matter("decision"))
    assert of("decision-arrival", made, of_a_hearing, as_of=LATER).state is State.PENDING
    assert of("decision-arrival", made, arrived, as_of=LATER).state is State.FULFILLED
    assert states("decision-arrival", did(d.DecisionMade, "2026-12-16", oral=True), as_of=LATER) == []


@pytest.mark.parametrize("outcome", ["partly", "refused"])
def test_a_refusal_of_access_waits_for_proof_that_it_arrived(outcome):
    refused = did(a.AccessDecided, "2026-12-16", outcome=outcome)
    arrived = did(b.LetterArrived, "2026-12-18", about="access", matter=matter("request"))
    of_the_decision = did(b.LetterArrived, "2026-12-18", about="decision", matter=matter("decision"))
    assert of("access-arrival", refused, of_the_decision, as_of=LATER).state is State.PENDING
    assert of("access-arrival", refused, arrived, as_of=LATER).state is State.FULFILLED
    assert states("access-arrival", did(a.AccessDecided, "2026-12-16", outcome="granted"), as_of=LATER) == []


# The period of appeal, interrupted (FVL §17, §20)

TOLD = did(
    b.LetterSent, "2026-12-01", about="decision", presumed_on="2026-12-02", told_last_date="2026-12-30"
)
STOPPED = did(d.AppealPeriodInterrupted, "2026-12-10", cause="fvl:17")


def left(ends_on, *before, when="2026-12-16"):
    return of(
        "appeal-period-left",
        *before,
        did(d.AppealPeriodResumed, when, cause="fvl:17", ends_on=ends_on),
        as_of=LATER,
    ).state


def test_what_was_left_runs_on_when_it_was_more_than_14_days():
    assert left("2027-01-05", TOLD, STOPPED) is State.FULFILLED, "20 days were left on the 10th"
    assert left("2027-01-04", TOLD, STOPPED) is State.VIOLATED


@pytest.mark.parametrize("stopped", ["2026-12-16", "2026-12-28", "2027-01-20"])
def test_at_least_14_days_are_left(stopped):
    late = did(d.AppealPeriodInterrupted, stopped, cause="fvl:20")
    assert left("2027-02-15", TOLD, late, when="2027-02-01") is State.FULFILLED
    assert left("2027-02-14", TOLD, late, when="2027-02-01") is State.VIOLATED


def test_a_second_interruption_counts_from_the_new_last_day():
    once = did(d.AppealPeriodResumed, "2026-12-16", ends_on="2027-01-05")
    again = did(d.AppealPeriodInterrupted, "2026-12-17", cause="fvl:17")
    before = (TOLD, STOPPED, once, again)
    found = [
        one
        for ends_on in ("2027-01-20", "2027-01-19")
        for one in states(
            "appeal-period-left",
            *before,
            did(d.AppealPeriodResumed, "2027-01-01", ends_on=ends_on),
            as_of=LATER,
        )[1:]
    ]
    assert found == [State.FULFILLED, State.VIOLATED], "19 days were left"


def test_what_was_interrupted_runs_again():
    resumed = did(d.AppealPeriodResumed, "2026-12-16", ends_on="2027-02-01")
    assert of("appeal-period-resumes", STOPPED, as_of=LATER).state is State.PENDING
    assert of("appeal-period-resumes", STOPPED, resumed, as_of=LATER).state is State.FULFILLED


# Complaints (RSL §66, RSB §§11-14)


def test_four_weeks_to_reconsider_and_either_a_new_decision_or_it_is_sent_on():
    given = complained("2026-12-21")
    assert of("reconsideration", given, reconsidered("2027-01-18", "full"), as_of=LATER).state is (
        State.FULFILLED
    )
    assert of("reconsideration", given, forwarded("2027-01-18"), as_of=LATER).state is State.FULFILLED
    upheld = reconsidered("2027-01-18", "upheld")
    assert of("reconsideration", given, upheld, as_of=day_after("2027-01-18")).state is State.VIOLATED
    sent_on = forwarded("2027-01-19")
    assert of("reconsideration", given, upheld, sent_on, as_of=LATER).state is State.FULFILLED_LATE


def test_an_urgent_complaint_is_reconsidered_at_once_and_not_in_four_weeks():
    given = complained("2026-12-21", urgent=True)
    assert states("reconsideration", given, as_of=LATER) == []
    urgent = "reconsideration-urgent"
    assert of(urgent, given, as_of=day_after("2026-12-22")).state is State.DISPUTED, (
        "at once is a day, or a week"
    )
    assert of(urgent, given, as_of=day_after("2026-12-30")).state is State.VIOLATED


def test_a_late_complaint_is_never_refused_but_sent_on_at_once_with_its_lateness():
    given = complained("2026-12-21", late=True)
    assert states("reconsideration", given, as_of=LATER) == []
    assert of("late-complaint", given, forwarded("2026-12-22"), as_of=LATER).state is State.FULFILLED
    silent = forwarded("2026-12-22", lateness_noted=False)
    assert of("late-complaint", given, silent, as_of=LATER).state is State.VIOLATED


def test_partial_success_she_holds_on_to_the_rest_and_it_is_sent_on_in_14_days():
    given, partial = complained("2026-11-16"), reconsidered("2026-11-27", "partial")
    upheld = did(c.ComplaintUpheld, "2026-12-11")
    case = (given, partial, upheld)
    assert of("reconsideration", *case, as_of=LATER).state is State.FULFILLED
    assert of("upheld-forwarded", *case, forwarded("2026-12-25"), as_of=LATER).state is State.FULFILLED
    late = of("upheld-forwarded", *case, forwarded("2026-12-28"), as_of=LATER)
    assert (str(late.strict), late.state) == ("2026-12-25", State.FULFILLED_LATE), "never rolled"
    assert states("upheld-forwarded", given, partial, as_of=LATER) == [], "she did not hold on"


@pytest.mark.parametrize(
    ("track", "rule"),
    [
        ("a", "reconsideration"),
        ("a2", "reconsideration"),
        ("b", "complaint-without-body"),
        ("b2", "access-complaint"),
    ],
)
def test_each_track_has_its_own_way_on(track, rule):
    given = complained("2026-12-21", track=track)
    owed = {"reconsideration", "complaint-without-body", "access-complaint"}
    assert [one for one in sorted(owed) if states(one, given, as_of=LATER)] == [rule]
    assert of(rule, given, forwarded("2026-12-22"), as_of=LATER).state is State.FULFILLED


def test_the_region_reports_on_the_dialogue_in_four_weeks():
    opened = did(c.DialogueOpened, "2026-11-26", REGION)
    assert of("dialogue", opened, did(c.DialogueReported, "2026-12-24", REGION), as_of=LATER).state is (
        State.FULFILLED
    )
    by_the_town = did(c.DialogueReported, "2026-12-24", TOWN)
    assert of("dialogue", opened, by_the_town, as_of=LATER).state is State.VIOLATED


# What comes of an appeal, and the published time of decision (RSL §3, §3a)


@pytest.fixture
def published(monkeypatch):
    """The municipality has published four weeks."""
    found = {TOWN: Published(length=4, unit="weeks", source="https://example.org/sagsbehandlingstider")}
    monkeypatch.setattr(published_times, "published_limits", lambda: found)


def remitted(when):
    return did(c.AppealDecided, when, outcome="remitted", decision=matter("decision"))


def test_a_remitted_case_is_decided_anew_within_the_published_time(published):
    anew = did(d.DecisionMade, "2026-12-29", decision=NEW, after=matter("decision"))
    given = (did(d.DecisionMade, "2026-10-01"), remitted("2026-12-01"))
    assert of("remittal", *given, anew, as_of=LATER).state is State.FULFILLED
    assert of("remittal", *given, as_of=day_after("2026-12-29")).state is State.VIOLATED
    unrelated = did(d.DecisionMade, "2026-12-29", decision=NEW)
    assert of("remittal", *given, unrelated, as_of=LATER).state is State.VIOLATED
    for outcome in ("affirmed", "changed", "dismissed"):
        assert states("remittal", did(c.AppealDecided, "2026-12-01", outcome=outcome), as_of=LATER) == []


def test_a_promise_about_a_remitted_case_is_kept_by_the_new_decision(published):
    notice = did(d.ProcessingDelayNotified, "2026-12-20", promised_on="2027-01-15")
    anew = did(d.DecisionMade, "2027-01-15", decision=NEW, after=matter("decision"))
    case = (did(d.DecisionMade, "2026-10-01"), remitted("2026-12-01"), notice, anew)
    assert of("remittal", *case, as_of=LATER).state is State.EXEMPT
    assert of("processing-promised", *case, as_of=LATER).state is State.FULFILLED


def test_an_application_is_decided_within_the_published_time_or_she_is_told_in_writing(published):
    given = did(d.ApplicationReceived, "2026-12-01")
    made = did(d.DecisionMade, "2026-12-29")
    assert of("processing-time", given, made, as_of=LATER).state is State.FULFILLED
    assert of("processing-time", given, as_of=day_after("2026-12-29")).state is State.VIOLATED
    notice = did(d.ProcessingDelayNotified, "2026-12-29", promised_on="2027-01-15")
    assert of("processing-time", given, notice, as_of=LATER).state is State.EXEMPT
    assert of("processing-promised", given, notice, as_of=LATER).state is State.VIOLATED


def test_interrupting_for_access_needs_no_new_right_to_it():
    """FVL §17: the authority may; what it then owes is only that the period runs again."""
    asked = did(a.AccessRequested, "2026-12-09", regime="fvl")
    assert states("appeal-period-resumes", asked, as_of=LATER) == []
