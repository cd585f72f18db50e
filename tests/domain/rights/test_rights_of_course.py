"""Rights that follow from the citizen's course, judged with the whole case: 14 days, follow-up, a death."""

import pytest

from domain.course import events as f
from domain.handover.exits import HandoverReturned
from domain.handover.steps import HandoverCarriedOver
from domain.rights.access import AccessGiven, AccessRequested
from domain.rights.case import judge_case
from domain.rights.course import DECEASED
from domain.rights.decisions import DecisionMade
from domain.rights.disclosure import CitizenInformed
from domain.rights.duties import RightsFactRetracted
from domain.rights.verdict import State, Verdict
from tests.domain.course.course import delivered, submitted
from tests.domain.rights.anything import on_the_log
from tests.domain.rights.given import EAST, REGION, TOWN, at, day_after, last_moment
from tests.domain.rights.samples import HANDOVER, matter, sample

ON = {"handover": HANDOVER}
REFERRED = f.ReferralReceived(**ON, region=REGION, referrer="gp", counts=True, rule="by-law")
ELSEWHERE = f.ReferredElsewhere(**ON, place="private", citizens_choice=True)
DEAD = f.CitizenDeceased(**ON)


def treated(by=TOWN):
    return f.TreatmentStarted(**ON, authority=by, provisional=True)


def case(*told):
    """A handover submitted and delivered on 1 September 2026, and what happened beside: event, day, whose."""
    begun = [(submitted(), at("2026-09-01", "08:00"), REGION), (delivered(), at("2026-09-01"), TOWN)]
    return on_the_log(
        begun
        + [(event, at(day) if len(day) == 10 else day, next(iter(by), TOWN)) for event, day, *by in told]
    )


def of(rule: str, log, as_of: str) -> Verdict:
    [found] = [one for one in judge_case(log, HANDOVER, as_of) if one.rule == rule]
    return found


@pytest.mark.parametrize(
    ("delivered_on", "last"),
    [("2026-09-01", "2026-09-15"), ("2026-03-23", "2026-04-06"), ("2026-12-11", "2026-12-25")],
)
def test_fourteen_days_are_never_rolled(delivered_on, last):
    log = on_the_log(
        [(submitted(), at(delivered_on, "08:00"), REGION), (delivered(), at(delivered_on), TOWN)]
    )
    found = of("start-municipality", log, at(delivered_on))
    assert (str(found.strict), str(found.lenient), found.authority) == (last, last, TOWN)


@pytest.mark.parametrize(
    ("as_of", "state"),
    [(last_moment("2026-09-15"), State.PENDING), (day_after("2026-09-15"), State.VIOLATED)],
)
def test_nobody_began(as_of, state):
    assert of("start-municipality", case(), as_of).state is state


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (last_moment("2026-09-15"), State.FULFILLED),
        (day_after("2026-09-15"), State.FULFILLED_LATE),
    ],
)
def test_treatment_began_also_when_it_was_provisional(day, state):
    assert of("start-municipality", case((treated(), day)), at("2026-12-01")).state is state


@pytest.mark.parametrize(("day", "state"), [("2026-09-10", State.EXEMPT), ("2026-09-16", State.VIOLATED)])
def test_she_chose_another_place(day, state):
    assert of("start-municipality", case((ELSEWHERE, day)), at("2026-12-01")).state is state


def test_the_document_was_with_a_wrong_receiver():
    returned = HandoverReturned(reason="wrong-recipient", suggested=None)
    found = of("start-municipality", case((returned, "2026-09-03")), at("2026-12-01"))
    assert (found.state, found.reason) == (State.EXEMPT, "withdrawn")


@pytest.mark.parametrize(("day", "state"), [("2026-09-10", State.EXEMPT), ("2026-09-16", State.VIOLATED)])
def test_a_death_exempts_and_fulfils_nothing(day, state):
    found = of("start-municipality", case((DEAD, day)), at("2026-12-01"))
    assert (found.state, found.reason) == (state, DECEASED)


def test_the_region_begins_within_14_days_of_a_referral_and_informs_within_8_weekdays():
    log = case((REFERRED, "2026-12-18", REGION))
    found = of("start-region", log, last_moment("2027-01-01"))
    assert (found.authority, str(found.strict), found.state) == (REGION, "2027-01-01", State.PENDING)
    assert of("start-region", log, day_after("2027-01-01")).state is State.VIOLATED
    informs = of("region-informs", log, at("2027-01-03"))
    assert (str(informs.strict), str(informs.lenient)) == ("2026-12-31", "2027-01-05")
    assert (informs.authority, informs.state) == (REGION, State.DISPUTED)
    told = sample(CitizenInformed, of="places-and-choice", matter=HANDOVER)
    log = case((REFERRED, "2026-12-18", REGION), (told, "2026-12-30", REGION))
    assert of("region-informs", log, at("2027-01-03")).state is State.FULFILLED


def test_eight_weekdays_over_easter():
    log = case((REFERRED, "2026-03-27", REGION))
    found = of("region-informs", log, at("2026-03-28"))
    assert (str(found.strict), str(found.lenient)) == ("2026-04-13", "2026-04-13")


def ended(day, status="completed"):
    return f.TreatmentEnded(**ON, authority=TOWN, status=status), day


def followed(months, day):
    return f.FollowUpDone(**ON, after_months=months, status="in-treatment"), day


@pytest.mark.parametrize(
    ("rule", "months", "last"), [("follow-up-1", 1, "2026-11-16"), ("follow-up-6", 6, "2027-04-15")]
)
def test_follow_up_one_and_six_months_after_treatment_ended(rule, months, last):
    """15/11/2026 is a Sunday, and a follow-up moves to the next working day."""
    end = ended("2026-10-15")
    assert of(rule, case(end), last_moment(last)).state is State.PENDING
    assert of(rule, case(end), day_after(last)).state is State.VIOLATED
    assert of(rule, case(end, followed(months, last)), at("2027-12-01")).state is State.FULFILLED
    late = case(end, followed(months, day_after(last)))
    assert of(rule, late, at("2027-12-01")).state is State.FULFILLED_LATE


def test_a_follow_up_that_was_missed_is_not_forgotten_when_she_dies():
    log = case(ended("2026-10-15"), (DEAD, "2026-12-01"))
    found = {one.rule: (one.state, one.reason) for one in judge_case(log, HANDOVER, at("2027-12-01"))}
    assert found["follow-up-1"] == (State.VIOLATED, DECEASED)
    assert found["follow-up-6"] == (State.EXEMPT, DECEASED)
    assert not {"follow-up-1", "follow-up-6"} & {
        one.rule
        for one in judge_case(case((DEAD, "2026-10-01"), ended("2026-10-15")), HANDOVER, at("2027-12-01"))
    }


def test_what_was_recorded_wrongly_counts_for_nothing():
    asked = sample(AccessRequested, regime="fvl")
    wrong = RightsFactRetracted(**ON, position=2, retracts="access-requested", reason="not-true")
    assert of("access-fvl", case((asked, "2026-12-21")), at("2027-03-01")).state is State.VIOLATED
    log = case((asked, "2026-12-21"), (wrong, "2026-12-22"))
    assert [one for one in judge_case(log, HANDOVER, at("2027-03-01")) if one.rule == "access-fvl"] == []


def test_a_successor_answers_for_what_its_predecessor_owed():
    asked = sample(AccessRequested, regime="sul")
    carried = HandoverCarriedOver(
        side="sender",
        from_authority=REGION,
        from_unit=None,
        to_authority=EAST,
        to_unit=None,
        citizen_key=None,
        mailbox=None,
        labelled=False,
    )
    log = case((asked, "2026-12-21", REGION), (carried, "2027-01-01", EAST))
    assert of("access-sul", log, at("2026-12-30")).authority == REGION
    found = of("access-sul", log, at("2027-02-01"))
    assert (found.authority, found.state) == (EAST, State.VIOLATED)
    given = (sample(AccessGiven), "2027-01-04", EAST)
    log = case((asked, "2026-12-21", REGION), (carried, "2027-01-01", EAST), given)
    assert of("access-sul", log, at("2027-02-01")).state is State.DISPUTED


def test_of_two_authorities_each_has_its_own():
    asked = sample(AccessRequested, regime="fvl")
    log = case((asked, "2026-12-21", TOWN), (asked, "2026-12-22", REGION))
    found = [one for one in judge_case(log, HANDOVER, at("2027-03-01")) if one.rule == "access-fvl"]
    assert [(one.authority, one.state) for one in found] == [
        (TOWN, State.VIOLATED),
        (REGION, State.VIOLATED),
    ]


def granted_and_visited(*after):
    decided = {"handover": HANDOVER, "legal_basis": "sel:101", "outcome": "full", "adverse": False}
    grant = sample(DecisionMade, **decided, kind="grant")
    visited = f.VisitationStarted(**ON, region=REGION)
    return case((grant, "2026-10-01"), (visited, "2026-12-01", REGION), *after)


@pytest.mark.parametrize(
    ("as_of", "state"),
    [(last_moment("2026-12-15"), State.PENDING), (day_after("2026-12-15"), State.TO_BE_ASSESSED)],
)
def test_a_granted_service_that_integrated_treatment_ends_is_decided_on(as_of, state):
    """SEL §101(1): the duty ends with the visitation, the granted service by the municipality's decision."""
    found = of("granted-service-ended", granted_and_visited(), as_of)
    assert (found.state, found.authority) == (state, TOWN)


def test_the_end_is_decided_in_time_or_was_never_granted():
    ending = sample(
        DecisionMade, handover=HANDOVER, legal_basis="sel:101", kind="ending", decision=matter("end")
    )
    found = of("granted-service-ended", granted_and_visited((ending, "2026-12-15")), at("2027-02-01"))
    assert (found.state, found.closing_event) == (State.FULFILLED, "decision-made")
    visited = f.VisitationStarted(**ON, region=REGION)
    log = case((visited, "2026-12-01", REGION))
    assert "granted-service-ended" not in {one.rule for one in judge_case(log, HANDOVER, at("2027-02-01"))}
