"""When somebody is reminded: the days of law.md 3.16 and 9.5, by a count of our own."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.working_days import danish_day, end_of_day
from domain.due.obligation import FAR, Obligation, state_at, working_days_before
from domain.due.reminders import known_rules, own_limits, reminders, steps_of
from domain.events.instant import from_instant, to_instant
from domain.events.lanes import CASE_ROLES
from domain.law.deadlines import deadline
from domain.rights.rule import rights_rules
from domain.rights.verdict import State, state_of

HANDOVER = UUID("00000000-0000-4000-8000-000000000001")
DENMARK = ZoneInfo("Europe/Copenhagen")
HELLIGDAGE_2026 = {
    date(2026, 1, 1), date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 6),
    date(2026, 5, 14), date(2026, 5, 24), date(2026, 5, 25), date(2026, 12, 25), date(2026, 12, 26),
    date(2027, 1, 1),
}  # fmt: skip


def working(day: date) -> bool:
    """A working day in 2026 by the strict calendar, counted by hand."""
    return day.weekday() < 5 and day not in HELLIGDAGE_2026


def nth(received: date, number: int) -> date:
    """Working day number `number` after the day of receipt."""
    day = received
    while number:
        day += timedelta(days=1)
        number -= working(day)
    return day


def obligation(rule: str, since: datetime, strict: date | None, lenient: date | None, **more) -> Obligation:
    """An obligation of the municipality."""
    stated = {"certainty": "F", "matter": HANDOVER, "trigger": 7, "warned": ()} | more
    return Obligation(
        handover=HANDOVER,
        authority="0370",
        unit=None,
        rule=rule,
        trigger_event="access-requested",
        since=to_instant(since),
        strict=strict,
        lenient=lenient,
        **stated,
    )


def access(received: datetime) -> Obligation:
    """A request for access as a party, received at a moment."""
    due = deadline("AKT_FVL", received)
    return obligation("access-fvl", received, due.strict, due.lenient)


def midnight(day: date) -> datetime:
    """The first moment of a day in Denmark."""
    return datetime.combine(day, time.min, DENMARK).astimezone(UTC)


@settings(deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)))
def test_given_a_request_for_access_then_day_3_and_day_5_of_7_are_warned_at_their_first_moment(received):
    """FVL §16(2); law.md 3.16."""
    day, found = danish_day(received), access(received)
    first, last, *passed = found.waiting()
    assert first.level == "first-warning" and from_instant(first.at) == midnight(nth(day, 3))
    assert last.level == "last-warning" and from_instant(last.at) == midnight(nth(day, 5))
    assert first.due == last.due == nth(day, 7).isoformat()
    # then: the day after the seventh, strictly; and where the lenient date is later, the day after that one
    assert from_instant(passed[0].at) == midnight(nth(day, 7) + timedelta(days=1))
    both = found.strict != found.lenient
    assert [one.level for one in passed] == ["strict-passed", "lenient-passed"][not both :]
    assert from_instant(passed[-1].at) == midnight(found.lenient + timedelta(days=1))


@pytest.mark.parametrize(
    ("received", "first", "last", "passed"),
    [
        # Half past eleven at night, over Easter 2026 and the change to summer time.
        ("2026-03-26T22:30", "2026-03-30T22:00", "2026-04-06T22:00", "2026-04-09T22:00"),
        # Over the change back.
        ("2026-10-22T10:00", "2026-10-26T23:00", "2026-10-28T23:00", "2026-11-02T23:00"),
        # Received at 23.30 in Denmark on a Saturday: Monday is day 1.
        ("2026-10-24T21:30", "2026-10-27T23:00", "2026-10-29T23:00", "2026-11-03T23:00"),
    ],
)
def test_reminders_keep_to_danish_midnight_over_summer_time_and_easter(received, first, last, passed):
    found = access(datetime.fromisoformat(received).replace(tzinfo=UTC)).waiting()
    assert [one.at[:16] for one in found] == [first, last, passed]


def test_over_christmas_the_strict_date_passes_before_the_lenient_one():
    """24 and 31 December are working days strictly, and are none leniently (law.md 11.2)."""
    found = access(datetime(2026, 12, 18, 9, 0, tzinfo=UTC))
    assert [(one.at[:10], one.level, one.due) for one in found.waiting()] == [
        ("2026-12-22", "first-warning", "2026-12-30"),
        ("2026-12-27", "last-warning", "2026-12-30"),
        ("2026-12-30", "strict-passed", "2026-12-30"),
        ("2027-01-04", "lenient-passed", "2027-01-04"),
    ]


def test_a_reminder_whose_time_had_come_when_the_obligation_arose_never_was_one():
    day = date(2026, 11, 24)
    found = obligation("own-held", datetime(2026, 11, 23, 9, tzinfo=UTC), day, day).waiting()
    assert [(one.level, one.at[:16]) for one in found] == [
        ("last-warning", "2026-11-23T23:00"),
        ("lenient-passed", "2026-11-24T23:00"),
    ]


def test_where_hours_count_the_reminder_comes_hours_before():
    aware = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    due = aware + timedelta(hours=72)
    found = obligation("breach-assessed", aware, due, due).waiting()
    assert [from_instant(one.at) for one in found] == [
        due - timedelta(hours=48),
        due - timedelta(hours=12),
        due + timedelta(microseconds=1),
    ]


def test_what_was_given_is_not_given_again_unless_the_date_moves():
    found = access(datetime(2026, 11, 23, 9, tzinfo=UTC))
    first, *others = found.waiting()
    again = obligation(
        "access-fvl",
        from_instant(found.since),
        found.strict,
        found.lenient,
        warned=((first.level, first.due),),
    )
    assert again.waiting() == others
    later = found.strict + timedelta(days=7)
    moved = obligation(
        "access-fvl", from_instant(found.since), later, later, warned=((first.level, first.due),)
    )
    assert moved.waiting()[0].level == "first-warning"


def test_without_a_date_nobody_is_reminded_and_it_stands_last():
    found = obligation("decision-arrival", datetime(2026, 11, 23, tzinfo=UTC), None, None)
    assert (found.waiting(), found.strict_at, found.lenient_at) == ([], FAR, FAR)


def test_days_are_counted_back_from_the_last_working_day():
    saturday = date(2026, 11, 28)
    assert [working_days_before(saturday, n) for n in (0, 1, 5)] == [
        date(2026, 11, 27),
        date(2026, 11, 26),
        date(2026, 11, 20),
    ]
    assert working_days_before(date(2026, 4, 7), 1) == date(2026, 4, 1), "Easter lies between"
    assert working_days_before(date(2041, 1, 15), 2) == date(2041, 1, 1), "beyond the table: never too late"


ENDS = st.dates(date(2026, 3, 1), date(2026, 12, 1))


@settings(deadline=None)
@given(ENDS, st.integers(0, 40), st.sampled_from(["F", "M", "U"]), st.integers(-3, 90), st.booleans())
def test_the_queue_says_of_each_moment_what_the_verdict_says(strict, more, certainty, days, last_moment):
    lenient = strict + timedelta(days=more)
    end = end_of_day(strict + timedelta(days=days))
    at = to_instant(end if last_moment else end + timedelta(microseconds=1))
    found = obligation("access-fvl", datetime(2026, 1, 2, tzinfo=UTC), strict, lenient, certainty=certainty)
    rule = next(one for one in rights_rules().values() if (one.certainty == "U") == (certainty == "U"))
    expected = state_of(rule, strict, lenient, closed_at=None, exempt=False, as_of=at)
    assert state_at(found.strict_at, found.lenient_at, certainty, at) is expected
    assert expected in (State.PENDING, State.DISPUTED, State.VIOLATED, State.TO_BE_ASSESSED)


def test_the_file_names_rules_roles_and_levels_that_there_are():
    found = reminders()
    named = [name for plan in found.plans for name in plan.rules]
    assert len(named) == len(set(named)), "one plan for each rule"
    assert set(named) <= {"*"} | known_rules().keys()
    assert not own_limits().keys() & rights_rules().keys()
    steps = [step for plan in found.plans for step in plan.steps]
    assert {step.level for step in steps} == set(found.levels)
    assert {role for step in steps for role in step.to} == set(found.roles) <= CASE_ROLES
    for plan in found.plans:
        assert plan.basis
        assert [step.level for step in plan.steps] == list(found.levels), "nearer and nearer, then passed"
        assert [step.before is None for step in plan.steps] == [False, False, True, True]
        assert "leader" in plan.steps[2].to, "who answers for it is told when the day has passed"


def test_what_waits_unopened_held_failed_back_or_unanswered_goes_up_the_same_way():
    """Returned, waiting questions, held and failed escalate like unopened ones."""
    alike = ("acknowledged", "own-delivered", "own-held", "own-returned", "own-question")
    assert len({steps_of(rule) for rule in alike}) == 1
