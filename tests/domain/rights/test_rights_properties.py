"""Whatever happens, and in whatever order it is recorded: one verdict at every instant, none taken back."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.events.instant import to_instant
from domain.events.model import Recorded
from domain.rights.case import judge_case
from domain.rights.duties import RightsFactRetracted
from domain.rights.judge import broken_by
from domain.rights.model import Day
from domain.rights.moment import in_time_order, moment
from domain.rights.rule import rights_rules
from domain.rights.verdict import State, Verdict
from tests.domain.rights.anything import COURSE, LANE, RETURNED, WHEN, logs, on_the_log, recorded
from tests.domain.rights.given import TOWN, at, day_after
from tests.domain.rights.samples import HANDOVER

LATER = at("2028-01-03")
S = State
_TERMINAL = {S.FULFILLED_LATE: set(), S.FULFILLED: set(), S.EXEMPT: set()}
FORWARD: dict[State, set[State]] = {
    S.PENDING: set(S),
    S.DISPUTED: {S.VIOLATED, S.TO_BE_ASSESSED, S.FULFILLED_LATE},
    S.VIOLATED: {S.FULFILLED_LATE},
    S.TO_BE_ASSESSED: {S.FULFILLED_LATE},
    **_TERMINAL,
}
"""Where a state may go as time goes on."""
TOLD = FORWARD | {S.FULFILLED: {S.DISPUTED, S.VIOLATED}}
"""Of the last date that a letter told: proven arrival may show that it was too early."""
STEADY = LANE | COURSE
EVENTS = STEADY | RETURNED
RETRACTIONS = st.builds(
    RightsFactRetracted,
    handover=st.just(HANDOVER),
    position=st.integers(0, 12),
    retracts=st.just("access-requested"),
    reason=st.just("not-true"),
)


def positionless(found: list[Verdict]) -> list[str]:
    """Verdicts without the numbers of the entries, which say only in which order they were recorded."""
    bare = [msgspec.structs.replace(one, trigger=None, closed_by=None) for one in found]
    return sorted(repr(one) for one in bare)


def _name(one: Verdict) -> tuple[str, object, str, str, str]:
    return one.rule, one.trigger, one.triggered_at, one.authority, one.trigger_event


def instants(log: list[Recorded]) -> list[str]:
    """When something may change: at each event, and around each last day."""
    found = {one.header.occurred_at for one in log} | {LATER}
    for one in judge_case(log, HANDOVER, LATER):
        for end in (one.strict, one.lenient):
            found |= set(_around(end))
    return sorted(found)


def _around(end: date | None) -> list[str]:
    if end is None or not 2000 < end.year < 2100:
        return []
    if isinstance(end, datetime):
        return [to_instant(end), to_instant(end + timedelta(microseconds=1))]
    return [at(str(end)), day_after(str(end))]


@given(logs(EVENTS), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_only_when_it_happened_counts_and_not_when_it_was_recorded(log, random):
    told = [(one.event, one.header.occurred_at, one.header.controller) for one in log]
    # The steps of a handover are recorded as they happen; what is told later are facts and rights.
    random.shuffle(told)
    steps = sorted((one for one in told if not hasattr(one[0], "handover")), key=lambda one: one[1])
    others = [one for one in told if hasattr(one[0], "handover")]
    again = on_the_log(steps + others)
    for as_of in {LATER, *(one.header.occurred_at for one in log)}:
        ours, theirs = judge_case(log_of(log), HANDOVER, as_of), judge_case(again, HANDOVER, as_of)
        assert positionless(ours) == positionless(theirs)


def log_of(log: list[Recorded]) -> list[Recorded]:
    """The same with the steps of the handover in order of their time."""
    told = [(one.event, one.header.occurred_at, one.header.controller) for one in log]
    return on_the_log(sorted(told, key=lambda one: one[1]))


@given(logs(STEADY))
@settings(max_examples=50, deadline=None)
def test_at_every_instant_a_right_has_one_state_and_it_only_moves_forward(log):
    log = log_of(log)
    states: list[dict[object, State]] = []
    for as_of in instants(log):
        found = judge_case(log, HANDOVER, as_of)
        assert max(Counter(map(_name, found)).values(), default=1) == 1
        states.append({_name(one): one.state for one in found})
    for earlier, later in pairwise(states):
        assert earlier.keys() <= later.keys(), "a right that was owed is never forgotten"
        for name, state in earlier.items():
            allowed = TOLD if rights_rules()[name[0]].kind == "told" else FORWARD
            assert later[name] is state or later[name] in allowed[state], name


@given(logs(EVENTS), EVENTS, WHEN)
@settings(max_examples=100, deadline=None)
def test_what_happens_later_never_changes_what_was_answered(log, event, when):
    log = log_of([one for one in log if one.header.occurred_at != when])
    more = [*log, recorded(event, len(log), when, TOWN)]
    for as_of in [one.header.occurred_at for one in log if one.header.occurred_at < when]:
        assert judge_case(log, HANDOVER, as_of) == judge_case(more, HANDOVER, as_of)
    assert judge_case(more[: len(log)], HANDOVER, LATER) == judge_case(log, HANDOVER, LATER)


@given(logs(EVENTS | RETRACTIONS, max_size=25))
@settings(max_examples=150, deadline=None)
def test_there_is_a_verdict_on_whatever_happened(log):
    for as_of in (LATER, at("2026-11-30")):
        for one in judge_case(log, HANDOVER, as_of):
            assert one.triggered_at <= as_of
            assert one.closed_at is None or one.closed_at <= as_of
            assert (
                (one.state in (S.PENDING, S.VIOLATED, S.TO_BE_ASSESSED))
                or one.closed_at
                or one.told
                or (one.state is S.DISPUTED or rights_rules()[one.rule].kind == "told")
            )


@given(logs(LANE), LANE)
@settings(max_examples=150, deadline=None)
def test_the_guard_refuses_exactly_what_the_replay_would_find(log, event):
    """One function serves both: an act at the end of the log."""
    act = recorded(event, len(log), at("2027-02-01"), TOWN)
    proposed = msgspec.structs.replace(moment(act), position=None)
    refused = {rule.id for rule in broken_by(proposed, in_time_order(log, None), HANDOVER)}
    found = {
        one.rule
        for one in judge_case([*log, act], HANDOVER, at("2027-02-01"))
        if one.trigger == len(log) and one.state in (S.VIOLATED, S.TO_BE_ASSESSED)
    }
    assert refused == {name for name in found if rights_rules()[name].gated}


@pytest.mark.parametrize("day", ["2026-02-31", "2027-02-29", "2026-13-01", "0001-01-01", "2026-12-15\n"])
def test_what_no_calendar_has_never_comes_on_the_log(day):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(day, Day)
