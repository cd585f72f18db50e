"""A document is corrected: the old one stays readable, and nobody takes over what she has not read."""

from typing import Any

import pytest

from tests.api.http.handover import Case, listed, opened, sent
from tests.api.http.running import Caller
from tests.api.http.town import Town, document, ok, submission

DOSE = "3 tabletter"


def correction(reason: str = "error", **fields: Any) -> dict[str, Any]:
    """A corrected document: another dose, and what else is changed."""
    made = document(**fields)
    made["sections"]["medicin"]["ordinations"][0]["dose"] = DOSE
    return {"document": made, "reason": reason}


def _dose(case: Case, who: Caller, **reading: Any) -> str:
    dose: str = case.open(who, **reading)["sections"]["medicin"]["ordinations"][0]["dose"]
    return dose


def test_the_corrected_document_counts_and_the_one_before_stays_readable(town: Town) -> None:
    # given a document that both have read
    case = opened(town)
    [first] = case.shown(town.caseworker)["documents"]
    # when the clinic corrects it
    case.take(town.clinician, "correction", correction())
    # then it waits to be opened again, beside the one before
    shown = case.shown(town.caseworker)
    assert (shown["status"], shown["opened_at"]) == ("delivered", None)
    assert shown["corrected_at"] is not None
    before, now = shown["documents"]
    assert before == first
    for who in (town.caseworker, town.clinician):
        assert _dose(case, who, document=before) == "2 tabletter"
        assert _dose(case, who, document=now) == _dose(case, who) == DOSE


@pytest.mark.parametrize("acknowledged", [False, True])
def test_taking_over_waits_until_the_corrected_document_is_opened(town: Town, acknowledged: bool) -> None:
    case = opened(town)
    if acknowledged:
        case.take(town.caseworker, "acknowledgement")
    case.take(town.clinician, "correction", correction("new-information"))
    before, _ = case.shown(town.caseworker)["documents"]
    code = "document-opened-by-receiver"
    assert case.refused(town.caseworker, "takeover") == code
    assert "take_over" not in case.actions(town.caseworker)
    # a look at the one before is no reading of the corrected one
    case.open(town.caseworker, document=before)
    assert case.refused(town.caseworker, "takeover") == code
    case.open(town.caseworker)
    case.take(town.caseworker, "takeover")
    # and what was acknowledged stays acknowledged
    assert case.shown(town.caseworker)["acknowledged_at"] is not None


def test_the_work_list_names_the_citizen_as_corrected(town: Town) -> None:
    case = sent(town, name="Test Testesn")
    case.take(town.clinician, "correction", correction(name="Test Testesen"))
    rows = listed(town.caseworker, f"/v1/mailboxes/{town.mailbox}/handovers")
    [row] = [one for one in rows if one["id"] == case.id]
    assert row["label"]["name"] == "Test Testesen"


def test_a_correction_mends_a_missing_basis_and_the_handover_goes_on(town: Town) -> None:
    # given a handover that is held because the citizen objects
    body = submission(made=document(samtykke__objection=True))
    case = Case(ok(town.clinician.post("/v1/handovers", body), 201).headers["Location"])
    assert case.shown(town.clinician)["status"] == "held"
    # when she has withdrawn her objection and the document says so
    case.take(town.clinician, "correction", correction("consent-changed"))
    # then it is delivered
    town.server.until(lambda: case.shown(town.clinician)["status"] == "delivered")
    assert _dose(case, town.caseworker) == DOSE
    # and what the receiver never had it has not got now
    assert len(case.shown(town.caseworker)["documents"]) == 1
    assert len(case.shown(town.clinician)["documents"]) == 2


def test_a_correction_is_the_senders_and_about_the_same_citizen(town: Town) -> None:
    case = opened(town)
    assert case.refused(town.caseworker, "correction", correction()) == "wrong-side"
    another = {"type": "cpr", "value": "7002024321"}
    assert case.refused(town.clinician, "correction", correction(person_id=another)) == "another-citizen"
    objecting = correction(samtykke__objection=True)
    assert case.refused(town.clinician, "correction", objecting) == "disclosure-basis-live"
    assert len(case.shown(town.clinician)["documents"]) == 1
