"""One handover over real HTTP, in both directions, with the promises a client builds on."""

from typing import Any
from uuid import uuid4

from tests.api.http.handover import listed
from tests.api.http.town import AMBULATORY, CENTRE, REGION, TOWN, Town, document, ok, refused, submission


def _listed(town: Town, mailbox: str, handover: str, who: Any = None) -> dict[str, Any]:
    items = listed(who or town.caseworker, f"/v1/mailboxes/{mailbox}/handovers")
    return next(item for item in items if item["id"] == handover)


def test_a_clinic_hands_over_and_the_centre_takes_over(town: Town) -> None:
    # given a submitted handover
    submitted = ok(town.clinician.post("/v1/handovers", submission()), 201)
    handover = submitted.json()["id"]
    assert submitted.headers["Location"] == f"/v1/handovers/{handover}"
    assert submitted.headers["ETag"] == f'"{submitted.json()["version"]}"'
    path = f"/v1/handovers/{handover}"

    # then it lies delivered in the main mailbox of the handlekommune, with the citizen's name
    shown = ok(town.clinician.get(path), 200).json()
    assert (shown["status"], shown["receiver_authority"], shown["side"]) == ("delivered", TOWN, "sender")
    assert shown["mailbox"] == town.mailbox and shown["held_by"] == REGION
    item = _listed(town, town.mailbox, handover)
    person = document()["sections"]["stamoplysninger"]
    assert item["label"]["name"] == person["name"]
    assert item["label"]["person_id"] == person["person_id"]["value"]

    # when the centre opens, acknowledges, takes over and closes it
    opened = ok(town.caseworker.post(f"{path}/readings", {"purpose": "handover"}), 201)
    assert opened.json()["document"]["sections"]["stamoplysninger"]["name"] == person["name"]
    assert opened.json()["document"] == document() | {"sections": opened.json()["document"]["sections"]}
    state = ok(town.caseworker.get(path), 200)
    assert opened.json()["status"] == state.json()["status"] == "opened"
    assert state.headers["ETag"] == opened.headers["ETag"]
    assert {"acknowledge", "take_over"} <= {one["command"] for one in state.json()["allowed_actions"]}
    acknowledged = ok(town.caseworker.act(f"{path}/acknowledgement", state.headers["ETag"]), 201)
    taken_over = ok(town.caseworker.act(f"{path}/takeover", acknowledged.headers["ETag"]), 201)
    ok(
        town.caseworker.act(f"{path}/closure", taken_over.headers["ETag"], {"outcome": "treatment-started"}),
        201,
    )

    # then every one of the six honest words has its own time, and the receiver holds it
    closed = ok(town.clinician.get(path), 200).json()
    assert closed["status"] == "closed" and closed["outcome"] == "treatment-started"
    assert closed["held_by"] == TOWN
    times = [closed[f"{word}_at"] for word in ("submitted", "sent", "delivered", "opened", "acknowledged")]
    assert times == sorted(times) and closed["acknowledged_at"] < closed["taken_over_at"]
    # and it is over, but for what either party may still find out about it
    for who in (town.clinician, town.caseworker):
        actions = ok(who.get(path), 200).json()["allowed_actions"]
        assert [(one["command"], one["label"]) for one in actions] == [
            ("report_misdirected", "Meld fejlsendt"),
            ("report_wrong_person", "Meld forkert borger"),
        ]
    assert handover in {row["id"] for row in listed(town.clinician, "/v1/handovers")}


def test_taking_over_carries_the_acknowledgement(town: Town) -> None:
    path = f"/v1/handovers/{ok(town.clinician.post('/v1/handovers', submission()), 201).json()['id']}"
    opened = ok(town.caseworker.post(f"{path}/readings", {}), 201)
    ok(town.caseworker.act(f"{path}/takeover", opened.headers["ETag"]), 201)
    shown = ok(town.caseworker.get(path), 200).json()
    assert shown["acknowledged_at"] is not None and shown["status"] == "taken_over"


def test_a_retry_with_the_same_key_is_answered_again_and_does_nothing_twice(town: Town) -> None:
    key, body = str(uuid4()), submission()
    before = town.server.length()
    first = ok(town.clinician.post("/v1/handovers", body, key=key), 201)
    after = town.server.length()
    again = ok(town.clinician.post("/v1/handovers", body, key=key), 201)
    assert (again.headers["Location"], again.headers["ETag"]) == (
        first.headers["Location"],
        first.headers["ETag"],
    )
    assert again.json() == first.json()
    assert after > before and town.server.length() == after
    # and the same key for another body is an error of the client's
    other = submission(made=document(name="Inger Anden"))
    refused(town.clinician.post("/v1/handovers", other, key=key), 422, "idempotency-key-reused")
    assert town.server.length() == after
    # and a colleague behind the same client system is not answered with what the first was told
    colleague = town.server.caller("clinician", REGION, unit=AMBULATORY)
    refused(colleague.post("/v1/handovers", body, key=key), 422, "idempotency-key-reused")


def test_a_retried_step_is_answered_again_though_the_case_moved_on(town: Town) -> None:
    path = f"/v1/handovers/{ok(town.clinician.post('/v1/handovers', submission()), 201).json()['id']}"
    reading = str(uuid4())
    opened = ok(town.caseworker.post(f"{path}/readings", {}, key=reading), 201)
    step = {"key": str(uuid4()), "headers": {"If-Match": opened.headers["ETag"]}}
    first = ok(town.caseworker.post(f"{path}/acknowledgement", **step), 201)
    again = ok(town.caseworker.post(f"{path}/acknowledgement", **step), 201)
    assert first.headers["ETag"] == again.headers["ETag"] and first.json() == again.json()
    reread = ok(town.caseworker.post(f"{path}/readings", {}, key=reading), 201)
    assert reread.json() == opened.json() and reread.headers["ETag"] == opened.headers["ETag"]


def test_a_change_builds_on_the_version_that_was_seen(town: Town) -> None:
    path = f"/v1/handovers/{ok(town.clinician.post('/v1/handovers', submission()), 201).json()['id']}"
    opened = ok(town.caseworker.post(f"{path}/readings", {}), 201)
    refused(town.caseworker.act(f"{path}/acknowledgement", None), 428, "if-match-missing")
    refused(town.caseworker.act(f"{path}/acknowledgement", '"1"'), 412, "version-mismatch")
    for malformed in ("1", 'W/"5"', '"5", "6"', "*", '"-1"'):
        refused(town.caseworker.act(f"{path}/acknowledgement", malformed), 400, "if-match-invalid")
    ok(town.caseworker.act(f"{path}/acknowledgement", opened.headers["ETag"]), 201)


def test_the_document_is_read_before_anybody_takes_it_over(town: Town) -> None:
    submitted = ok(town.clinician.post("/v1/handovers", submission()), 201)
    path = f"/v1/handovers/{submitted.json()['id']}"
    problem = refused(town.caseworker.act(f"{path}/takeover", submitted.headers["ETag"]), 409, "refused")
    assert problem["errors"][0]["code"] in ("not-allowed-now", "document-opened-by-receiver")
    refused(town.clinician.act(f"{path}/acknowledgement", submitted.headers["ETag"]), 403, "wrong-side")


def test_a_municipality_hands_over_to_an_ambulatory(town: Town) -> None:
    body = submission(sender=(TOWN, CENTRE), receiver_unit=AMBULATORY)
    submitted = ok(town.caseworker.post("/v1/handovers", body), 201)
    path = f"/v1/handovers/{submitted.json()['id']}"
    shown = ok(town.clinician.get(path), 200).json()
    assert shown["direction"] == "municipality-to-region" and shown["side"] == "receiver"
    assert shown["receiver_unit"] == AMBULATORY and shown["mailbox"] == town.ambulatory_mailbox
    _listed(town, town.ambulatory_mailbox, shown["id"], town.clinician)
    opened = ok(town.clinician.post(f"{path}/readings", {}), 201)
    ok(town.clinician.act(f"{path}/takeover", opened.headers["ETag"]), 201)
    assert ok(town.caseworker.get(path), 200).json()["held_by"] == REGION


def test_validation_stores_nothing(town: Town) -> None:
    before = town.server.length()
    answer = ok(town.clinician.post("/v1/handovers/validate", submission()), 200).json()
    assert answer["valid"] is True
    broken = document()
    del broken["sections"]["stamoplysninger"]["name"]
    problem = refused(
        town.clinician.post("/v1/handovers/validate", submission(made=broken)), 422, "validation-failed"
    )
    assert problem["errors"][0]["pointer"] == "/document/sections/stamoplysninger/name"
    assert town.server.length() == before


def test_the_sender_is_who_the_token_says(town: Town) -> None:
    body = submission(sender=(REGION, CENTRE))
    refused(town.clinician.post("/v1/handovers", body), 403, "organisation-mismatch")
    refused(town.caseworker.post("/v1/handovers", submission()), 403, "organisation-mismatch")


def test_a_third_authority_sees_nothing(town: Town) -> None:
    stranger = town.server.caller("caseworker", "0329", unit="ringsted")
    path = f"/v1/handovers/{ok(town.clinician.post('/v1/handovers', submission()), 201).json()['id']}"
    refused(stranger.get(path), 404, "not-found")
    refused(stranger.post(f"{path}/readings", {}), 404, "not-found")
    refused(stranger.act(f"{path}/takeover", '"4"'), 404, "not-found")
    refused(stranger.get(f"/v1/mailboxes/{town.mailbox}/handovers"), 404, "not-found")
    refused(stranger.get(f"/v1/handovers/{uuid4()}"), 404, "not-found")


def test_a_mailbox_pages_by_priority_due_and_id(town: Town) -> None:
    made = {ok(town.clinician.post("/v1/handovers", submission()), 201).json()["id"] for _ in range(5)}
    seen: list[dict[str, Any]] = []
    after = ""
    while True:
        page = ok(town.caseworker.get(f"/v1/mailboxes/{town.mailbox}/handovers?limit=2{after}"), 200).json()
        seen += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    ids = [item["id"] for item in seen]
    assert len(ids) == len(set(ids)) and made <= set(ids)
    order = [(item["priority"], item["due"], item["id"]) for item in seen]
    assert order == sorted(order)
    positions: list[int] = []
    feed: Any = -1
    while feed is not None:
        page = ok(town.clinician.get(f"/v1/handovers?after={feed}&limit=2"), 200).json()
        positions += [row["position"] for row in page["items"]]
        feed = page["next"]
    assert positions == sorted(set(positions))
