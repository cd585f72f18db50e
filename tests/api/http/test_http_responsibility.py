"""Who has the statutory duty and who follows up, each at every instant, and the 14-day clocks."""

from datetime import date, timedelta
from typing import Any

from tests.api.http.handover import Case, opened, sent
from tests.api.http.running import Caller
from tests.api.http.town import (
    DUTY_TELEPHONE,
    REGION,
    TOWN,
    Neighbour,
    Town,
    ago,
    ok,
    on_paper,
    refused,
    today,
)

PARALLEL = {"overgang__move_from": "parallel", "overgang__move_to": "koordineret"}
"""A move that leaves the statutory duty where it was."""


def _shown(case: Case, who: Caller) -> dict[str, Any]:
    found: dict[str, Any] = ok(who.get(f"{case.path}/responsibility"), 200).json()
    return found


def _whole(spans: list[dict[str, Any]]) -> bool:
    """No hole and no overlap, and the last has no end."""
    ends = [one["end"] for one in spans]
    return ends[:-1] == [one["start"] for one in spans[1:]] and ends[-1] is None


def test_no_button_moves_the_duty_and_taking_over_moves_the_follow_up(town: Town) -> None:
    # given a citizen who is visiteret to integrated treatment, so that the duty is the region's
    case = opened(town, overgang__move_from="integreret")
    before = _shown(case, town.clinician)
    assert [(one["authority"], one["reason"]) for one in before["duty"]] == [(REGION, "visited")]
    assert [one["authority"] for one in before["held_by"]] == [REGION]
    assert before["hours_apart"] == 0
    # when the town takes over
    case.take(town.caseworker, "takeover")
    # then it follows up, and the duty is where it was until the visitation ends
    after = _shown(case, town.caseworker)
    assert [one["authority"] for one in after["held_by"]] == [REGION, TOWN]
    assert after["duty"] == before["duty"]
    ok(case.record(town.clinician, "visitation-ended", ago(seconds=0), reason="goals-met"), 201)
    ended = _shown(case, town.caseworker)
    assert [one["authority"] for one in ended["duty"]] == [REGION, TOWN]
    assert ended == _shown(case, town.clinician), "both parties see both timelines whole"
    assert _whole(ended["duty"]) and _whole(ended["held_by"])


def test_the_duty_rests_while_the_citizen_is_admitted_and_ends_with_her(town: Town) -> None:
    # given a handover that began on paper ten days ago, and what has happened to the citizen since
    case = sent(town, **PARALLEL, **on_paper(days_ago=10))
    since = {
        "citizen-admitted": ago(days=6),
        "citizen-discharged": ago(days=4),
        "citizen-deceased": ago(days=1),
    }
    for event, at in reversed(since.items()):
        ok(case.record(town.caseworker, event, at), 201)
    # then the duty follows, whatever the order it was recorded in
    shown = _shown(case, town.caseworker)
    begun = case.shown(town.clinician)["submitted_at"]
    assert [(one["start"], one["authority"], one["reason"]) for one in shown["duty"]] == [
        (begun, TOWN, "acting-municipality"),
        (since["citizen-admitted"], None, "admitted"),
        (since["citizen-discharged"], TOWN, "acting-municipality"),
        (since["citizen-deceased"], None, "deceased"),
    ]
    assert _whole(shown["duty"])
    # and all the while the region follows up, so that the two differ
    assert [one["authority"] for one in shown["held_by"]] == [REGION]
    assert shown["hours_apart"] in range(10 * 24, 11 * 24 + 2)


def test_a_case_that_both_refuse_has_nobody_until_it_is_settled(town: Town) -> None:
    case = opened(town, **PARALLEL)
    assert [one["authority"] for one in _shown(case, town.clinician)["duty"]] == [TOWN]
    case.take(town.caseworker, "decline", {"reason": "at-capacity"})
    case.take(town.clinician, "insistence", {})
    disputed = _shown(case, town.clinician)["duty"]
    assert [(one["kind"], one["reason"]) for one in disputed] == [
        ("authority", "acting-municipality"),
        ("unresolved", "both-refuse"),
    ]
    # and still there is somebody to call: who follows it up, which is the sender until it is taken over
    assert _shown(case, town.caseworker)["contact"]["authority"] == REGION
    case.take(town.leader, "resolution", {"authority": TOWN, "decided_by": "own-authority"})
    assert [one["authority"] for one in _shown(case, town.clinician)["duty"]] == [TOWN, None, TOWN]


def test_the_towns_14_days_run_from_delivery_with_the_citizens_wish(town: Town) -> None:
    case = sent(town)
    [clock] = _shown(case, town.clinician)["clocks"]
    delivered = case.shown(town.clinician)["delivered_at"]
    assert (clock["rule"], clock["authority"], clock["because"]) == (
        "START_KOM",
        TOWN,
        "availability-with-wish",
    )
    assert (clock["started_at"], clock["status"]) == (delivered, "running")
    assert date.fromisoformat(clock["due"]) == today() + timedelta(days=14)
    # and her own contact before it starts them earlier
    at = ago(days=4)
    inquiry = {"channel": "in-person", "wishes_treatment": True}
    ok(case.record(town.caseworker, "inquiry-received", at, **inquiry), 201)
    [earlier] = _shown(case, town.clinician)["clocks"]
    assert (earlier["because"], earlier["started_at"]) == ("inquiry", at)
    assert earlier["due"] < clock["due"]
    # until her treatment begins there
    ok(case.record(town.caseworker, "treatment-started", ago(days=1), authority=TOWN), 201)
    [stopped] = _shown(case, town.clinician)["clocks"]
    assert stopped["status"] == "stopped"


def test_without_a_documented_wish_no_clock_runs(town: Town) -> None:
    case = sent(town, borgerens_perspektiv__wishes_treatment=False)
    assert _shown(case, town.clinician)["clocks"] == []


def test_the_regions_14_days_need_a_referral_that_counts(town: Town) -> None:
    # given a referral by an office that may not refer to the region
    case = sent(town)
    referral = {"region": REGION, "referrer": "municipality-authority"}
    ok(case.record(town.clinician, "referral-received", ago(days=3), **referral), 201)
    assert [one["facts"]["counts"] for one in case.facts(town.clinician)] == [False]
    assert _regional(case, town) == []
    # when the region has published that it may
    entry = {"referrer": referral["referrer"], "valid_from": ago(days=2)}
    ok(town.registrar.post(f"/v1/authorities/{REGION}/referrers", entry), 201)
    at = ago(days=1)
    ok(case.record(town.clinician, "referral-received", at, **referral), 201)
    # then the next one counts, and the one before still does not
    assert [one["facts"]["counts"] for one in case.facts(town.clinician)] == [False, True]
    [clock] = _regional(case, town)
    assert (clock["rule"], clock["because"], clock["started_at"]) == (
        "START_REG",
        "referral-that-counts",
        at,
    )


def _regional(case: Case, town: Town) -> list[dict[str, Any]]:
    return [one for one in _shown(case, town.clinician)["clocks"] if one["authority"] == REGION]


def test_the_citizen_calls_who_has_the_duty_and_the_region_before_it_ends_its_own(town: Town) -> None:
    case = opened(town, overgang__move_from="integreret")
    contact = _shown(case, town.caseworker)["contact"]
    assert contact == {"authority": REGION, "name": "Region Sjælland", "telephone": None}
    case.take(town.caseworker, "takeover")
    # the town follows it up now, and the region has the duty still
    assert _shown(case, town.caseworker)["contact"]["authority"] == REGION
    ok(case.record(town.clinician, "visitation-ended", ago(seconds=0), reason="goals-met"), 201)
    assert _shown(case, town.clinician)["contact"]["telephone"] == DUTY_TELEPHONE


def test_the_municipality_owes_a_follow_up_after_one_month_and_after_six(town: Town) -> None:
    case = sent(town, **PARALLEL, **on_paper(days_ago=10))
    ended = ago(days=8)
    ok(case.record(town.caseworker, "treatment-ended", ended, authority=TOWN, status="completed"), 201)
    first, second = _shown(case, town.caseworker)["follow_ups"]
    assert [(one["rule"], one["after_months"]) for one in (first, second)] == [("OPF1", 1), ("OPF6", 6)]
    assert first["due"] < second["due"] and first["done_at"] is None
    done = ago(days=1)
    ok(case.record(town.caseworker, "follow-up-done", done, after_months=1, status="well"), 201)
    assert [one["done_at"] for one in _shown(case, town.clinician)["follow_ups"]] == [done, None]


def test_a_stranger_sees_no_responsibility(town: Town, neighbour: Neighbour) -> None:
    refused(neighbour.caseworker.get(f"{sent(town).path}/responsibility"), 404, "not-found")
