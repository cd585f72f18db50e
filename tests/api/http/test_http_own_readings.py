"""Who has seen what of her: every sending and reading with date, purpose and unit, and never who it was."""

from typing import Any

from tests.api.http.handover import Case, listed, opened, sent
from tests.api.http.own import citizen_of, path, registers
from tests.api.http.town import AMBULATORY, CENTRE, REGION, TOWN, Town, ok


def _list(town: Town, case: Case) -> dict[str, Any]:
    found: dict[str, Any] = ok(citizen_of(town, case).get(f"{path(case)}/readings"), 200).json()
    return found


def test_every_sending_reading_listing_and_disclosure_stands_there_with_purpose_and_unit(town: Town) -> None:
    case = opened(town)
    case.open(town.clinician, purpose="case-administration")
    outsider = town.server.caller("caseworker", TOWN, unit="socialafdeling")
    case.open(outsider, purpose="supervision", outside_reason="complaint-handling")
    listed(town.caseworker, f"/v1/mailboxes/{town.mailbox}/handovers?status=opened")
    case.take(town.caseworker, "questions", {"concerns": ["medicin"], "text": "Hvem?"})
    registers(
        town.clinician,
        case,
        "disclosed-without-consent",
        disclosure="2d0e3b0e-52ad-4bb6-93d4-4bdc5cd1c0ab",
        to="0330",
        basis="sul:41.2.4",
        reason="danger-to-life",
        text="Der var fare for hendes liv.",
        outside=True,
    )
    found = _list(town, case)
    kinds = [one["what"] for one in found["items"]]
    assert kinds == ["sent", "sent", "read", "read", "read", "listed", "sent", "disclosed"]
    reads = [one for one in found["items"] if one["what"] == "read"]
    assert [(one["unit"], one["purpose"]) for one in reads] == [
        (CENTRE, "handover"),
        (AMBULATORY, "case-administration"),
        ("socialafdeling", "supervision"),
    ]
    assert reads[2]["outside_reason"] == "complaint-handling" and "har ikke selv sagen" in reads[2]["text"]
    assert "Formål: Ledelsestilsyn." in reads[2]["text"]
    assert "Slagelse Kommune" in found["items"][-1]["text"]
    # no line says who it was
    assert {"actor", "role"}.isdisjoint(key for one in found["items"] for key in one)


def test_the_list_is_whole_by_the_counter_of_each_key(town: Town) -> None:
    """Every entry that names her under an authority's key is one of this case's, or counted as another's."""
    case, other = opened(town), sent(town)
    for one in (case, other):
        listed(town.caseworker, f"/v1/mailboxes/{town.mailbox}/handovers?status=delivered")
        one.open(town.clinician)

    def counted() -> list[dict[str, Any]]:
        """Both lists' counts, where no timer of another of her cases came between the two."""
        both = [_list(town, one)["counted"] for one in (case, other)]
        wholes = [{one["authority"]: one["entries"] for one in counts} for counts in both]
        return [one for counts in both for one in counts] if wholes[0] == wholes[1] else []

    # then, the citizen being the same, the whole is the same, and no entry is both's own alone
    found = town.server.until(counted)
    assert {one["authority"] for one in found} == {REGION, TOWN}
    assert all(one["elsewhere"] > 0 for one in found)
