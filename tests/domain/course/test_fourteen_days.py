"""The two 14-day clocks, from facts that can be defended (SUL §§82c, 87, 141-142; SEL §101(4))."""

from datetime import date

import pytest

from domain.course import events as f
from domain.course.clocks import clocks
from domain.handover import events as h
from domain.handover import exits as x
from domain.law import responsibility
from tests.domain.course.course import (
    HANDOVER,
    ON,
    OTHER_TOWN,
    REGION,
    TOWN,
    at,
    corrected,
    course,
    delivered,
    handed_over,
    submitted,
)

INQUIRY = f.InquiryReceived(**ON, channel="telephone", wishes_treatment=True)


def referral(*, counts=True, referrer="hospital"):
    return f.ReferralReceived(**ON, region=REGION, referrer=referrer, counts=counts, rule="by-law")


def treated(authority=TOWN, *, provisional=False):
    return f.TreatmentStarted(**ON, authority=authority, provisional=provisional)


def told(case):
    return [(one.rule, one.authority, one.because, one.started_at, one.status) for one in clocks(case)]


def test_the_municipalitys_starts_when_the_document_is_in_its_mailbox_with_the_citizens_wish():
    case = course((submitted(), 0, REGION), (delivered(), 2))
    assert told(case) == [("START_KOM", TOWN, "availability-with-wish", at(2), "running")]
    [clock] = clocks(case)
    assert clock.due == date(2026, 11, 18), "14 calendar days after 4 November, not rolled"


@pytest.mark.parametrize("wish", [False, None])
def test_without_a_documented_wish_the_document_starts_nothing(wish):
    assert told(course((submitted(), 0, REGION), (delivered(wish), 2))) == []


def test_the_first_template_had_one_field_for_the_wish():
    facts = {"overgang.treatment_wish_documented": True}
    case = course((submitted(), 0, REGION), (delivered(document_facts=facts), 2))
    assert told(case) == [("START_KOM", TOWN, "availability-with-wish", at(2), "running")]


def test_her_own_contact_starts_it_where_that_came_first_and_both_are_kept():
    case = handed_over((INQUIRY, -3))
    [clock] = clocks(case)
    assert (clock.because, clock.started_at) == ("inquiry", at(-3))
    assert [start.because for start in clock.starts] == ["inquiry", "availability-with-wish"]
    [later] = clocks(handed_over((INQUIRY, 5)))
    assert (later.because, later.started_at) == ("availability-with-wish", at(0))


def test_a_contact_without_a_wish_for_treatment_starts_nothing():
    asked = f.InquiryReceived(**ON, channel="telephone", wishes_treatment=False)
    assert told(course((submitted(), 0, REGION), (delivered(None), 1), (asked, 2))) == []


@pytest.mark.parametrize(
    ("move_from", "move_to", "starts"),
    [
        ("integreret", "koordineret", True),
        ("integreret", "parallel", True),
        ("koordineret", "parallel", False),
        ("parallel", "koordineret", False),
        ("ingen", "koordineret", True),
        ("koordineret", "ingen", False),
        ("ukendt", "ukendt", False),
    ],
)
def test_only_a_move_that_changes_whose_the_treatment_is_starts_a_receivers_clock(move_from, move_to, starts):
    case = course(
        (submitted(move_from, move_to), 0, REGION), (delivered(True, move_from, move_to), 0, "0000")
    )
    assert bool(told(case)) == starts


def test_between_municipalities_a_change_of_acting_municipality_starts_the_new_ones():
    case = course(
        (submitted("parallel", "parallel"), 0),
        (delivered(True, "parallel", "parallel", sender_authority="0330"), 0),
    )
    assert told(case) == [("START_KOM", TOWN, "availability-with-wish", at(0), "running")]


def test_what_is_unsettled_is_a_setting(monkeypatch):
    changed = responsibility.settings() | {
        "municipal_clock": responsibility.settings()["municipal_clock"]
        | {"availability_of": "every-move", "starts": ["availability-with-wish"]}
    }
    monkeypatch.setattr("domain.course.clocks.settings", lambda: changed)
    case = course(
        (submitted("koordineret", "parallel"), 0, REGION),
        (delivered(True, "koordineret", "parallel"), 0),
        (INQUIRY, -3),
    )
    assert told(case) == [("START_KOM", TOWN, "availability-with-wish", at(0), "running")]


def test_the_regions_starts_at_a_henvisning_that_counts():
    case = handed_over((referral(), 1, REGION))
    assert ("START_REG", REGION, "referral-that-counts", at(1), "running") in told(case)
    ignored = handed_over((referral(counts=False, referrer="municipality-social"), 1, REGION))
    assert [rule for rule, *_ in told(ignored)] == ["START_KOM"]


@pytest.mark.parametrize("provisional", [True, False])
def test_treatment_stops_it_provisional_or_not(provisional):
    """AFD §1(3): where the assessment is not done in time, treatment starts before it."""
    [clock] = clocks(handed_over((treated(provisional=provisional), 9)))
    assert (clock.status, clock.ended_at) == ("stopped", at(9))


def test_treatment_by_another_stops_nothing():
    [clock] = clocks(handed_over((treated(REGION), 9)))
    assert clock.status == "running"


def test_treatment_that_was_under_way_already_counts_and_an_earlier_course_does_not():
    [going_on] = clocks(handed_over((treated(), -10)))
    assert (going_on.status, going_on.ended_at) == ("stopped", at(-10))
    ended = f.TreatmentEnded(**ON, authority=TOWN, status="drop-out")
    [begun_anew] = clocks(handed_over((treated(), -90), (ended, -60)))
    assert begun_anew.status == "running"


def test_another_place_by_her_own_choice_departs_from_the_deadline():
    """SEL §101(6), SUL §141(6)."""
    chosen = f.ReferredElsewhere(**ON, place="private-provider", citizens_choice=True)
    [clock] = clocks(handed_over((chosen, 4)))
    assert (clock.status, clock.ended_at) == ("exempt", at(4))
    offered = f.ReferredElsewhere(**ON, place="private-provider", citizens_choice=False)
    [clock] = clocks(handed_over((offered, 4)))
    assert clock.status == "running"


def test_no_clock_runs_for_the_dead():
    [clock] = clocks(handed_over((f.CitizenDeceased(**ON), 4)))
    assert (clock.status, clock.ended_at) == ("stopped", at(4))


BACK = [
    x.HandoverWithdrawalConfirmed(),
    x.HandoverWithdrawn(reason="other"),
    x.HandoverEnteredInError(reason="duplicate"),
    x.HandoverReturned(reason="wrong-recipient", suggested=None),
    x.HandoverForwarded(from_authority=TOWN, receiver_authority="0330", receiver_unit=None, leg=2),
    x.HandoverMisdirected(found_by="receiver"),
    x.HandoverWrongPerson(found_by="receiver", documents=()),
]


@pytest.mark.parametrize("step", BACK, ids=lambda step: step.NAME)
def test_what_is_taken_back_stops_its_own_clock_and_none_that_she_started_herself(step):
    [own] = clocks(handed_over((step, 3)))
    assert (own.status, own.ended_at) == ("withdrawn", at(3))
    [hers] = clocks(handed_over((INQUIRY, 1), (step, 3)))
    assert (hers.because, hers.started_at, hers.status) == ("inquiry", at(1), "running")


def test_a_decline_stops_no_clock():
    [clock] = clocks(handed_over((x.HandoverDeclined(reason="at-capacity"), 3)))
    assert clock.status == "running"


WISH = {"borgerens_perspektiv.wishes_treatment": True}
RETURNED = x.HandoverReturned(reason="wrong-recipient", suggested=None)
AGAIN = x.HandoverRedirected(receiver_authority=TOWN, receiver_unit=None, leg=2)
ELSEWHERE = x.HandoverRedirected(receiver_authority=OTHER_TOWN, receiver_unit=None, leg=3)
UNRESOLVED = x.HandoverResponsibilityUnresolved(
    reason="second-return", leaders_by=at(9), acting_meanwhile=None, basis=None
)
SETTLED = x.HandoverResponsibilityResolved(authority=REGION, decided_by="leaders-agreed")
TWICE = ((RETURNED, 1), (AGAIN, 2), (delivered(), 3), (RETURNED, 4), (UNRESOLVED, 4))


def _setting(monkeypatch, **changes):
    municipal = responsibility.settings()["municipal_clock"] | changes
    changed = responsibility.settings() | {"municipal_clock": municipal}
    monkeypatch.setattr("domain.course.clocks.settings", lambda: changed)


def test_a_second_return_stops_no_clock_and_revives_the_one_that_the_first_had_stopped(monkeypatch):
    case = handed_over(*TWICE)
    assert told(case) == [("START_KOM", TOWN, "availability-with-wish", at(0), "running")]
    _setting(monkeypatch, unresolved_stops=["availability-with-wish"])
    [stopped] = clocks(case)
    assert (stopped.status, stopped.ended_at) == ("withdrawn", at(4))
    [settled] = clocks(handed_over(*TWICE, (SETTLED, 6)))
    assert settled.status == "running", "what a dispute had stopped runs again once it is settled"


def test_a_no_to_a_no_stops_no_clock(monkeypatch):
    case = handed_over(
        (x.HandoverDeclined(reason="at-capacity"), 3), (x.HandoverInsisted(), 4), (UNRESOLVED, 4)
    )
    [clock] = clocks(case)
    assert clock.status == "running"
    _setting(monkeypatch, unresolved_stops=["availability-with-wish"])
    [clock] = clocks(case)
    assert (clock.status, clock.ended_at) == ("withdrawn", at(4))


@pytest.mark.parametrize("settled", [(), ((SETTLED, 6),)])
def test_while_both_say_no_neither_stops_it_by_calling_the_document_misdirected(settled):
    [clock] = clocks(handed_over(*TWICE, (x.HandoverMisdirected(found_by="receiver"), 5), *settled))
    assert clock.status == "running"


def test_once_it_is_settled_another_receiver_or_a_withdrawal_stops_it():
    for last in (ELSEWHERE, x.HandoverWithdrawn(reason="wrong-receiver")):
        [clock] = clocks(handed_over(*TWICE, (SETTLED, 6), (last, 7)))
        assert (clock.status, clock.ended_at) == ("withdrawn", at(7))


FORWARDED = x.HandoverForwarded(from_authority=TOWN, receiver_authority=OTHER_TOWN, receiver_unit=None, leg=2)


@pytest.mark.parametrize("ways", [((RETURNED, 2), (ELSEWHERE, 2)), ((FORWARDED, 2),)], ids=["back", "on"])
def test_sent_back_and_sent_on_are_the_same_to_the_clock_of_the_wrong_receiver(ways, monkeypatch):
    case = handed_over(*ways, (delivered(receiver_authority=OTHER_TOWN), 3))
    assert [(one.authority, one.status, one.ended_at) for one in clocks(case)] == [
        (TOWN, "withdrawn", at(2)),
        (OTHER_TOWN, "running", None),
    ]
    _setting(monkeypatch, wrong_receiver_stops=[])
    assert [one.status for one in clocks(case)] == ["running", "running"]


def test_delivered_again_it_runs_again():
    case = handed_over(
        (x.HandoverReturned(reason="wrong-recipient", suggested=None), 2),
        (x.HandoverRedirected(receiver_authority=TOWN, receiver_unit=None, leg=2), 3),
        (delivered(), 4),
    )
    [clock] = clocks(case)
    assert (clock.status, clock.started_at) == ("running", at(0))


@pytest.mark.parametrize("kind", ["completed", "corrected"])
def test_a_wish_that_came_with_a_later_document_counts_from_its_arrival(kind):
    completed = h.HandoverCompleted(
        template="overgangsdokument",
        template_version=2,
        move_from="integreret",
        move_to="koordineret",
        document_id=HANDOVER,
        document_sha256="cd" * 32,
        document_facts=WISH,
        acknowledge_by=None,
    )
    later = {"completed": completed, "corrected": corrected(WISH)}[kind]
    case = course((submitted(), 0, REGION), (delivered(None), 0), (later, 5, REGION))
    assert told(case) == [("START_KOM", TOWN, "availability-with-wish", at(5), "running")]


def test_a_correction_of_what_has_reached_nobody_starts_nothing():
    assert told(course((submitted(), 0, REGION), (corrected(WISH, delivered=False), 1, REGION))) == []


@pytest.mark.parametrize("leg", [RETURNED, x.HandoverMisdirected(found_by="receiver", note=None)])
def test_a_document_that_the_sender_writes_when_it_has_come_back_starts_nothing(leg):
    """It is its own, and lies in no mailbox."""
    case = course(
        (submitted(), 0, REGION),
        (delivered(None), 0),
        (leg, 1),
        (corrected(WISH, delivered=False), 2, REGION),
    )
    assert told(case) == []
