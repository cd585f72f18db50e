"""Wrong recipient: sent back, sent on by the sender, and settled by the leaders the second time."""

from datetime import timedelta
from typing import Any

from tests.api.http.handover import Case, listed, note_of, opened, sent
from tests.api.http.town import REGION, TOWN, Neighbour, Town, ago, document, ok, refused, today

WRONG = {"reason": "not-acting-municipality", "suggested": "0265", "remark": "Borgeren bor hos naboen nu."}


def test_a_return_judges_the_address_and_the_sender_sends_it_on(town: Town, neighbour: Neighbour) -> None:
    # given a handover at the wrong municipality, which sends it back
    case = opened(town)
    case.take(town.caseworker, "return", WRONG)
    shown = case.shown(town.clinician)
    assert (shown["status"], shown["status_label"]) == ("returned", "Sendt retur")
    assert shown["returned_at"] and shown["held_by"] == REGION
    remark = note_of(shown, "handover-returned")
    said = case.open(town.clinician, document=remark)["sections"]["bemaerkning"]["text"]
    assert said == WRONG["remark"]
    # when the sender addresses it to the neighbour
    assert "redirect" in case.actions(town.clinician)
    case.take(town.clinician, "redirection", {"receiver_authority": neighbour.authority})
    # then it lies there, as new as the first time, and the first receiver is a stranger to it
    there = case.shown(neighbour.caseworker)
    assert (there["status"], there["leg"], there["mailbox"]) == ("delivered", 2, neighbour.mailbox)
    assert (there["opened_at"], there["acknowledged_at"]) == (None, None)
    refused(town.caseworker.get(case.path), 404, "not-found")
    assert case.shut(town.caseworker) == "not-found"
    # the neighbour does not read what was said between the others
    assert there["notes"] == []
    assert case.shut(neighbour.caseworker, document=remark) == "document-unknown"
    case.open(neighbour.caseworker)
    case.take(neighbour.caseworker, "takeover")
    assert case.shown(town.clinician)["held_by"] == neighbour.authority


def test_an_unopened_handover_can_be_sent_back_and_a_taken_over_one_cannot(town: Town) -> None:
    unopened = sent(town)
    unopened.take(town.caseworker, "return", {"reason": "wrong-recipient"})
    assert unopened.refused(town.caseworker, "takeover") == "not-allowed-now"
    assert unopened.refused(town.clinician, "return", WRONG) == "not-allowed-now"
    taken = opened(town)
    taken.take(town.caseworker, "takeover")
    assert taken.refused(town.caseworker, "return", WRONG) == "not-allowed-now"


def test_a_second_return_leaves_responsibility_unresolved(town: Town) -> None:
    case = sent(town)
    case.take(town.caseworker, "return", {"reason": "wrong-recipient"})
    case.take(town.clinician, "redirection", {"receiver_authority": TOWN})
    assert case.shown(town.clinician)["unresolved_since"] is None
    case.take(town.caseworker, "return", {"reason": "not-treated-here"})
    assert case.shown(town.clinician)["unresolved_since"] is not None
    # then no third address is tried before the leaders have settled it
    again = {"receiver_authority": TOWN}
    assert case.refused(town.clinician, "redirection", again) == "responsibility-settled"
    assert "redirect" not in case.actions(town.clinician)
    case.take(town.leader, "resolution", {"authority": TOWN, "decided_by": "own-authority"})
    case.take(town.clinician, "redirection", again)
    assert case.shown(town.caseworker)["status"] == "delivered"


def _returned(town: Town) -> Case:
    case = sent(town)
    case.take(town.caseworker, "return", {"reason": "wrong-recipient"})
    return case


def test_a_receiver_is_another_authority_that_stands_in_the_register(town: Town) -> None:
    case = _returned(town)
    for body, code in (
        ({"receiver_authority": REGION}, "receiver-is-sender"),
        ({"receiver_authority": "0101"}, "receiver-unknown"),
        ({"receiver_unit": "findes-ikke"}, "receiver-unknown"),
        ({"receiver_authority": REGION, "receiver_unit": "rusmiddelcenter-naestved"}, "receiver-unknown"),
        ({}, "receiver-missing"),
        ({"receiver_authority": None}, "receiver-missing"),
        # Nobody would read it: the new receiver has no part in what was said before.
        ({"receiver_authority": TOWN, "remark": "Prøv igen."}, "unknown-member"),
    ):
        assert case.refused(town.clinician, "redirection", body) == code, body
    assert case.shown(town.clinician)["status"] == "returned"


def test_who_sent_it_back_learns_nothing_of_what_the_sender_writes_then(
    town: Town, neighbour: Neighbour
) -> None:
    case = opened(town)
    case.take(town.caseworker, "return", {"reason": "wrong-recipient"})
    before, duty = case.shown(town.caseworker), _responsibility(case, town)
    called = {"at": ago(hours=1), "with_whom": "Vagthavende"}
    corrected = document(
        handlekommune=neighbour.authority,
        medicin__supply_ends=str(today() + timedelta(days=1)),
        overgang__urgency="hurtig-24h",
        overgang__telephone_contact=called,
    )
    case.take(town.clinician, "correction", {"document": corrected, "reason": "new-information"})
    after = case.shown(town.caseworker)
    same = before.keys() - {"version", "allowed_actions"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert _responsibility(case, town) == duty
    assert case.shown(town.clinician)["corrected_at"] is not None
    rows = listed(town.caseworker, f"/v1/mailboxes/{town.mailbox}/handovers?status=returned")
    [row] = [one for one in rows if one["id"] == case.id]
    assert (row["medicine_until"], row["take_over_by"], row["headline"]) == (None, None, ["Sendt retur"])
    # and what it had it still reads, as the document that counts for it
    assert case.open(town.caseworker)["sections"]["stamoplysninger"]["handlekommune"] == TOWN


def _responsibility(case: Case, town: Town) -> dict[str, Any]:
    found: dict[str, Any] = ok(town.caseworker.get(f"{case.path}/responsibility"), 200).json()
    return {name: found[name] for name in ("duty", "held_by", "clocks")}
