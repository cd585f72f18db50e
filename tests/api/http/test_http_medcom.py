"""MedCom CareCommunication over real HTTP: taken in, routed, completed; damaged copies refused."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from tests.api.http.running import Caller, serving
from tests.api.http.town import (
    AMBULATORY,
    CENTRE,
    GLN,
    REGION,
    SECRETARIAT,
    SOR,
    TOWN,
    Town,
    document,
    entry_of,
    main_mailbox,
    ok,
    pdf,
    refused,
)
from workflows.delivery.medcom.build import TEST_PATIENT, NewMessage, Writer, build_new_message
from workflows.delivery.medcom.message import Organisation

FHIR = {"Content-Type": "application/fhir+json"}


def message(**changes: Any) -> bytes:
    """A new message from the ambulatory to the centre, with a PDF."""
    facts: dict[str, Any] = {
        "sender": Organisation(SOR[AMBULATORY], GLN[AMBULATORY], "Ambulatoriet"),
        "receiver": Organisation(SOR[CENTRE], GLN[CENTRE], "Rusmiddelcentret"),
        "patient": TEST_PATIENT,
        "writer": Writer("Anne", "Prøve", "Sygeplejerske", "38683868"),
        "text": "Borgeren ønsker behandling.\nSe bilag.",
        "sent_at": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        "topic": "Overgang",
        "pdf": pdf(),
        "pdf_title": "Overgangsdokument",
    }
    return build_new_message(NewMessage(**(facts | changes)), new_id=uuid4)


def post(who: Caller, content: bytes, path: str = "", key: str | None = None) -> httpx2.Response:
    return who.post(f"/v1/medcom/messages{path}", content=content, headers=FHIR, key=key)


def test_a_message_enters_is_routed_and_needs_completion(town: Town) -> None:
    content, key = message(), str(uuid4())
    ok(post(town.clinician, content, "/validate"), 200)
    submitted = ok(post(town.clinician, content, key=key), 201)
    path = submitted.headers["Location"]
    shown = ok(town.clinician.get(path), 200).json()
    assert (shown["status"], shown["receiver_authority"], shown["mailbox"]) == (
        "delivered",
        TOWN,
        town.mailbox,
    )
    assert (shown["needs_completion"], shown["template"]) == (True, "medcom-message")
    assert (shown["move_from"], shown["move_to"]) == ("ukendt", "ukendt")
    # a retry is the same message; the same message under another key is refused
    assert ok(post(town.clinician, content, key=key), 201).headers["Location"] == path
    refused(post(town.clinician, content), 409, "register-clash")
    # the receiver reads the sender's words and the attachment
    opened = ok(town.caseworker.post(f"{path}/readings", {}), 201).json()
    assert opened["document"]["sections"]["besked"]["segments"][0]["text"].startswith("Borgeren")
    (attachment,) = shown["attachments"]
    reading = ok(town.caseworker.post(f"{path}/attachments/{attachment['id']}/readings", {}), 201)
    assert reading.content.startswith(b"%PDF-")


def test_a_message_counts_once_it_is_completed(town: Town) -> None:
    path = ok(post(town.clinician, message()), 201).headers["Location"]
    version = ok(town.clinician.get(path), 200).headers["ETag"]
    made = document(person_id={"type": "cpr", "value": TEST_PATIENT.identifier.value})
    refused(town.caseworker.act(f"{path}/completion", version, {"document": made}), 403, "wrong-side")
    completed = ok(town.clinician.act(f"{path}/completion", version, {"document": made}), 201)
    shown = ok(town.clinician.get(path), 200)
    assert shown.headers["ETag"] == completed.headers["ETag"]
    assert (shown.json()["needs_completion"], shown.json()["template"]) == (False, "overgangsdokument")
    again = town.clinician.act(f"{path}/completion", shown.headers["ETag"], {"document": made})
    assert refused(again, 409, "refused")["errors"][0]["code"] == "needs-completion"
    opened = ok(town.caseworker.post(f"{path}/readings", {}), 201).json()
    assert opened["document"]["template"] == "overgangsdokument"


def test_the_senders_organisation_is_the_tokens(town: Town) -> None:
    for who in (town.caseworker, town.server.caller("clinician", REGION, unit=AMBULATORY)):
        refused(post(who, message()), 403, "organisation-mismatch")


def test_a_damaged_message_is_refused_with_the_reason(town: Town) -> None:
    bundle = json.loads(message())
    del bundle["entry"][0]["resource"]["destination"]
    problem = refused(post(town.clinician, json.dumps(bundle).encode()), 422, "medcom-refused")
    assert any("destination" in error["pointer"] for error in problem["errors"])
    for content in (b"{", b"[]", b"", message()[:-20], b'{"resourceType": "Patient"}', b"\xff\xfe"):
        refused(post(town.clinician, content), 422, "medcom-refused")
        refused(post(town.clinician, content, "/validate"), 422, "medcom-refused")
    refused(
        town.clinician.post("/v1/medcom/messages", content=message(), headers={"Content-Type": "text/plain"}),
        415,
        "media-type-unsupported",
    )


def test_official_new_messages_enter(tmp_path: Path, shared: Path) -> None:
    # given MedCom's own examples, tokens of the sender they name, and a register without their receiver
    examples = [path.read_bytes() for path in sorted((shared / "medcom" / "examples").glob("Bundle-*.json"))]
    new = [raw for raw in examples if _activity(json.loads(raw)) == {"new-message"}]
    assert len(new) == 2, "MedCom has published two new messages"
    with serving(tmp_path) as server:
        paths = []
        for raw in new:
            sender, receiver = _organisations(json.loads(raw))
            clinic = server.caller("clinician", REGION, unit=AMBULATORY, sor=sender[0], gln=sender[1])
            ok(post(clinic, raw, "/validate"), 200)
            # when they come, they are held
            path = ok(post(clinic, raw), 201).headers["Location"]
            held = ok(clinic.get(path), 200).json()
            assert (held["status"], held["held_reason"]) == ("held", "receiver-not-in-register")
            assert held["needs_completion"] is True
            paths.append(path)
        # then a message whose receiver stands in the register by SOR and GLN is routed at once
        registrar = server.caller("registrar", SECRETARIAT)
        ok(registrar.post("/v1/authorities", {"authority": TOWN, "name": "Næstved Kommune"}), 201)
        entry = {"unit": CENTRE, "kind": "other", "name": "Modtager", "sor": receiver[0], "gln": receiver[1]}
        ok(registrar.post(f"/v1/authorities/{TOWN}/units", entry), 201)
        main_mailbox(registrar, server.caller("registrar", SECRETARIAT), TOWN, entry_of(CENTRE))
        resent = new[-1].replace(_header_id(new[-1]).encode(), str(uuid4()).encode())
        routed = ok(post(clinic, resent), 201).headers["Location"]
        assert ok(clinic.get(routed), 200).json()["status"] == "delivered"
        # and those that waited go on
        for path in paths:
            server.until(lambda path=path: clinic.get(path).json()["status"] == "delivered")


def _activity(bundle: dict[str, Any]) -> set[str]:
    return {
        entry["resource"]["activity"]["coding"][0]["code"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "Provenance"
    }


def _header_id(raw: bytes) -> str:
    found: str = json.loads(raw)["entry"][0]["resource"]["id"]
    return found


def _organisations(bundle: dict[str, Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    resources = {
        f"{entry['resource']['resourceType']}/{entry['resource']['id']}": entry["resource"]
        for entry in bundle["entry"]
    }
    header = bundle["entry"][0]["resource"]

    def codes(reference: str) -> tuple[str, str]:
        by_use = {
            "sor" if "sor" in one["system"].lower() or one["system"].endswith("1.1") else "gln": one["value"]
            for one in resources[reference]["identifier"]
        }
        return by_use["sor"], by_use["gln"]

    return codes(header["sender"]["reference"]), codes(header["destination"][0]["receiver"]["reference"])
