"""Access to documents, and being heard: the law's own examples (law.md 3, 11.5)."""

from datetime import date

import pytest

from domain.rights import access as a
from domain.rights import decisions as d
from domain.rights import disclosure as i
from domain.rights import hearing as h
from domain.rights.verdict import State
from tests.domain.rights.given import at, day_after, did, last_moment, of, states, verdicts
from tests.domain.rights.samples import matter

REFUSAL = {"outcome": "refusal", "adverse": True, "agreed": False, "oral": False, "access_ground": None}


def asked(when, regime="fvl", **more):
    return did(a.AccessRequested, when, regime=regime, **more)


def decided(when, **more):
    return did(d.DecisionMade, when, **(REFUSAL | more))


@pytest.mark.parametrize("regime", ["fvl", "sul", "ofl"])
@pytest.mark.parametrize(
    ("received", "strict", "lenient"),
    [
        ("2026-02-06", "2026-02-17", "2026-02-17"),
        ("2026-05-08", "2026-05-20", "2026-05-20"),
        ("2026-06-06", "2026-06-16", "2026-06-16"),
        ("2026-12-21", "2026-12-31", "2027-01-05"),
        ("2028-05-26", "2028-06-07", "2028-06-07"),
    ],
)
def test_seven_working_days_as_the_law_counts_them(regime, received, strict, lenient):
    found = of(f"access-{regime}", asked(received, regime), as_of=at(received))
    assert (str(found.strict), str(found.lenient)) == (strict, lenient)


def test_received_late_on_a_danish_evening_is_received_that_day():
    just_before = asked(at("2026-12-21", "23:30"))
    just_after = asked(at("2026-12-22", "00:30"))
    assert of("access-fvl", just_before, as_of=just_before.occurred_at).strict == date(2026, 12, 31)
    assert of("access-fvl", just_after, as_of=just_after.occurred_at).strict == date(2027, 1, 4)


def test_summer_time_moves_no_last_day():
    """Received on 25 March 2026; summer time begins on the 29th; the seventh working day is 8 April."""
    given = asked("2026-03-25")
    assert of("access-fvl", given, as_of="2026-04-08T21:59:59.999999Z").state is State.PENDING
    assert of("access-fvl", given, as_of="2026-04-08T22:00:00.000000Z").state is State.VIOLATED


def test_each_regime_has_its_own_clock_and_one_answer_closes_its_own():
    fvl, sul = asked("2026-12-21"), asked("2026-12-21", "sul", request=matter("request", 2))
    gdpr = asked("2026-12-21", "gdpr", request=matter("request", 3))
    given = did(a.AccessGiven, "2026-12-29", request=matter("request", 2))
    found = {one.rule: one.state for one in verdicts(fvl, sul, gdpr, given, as_of=at("2027-01-06"))}
    assert found == {
        "access-fvl": State.VIOLATED,
        "access-sul": State.FULFILLED,
        "access-gdpr": State.PENDING,
    }


def test_a_refusal_closes_and_a_grant_must_still_be_given():
    granted = did(a.AccessDecided, "2026-12-22", outcome="granted")
    assert of("access-fvl", asked("2026-12-21"), granted, as_of=day_after("2027-01-05")).state is (
        State.VIOLATED
    )
    late = of("access-handed-over", asked("2026-12-21"), granted, as_of=day_after("2026-12-28"))
    assert late.state is State.TO_BE_ASSESSED
    refused = did(a.AccessDecided, "2026-12-22", outcome="refused")
    assert of("access-fvl", asked("2026-12-21"), refused, as_of=at("2027-02-01")).state is State.FULFILLED


def test_a_notice_of_delay_in_time_opens_the_promised_day_and_a_second_promise_the_next():
    given = asked("2026-12-21")
    notice = did(a.AccessDelayNotified, "2026-12-30", reason="size", promised_on="2027-01-08")
    again = did(a.AccessDelayNotified, "2027-01-08", reason="complexity", promised_on="2027-01-15")
    first = of("access-fvl", given, notice, as_of=at("2027-01-06"))
    assert (first.state, first.reason, first.opened) == (State.EXEMPT, "size", ("access-promised",))
    found = states("access-promised", given, notice, again, as_of=at("2027-01-14"))
    assert found == [State.EXEMPT, State.PENDING]
    late = did(a.AccessGiven, "2027-01-18")
    assert states("access-promised", given, notice, again, late, as_of=at("2027-01-20")) == [
        State.EXEMPT,
        State.FULFILLED_LATE,
    ]


def test_under_ofl_the_processing_time_can_be_appealed_after_14_working_days_whatever_was_notified():
    given = asked("2026-12-21", "ofl")
    notice = did(a.AccessDelayNotified, "2026-12-30", promised_on="2027-03-01")
    found = of("access-ofl-processing-time", given, notice, as_of=day_after("2027-01-14"))
    assert found.state is State.VIOLATED


def test_she_may_take_her_request_back_and_that_opens_nothing():
    given, back = asked("2026-12-21"), did(a.AccessWithdrawn, "2026-12-22")
    found = of("access-fvl", given, back, as_of=at("2027-02-01"))
    assert (found.state, found.reason, found.opened) == (State.EXEMPT, "access-withdrawn", ())
    assert states("access-promised", given, back, as_of=at("2027-02-01")) == []


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ([did(h.HearingSent, "2026-12-01", answer_by="2026-12-15")], True),
        (
            [
                did(h.HearingSent, "2026-12-01", answer_by="2026-12-31"),
                did(h.HearingAnswered, "2026-12-04"),
            ],
            True,
        ),
        ([did(h.HearingOmitted, "2026-12-01", ground="fvl:19.2.2")], True),
        ([did(h.HearingOmitted, "2026-12-01", ground="fvl:20")], True),
        ([did(h.HearingAssessed, "2026-12-01", required=False, essential=False)], True),
        ([did(h.HearingAssessed, "2026-12-01", required=True)], False),
        ([did(h.HearingSent, "2026-12-01", answer_by="2026-12-31")], False),
        ([], False),
    ],
)
def test_an_adverse_decision_after_a_hearing_an_exception_or_an_assessment(path, kept):
    found = of("hearing", *path, decided("2026-12-16"), as_of=at("2027-01-01"))
    assert found.state is (State.FULFILLED if kept else State.VIOLATED)


def test_the_last_assessment_is_the_one_that_counts():
    no = did(h.HearingAssessed, "2026-12-01", required=False, unaware=False)
    yes = did(h.HearingAssessed, "2026-12-02", required=True, unaware=True)
    assert of("hearing", no, yes, decided("2026-12-16"), as_of=at("2027-01-01")).state is State.VIOLATED
    assert of("hearing", yes, no, decided("2026-12-16"), as_of=at("2027-01-01")).state is State.VIOLATED


def test_the_path_of_20_tells_her_what_was_held_and_that_it_can_be_reopened():
    omitted = did(h.HearingOmitted, "2026-12-16", ground="fvl:20")
    informed = did(i.CitizenInformed, "2026-12-17", of="hearing-20", matter=matter("decision"))
    made = decided("2026-12-16")
    assert of("hearing-ground-of-20", omitted, made, informed, as_of=at("2027-01-01")).state is (
        State.FULFILLED
    )
    assert states("hearing-ground-of-20", omitted, made, as_of=at("2027-01-01")) != [State.FULFILLED]
    other = did(h.HearingOmitted, "2026-12-16", ground="fvl:19.2.1")
    assert states("hearing-ground-of-20", other, as_of=at("2027-01-01")) == []


def test_an_agreed_ending_and_a_grant_ask_for_no_hearing():
    ended = decided("2026-12-16", kind="ending", outcome="full", adverse=True, agreed=True)
    granted = decided("2026-12-16", kind="grant", outcome="full", adverse=False)
    assert states("hearing", ended, as_of=at("2027-01-01")) == []
    assert states("hearing", granted, as_of=at("2027-01-01")) == []


def test_ending_a_granted_service_that_she_has_not_agreed_to_is_adverse():
    ended = decided("2026-12-16", kind="ending", outcome="full", adverse=True)
    assert states("hearing", ended, as_of=at("2027-01-01")) == [State.VIOLATED]


def test_a_request_after_the_decision_holds_nothing_that_was_decided():
    made = decided("2026-12-16")
    late = asked("2026-12-17")
    assert of("access-holds-decision", made, late, as_of=at("2027-01-01")).state is State.FULFILLED
    same_day = asked(last_moment("2026-12-16"))
    assert of("access-holds-decision", made, same_day, as_of=at("2027-01-01")).state is State.FULFILLED
