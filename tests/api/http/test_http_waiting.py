"""What waits, and what is told: held handovers, late mailboxes, looks from outside the unit."""

from typing import Any

from tests.api.http.handover import listed
from tests.api.http.town import (
    AMBULATORY,
    CENTRE,
    REGION,
    TOWN,
    Town,
    document,
    entry_of,
    main_mailbox,
    ok,
    refused,
    submission,
)

SLAGELSE = "0330"


def test_a_held_handover_is_delivered_when_its_mailbox_comes(town: Town) -> None:
    # given a handlekommune without a main mailbox
    body = submission(made=document(handlekommune=SLAGELSE))
    handover = ok(town.clinician.post("/v1/handovers", body), 201).json()["id"]
    path = f"/v1/handovers/{handover}"
    held = ok(town.clinician.get(path), 200).json()
    assert (held["status"], held["held_reason"]) == ("held", "no-main-mailbox")
    slagelse = town.server.caller("caseworker", SLAGELSE, unit="slagelse")
    refused(slagelse.post(f"{path}/readings", {}), 404, "not-found")
    # when the register gets it
    ok(town.registrar.post("/v1/authorities", {"authority": SLAGELSE, "name": "Slagelse Kommune"}), 201)
    unit = {"unit": "slagelse", "kind": "municipal-centre", "name": "Rusmiddelcenter Slagelse"}
    ok(town.registrar.post(f"/v1/authorities/{SLAGELSE}/units", unit), 201)
    mailbox = main_mailbox(town.registrar, town.colleague, SLAGELSE, entry_of("slagelse"))
    # then the relay delivers, and the receiver can read
    state = town.server.until(
        lambda: (found := town.clinician.get(path).json())["status"] == "delivered" and found
    )
    assert state["mailbox"] == mailbox and state["held_reason"] is None
    items = ok(slagelse.get(f"/v1/mailboxes/{mailbox}/handovers"), 200).json()["items"]
    assert items[0]["label"]["name"] == document()["sections"]["stamoplysninger"]["name"]
    ok(slagelse.post(f"{path}/readings", {}), 201)


def test_an_objection_holds_the_handover(town: Town) -> None:
    made = document()
    made["sections"]["samtykke"]["objection"] = True
    path = ok(town.clinician.post("/v1/handovers", submission(made=made)), 201).headers["Location"]
    held = ok(town.clinician.get(path), 200).json()
    assert (held["status"], held["held_reason"], held["delivered_at"]) == ("held", "citizen-objects", None)


def test_a_look_from_outside_the_unit_needs_a_reason_and_alerts_its_lead(town: Town) -> None:
    # given a case that belongs to the ambulatory
    body = submission(sender=(TOWN, CENTRE), receiver_unit=AMBULATORY)
    path = ok(town.caseworker.post("/v1/handovers", body), 201).headers["Location"]
    outsider = town.server.caller("clinician", REGION, unit="ambulatorium-andet")
    refused(outsider.post(f"{path}/readings", {}), 403, "outside-unit")
    # when somebody of another unit reads it with a coded reason
    reading = {"purpose": "handover", "outside_reason": _reasons()[0]}
    ok(outsider.post(f"{path}/readings", reading), 201)
    # then it stands among the readings, and the unit's lead is told
    lead = town.server.caller("leader", REGION, unit=AMBULATORY)
    readings = ok(lead.get(f"{path}/readings"), 200).json()["items"]
    assert [one["outside_reason"] for one in readings] == [None, _reasons()[0]]
    handover = path.rpartition("/")[2]

    def told() -> list[dict[str, Any]]:
        items = listed(lead, f"/v1/units/{AMBULATORY}/alerts")
        return [one for one in items if one["handover"] == handover]

    [alert] = town.server.until(told)
    assert alert["about_position"] == readings[-1]["position"]
    assert alert["about_event"] == "outside-access-used"
    # while the sender sees nothing of the receiver's readings
    assert ok(town.leader.get(f"{path}/readings"), 200).json()["items"] == []
    refused(outsider.get(f"{path}/readings"), 403, "role-not-allowed")


def test_the_register_is_the_registrars(town: Town) -> None:
    entry = {"authority": "0259", "name": "Køge Kommune"}
    refused(town.clinician.post("/v1/authorities", entry), 403, "role-not-allowed")
    foreign = town.server.caller("registrar", TOWN)
    refused(foreign.post("/v1/authorities", entry), 403, "role-not-allowed")
    refused(town.registrar.get("/v1/authorities/0259"), 404, "not-found")
    clash = {"unit": CENTRE, "kind": "other", "name": "En anden"}
    refused(town.registrar.post(f"/v1/authorities/{REGION}/units", clash), 409, "register-clash")
    for code in ("0999", "1234", "999"):
        refused(
            town.registrar.post("/v1/authorities", {"authority": code, "name": "Ingen"}),
            422,
            "validation-failed",
        )


def _reasons() -> list[str]:
    from domain.law.loader import outside_reasons

    return list(outside_reasons())
