"""What has happened outside the document is recorded with its own time, whatever the case looks like."""

import pytest

from tests.api.http.handover import Case, code_of, opened, sent
from tests.api.http.town import REGION, TOWN, Neighbour, Town, ago, ok, refused


def test_a_fact_has_a_time_of_its_own_and_both_parties_see_it(town: Town) -> None:
    # given a handover, and a citizen who was admitted ten days ago and discharged a week ago
    case = opened(town)
    admitted, discharged = ago(days=10), ago(days=7)
    # when the later one is recorded first
    ok(case.record(town.caseworker, "citizen-discharged", discharged), 201)
    made = ok(case.record(town.clinician, "citizen-admitted", admitted), 201)
    assert made.headers["Location"] == f"{case.path}/facts"
    # then they stand by their own time, with who recorded them and when
    for who in (town.clinician, town.caseworker):
        first, second = case.facts(who)
        assert (first["event"], first["occurred_at"], first["authority"]) == (
            "citizen-admitted",
            admitted,
            REGION,
        )
        assert (second["event"], second["occurred_at"], second["authority"]) == (
            "citizen-discharged",
            discharged,
            TOWN,
        )
        assert second["recorded_at"] < first["recorded_at"] and first["holds"] and second["holds"]


def test_nothing_is_recorded_before_it_has_happened(town: Town) -> None:
    case = sent(town)
    answer = case.record(town.caseworker, "treatment-started", ago(hours=-1), authority=TOWN)
    assert code_of(answer) == "in-the-future"
    assert case.facts(town.caseworker) == []


@pytest.mark.parametrize("step", ["closed", "wrong-person"])
def test_no_state_of_the_case_forbids_a_fact(town: Town, step: str) -> None:
    case = opened(town)
    if step == "closed":
        case.take(town.caseworker, "takeover")
        case.take(town.caseworker, "closure", {"outcome": "deceased"})
    else:
        case.take(town.caseworker, step)
    ok(case.record(town.caseworker, "citizen-deceased", ago(days=1)), 201)
    assert [one["event"] for one in case.facts(town.clinician)] == ["citizen-deceased"]


def test_a_fact_that_was_wrong_is_retracted_and_can_still_be_seen(town: Town) -> None:
    # given an inquiry that was recorded with the wrong time
    case, at = sent(town), ago(days=3)
    inquiry = {"channel": "telephone", "wishes_treatment": True}
    ok(case.record(town.caseworker, "inquiry-received", at, **inquiry), 201)
    [fact] = case.facts(town.caseworker)
    # when it is taken back
    retraction = {"position": fact["position"], "retracts": fact["event"], "reason": "wrong-time"}
    ok(case.record(town.caseworker, "case-fact-retracted", ago(hours=1), **retraction), 201)
    # then it does not hold, and stands there all the same
    wrong, taken_back = case.facts(town.clinician)
    assert (wrong["position"], wrong["holds"]) == (fact["position"], False)
    assert (taken_back["event"], taken_back["holds"]) == ("case-fact-retracted", True)
    assert taken_back["facts"]["position"] == fact["position"]
    # and it is retracted once, by its position and its event
    for changed in ({}, {"position": fact["position"] + 100_000}, {"retracts": "citizen-moved"}):
        answer = case.record(town.caseworker, "case-fact-retracted", ago(hours=1), **retraction | changed)
        assert code_of(answer) == "fact-unknown"


def test_a_receiver_sees_the_facts_of_its_own_time_as_a_party(town: Town, neighbour: Neighbour) -> None:
    # given a fact that was recorded while the town had the case
    case = sent(town)
    ok(case.record(town.caseworker, "citizen-moved", ago(days=1), municipality=neighbour.authority), 201)
    case.take(town.caseworker, "forwarding", {"receiver_authority": neighbour.authority})
    # then the next receiver has not got it from the town, and the sender has
    assert case.facts(neighbour.caseworker) == []
    assert [one["event"] for one in case.facts(town.clinician)] == ["citizen-moved"]
    refused(town.caseworker.get(f"{case.path}/facts"), 404, "not-found")
    ok(case.record(neighbour.caseworker, "citizen-admitted", ago(hours=2)), 201)
    assert [one["event"] for one in case.facts(neighbour.caseworker)] == ["citizen-admitted"]


def test_a_stranger_records_nothing(town: Town, neighbour: Neighbour) -> None:
    case = sent(town)
    refused(case.record(neighbour.caseworker, "citizen-admitted", ago(days=1)), 404, "not-found")
    auditor = town.server.caller("auditor", TOWN)
    refused(case.record(auditor, "citizen-admitted", ago(days=1)), 403, "role-not-allowed")


@pytest.mark.parametrize(
    ("event", "stated", "pointer", "code"),
    [
        ("visitation-started", {"region": TOWN}, "/region", "not-listed"),
        ("citizen-moved", {"municipality": REGION}, "/municipality", "not-listed"),
        ("treatment-ended", {"authority": TOWN, "status": "hemmelig"}, "/status", "not-listed"),
        ("citizen-admitted", {"hemmelig": 1}, "", "unknown-member"),
        ("hemmelig", {}, "", "not-listed"),
    ],
)
def test_what_is_no_fact_is_refused_without_an_echo(
    town: Town, event: str, stated: dict, pointer: str, code: str
) -> None:
    case = sent(town)
    problem = refused(case.record(town.caseworker, event, ago(days=1), **stated), 422, "validation-failed")
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [(pointer, code)]
    assert "hemmelig" not in str(problem)


def test_a_retry_records_nothing_twice(town: Town) -> None:
    case, key = sent(town), "en-enkelt-noegle-til-et-forsoeg-to-gange"
    body = {"event": "citizen-discharged", "occurred_at": ago(days=2)}
    first = ok(town.caseworker.post(f"{case.path}/facts", body, key=key), 201)
    again = ok(town.caseworker.post(f"{case.path}/facts", body, key=key), 201)
    assert first.json() == again.json() and len(case.facts(town.caseworker)) == 1
    other = Case(case.path)
    answer = town.caseworker.post(f"{other.path}/facts", body | {"occurred_at": ago(days=3)}, key=key)
    refused(answer, 422, "idempotency-key-reused")
