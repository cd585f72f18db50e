"""When a limit ends (law.md 11): the vectors of 11.5 and what holds for every rule."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.working_days import CalendarEnds, lenient_calendar, strict_calendar
from domain.law import deadlines
from domain.law.deadline_register import Published, deadline_rules
from domain.law.deadlines import FAULTS, DeadlineRefused, deadline
from domain.law.loader import acknowledge_by, consent_last_day

SEVEN_WORKING_DAYS = ("AKT_FVL", "AKT_SUL", "AKT_OFL", "AKT_OFL_KLAGE")
FOUR_WEEKS = ("KLAGE_RSL", "KLAGE_STPK4", "FASTHOLD")
TREATMENT = ("START_REG", "START_KOM")


def both(rule: str, start: str, **options) -> tuple[str, str]:
    due = deadline(rule, date.fromisoformat(start), **options)
    return due.strict.isoformat(), due.lenient.isoformat()


@pytest.mark.parametrize("rule", SEVEN_WORKING_DAYS)
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
def test_given_a_request_for_access_then_it_is_due_within_7_working_days(rule, received, strict, lenient):
    assert both(rule, received) == (strict, lenient)


def test_given_the_bridge_friday_is_off_then_7_working_days_end_a_day_later_by_the_lenient_calendar():
    assert both("AKT_FVL", "2026-05-08", bridge_friday=True) == ("2026-05-20", "2026-05-21")


@pytest.mark.parametrize("rule", FOUR_WEEKS)
@pytest.mark.parametrize(
    ("arrived", "raw", "rolled", "bridged"),
    [
        ("2026-02-28", "2026-03-28", "2026-03-30", "2026-03-30"),
        ("2026-03-06", "2026-04-03", "2026-04-07", "2026-04-07"),
        ("2026-04-16", "2026-05-14", "2026-05-15", "2026-05-18"),
        ("2026-04-24", "2026-05-22", "2026-05-22", "2026-05-22"),
        ("2026-11-26", "2026-12-24", "2026-12-28", "2026-12-28"),
    ],
)
def test_given_a_decision_arrived_then_the_citizen_may_appeal_within_4_weeks(
    rule, arrived, raw, rolled, bridged
):
    assert both(rule, arrived)[1] == rolled
    assert both(rule, arrived, bridge_friday=True)[1] == bridged
    assert both("GENVURD", arrived) == (raw, raw)


@pytest.mark.parametrize(
    ("received", "strict", "lenient"),
    [("2026-03-27", "2026-04-13", "2026-04-13"), ("2026-12-18", "2026-12-31", "2027-01-05")],
)
def test_given_a_referral_then_the_patient_is_informed_within_8_working_days(received, strict, lenient):
    assert both("INFO_REG", received) == (strict, lenient)


@pytest.mark.parametrize("rule", TREATMENT)
@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-09-01", "2026-09-15"), ("2026-03-23", "2026-04-06"), ("2026-12-11", "2026-12-25")],
)
def test_given_the_treatment_guarantee_then_its_14_days_are_never_rolled(rule, received, due):
    assert both(rule, received) == (due, due)


@pytest.mark.parametrize(
    ("given_on", "last_day"),
    [
        ("2026-03-15", "2027-03-14"),
        ("2027-02-28", "2028-02-27"),
        ("2027-03-01", "2028-02-29"),
        ("2028-02-29", "2029-02-27"),
    ],
)
def test_given_a_consent_then_its_last_day_is_the_day_before_its_anniversary(given_on, last_day):
    assert both("SAMTYKKE", given_on) == (last_day, last_day)
    assert consent_last_day(date.fromisoformat(given_on)) == date.fromisoformat(last_day)


def test_given_a_month_without_that_day_then_the_follow_up_is_due_on_its_last_day():
    assert both("OPF1", "2027-01-31") == ("2027-03-01", "2027-03-01"), "28 February 2027 is a Sunday"
    assert both("OPF6", "2027-08-31") == ("2028-02-29", "2028-02-29")


def test_given_a_follow_up_on_christmas_eve_then_the_strict_date_stands_and_the_lenient_one_rolls():
    assert both("OPF1", "2026-11-24") == ("2026-12-24", "2026-12-28")


def test_given_the_register_leaves_the_roll_open_then_nothing_is_rolled():
    assert both("AKT_GDPR", "2026-11-25") == ("2026-12-25", "2026-12-25")


@pytest.mark.parametrize(("rule", "years"), [("KLAGE_STPK2", 2), ("KLAGE_STPK5", 5)])
def test_given_a_complaint_about_treatment_then_the_same_date_is_the_last(rule, years):
    assert both(rule, "2026-05-17") == (f"{2026 + years}-05-17",) * 2
    assert both(rule, "2028-02-29") == (f"{2028 + years}-02-28",) * 2


def test_given_no_roll_then_no_table_of_helligdage_is_asked():
    assert both("KLAGE_STPK5", "2040-12-25") == ("2045-12-25", "2045-12-25")
    assert both("KLAGE_STPK5", "2021-12-25") == ("2026-12-25", "2026-12-25")


def test_given_a_breach_then_72_hours_of_the_clock_run_over_the_change_to_summer_time():
    known = datetime.fromisoformat("2026-03-28T12:00:00+01:00")
    due = deadline("BRUD", known)
    assert due.strict == due.lenient == datetime(2026, 3, 31, 11, tzinfo=UTC)


def test_given_a_moment_then_a_rule_that_counts_days_takes_its_day_in_denmark():
    late = deadline("AKT_FVL", datetime.fromisoformat("2026-02-05T23:30:00+00:00"))
    assert late == deadline("AKT_FVL", date(2026, 2, 6))
    summer = deadline("START_REG", datetime.fromisoformat("2026-07-01T22:00:00+00:00"))
    assert summer.strict == date(2026, 7, 16)


def test_given_a_delivery_then_it_is_acknowledged_by_the_end_of_the_third_working_day():
    delivered = datetime(2026, 12, 29, 9, 30, tzinfo=UTC)
    assert acknowledge_by(delivered) == datetime(2027, 1, 4, 22, 59, 59, 999999, tzinfo=UTC)


def test_given_a_length_of_ones_own_then_it_stands_instead_of_the_default():
    assert both("HOERING", "2026-09-01") == ("2026-09-15", "2026-09-15")
    assert both("HOERING", "2026-09-01", length=21) == ("2026-09-22", "2026-09-22")
    assert both("KVIT", "2026-09-01", length=1) == ("2026-09-02", "2026-09-02")


def test_given_a_municipality_has_published_its_limit_then_that_is_counted(monkeypatch):
    published = {"0370": Published(length=8, unit="weeks", source="test")}
    monkeypatch.setattr(deadlines, "published_limits", lambda: published)
    due = deadline("SAGSBEH", date(2026, 9, 1), municipality="0370")
    assert (due.strict, due.lenient, due.length, due.unit) == (date(2026, 10, 27),) * 2 + (8, "weeks")
    assert both("SAGSBEH", "2026-09-01", municipality="0370", length=14) == ("2026-09-15", "2026-09-15")
    assert both("SAGSBEH", "2026-09-01", length=8, unit="weeks") == ("2026-10-27", "2026-10-27")


@pytest.mark.parametrize(
    ("rule", "start", "options", "code"),
    [
        ("KLAGE_STPK2/5", date(2026, 9, 1), {}, "rule-unknown"),
        ("SAGSBEH", date(2026, 9, 1), {}, "length-missing"),
        ("SAGSBEH", date(2026, 9, 1), {"municipality": "0370"}, "length-not-published"),
        ("HOERING", date(2026, 9, 1), {"length": 0}, "length-too-short"),
        ("AKT_FVL", date(2026, 9, 1), {"length": 9}, "length-not-taken"),
        ("HOERING", date(2026, 9, 1), {"municipality": "0370"}, "municipality-not-taken"),
        ("SAGSBEH", date(2026, 9, 1), {"unit": "weeks"}, "unit-not-taken"),
        ("HOERING", date(2026, 9, 1), {"length": 2, "unit": "weeks"}, "unit-not-taken"),
        ("BRUD", date(2026, 9, 1), {}, "moment-needed"),
        ("BRUD", datetime(2026, 9, 1, 12), {}, "zone-missing"),
        ("AKT_FVL", datetime(2026, 9, 1, 12), {}, "zone-missing"),
    ],
)
def test_what_the_register_cannot_answer_is_refused_by_name(rule, start, options, code):
    with pytest.raises(DeadlineRefused, match=FAULTS[code]) as refused:
        deadline(rule, start, **options)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ("AKT_FVL", date(2040, 12, 28)),
        ("AKT_FVL", date(2023, 5, 1)),
        ("KLAGE_RSL", date(2040, 12, 31)),
        ("KLAGE_STPK5", date(9998, 1, 1)),
        ("START_REG", date(9999, 12, 31)),
        ("START_REG", datetime(9999, 12, 31, 23, 30, tzinfo=UTC)),
        ("BRUD", datetime(9999, 12, 31, tzinfo=UTC)),
    ],
)
def test_given_a_limit_that_ends_beyond_the_calendar_then_it_says_so(rule, start):
    with pytest.raises(CalendarEnds):
        deadline(rule, start)


DAY_RULES = [rule for rule in deadline_rules().values() if rule.unit != "hours"]
RULES = st.sampled_from(DAY_RULES)
DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


def _due(rule, start, bridge_friday=False):
    length = 30 if rule.length is None else None
    return deadline(rule.id, start, length=length, bridge_friday=bridge_friday)


@given(RULES, DAYS, st.booleans())
def test_the_strict_date_is_never_after_the_lenient_and_both_lie_after_the_start(rule, start, bridge):
    due = _due(rule, start, bridge)
    assert start < due.strict <= due.lenient
    assert due.day in (due.strict, due.lenient)
    assert due.strict == due.lenient or rule.counts_days_off


@given(RULES, DAYS)
def test_the_bridge_friday_moves_the_lenient_date_only_and_never_back(rule, start):
    without, bridged = _due(rule, start), _due(rule, start, True)
    assert without.strict == bridged.strict
    assert without.lenient <= bridged.lenient


@given(RULES, DAYS, DAYS, st.booleans())
def test_a_later_start_never_ends_earlier(rule, one, other, bridge):
    early, late = (_due(rule, start, bridge) for start in sorted((one, other)))
    assert early.strict <= late.strict
    assert early.lenient <= late.lenient


@given(RULES.filter(lambda rule: rule.counts_days_off), DAYS, st.booleans())
def test_a_limit_that_counts_days_off_never_ends_on_one(rule, start, bridge):
    due = _due(rule, start, bridge)
    assert strict_calendar().is_working_day(due.strict)
    assert lenient_calendar(bridge).is_working_day(due.lenient)


@given(RULES.filter(lambda rule: rule.unit == "weeks"), DAYS)
def test_weeks_end_on_the_same_weekday_or_the_next_working_day_after_it(rule, start):
    raw = start + timedelta(weeks=rule.length)
    rolled = rule.roll == "next-working-day"
    assert _due(rule, start).strict == (strict_calendar().next_working_day(raw) if rolled else raw)
