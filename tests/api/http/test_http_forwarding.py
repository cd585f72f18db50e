"""The receiver passes it on to another authority: as far as the consent reaches, and otherwise back."""

from tests.api.http.handover import note_of, opened, sent
from tests.api.http.town import AMBULATORY, CENTRE, REGION, TOWN, Neighbour, Town, ok, refused


def test_within_the_consent_it_reaches_the_next_authority(town: Town, neighbour: Neighbour) -> None:
    # given a document whose consent is to every authority of the handover
    case = opened(town, samtykke__covers="every-authority")
    case.take(town.caseworker, "questions", {"concerns": ["parter"], "text": "Hører borgeren til her?"})
    # when the town passes it on to the neighbour, with a remark to the sender
    passing = {"receiver_authority": neighbour.authority, "remark": "Flyttet i går."}
    case.take(town.caseworker, "forwarding", passing)
    # then it is delivered there, on a new leg, and no longer the town's
    there = case.shown(neighbour.caseworker)
    assert (there["status"], there["leg"], there["receiver_authority"]) == (
        "delivered",
        2,
        neighbour.authority,
    )
    assert there["notes"] == [] and there["questions"] == []
    assert case.open(neighbour.caseworker)["sections"]["samtykke"]["covers"] == "every-authority"
    refused(town.caseworker.get(case.path), 404, "not-found")
    # the sender reads the remark, and the town's leader still sees who read there
    note = note_of(case.shown(town.clinician), "handover-forwarded")
    assert case.open(town.clinician, document=note)["sections"]["bemaerkning"]["text"] == passing["remark"]
    readings = ok(town.leader.get(f"{case.path}/readings"), 200).json()["items"]
    assert len(readings) == 1
    ok(neighbour.leader.get(f"{case.path}/readings"), 200)


def test_outside_the_consent_it_goes_back_to_the_sender(town: Town, neighbour: Neighbour) -> None:
    # given a document whose consent is to the addressed receiver alone
    case = sent(town, samtykke__covers="addressed-receiver")
    # when the town passes it on
    case.take(town.caseworker, "forwarding", {"receiver_authority": neighbour.authority})
    # then it went back instead, and says where it seems to belong
    back = case.shown(town.clinician)
    assert (back["status"], back["leg"], back["held_by"]) == ("returned", 1, REGION)
    refused(neighbour.caseworker.get(case.path), 404, "not-found")
    assert case.shut(neighbour.caseworker) == "not-found"
    # and the sender does not get around the consent by sending it there herself
    case.take(town.clinician, "redirection", {"receiver_authority": neighbour.authority})
    held = case.shown(town.clinician)
    assert (held["status"], held["held_reason"]) == ("held", "consent-does-not-cover")


def test_to_the_sender_itself_it_goes_back(town: Town) -> None:
    case = opened(town)
    case.take(town.caseworker, "forwarding", {"receiver_authority": REGION, "receiver_unit": AMBULATORY})
    assert case.shown(town.clinician)["status"] == "returned"


def test_within_ones_own_authority_it_is_distributed_instead(town: Town) -> None:
    case = opened(town)
    for body, code in (
        ({"receiver_authority": TOWN}, "receiver-is-sender"),
        ({"receiver_unit": CENTRE}, "receiver-is-sender"),
        ({"receiver_authority": "0101"}, "receiver-unknown"),
        ({}, "receiver-missing"),
    ):
        assert case.refused(town.caseworker, "forwarding", body) == code, body
    assert case.refused(town.clinician, "forwarding", {"receiver_authority": "0265"}) == "wrong-side"
    assert case.shown(town.caseworker)["status"] == "opened"
