"""Whatever happens, in whatever order it is told: one value at every instant, no hole, no overlap."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.course import events as f
from domain.course.clocks import clocks
from domain.course.responsibility import difference, duty_timeline, ended_at, held_by_timeline
from domain.course.spans import value_at
from domain.events.instant import from_instant
from domain.handover import exits as x
from domain.handover.fold import BEGINNINGS, fold
from tests.audit.log.history import HISTORY
from tests.domain.course.course import (
    DISPUTED,
    EAST,
    ON,
    OTHER_TOWN,
    REGION,
    TAKEN_OVER,
    TOWN,
    at,
    course,
    delivered,
    submitted,
)
from workflows.machines.installed import definition

EVERY_STEP = {
    one.decided.event.NAME: one.decided.event
    for one in HISTORY
    if one.decided.event.NAME in {step.event for step in definition("handover", 2).steps}
}
"""An example of each event that the workflow's steps record."""
AUTHORITIES = (REGION, EAST, TOWN, OTHER_TOWN)
_authority = st.sampled_from(AUTHORITIES)
_days = st.integers(-40, 400).map(lambda quarter: quarter / 4)

FACTS = st.one_of(
    st.builds(f.VisitationStarted, handover=st.just(ON["handover"]), region=st.sampled_from((REGION, EAST))),
    st.just(f.VisitationEnded(**ON, reason="goals-met")),
    st.just(f.CitizenAdmitted(**ON)),
    st.just(f.CitizenDischarged(**ON)),
    st.just(f.CitizenDeceased(**ON)),
    st.builds(
        f.ActingMunicipalityChanged,
        handover=st.just(ON["handover"]),
        municipality=st.sampled_from((TOWN, OTHER_TOWN)),
        basis=st.just("residence"),
    ),
    st.builds(
        f.InquiryReceived,
        handover=st.just(ON["handover"]),
        channel=st.just("telephone"),
        wishes_treatment=st.booleans(),
    ),
    st.builds(
        f.ReferralReceived,
        handover=st.just(ON["handover"]),
        region=st.just(REGION),
        referrer=st.just("hospital"),
        counts=st.booleans(),
        rule=st.just("by-law"),
    ),
    st.builds(
        f.TreatmentStarted, handover=st.just(ON["handover"]), authority=_authority, provisional=st.booleans()
    ),
    st.builds(
        f.TreatmentEnded, handover=st.just(ON["handover"]), authority=_authority, status=st.just("completed")
    ),
    st.builds(
        f.ReferredElsewhere,
        handover=st.just(ON["handover"]),
        place=st.just("other"),
        citizens_choice=st.booleans(),
    ),
)
STEPS = st.one_of(
    st.just(delivered()),
    st.just(TAKEN_OVER),
    st.just(x.HandoverDeclined(reason="at-capacity")),
    st.just(x.HandoverReturned(reason="wrong-recipient", suggested=None)),
    st.just(x.HandoverRedirected(receiver_authority=TOWN, receiver_unit=None, leg=2)),
    st.builds(
        x.HandoverResponsibilityUnresolved,
        reason=st.just("both-refuse"),
        leaders_by=st.just(at(9)),
        acting_meanwhile=st.sampled_from((None, TOWN)),
        basis=st.none(),
    ),
    st.builds(x.HandoverResponsibilityResolved, authority=_authority, decided_by=st.just("leaders-agreed")),
    st.just(x.HandoverWithdrawn(reason="other")),
    st.just(x.HandoverMisdirected(found_by="sender")),
    st.sampled_from([event for event in EVERY_STEP.values() if type(event) not in BEGINNINGS]),
)


@st.composite
def histories(draw):
    """A handover, steps that run forward, and facts told late or early, some of them retracted."""
    forms = st.sampled_from(("ingen", "integreret", "koordineret", "parallel", "ukendt"))
    first = submitted(draw(forms), draw(forms), acting_municipality=draw(st.sampled_from((None, TOWN))))
    steps = draw(st.lists(st.tuples(STEPS, st.integers(0, 8)), max_size=8))
    events, now = [(first, 0, REGION)], 0
    facts = draw(st.lists(st.tuples(FACTS, _days, _authority), max_size=14))
    for step, later in steps:
        now += later
        events.append((step, now, REGION))
    events += facts
    recorded = list(enumerate(events))
    for position, event in draw(st.lists(st.sampled_from(recorded), max_size=3)):
        if isinstance(event[0], f.CaseFact):
            gone = f.CaseFactRetracted(
                **ON, position=position, retracts=event[0].NAME, reason="did-not-happen"
            )
            events.append((gone, now, REGION))
    return course(*events)


@st.composite
def unguarded(draw):
    """Any steps in any order, each registered at any time after what it tells of, and facts beside them."""
    first = draw(st.sampled_from((submitted(), EVERY_STEP["handover-imported"])))
    steps = draw(st.lists(st.tuples(STEPS, _days, st.just(REGION)), max_size=10))
    facts = FACTS.filter(lambda fact: not isinstance(fact, f.CitizenDeceased))
    beside = draw(st.lists(st.tuples(facts, _days, _authority), max_size=4))
    return course((first, 0, REGION), *draw(st.permutations([*steps, *beside])))


def _folded(case):
    return fold(None, [one for one in case if not isinstance(one.event, f.CaseFact)])


def test_the_histories_know_every_step_of_the_workflow():
    assert set(EVERY_STEP) == {step.event for step in definition("handover", 2).steps}


@given(unguarded())
def test_the_timelines_end_where_the_case_stands_whatever_was_recorded(case):
    state, duty, held_by = _folded(case), duty_timeline(case), held_by_timeline(case)
    assert (duty[-1].value.reason in DISPUTED) == (state.unresolved_at is not None)
    assert held_by[-1].value == state.held_by()
    for spans in (duty, held_by):
        assert all(before.end == after.start for before, after in pairwise(spans))
        assert spans[-1].end is None


@given(unguarded(), _days)
def test_what_has_ended_is_counted_to_its_end_and_what_goes_on_is_counted_on(case, moment):
    state, timelines, end = _folded(case), (duty_timeline(case), held_by_timeline(case)), ended_at(case)
    ended = state.status in ("closed", "withdrawn", "wrong_person", "entered_in_error", "completed_otherwise")
    assert (end is None) == (not ended or state.unresolved_at is not None)
    counted = difference(*timelines, at(moment), end)
    if end is None or at(moment) <= end:
        assert counted == difference(*timelines, at(moment))
    else:
        assert counted == difference(*timelines, end)


@given(histories(), _days)
def test_at_every_instant_there_is_one_value_of_each_timeline(case, moment):
    beginning = case[0].header.occurred_at
    for spans in (duty_timeline(case), held_by_timeline(case)):
        assert spans[0].start == beginning
        assert spans[-1].end is None
        assert all(before.end == after.start for before, after in pairwise(spans)), "no hole, no overlap"
        assert all(span.end is None or span.start < span.end for span in spans)
        assert all(before.value != after.value for before, after in pairwise(spans))
        instant = max(at(moment), beginning)
        holding = [one for one in spans if one.start <= instant and (one.end is None or instant < one.end)]
        assert [one.value for one in holding] == [value_at(spans, instant)]


@given(histories())
def test_the_duty_is_an_authority_or_nobodys_with_a_reason_and_never_left_blank(case):
    for span in duty_timeline(case):
        assert span.value.kind in ("authority", "none", "unresolved")
        assert (span.value.authority is not None) == (span.value.kind == "authority")
        assert span.value.reason


@given(histories(), st.randoms(use_true_random=False))
def test_in_which_order_facts_were_told_makes_no_difference_where_their_times_differ(case, random):
    facts = [one for one in case if isinstance(one.event, f.CaseFact)]
    times = [one.header.occurred_at for one in facts]
    steps = [one for one in case if not isinstance(one.event, f.CaseFact)]
    if len(set(times) | {one.header.occurred_at for one in steps}) < len(times) + len(
        {one.header.occurred_at for one in steps}
    ):
        return
    told = facts[:]
    random.shuffle(told)
    expected = [(span.start, span.end, span.value) for span in duty_timeline([*steps, *facts])]
    assert [(span.start, span.end, span.value) for span in duty_timeline([*steps, *told])] == expected


@given(histories(), _days)
def test_the_difference_is_no_longer_than_the_case_and_grows_only(case, moment):
    timelines = duty_timeline(case), held_by_timeline(case)
    until, later = max(at(moment), at(0)), max(at(moment + 3), at(0))
    now, then = difference(*timelines, until=until), difference(*timelines, until=later)
    assert timedelta(0) <= now <= then
    assert now <= from_instant(until) - from_instant(case[0].header.occurred_at)


@given(histories())
def test_every_clock_has_a_start_that_is_a_fact_and_at_most_one_a_rule_and_authority(case):
    positions = {one.header.position for one in case}
    found = clocks(case)
    assert len({(one.rule, one.authority) for one in found}) == len(found)
    for clock in found:
        assert {start.cause for start in clock.starts} <= positions
        assert clock.started_at in {start.at for start in clock.starts}
        assert (clock.ended_at is None) == (clock.status == "running")
