"""A year in a second: each reminder comes once, on its day in Denmark, whoever ran the tick in between."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from audit.projector.alerts import alerts_of
from audit.replay.replay import replay_handover
from domain.calendar.working_days import danish_day, end_of_day, start_of_day
from domain.due.events import DeadlineWarned
from domain.events.instant import from_instant
from domain.handover.streams import escalations_of
from domain.rights.access import AccessDelayNotified, AccessGiven, AccessRequested
from tests.journeys.cast import AMBULATORY, CENTRE, MUNICIPALITY, REGION
from tests.journeys.checks import check_all
from tests.journeys.house import MORNING, House
from tests.journeys.papers import cpr, document
from tests.journeys.reaching import READER, WRITER, Scene
from workflows.timers import remind

DENMARK = ZoneInfo("Europe/Copenhagen")
STRICTLY_OFF = {
    date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25),
    date(2026, 12, 25), date(2027, 1, 1),
}  # fmt: skip
"""The helligdage from February 2026 to January 2027 that fall on a weekday."""
BY_CUSTOM = {date(2026, 6, 5), date(2026, 12, 24), date(2026, 12, 31)}
REQUESTED = (
    "2026-02-09T08:00", "2026-03-26T23:30", "2026-03-29T02:59", "2026-03-30T12:00", "2026-05-08T16:00",
    "2026-05-29T10:00", "2026-06-30T00:00", "2026-07-24T23:59", "2026-10-16T09:00", "2026-10-24T23:59",
    "2026-10-25T02:30", "2026-10-26T00:00", "2026-12-14T11:00", "2026-12-18T23:30", "2026-12-23T15:00",
)  # fmt: skip
"""When the citizen asked, in Danish time: over Easter, both changes of summer time, and Christmas."""


def nth(received: date, number: int, off: set[date]) -> date:
    """Working day number `number` after the day of receipt."""
    day = received
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5 and day not in off
    return day


def expected(received: date) -> dict[date, str]:
    """On which day which reminder of seven working days comes (law.md 3.16)."""
    strict = nth(received, 7, STRICTLY_OFF)
    lenient = nth(received, 7, STRICTLY_OFF | BY_CUSTOM)
    days = {
        nth(received, 3, STRICTLY_OFF): "first-warning",
        nth(received, 5, STRICTLY_OFF): "last-warning",
        strict + timedelta(days=1): "strict-passed",
    }
    return days | {lenient + timedelta(days=1): "lenient-passed"}


def told(house, handover, rule=None):
    """The reminders of a case that stand on the log."""
    return [
        one
        for one in house.log.stream(escalations_of(handover))
        if isinstance(one.event, DeadlineWarned) and rule in (None, one.event.rule)
    ]


def restarted(house):
    """The server was stopped, and is started again on the same store."""
    now = house.clock.now()
    again = House(house.store)
    again.clock.set(now)
    return again


def asked(house, handover, at=None, actor=READER):
    """The citizen asks for access, as a party; returns the request."""
    request = uuid4()
    event = AccessRequested(handover=handover, request=request, regime="fvl", means="letter", form="pdf")
    house.right(actor, event, at)
    return request


@pytest.mark.parametrize("restart_every", [None, 3])
def test_over_a_year_each_reminder_comes_once_on_its_day_whether_or_not_it_is_restarted(
    sqlite_store, restart_every
):
    house = House(sqlite_store)
    house.clock.set(datetime(2026, 2, 2, 8, 0, tzinfo=UTC))
    house.two_authorities()
    handover = house.submit(WRITER, document(samtykke__objection=True))
    waiting = [datetime.fromisoformat(text).replace(tzinfo=DENMARK) for text in REQUESTED]
    requests, day, found = {}, date(2026, 2, 3), {}
    while day < date(2027, 1, 20):
        # when the day begins, the tick runs, and again in its last moment
        for moment in (start_of_day(day), end_of_day(day)):
            house.clock.set(moment)
            before = len(told(house, handover))
            house.remind()
            new = told(house, handover)[before:]
            assert not new or moment == start_of_day(day), "no sooner and no later than when its day begins"
            for one in new:
                key = one.event.rule, one.event.matter, one.event.level
                assert key not in found, "once"
                found[key] = day
        while waiting and danish_day(waiting[0]) == day:
            house.clock.set(max(house.clock.now(), waiting[0].astimezone(UTC)))
            at = waiting.pop(0).astimezone(UTC)
            requests[asked(house, handover, at, WRITER)] = danish_day(at)
        day += timedelta(days=1)
        if restart_every and day.toordinal() % restart_every == 0:
            house = restarted(house)
    assert len(requests) == len(REQUESTED)
    for request, received in requests.items():
        came = {when: level for (_, matter, level), when in found.items() if matter == request}
        assert came == expected(received), received
    levels = Counter(level for rule, _, level in found if rule == "access-fvl")
    assert levels["first-warning"] == levels["last-warning"] == levels["lenient-passed"] == len(REQUESTED)
    assert levels["strict-passed"] == 3, "only over 5 June, Christmas and New Year do the two dates differ"
    # then: what was held at the start went up in February, and never again
    assert {(level, when) for (rule, _, level), when in found.items() if rule == "own-held"} == {
        ("last-warning", date(2026, 2, 3)),
        ("lenient-passed", date(2026, 2, 4)),
    }
    check_all(house)


@pytest.fixture
def due_soon(scene):
    """A handover with a request for access that was made this morning."""
    handover = scene.reach("opened")
    asked(scene.house, handover)
    return scene.house, handover


def test_what_came_while_nothing_ran_is_told_when_it_is_started_again(due_soon):
    house, handover = due_soon
    house.clock.set(datetime(2026, 12, 20, 8, 0, tzinfo=UTC))
    house = restarted(house)
    house.remind()
    assert [one.event.level for one in told(house, handover, "access-fvl")] == [
        "first-warning",
        "last-warning",
        "lenient-passed",
    ]
    before = len(house.events())
    house = restarted(house)
    assert house.remind() == 0
    assert len(house.events()) == before


def test_it_is_told_once_also_where_the_table_has_not_followed_yet(due_soon):
    """The server died after a reminder was written, before the table had it."""
    house, _ = due_soon
    house.project()
    house.clock.advance(days=9)
    assert remind.remind_all(house.services) > 0
    stale = house.rows("due")
    assert remind.remind_all(house.services) == 0
    house = restarted(house)
    assert remind.remind_all(house.services) == 0
    house.project()
    assert house.rows("due") != stale


def test_two_server_processes_on_one_store_give_each_reminder_once(postgres_store):
    first = House(postgres_store)
    scene = Scene(first)
    for number in range(6):
        handover = first.submit(WRITER, document(cpr(number)))
        first.open(READER, handover)
        asked(first, handover)
    connections = postgres_store.connect()
    postgres_store.opened += list(connections)
    houses = first, House(postgres_store, connections=connections)
    for days in (1, 2, 3, 4, 7):
        scene.house.clock.advance(days=days)
        first.project()
        together = Barrier(2)

        def tick(house, together=together):
            together.wait()
            return remind.remind_all(house.services)

        with ThreadPoolExecutor(2) as pool:
            given = sum(pool.map(tick, houses))
        assert given == len(_warnings(first)) - getattr(first, "before", 0)
        first.before = len(_warnings(first))
    claims = [one.event.claim for one in _warnings(first)]
    assert len(claims) == len(set(claims)) >= 6 * 3
    check_all(first)


def _warnings(house):
    return [one for one in house.events() if isinstance(one.event, DeadlineWarned)]


def test_where_two_decide_in_the_same_moment_the_claim_lets_one_of_them_write(due_soon, monkeypatch):
    house, handover = due_soon
    house.clock.advance(days=3)
    house.project()
    assert remind.remind_all(house.services) > 0
    before = len(house.events())
    # The other has read before the first had written.
    monkeypatch.setattr(house.log, "claimant", lambda claim: None)
    stream = house.log.stream
    monkeypatch.setattr(
        house.log, "stream", lambda one: [] if one == escalations_of(handover) else stream(one)
    )
    assert remind.remind_all(house.services) == 0
    assert len(house.events()) == before


def test_what_was_answered_is_not_reminded_of_and_what_was_promised_is(due_soon):
    house, handover = due_soon
    first, second = (asked(house, handover) for _ in range(2))
    house.right(READER, AccessGiven(handover=handover, request=first, way="digital-post", outside=True))
    delay = AccessDelayNotified(
        handover=handover, request=second, reason="size", promised_on="2026-12-15", outside=True
    )
    house.right(READER, delay)
    for _ in range(40):
        house.clock.advance(days=1)
        house.remind()
    assert {one.event.matter for one in told(house, handover)} & {first} == set()
    promised = told(house, handover, "access-promised")
    assert [(one.event.level, one.header.recorded_at[:10]) for one in promised] == [
        ("first-warning", "2026-12-11"),
        ("last-warning", "2026-12-15"),
        ("lenient-passed", "2026-12-16"),
    ]
    assert {one.event.due for one in promised} == {"2026-12-15"}


LIMITS = [
    ("delivered", {}, "acknowledged", MUNICIPALITY, CENTRE),
    ("sent", {}, "own-delivered", REGION, AMBULATORY),
    ("held", {}, "own-held", REGION, AMBULATORY),
    ("returned", {}, "own-returned", REGION, AMBULATORY),
    ("misdirected", {}, "own-returned", REGION, AMBULATORY),
    ("opened", {"asked": True}, "own-question", REGION, AMBULATORY),
]


@pytest.mark.parametrize(("status", "also", "rule", "authority", "unit"), LIMITS)
def test_whatever_waits_goes_up_from_those_who_work_on_it_to_their_leader(
    sqlite_scene, status, also, rule, authority, unit
):
    """Returned, waiting questions, held and failed escalate like unopened ones (design idea 5)."""
    house, handover = sqlite_scene.house, sqlite_scene.reach(status, **also)
    for _ in range(6):
        house.clock.advance(days=1)
        house.remind()
    found = told(house, handover, rule)
    assert [one.event.level for one in found][-2:] == ["last-warning", "lenient-passed"]
    assert found[-2].event.to == ("caseworker", "clinician", "leader")
    assert found[-1].event.to == ("auditor", "leader")
    for one in found:
        assert (one.header.controller, one.header.visible_to) == (authority, (authority,))
        assert (one.event.unit, one.header.role, one.entry[:12]) == (unit, "system", b'{"body":null')
        assert one.header.subjects, "it stands in the citizen's list"
    # then: the leader of the unit finds it among her alerts
    house.project()
    alerts = alerts_of(house.database, {(authority, unit)}, -1, 50)
    mine = [(one["level"], one["due"]) for one in alerts if one["rule"] == rule]
    assert mine == [(one.event.level, one.event.due) for one in found if "leader" in one.event.to]
    # and: the case tells it in Danish
    lines = replay_handover(house.log, handover, at_index=None, as_of=None, visible=lambda _: True).events
    said = [line.text for line in lines if line.event == "deadline-warned"]
    assert any("Fristen er med sikkerhed overskredet: »" in text for text in said)
    check_all(house)


def test_with_every_key_destroyed_it_reminds_all_the_same(due_soon):
    house, handover = due_soon
    assert house.vault.destroy() > 0
    house.clock.advance(days=3)
    assert house.remind() > 0
    assert [one.event.level for one in told(house, handover, "access-fvl")] == ["first-warning"]


def test_a_case_that_cannot_be_judged_keeps_no_other_waiting(scene, monkeypatch):
    house = scene.house
    first, second = (scene.reach("delivered") for _ in range(2))
    house.clock.advance(days=3)
    house.project()
    judge = remind.obligations

    def failing(read, handover):
        if handover == first:
            raise OSError("the disk is away")
        return judge(read, handover)

    monkeypatch.setattr(remind, "obligations", failing)
    with pytest.raises(remind.RemindersFailed):
        remind.remind_all(house.services)
    assert told(house, second) and not told(house, first)
    monkeypatch.setattr(remind, "obligations", judge)
    assert remind.remind_all(house.services) > 0
    assert told(house, first)


def test_a_new_leg_is_reminded_of_anew(sqlite_scene):
    house, handover = sqlite_scene.house, sqlite_scene.reach("delivered")
    house.clock.advance(days=2)
    house.remind()
    house.send_back(READER, handover)
    house.redirect(WRITER, handover, MUNICIPALITY)
    for _ in range(2):
        house.clock.advance(days=1)
        house.remind()
    found = told(house, handover, "acknowledged")
    assert [one.event.level for one in found] == ["first-warning", "first-warning"]
    assert found[0].event.about_position < found[1].event.about_position


def test_a_fact_that_is_recorded_late_brings_at_once_what_was_missed(sqlite_scene):
    """A letter of three weeks ago: the day counts from its receipt, not from when it was registered."""
    house, handover = sqlite_scene.house, sqlite_scene.reach("opened")
    asked(house, handover, MORNING - timedelta(days=21))
    house.remind()
    found = told(house, handover, "access-fvl")
    assert [one.event.level for one in found] == ["first-warning", "last-warning", "lenient-passed"]
    assert {danish_day(from_instant(one.header.recorded_at)) for one in found} == {danish_day(MORNING)}
