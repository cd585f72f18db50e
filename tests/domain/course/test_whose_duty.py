"""Who must treat the citizen's substance use, at every instant (SEL §101(1), SUL §82c, §§141-142; RSL §9)."""

from datetime import timedelta

import pytest

from domain.course import events as f
from domain.course.responsibility import (
    acting_timeline,
    difference,
    duty_timeline,
    ended_at,
    held_by_timeline,
)
from domain.course.spans import value_at
from domain.handover import events as h
from domain.handover import exits as x
from domain.handover import steps as s
from domain.law import responsibility
from tests.domain.course.course import (
    EAST,
    ON,
    OTHER_TOWN,
    REGION,
    TAKEN_OVER,
    TOWN,
    at,
    corrected,
    course,
    delivered,
    handed_over,
    submitted,
)

VISITED = f.VisitationStarted(**ON, region=REGION)
NO_LONGER_VISITED = f.VisitationEnded(**ON, reason="goals-met")
ADMITTED, DISCHARGED = f.CitizenAdmitted(**ON), f.CitizenDischarged(**ON)
DEAD = f.CitizenDeceased(**ON)


def duty(case):
    """The duty as (start, kind or authority)."""
    return [(span.start, span.value.authority or span.value.kind) for span in duty_timeline(case)]


def test_given_integrated_treatment_the_duty_is_the_regions_until_the_visitation_ends():
    case = handed_over((NO_LONGER_VISITED, 5))
    assert duty(case) == [(at(0), REGION), (at(5), TOWN)]


def test_given_no_visitation_the_duty_is_the_acting_municipalitys():
    case = course((submitted("parallel", "koordineret"), 0, REGION))
    assert duty(case) == [(at(0), TOWN)]


def test_taking_over_moves_no_duty_and_neither_does_declining_or_returning():
    for step in (
        TAKEN_OVER,
        x.HandoverDeclined(reason="at-capacity"),
        x.HandoverReturned(reason="wrong-recipient", suggested=None),
        x.HandoverWithdrawalConfirmed(),
    ):
        assert duty(handed_over((step, 3))) == [(at(0), REGION)]


def test_while_she_is_in_hospital_the_municipalitys_duty_rests_and_revives_at_discharge():
    case = handed_over((NO_LONGER_VISITED, 1), (ADMITTED, 4), (DISCHARGED, 9))
    assert duty(case) == [(at(0), REGION), (at(1), TOWN), (at(4), "none"), (at(9), TOWN)]


def test_visited_and_in_hospital_she_is_the_regions_unless_the_setting_says_otherwise(monkeypatch):
    case = handed_over((ADMITTED, 2))
    assert duty(case) == [(at(0), REGION)]
    changed = responsibility.settings() | {"duty": {"visited_while_admitted": "none"}}
    monkeypatch.setattr("domain.course.responsibility.settings", lambda: changed)
    assert duty(case) == [(at(0), REGION), (at(2), "none")]


def test_a_new_visitation_while_the_municipality_treats_her_is_the_regions_again():
    case = handed_over((NO_LONGER_VISITED, 1), (VISITED, 6, REGION))
    assert duty(case)[-1] == (at(6), REGION)


def test_a_new_acting_municipality_has_the_duty_from_the_moment_that_was_noted():
    change = f.ActingMunicipalityChanged(**ON, municipality=OTHER_TOWN, basis="residence")
    case = handed_over((NO_LONGER_VISITED, 1), (change, 8))
    assert duty(case) == [(at(0), REGION), (at(1), TOWN), (at(8), OTHER_TOWN)]


def test_a_move_alone_changes_no_acting_municipality():
    """RSL §9(3)."""
    moved = f.CitizenMoved(**ON, municipality=OTHER_TOWN)
    assert duty(handed_over((NO_LONGER_VISITED, 1), (moved, 3))) == [(at(0), REGION), (at(1), TOWN)]


def test_nobody_has_a_duty_to_the_dead():
    case = handed_over((DEAD, 7), (VISITED, 9, REGION))
    assert duty(case)[-1] == (at(7), "none")


def test_what_was_retracted_never_held():
    retracted = f.CaseFactRetracted(**ON, position=2, retracts=DEAD.NAME, reason="wrong-citizen")
    assert duty(handed_over((DEAD, 7), (retracted, 8))) == [(at(0), REGION)]


def test_a_fact_that_is_recorded_late_counts_from_its_own_time():
    case = handed_over((NO_LONGER_VISITED, 5), (ADMITTED, 6), (DISCHARGED, 7), (NO_LONGER_VISITED, 2))
    assert duty(case) == [(at(0), REGION), (at(2), TOWN), (at(6), "none"), (at(7), TOWN)]


def test_what_happened_before_the_handover_decides_who_has_the_duty_at_its_beginning():
    assert duty(handed_over((NO_LONGER_VISITED, -3))) == [(at(0), TOWN)]


def test_a_dispute_leaves_it_unresolved_until_a_leader_or_a_take_over_settles_it():
    unresolved = x.HandoverResponsibilityUnresolved(
        reason="both-refuse", leaders_by=at(5), acting_meanwhile=None, basis=None
    )
    resolved = x.HandoverResponsibilityResolved(authority=TOWN, decided_by="leaders-agreed")
    for settled in (resolved, TAKEN_OVER):
        case = handed_over((NO_LONGER_VISITED, 1), (unresolved, 4), (settled, 6))
        assert duty(case)[-2:] == [(at(4), "unresolved"), (at(6), TOWN)]


def test_between_municipalities_the_registered_one_acts_meanwhile():
    """RSL §9(8)."""
    unresolved = x.HandoverResponsibilityUnresolved(
        reason="both-refuse", leaders_by=at(5), acting_meanwhile=OTHER_TOWN, basis="rsl:9.8"
    )
    assert duty(handed_over((unresolved, 4)))[-1] == (at(4), OTHER_TOWN)


def test_an_imported_case_is_unresolved_until_it_is_confirmed():
    imported = s.HandoverImported(
        citizen_key="ab" * 16,
        receiver_key="cd" * 16,
        sender_authority=REGION,
        sender_unit="amb-slagelse",
        receiver_authority=TOWN,
        receiver_unit="rusmiddelcenter",
        mailbox=None,
        direction="region-to-municipality",
        move_from="koordineret",
        move_to="parallel",
        acting_municipality=TOWN,
        claimed="sent",
        row_fingerprint="ef" * 32,
    )
    denied = course((imported, 0), (s.HandoverImportDenied(), 3))
    assert duty(denied) == [(at(0), "unresolved")], "a denial settles nothing"
    case = course((imported, 0), (s.HandoverImportConfirmed(), 3))
    assert duty(case) == [(at(0), "unresolved"), (at(3), TOWN)]
    assert [(span.start, span.value) for span in held_by_timeline(case)] == [(at(0), REGION), (at(3), TOWN)]


def test_nobody_knows_whose_it_is_without_an_acting_municipality():
    case = course((submitted("ukendt", "ukendt", acting_municipality=None), 0, REGION))
    assert duty(case) == [(at(0), "unresolved")]


def test_a_corrected_document_says_who_acts_and_whether_she_was_visited():
    elsewhere = corrected(
        {"stamoplysninger.handlekommune": OTHER_TOWN}, move_from="koordineret", move_to="parallel"
    )
    assert duty(handed_over((elsewhere, 2, REGION))) == [(at(0), OTHER_TOWN)], "it was an error all along"


def test_what_an_authority_had_is_its_successors():
    carried = s.HandoverCarriedOver(
        side="sender",
        from_authority=REGION,
        from_unit="amb-slagelse",
        to_authority=EAST,
        to_unit="amb-oest",
        citizen_key=None,
        mailbox=None,
        labelled=False,
    )
    case = handed_over((carried, 50))
    assert duty(case) == [(at(0), REGION), (at(50), EAST)]
    assert [span.value for span in held_by_timeline(case)] == [REGION, EAST]


def test_the_sender_follows_up_until_taken_over_whatever_else_happens():
    case = handed_over((ADMITTED, 1), (x.HandoverDeclined(reason="at-capacity"), 2), (TAKEN_OVER, 6))
    assert [(span.start, span.value) for span in held_by_timeline(case)] == [(at(0), REGION), (at(6), TOWN)]


def test_how_long_the_two_have_differed_is_counted():
    case = handed_over((NO_LONGER_VISITED, 2), (TAKEN_OVER, 6))
    timelines = duty_timeline(case), held_by_timeline(case)
    assert difference(*timelines, until=at(1)) == timedelta(0), "the region has both"
    assert difference(*timelines, until=at(5)) == timedelta(days=3), "the duty is the town's already"
    assert difference(*timelines, until=at(100)) == timedelta(days=4)


HANDED = x.HandoverCompletedOtherwise(means="telephone", authority=TOWN)


@pytest.mark.parametrize(
    "end",
    [
        x.HandoverWithdrawn(reason="other"),
        x.HandoverWithdrawalConfirmed(),
        x.HandoverEnteredInError(reason="duplicate"),
        x.HandoverWrongPerson(found_by="sender", documents=()),
        h.HandoverClosed(outcome="treatment-started"),
        HANDED,
    ],
    ids=lambda end: end.NAME,
)
def test_hours_apart_are_counted_until_the_handover_ends(end):
    case = handed_over((NO_LONGER_VISITED, 2), (end, 6))
    timelines = duty_timeline(case), held_by_timeline(case)
    assert ended_at(case) == at(6)
    assert difference(*timelines, at(4), ended_at(case)) == timedelta(days=2)
    assert difference(*timelines, at(100), ended_at(case)) == timedelta(days=4)
    reopened = handed_over((NO_LONGER_VISITED, 2), (end, 6), (x.HandoverMisdirected(found_by="sender"), 9))
    assert ended_at(reopened) is None


def test_a_dispute_that_nobody_settled_is_counted_on_after_an_end_that_nobody_stopped():
    unresolved = x.HandoverResponsibilityUnresolved(
        reason="second-return", leaders_by=at(5), acting_meanwhile=None, basis=None
    )
    case = handed_over((unresolved, 4), (x.HandoverWithdrawn(reason="other"), 6))
    assert duty(case)[-1] == (at(4), "unresolved")
    assert ended_at(case) is None


def test_whom_it_was_handed_to_by_other_means_has_it_and_so_has_its_successor():
    assert [span.value for span in held_by_timeline(handed_over((HANDED, 6)))] == [REGION, TOWN]
    to_the_region = x.HandoverCompletedOtherwise(means="telephone", authority=REGION)
    carried = s.HandoverCarriedOver(
        side="sender",
        from_authority=REGION,
        from_unit=None,
        to_authority=EAST,
        to_unit=None,
        citizen_key=None,
        mailbox=None,
        labelled=False,
    )
    case = handed_over((to_the_region, 6), (carried, 50))
    assert held_by_timeline(case)[-1].value == EAST


def test_a_step_that_tells_of_an_earlier_time_undoes_no_dispute_in_between():
    unresolved = x.HandoverResponsibilityUnresolved(
        reason="second-return", leaders_by=at(9), acting_meanwhile=None, basis=None
    )
    settled = x.HandoverResponsibilityResolved(authority=TOWN, decided_by="leaders-agreed")
    case = handed_over((NO_LONGER_VISITED, 1), (unresolved, 4), (settled, 6), (HANDED, 3))
    assert duty(case)[1:] == [(at(1), TOWN), (at(4), "unresolved"), (at(6), TOWN)]
    assert [(span.start, span.value) for span in held_by_timeline(case)] == [(at(0), REGION), (at(6), TOWN)]


def test_while_two_municipalities_disagree_the_reason_says_by_what_one_of_them_acts():
    def reason(basis):
        unresolved = x.HandoverResponsibilityUnresolved(
            reason="both-refuse", leaders_by=at(5), acting_meanwhile=TOWN, basis=basis
        )
        return duty_timeline(handed_over((unresolved, 4)))[-1].value.reason

    assert (reason("rsl:9.8"), reason(None)) == ("acting-meanwhile", "sender-meanwhile")


def test_which_municipality_acts_follows_the_document_and_what_was_noted_later():
    change = f.ActingMunicipalityChanged(**ON, municipality=OTHER_TOWN, basis="residence")
    case = handed_over((change, 8))
    assert [(span.start, span.value) for span in acting_timeline(case)] == [
        (at(0), TOWN),
        (at(8), OTHER_TOWN),
    ]


@pytest.mark.parametrize("number", [-1, 0, 0.5, 3, 1000])
def test_there_is_one_value_at_any_instant(number):
    case = handed_over((NO_LONGER_VISITED, 2), (TAKEN_OVER, 6))
    assert value_at(duty_timeline(case), at(number)).kind == "authority"
    assert value_at(held_by_timeline(case), at(number)) in (REGION, TOWN)


def test_a_case_without_a_beginning_is_none():
    with pytest.raises(ValueError, match="beginning"):
        duty_timeline(course((delivered(), 0)))
