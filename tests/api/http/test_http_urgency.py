"""What hastes: acute cases are turned away with what to do instead, urgent ones need a telephone call."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.http.handover import Case, listed, sent
from tests.api.http.town import Town, document, refused, submission

CALLED = {"with_whom": "Visitator i Rusmiddelcenter Næstved"}


def _refusals(town: Town, made: dict[str, Any]) -> list[dict[str, Any]]:
    """Why a document is refused, at submission and at validation alike; nothing is stored."""
    before = town.server.length()
    errors = []
    for path in ("/v1/handovers", "/v1/handovers/validate"):
        problem = refused(town.clinician.post(path, submission(made=made)), 422, "validation-failed")
        errors.append(problem["errors"])
    assert errors[0] == errors[1]
    assert town.server.length() == before
    return errors[0]


def test_an_acute_case_is_turned_away_with_what_to_do_instead(town: Town) -> None:
    [error] = _refusals(town, document(overgang__urgency="akut"))
    assert (error["pointer"], error["code"]) == (
        "/document/sections/overgang/urgency",
        "not-for-acute-cases",
    )
    assert "Ring til modtageren, vagthavende eller 112" in error["detail_da"]
    assert "112" in error["detail"]


@pytest.mark.parametrize("urgency", ["hurtig-24h", "hurtig-72h"])
def test_an_urgent_handover_without_a_telephone_call_is_refused(town: Town, urgency: str) -> None:
    [error] = _refusals(town, document(overgang__urgency=urgency))
    assert error["pointer"] == "/document/sections/overgang/telephone_contact"
    assert error["code"] == "telephone-contact-missing"


@pytest.mark.parametrize(("urgency", "hours", "first"), [("hurtig-24h", 24, True), ("hurtig-72h", 72, False)])
def test_with_the_call_it_is_sent_and_its_hours_count(
    town: Town, urgency: str, hours: int, first: bool
) -> None:
    # given an urgent handover whose sender has called an hour ago
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    contact = CALLED | {"at": at.isoformat()}
    case = sent(town, overgang__urgency=urgency, overgang__telephone_contact=contact)
    # then its limit is so many hours after it was submitted, and the first of all stand first
    shown = case.shown(town.caseworker)
    submitted, until = (datetime.fromisoformat(shown[name]) for name in ("submitted_at", "take_over_by"))
    assert until - submitted == timedelta(hours=hours)
    rows = listed(town.caseworker, f"/v1/mailboxes/{town.mailbox}/handovers")
    [row] = [one for one in rows if one["id"] == case.id]
    assert f"Haster: {hours} timer" in row["headline"] and first == (row["priority"] == 0)
    # and the call is a fact with its own time, without the name of who was called
    [fact] = case.facts(town.caseworker)
    assert fact["event"] == "telephone-contact-made"
    assert datetime.fromisoformat(fact["occurred_at"]) == at
    assert "Visitator" not in str(fact)


def test_a_correction_that_makes_it_urgent_needs_the_call_too(town: Town) -> None:
    case = sent(town)
    hasty = {"document": document(overgang__urgency="hurtig-24h"), "reason": "new-information"}
    assert case.refused(town.clinician, "correction", hasty) == "telephone-contact-missing"
    contact = CALLED | {"at": datetime.now(UTC).replace(microsecond=0).isoformat()}
    hasty["document"]["sections"]["overgang"]["telephone_contact"] = contact
    case.take(town.clinician, "correction", hasty)
    assert [one["event"] for one in Case(case.path).facts(town.caseworker)] == ["telephone-contact-made"]


@pytest.mark.parametrize("day", ["1950-01-01", "2099-12-31"])
def test_a_medicine_supply_beyond_every_calendar_is_taken_in(town: Town, day: str) -> None:
    case = sent(town, medicin__supply_ends=day)
    shift = document()["sections"]["overgang"]["planned_shift"]
    until = case.shown(town.caseworker)["take_over_by"]
    assert until[:4] == "1949" if day < shift else until.startswith(shift)
