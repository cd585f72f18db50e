"""Drafts are their owner's only; numbers of one citizen can be joined."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.http.town import AMBULATORY, REGION, Town, document, ok, refused, submission

CONTENT = {"document": {"sections": {"stamoplysninger": {"name": "Halvfærdig"}}}}


def test_a_draft_is_kept_changed_and_deleted(town: Town) -> None:
    key = str(uuid4())
    before = town.server.length()
    made = ok(town.clinician.post("/v1/drafts", CONTENT, key=key), 201)
    path = made.headers["Location"]
    assert path == f"/v1/drafts/{made.json()['id']}" and made.headers["ETag"] == '"1"'
    assert ok(town.clinician.post("/v1/drafts", CONTENT, key=key), 201).json() == made.json()
    refused(town.clinician.post("/v1/drafts", {"document": {}}, key=key), 422, "idempotency-key-reused")
    assert ok(town.clinician.get(path), 200).json()["document"] == CONTENT["document"]
    assert made.json()["id"] in {
        one["id"] for one in ok(town.clinician.get("/v1/drafts"), 200).json()["items"]
    }

    changed = ok(town.clinician.put(path, {"document": document()}, '"1"'), 200)
    assert changed.headers["ETag"] == '"2"'
    refused(town.clinician.put(path, CONTENT, '"1"'), 412, "version-mismatch")
    ok(town.clinician.delete(path), 204)
    refused(town.clinician.get(path), 404, "not-found")
    refused(town.clinician.delete(path), 404, "not-found")
    assert town.server.length() == before, "drafts stand outside the log"


@pytest.mark.parametrize(
    ("section", "written", "code"),
    [
        ("overgang", {"urgency": "akut"}, "not-for-acute-cases"),
        ("parter", {"sender_services": ["sel-101", "sel-101a"]}, "not-for-anonymous-treatment"),
        ("parter", {"receiver_services": ["sul-141-7"]}, "not-for-anonymous-treatment"),
    ],
)
def test_what_has_no_place_here_is_not_kept_as_a_draft_either(
    town: Town, section: str, written: dict[str, Any], code: str
) -> None:
    content = {"document": {"sections": {section: written}}}
    kept = ok(town.clinician.post("/v1/drafts", CONTENT), 201).headers["Location"]
    for answered in (town.clinician.post("/v1/drafts", content), town.clinician.put(kept, content, '"1"')):
        [found] = ok(answered, 422).json()["errors"]
        assert found["code"] == code
        assert found["pointer"].startswith(f"/document/sections/{section}/")
    assert ok(town.clinician.get(kept), 200).json()["document"] == CONTENT["document"]
    for odd in (
        {"sections": []},
        {"sections": {section: [written]}},
        {"sections": {section: {"urgency": [{}]}}},
    ):
        ok(town.clinician.post("/v1/drafts", {"document": odd}), 201)


def test_a_draft_is_its_owners_only(town: Town) -> None:
    path = ok(town.clinician.post("/v1/drafts", CONTENT), 201).headers["Location"]
    colleague = town.server.caller("clinician", REGION, unit=AMBULATORY)
    refused(colleague.get(path), 404, "not-found")
    refused(colleague.put(path, CONTENT, '"1"'), 404, "not-found")
    refused(colleague.delete(path), 404, "not-found")
    assert ok(colleague.get("/v1/drafts"), 200).json()["items"] == []


def test_a_draft_is_replaced_only_on_the_version_seen(town: Town) -> None:
    path = ok(town.clinician.post("/v1/drafts", CONTENT), 201).headers["Location"]
    headers = {"Authorization": f"Bearer {town.clinician.token}"}
    refused(town.server.client.put(path, json=CONTENT, headers=headers), 428, "if-match-missing")


def test_a_replacement_number_is_joined_with_the_real_one(town: Town) -> None:
    # given a handover of a citizen known by a local number only
    local = {"type": "local", "value": "NAE-7788", "issuer": "naestved"}
    made = document(person_id=local)
    ok(town.clinician.post("/v1/handovers", submission(made=made)), 201)
    mine = {"type": "local", "value": local["value"]}
    merge = {"replacement": mine, "real": {"type": "cpr", "value": "7001015555"}}
    # when the number is joined with the CPR number
    key = str(uuid4())
    merged = ok(town.clinician.post("/v1/citizens/merges", merge, key=key), 201)
    again = ok(town.clinician.post("/v1/citizens/merges", merge, key=key), 201)
    assert merged.json() == again.json() and merged.headers["Location"] == again.headers["Location"]
    # then both are one citizen, and an unknown number or a wrong pair is refused
    unknown = mine | {"value": "NAE-0000"}
    problem = town.clinician.post("/v1/citizens/merges", merge | {"replacement": unknown})
    refused(problem, 409, "replacement-number-unknown")
    swapped = {"replacement": merge["real"], "real": mine}
    refused(town.clinician.post("/v1/citizens/merges", swapped), 422, "validation-failed")
    refused(town.registrar.post("/v1/citizens/merges", merge), 403, "role-not-allowed")
    # and another authority cannot reach the citizen by the number
    refused(town.caseworker.post("/v1/citizens/merges", merge), 409, "replacement-number-unknown")
