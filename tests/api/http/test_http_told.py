"""What a sender is told: before it sends, when it has sent, and when it has come back."""

from datetime import UTC, datetime, timedelta

from tests.api.http.handover import Case, listed, opened, sent
from tests.api.http.town import AMBULATORY, CENTRE, TOWN, Town, document, ok, submission

THERE = {"overgang__move_from": "koordineret", "overgang__move_to": "integreret"}


def _foreseen(town: Town, **fields: object) -> list[str]:
    body = submission(made=document(**fields))
    found = ok(town.clinician.post("/v1/handovers/validate", body), 200).json()
    assert found["valid"]
    return [one["code"] for one in found["warnings"]]


def test_a_validation_says_that_it_would_be_held_or_refused_and_why(town: Town) -> None:
    before = town.server.length()
    assert "citizen-objects" in _foreseen(town, samtykke__objection=True)
    assert "no-main-mailbox" in _foreseen(town, handlekommune="0101")
    assert "move-fits-parties" in _foreseen(town, **THERE)
    assert _foreseen(town) == []
    assert town.server.length() == before


def test_a_submission_says_what_came_of_it_and_says_it_again(town: Town) -> None:
    made = submission()
    first = ok(town.clinician.post("/v1/handovers", made, key="delivered-once"), 201)
    delivered = first.json()
    assert (delivered["status"], delivered["held_reason"]) == ("delivered", None)
    # what has become of it since is no part of that answer
    Case(first.headers["Location"]).open(town.caseworker)
    assert ok(town.clinician.post("/v1/handovers", made, key="delivered-once"), 201).json() == delivered
    body = submission(made=document(samtykke__objection=True, overgang__urgency="hurtig-24h"))
    called = {"at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(), "with_whom": "Vagthavende"}
    body["document"]["sections"]["overgang"]["telephone_contact"] = called
    answers = [ok(town.clinician.post("/v1/handovers", body, key="held-once"), 201).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0]["status"], answers[0]["held_reason"]) == ("held", "citizen-objects")
    assert answers[0]["held_reason_label"] == "borgeren har sagt nej"


def test_a_call_that_is_to_be_made_and_a_paper_of_tomorrow_are_refused(town: Town) -> None:
    """Neither has happened: it is no call, and no day from which limits could count."""
    later = {"at": (datetime.now(UTC) + timedelta(hours=1)).isoformat(), "with_whom": "Vagthavende"}
    tomorrow = str((datetime.now(UTC) + timedelta(days=2)).date())
    case = sent(town)
    for fields in (
        {"overgang__urgency": "hurtig-24h", "overgang__telephone_contact": later},
        {"afslutning__on_paper": True, "afslutning__paper_written_on": tomorrow},
    ):
        made = document(**fields)
        body = submission(made=made)
        [found] = ok(town.clinician.post("/v1/handovers", body), 409).json()["errors"]
        assert found["code"] == "in-the-future"
        told = ok(town.clinician.post("/v1/handovers/validate", body), 200).json()["warnings"]
        assert "in-the-future" in {one["code"] for one in told}
        correction = {"document": made, "reason": "error"}
        assert case.refused(town.clinician, "correction", correction) == "in-the-future"


def test_why_it_came_back_and_where_it_seems_to_belong_stand_on_the_case(town: Town) -> None:
    case = sent(town)
    case.take(town.caseworker, "return", {"reason": "not-acting-municipality", "suggested": "0330"})
    [back] = case.shown(town.clinician)["exits"]
    assert (back["event"], back["reason"], back["suggested"]) == (
        "handover-returned",
        "not-acting-municipality",
        "0330",
    )
    assert back["reason_label"] == "ikke handlekommune"
    rows = listed(town.clinician, "/v1/handovers")
    [row] = [one for one in rows if one["id"] == case.id]
    assert "Sendt retur" in row["headline"]


def test_the_municipalitys_main_mailbox_stands_in_for_a_centre_without_one(town: Town) -> None:
    made = ok(town.clinician.post("/v1/handovers", submission(receiver_unit=CENTRE)), 201).json()
    assert made["status"] == "delivered"


def test_a_refused_step_says_what_is_possible(town: Town) -> None:
    case = opened(town)
    seen = town.caseworker.get(case.path)
    refused = town.caseworker.act(f"{case.path}/closure", seen.headers["ETag"], {"outcome": "no-contact"})
    [error] = ok(refused, 409).json()["errors"]
    assert error["code"] == "not-allowed-now"
    assert "Kvittér" in error["detail_da"] and "take_over" in error["detail"]
    # and nothing whose condition does not hold: nobody has asked to take it back
    assert "confirm_withdrawal" not in error["detail"]


def test_a_fact_may_state_its_time_in_any_zone(town: Town) -> None:
    case = sent(town)
    at = (datetime.now(UTC) - timedelta(hours=3)).replace(microsecond=0)
    danish = at.astimezone().isoformat()
    ok(case.record(town.caseworker, "citizen-admitted", danish), 201)
    [fact] = case.facts(town.clinician)
    assert datetime.fromisoformat(fact["occurred_at"]) == at
    naive = case.record(town.caseworker, "citizen-discharged", "2026-11-24T12:00:00")
    [error] = ok(naive, 422).json()["errors"]
    assert error["code"] == "moment" and "tidszone" in error["detail_da"]


def test_to_an_ambulatory_the_unit_is_named(town: Town) -> None:
    body = submission(sender=(TOWN, CENTRE))
    found = ok(town.caseworker.post("/v1/handovers/validate", body), 200).json()
    assert [one["code"] for one in found["warnings"]] == ["no-main-mailbox"]
    body["receiver_unit"] = AMBULATORY
    assert ok(town.caseworker.post("/v1/handovers/validate", body), 200).json()["warnings"] == []
