"""Main mailboxes over HTTP: proposed by one person, confirmed by another, asked about in two times."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.api.http.running import Caller
from tests.api.http.town import (
    CENTRE,
    CONFIRMATION,
    FROM,
    PROCESSING_TIME,
    REGION,
    SECRETARIAT,
    TOWN,
    Town,
    entry_of,
    main_mailbox,
    ok,
    refused,
)

JUNE = "2026-06-01T00:00:00.000000Z"


def _municipality(town: Town, code: str, unit: str) -> str:
    """A municipality of its own for a test, with a centre; returns its path."""
    ok(town.registrar.post("/v1/authorities", {"authority": code, "name": f"Kommunen {unit}"}), 201)
    entry = {"unit": unit, "kind": "municipal-centre", "name": f"Rusmiddelcenter {unit}"}
    ok(town.registrar.post(f"/v1/authorities/{code}/units", entry), 201)
    return f"/v1/authorities/{code}"


def _confirm(who: Caller, proposed, **more) -> tuple[str, object]:
    mailbox = proposed.json()["id"]
    answer = who.act(f"/v1/mailboxes/{mailbox}/confirmation", proposed.headers["ETag"], CONFIRMATION)
    return mailbox, answer


def test_a_proposal_is_for_those_who_keep_the_register_until_another_confirms_it(town: Town) -> None:
    path = _municipality(town, "0316", "holbaek")
    proposed = ok(town.registrar.post(f"{path}/mailboxes", entry_of("holbaek")), 201)
    mailbox = proposed.json()["id"]
    # Then it stands where proposals stand, and nowhere else.
    assert proposed.headers["Location"] == f"{path}/proposals"
    [waiting] = ok(town.colleague.get(f"{path}/proposals"), 200).json()["mailboxes"]
    assert (waiting["mailbox"], f'"{waiting["version"]}"') == (mailbox, proposed.headers["ETag"])
    refused(town.clinician.get(f"{path}/proposals"), 403, "role-not-allowed")
    refused(town.server.caller("registrar", REGION).get(f"{path}/proposals"), 404, "not-found")
    refused(town.clinician.get(f"/v1/mailboxes/{mailbox}"), 404, "not-found")
    shown = ok(town.clinician.get(path), 200).json()
    assert (shown["mailboxes"], shown["state"]) == ([], "answered")
    # And the one who entered it cannot confirm it.
    problem = refused(_confirm(town.registrar, proposed)[1], 409, "refused")
    assert problem["errors"][0]["code"] == "same-person"
    # When another does
    ok(_confirm(town.colleague, proposed)[1], 201)
    # Then everybody sees it, and nobody who entered it.
    entry = ok(town.clinician.get(f"/v1/mailboxes/{mailbox}"), 200)
    assert (entry.json()["owner"], entry.json()["evidence"]) == ("holbaek", "letter")
    assert (entry.json()["receiver_kind"], entry.json()["counts_as"]) == ("mixed", "social")
    assert "entered_by" not in entry.json()
    assert ok(town.clinician.get(path), 200).json()["state"] == "confirmed"
    assert ok(town.registrar.get(f"{path}/proposals"), 200).json()["mailboxes"] == []


def test_a_change_needs_the_version_that_was_seen(town: Town) -> None:
    path = _municipality(town, "0320", "faxe")
    proposed = ok(town.registrar.post(f"{path}/mailboxes", entry_of("faxe")), 201)
    confirmation = f"/v1/mailboxes/{proposed.json()['id']}/confirmation"
    refused(town.colleague.post(confirmation, CONFIRMATION), 428, "if-match-missing")
    refused(town.colleague.act(confirmation, '"99"', CONFIRMATION), 412, "version-mismatch")
    ok(town.colleague.act(confirmation, proposed.headers["ETag"], CONFIRMATION), 201)


def test_a_mailbox_ends_and_the_next_begins(town: Town) -> None:
    path = _municipality(town, "0326", "kalundborg")
    registrar, colleague = town.registrar, town.colleague
    mailbox = main_mailbox(registrar, colleague, "0326", entry_of("kalundborg"))
    later = entry_of("kalundborg", valid_from=JUNE)
    proposed = ok(registrar.post(f"{path}/mailboxes", later), 201)
    problem = refused(_confirm(colleague, proposed)[1], 409, "refused")
    assert problem["errors"][0]["code"] == "valid-time-overlaps"
    version = ok(registrar.get(f"/v1/mailboxes/{mailbox}"), 200).headers["ETag"]
    end = ok(registrar.act(f"/v1/mailboxes/{mailbox}/end", version, {"valid_to": JUNE, **CONFIRMATION}), 201)
    assert ok(registrar.get(f"/v1/mailboxes/{mailbox}"), 200).json()["valid_to"] is None, "not yet"
    ok(colleague.act(f"/v1/mailboxes/{mailbox}/end-confirmation", end.headers["ETag"]), 201)
    successor, answer = _confirm(colleague, proposed)
    ok(answer, 201)
    for name in ("on", "at"):
        for instant, expected in (("2026-05-31T23:59:59.999999Z", mailbox), (JUNE, successor)):
            shown = ok(registrar.get(f"{path}/main-mailbox?{name}={instant}"), 200).json()
            assert shown["id"] == expected
    assert ok(registrar.get(f"/v1/mailboxes/{mailbox}"), 200).json()["valid_to"] == JUNE


def test_one_that_replaces_another_ends_it(town: Town) -> None:
    path = _municipality(town, "0329", "ringsted")
    first = main_mailbox(town.registrar, town.colleague, "0329", entry_of("ringsted"))
    second = main_mailbox(
        town.registrar, town.colleague, "0329", entry_of("ringsted", valid_from=JUNE, replaces=first)
    )
    shown = ok(town.clinician.get(path), 200).json()["mailboxes"]
    assert {one["id"]: (one["valid_from"], one["valid_to"]) for one in shown} == {
        first: (FROM, JUNE),
        second: (JUNE, None),
    }


def test_where_would_it_have_gone_and_who_could_have_known(town: Town) -> None:
    path = f"{_municipality(town, '0376', 'guldborgsund')}/main-mailbox"
    before = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    mailbox = main_mailbox(town.registrar, town.colleague, "0376", entry_of("guldborgsund"))
    after = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    # It is valid from 2025; but nobody knew that before it was confirmed.
    assert ok(town.clinician.get(f"{path}?on={FROM}"), 200).json()["id"] == mailbox
    assert ok(town.clinician.get(f"{path}?on={FROM}&known={after}"), 200).json()["id"] == mailbox
    refused(town.clinician.get(f"{path}?on={FROM}&known={before}"), 404, "not-found")
    refused(town.clinician.get(f"{path}?on=2024-12-31T23:59:59.999999Z"), 404, "not-found")


def test_one_person_stops_it_and_another_confirms_it_again(town: Town) -> None:
    path = _municipality(town, "0336", "stevns")
    mailbox = main_mailbox(town.registrar, town.colleague, "0336", entry_of("stevns"))
    version = ok(town.registrar.get(f"/v1/mailboxes/{mailbox}"), 200).headers["ETag"]
    stop = f"/v1/mailboxes/{mailbox}/confirmation-withdrawal"
    stopped = ok(town.registrar.act(stop, version, {"reason": "not-read"}), 201)
    refused(town.clinician.get(f"{path}/main-mailbox"), 404, "not-found")
    assert ok(town.clinician.get(f"/v1/mailboxes/{mailbox}"), 200).json()["unconfirmed_reason"] == "not-read"
    assert ok(town.clinician.get(path), 200).json()["state"] == "answered"
    again = f"/v1/mailboxes/{mailbox}/confirmation"
    ok(town.colleague.act(again, stopped.headers["ETag"], CONFIRMATION), 201)
    found = ok(town.clinician.get(f"{path}/main-mailbox"), 200).json()
    assert (found["id"], found["unconfirmed_since"]) == (mailbox, None)
    # And the time between shows.
    [gap] = found["gaps"]
    assert gap["reason"] == "not-read"
    refused(town.clinician.get(f"{path}/main-mailbox?on={gap['since']}"), 404, "not-found")
    assert ok(town.clinician.get(f"{path}/main-mailbox?on={gap['until']}"), 200).json()["id"] == mailbox


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"channels": []}, 422, "validation-failed"),
        ({"channels": [{"channel": "fax", "address": "post@x.example"}]}, 422, "validation-failed"),
        ({"telephone": "7001014321"}, 422, "validation-failed"),
        ({"kle": ["27.51"]}, 422, "validation-failed"),
        ({"receiver_kind": "nurses"}, 422, "validation-failed"),
        ({"owner": "ukendt"}, 409, "refused"),
        (
            {"channels": [{"channel": "overgang-mailbox", "address": "kirsten.hansen@x.example"}]},
            409,
            "refused",
        ),
        ({"channels": [{"channel": "overgang-mailbox", "address": "a7001014321@x.example"}]}, 409, "refused"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(town: Town, more: dict, status: int, code: str) -> None:
    path = f"/v1/authorities/{TOWN}/mailboxes"
    refused(town.registrar.post(path, entry_of(CENTRE, **more)), status, code)


def test_the_secretariat_asks_and_the_state_says_so(town: Town) -> None:
    path = _municipality(town, "0340", "soroe")
    assert ok(town.clinician.get(path), 200).json()["state"] == "not-asked"
    asked = {"means": "e-mail", "asked_on": "2025-01-02"}
    own = town.server.caller("registrar", "0340")
    refused(own.post(f"{path}/mailbox-requests", asked), 403, "role-not-allowed")
    ok(town.registrar.post(f"{path}/mailbox-requests", asked), 201)
    assert ok(town.clinician.get(path), 200).json()["state"] == "asked"


def test_a_succession_leads_on_and_a_publication_is_shown(town: Town) -> None:
    old, new = _municipality(town, "0350", "lejre"), _municipality(town, "0360", "lolland")
    mailbox = main_mailbox(town.registrar, town.colleague, "0360", entry_of("lolland"))
    entry = {"successor_authority": "0360", "valid_from": JUNE, "basis": "organisation-change"}
    proposed = ok(town.registrar.post(f"{old}/successions", entry), 201).json()["id"]
    [waiting] = ok(town.registrar.get(f"{old}/proposals"), 200).json()["successions"]
    assert waiting["proposal"] == proposed
    confirmation = f"{old}/successions/{proposed}/confirmation"
    refused(town.registrar.post(confirmation), 409, "refused")
    refused(town.server.caller("registrar", "0350").post(confirmation), 403, "role-not-allowed")
    ok(town.colleague.post(confirmation), 201)
    assert ok(town.clinician.get(old), 200).json()["successions"][0]["successor_authority"] == "0360"
    found = ok(town.clinician.get(f"{old}/main-mailbox?on={JUNE}"), 200).json()
    assert (found["id"], found["authority"]) == (mailbox, "0360")
    refused(town.clinician.get(f"{old}/main-mailbox?on={FROM}"), 404, "not-found")
    assert ok(town.clinician.get(new), 200).json()["successions"] == []
    publication = {"referrer": "municipality-social", "valid_from": FROM}
    refused(town.registrar.post(f"{old}/referrers", publication), 409, "refused")
    ok(town.registrar.post(f"/v1/authorities/{REGION}/referrers", publication), 201)
    assert (
        publication | {"valid_to": None}
        in ok(town.clinician.get(f"/v1/authorities/{REGION}"), 200).json()["referrers"]
    )


def test_a_municipalitys_published_time_of_decision_is_shown_with_it(town: Town) -> None:
    path = _municipality(town, "0306", "odsherred")
    ok(town.registrar.post(f"{path}/processing-times", PROCESSING_TIME), 201)
    assert ok(town.clinician.get(path), 200).json()["processing_times"] == [PROCESSING_TIME]
    refused(
        town.registrar.post(f"/v1/authorities/{REGION}/processing-times", PROCESSING_TIME), 409, "refused"
    )
    for wrong in (
        {"length": 0},
        {"length": 1000},
        {"unit": "hours"},
        {"legal_basis": "sel:141"},
        {"source": "rumour"},
        {"valid_from": "2026-02-30"},
    ):
        refused(
            town.registrar.post(f"{path}/processing-times", PROCESSING_TIME | wrong), 422, "validation-failed"
        )


def test_what_is_not_there_is_not_found(town: Town) -> None:
    for path in (f"/v1/mailboxes/{uuid4()}/confirmation", f"/v1/mailboxes/{uuid4()}/end"):
        body = CONFIRMATION | ({"valid_to": FROM} if path.endswith("end") else {})
        refused(town.registrar.act(path, '"1"', body), 404, "not-found")
    asked = {"means": "e-mail", "asked_on": "2025-01-02"}
    secretariat = town.server.caller("registrar", SECRETARIAT)
    refused(secretariat.post("/v1/authorities/0390/mailbox-requests", asked), 404, "not-found")
