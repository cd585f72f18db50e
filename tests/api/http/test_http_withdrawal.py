"""The sender takes it back: with the receiver's word where it was delivered, and else on its own."""

from tests.api.http.handover import Case, listed, note_of, opened, sent
from tests.api.http.town import Town, ago, document, ok, submission

ASKED = {"reason": "citizen-declines", "remark": "Borgeren vil alligevel blive her."}


def test_the_receiver_confirms_that_it_is_taken_back(town: Town) -> None:
    # given a delivered handover that the sender asks for
    case = opened(town)
    case.take(town.clinician, "withdrawal-request", ASKED)
    # then the receiver sees it, and settles it before anything else
    shown = case.shown(town.caseworker)
    assert shown["withdrawal_requested"]
    assert {"confirm_withdrawal", "refuse_withdrawal"} <= case.actions(town.caseworker)
    rows = listed(town.caseworker, f"/v1/mailboxes/{town.mailbox}/handovers")
    [row] = [one for one in rows if one["id"] == case.id]
    assert row["withdrawal_requested"] and "Afsenderen vil trække den tilbage" in row["headline"]
    for step, body in (("takeover", None), ("return", {"reason": "other"})):
        assert case.refused(town.caseworker, step, body) == "withdrawal-not-asked"
    assert case.refused(town.clinician, "withdrawal-request", ASKED) == "withdrawal-not-asked"
    note = note_of(shown, "handover-withdrawal-requested")
    assert case.open(town.caseworker, document=note)["sections"]["bemaerkning"]["text"] == ASKED["remark"]
    # when it confirms
    assert case.refused(town.clinician, "withdrawal-confirmation") == "wrong-side"
    case.take(town.caseworker, "withdrawal-confirmation")
    # then it is over, and both can still read what there was
    after = case.shown(town.clinician)
    assert (after["status"], after["status_label"]) == ("withdrawn", "Trukket tilbage")
    assert not after["withdrawal_requested"] and after["closed_at"]
    assert case.refused(town.caseworker, "takeover") == "not-allowed-now"
    for who in (town.clinician, town.caseworker):
        assert case.open(who)["template"] == "overgangsdokument"


def test_the_receiver_goes_on_because_the_citizen_has_come(town: Town) -> None:
    case = opened(town)
    assert case.refused(town.caseworker, "withdrawal-confirmation") == "withdrawal-asked"
    case.take(town.clinician, "withdrawal-request", ASKED)
    case.take(town.caseworker, "withdrawal-refusal", {"reason": "citizen-has-approached"})
    assert not case.shown(town.clinician)["withdrawal_requested"]
    case.take(town.caseworker, "takeover")
    assert case.shown(town.clinician)["status"] == "taken_over"
    # and what was taken over is not asked for any more
    assert case.refused(town.clinician, "withdrawal-request", ASKED) == "not-allowed-now"


def test_what_is_still_held_is_taken_back_at_once(town: Town) -> None:
    body = submission(made=document(samtykke__objection=True))
    case = Case(ok(town.clinician.post("/v1/handovers", body), 201).headers["Location"])
    assert "withdraw" in case.actions(town.clinician)
    case.take(town.clinician, "withdrawal", {"reason": "citizen-declines"})
    assert case.shown(town.clinician)["status"] == "withdrawn"


def test_what_was_delivered_is_not_taken_back_on_ones_own(town: Town) -> None:
    case = sent(town)
    assert case.refused(town.clinician, "withdrawal", {"reason": "other"}) == "not-allowed-now"
    assert "withdraw" not in case.actions(town.clinician)


def test_no_withdrawal_stops_a_clock_that_the_citizen_has_started(town: Town) -> None:
    # given a citizen who has come to the town herself, the day before yesterday
    case, at = sent(town), ago(days=2)
    ok(case.record(town.caseworker, "inquiry-received", at, channel="in-person", wishes_treatment=True), 201)
    case.take(town.clinician, "withdrawal-request", ASKED)
    case.take(town.caseworker, "withdrawal-confirmation")
    # then the town's 14 days run on from her own contact
    [clock] = ok(town.caseworker.get(f"{case.path}/responsibility"), 200).json()["clocks"]
    assert (clock["status"], clock["because"], clock["started_at"]) == ("running", "inquiry", at)
    # while a handover of which she knew nothing more stops counting with it
    other = sent(town)
    other.take(town.clinician, "withdrawal-request", ASKED)
    other.take(town.caseworker, "withdrawal-confirmation")
    [clock] = ok(town.caseworker.get(f"{other.path}/responsibility"), 200).json()["clocks"]
    assert (clock["status"], clock["because"]) == ("withdrawn", "availability-with-wish")


def test_what_should_never_have_been_made_is_annulled_and_shut(town: Town) -> None:
    case = opened(town)
    assert case.refused(town.caseworker, "annulment", {"reason": "duplicate"}) == "wrong-side"
    case.take(town.clinician, "annulment", {"reason": "duplicate"})
    shown = case.shown(town.caseworker)
    assert (shown["status"], shown["quarantined"]) == ("entered_in_error", True)
    assert case.shut(town.caseworker) == case.shut(town.clinician) == "quarantined"
    taken = opened(town)
    taken.take(town.caseworker, "takeover")
    assert taken.refused(town.clinician, "annulment", {"reason": "duplicate"}) == "not-allowed-now"
