"""Wrong recipient: sent back, sent on by the sender, and settled by the leaders the second time."""

from tests.api.http.handover import Case, note_of, opened, sent
from tests.api.http.town import REGION, TOWN, Neighbour, Town, refused

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
