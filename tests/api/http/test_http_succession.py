"""At new year an authority is another one: its people, its cases and its clients go on without a break."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.api.http.handover import Case, opened
from tests.api.http.running import Caller, serving
from tests.api.http.town import (
    AMBULATORY,
    CENTRE,
    REGION,
    SECRETARIAT,
    TOWN,
    Town,
    ago,
    entry_of,
    found,
    main_mailbox,
    ok,
    pdf,
    refused,
    submission,
)

EAST, AMBULATORY_EAST = "1099", "ambulatorium-naestved-oest"
ASSESSMENT = {"outcome": "not-required", "citizen_informed": True}


@pytest.fixture
def own_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town whose region is going to end."""
    with serving(tmp_path_factory.mktemp("succession")) as server:
        yield found(server)


def _succeed(town: Town, unit: str | None, by_unit: str | None) -> None:
    """One registrar of the secretariat proposes that the region is succeeded, and another confirms it."""
    entry = {
        "unit": unit,
        "successor_authority": EAST,
        "successor_unit": by_unit,
        "valid_from": ago(seconds=1),
        "basis": "ovl-2026",
    }
    path = f"/v1/authorities/{REGION}/successions"
    proposal = ok(town.registrar.post(path, entry), 201).json()["id"]
    [own] = refused(town.registrar.post(f"{path}/{proposal}/confirmation"), 409, "refused")["errors"]
    assert own["code"] == "same-person"
    ok(town.colleague.post(f"{path}/{proposal}/confirmation"), 201)


def _prepare_successor(town: Town) -> None:
    entry = {"authority": EAST, "name": "Region Østdanmark"}
    ok(town.registrar.post("/v1/authorities", entry), 201)
    unit = {"unit": AMBULATORY_EAST, "kind": "ambulatory", "name": "Ambulatorium Næstved"}
    ok(town.registrar.post(f"/v1/authorities/{EAST}/units", unit), 201)
    mailbox = entry_of(AMBULATORY_EAST, unit=AMBULATORY_EAST)
    main_mailbox(town.registrar, town.colleague, EAST, mailbox)


def _carried(town: Town, case: Case, **parts: Any) -> dict[str, Any]:
    """The case once its side has been carried over."""

    def done() -> dict[str, Any] | None:
        shown = town.caseworker.get(case.path).json()
        return shown if parts.items() <= shown.items() else None

    found_there: dict[str, Any] = town.server.until(done)
    return found_there


def test_the_successor_stands_in_the_place_of_the_succeeded(own_town: Town) -> None:
    # given a handover each way, one of them with a question, and a leader's reading
    town = own_town
    outgoing = opened(town)
    outgoing.take(town.caseworker, "questions", {"concerns": ["medicin"], "text": "Hvem ordinerer?"})
    incoming = Case(
        ok(
            town.caseworker.post(
                "/v1/handovers", submission(sender=(TOWN, CENTRE), receiver_unit=AMBULATORY)
            ),
            201,
        ).headers["Location"]
    )
    incoming.open(town.clinician)
    # when the region and its ambulatory are succeeded
    _prepare_successor(town)
    _succeed(town, AMBULATORY, AMBULATORY_EAST)
    _succeed(town, None, None)
    _carried(town, outgoing, sender_authority=EAST, sender_unit=AMBULATORY_EAST)
    _carried(town, incoming, receiver_authority=EAST)
    # then yesterday's token speaks for the successor: the clinic answers, and takes over
    [question] = outgoing.shown(town.clinician)["questions"]
    answer = {"text": "Lægekonsulenten ved Rusmiddelcenter Næstved."}
    outgoing.take(town.clinician, f"questions/{question}/answer", answer)
    incoming.take(town.clinician, "takeover")
    assert incoming.shown(town.caseworker)["held_by"] == EAST
    # and a new token of the successor's own sees the same case, and who read it before
    clinician = town.server.caller("clinician", EAST, unit=AMBULATORY_EAST)
    leader = town.server.caller("leader", EAST, unit=AMBULATORY_EAST)
    assert outgoing.shown(clinician)["side"] == "sender"
    assert outgoing.open(clinician) == outgoing.open(town.clinician)
    for who in (leader, town.clinic_leader):
        readings = ok(who.get(f"{incoming.path}/readings"), 200).json()["items"]
        assert len(readings) == 1
    # and a client that still names the region that was goes on sending, for the successor
    sending = ok(town.clinician.post("/v1/handovers", submission()), 201)
    sent = Case(sending.headers["Location"]).shown(town.caseworker)
    assert (sent["sender_authority"], sent["sender_unit"]) == (EAST, AMBULATORY_EAST)
    mixed = submission(sender=(REGION, AMBULATORY_EAST))
    refused(town.clinician.post("/v1/handovers", mixed), 403, "organisation-mismatch")


def test_facts_and_breaches_of_the_succeeded_are_the_successors(own_town: Town) -> None:
    town = own_town
    case = opened(town)
    ok(case.record(town.clinician, "visitation-ended", ago(days=1), reason="goals-met"), 201)
    case.take(town.caseworker, "misdirection", {})
    _prepare_successor(town)
    _succeed(town, AMBULATORY, AMBULATORY_EAST)
    _succeed(town, None, None)
    _carried(town, case, sender_authority=EAST)
    leader = town.server.caller("leader", EAST, unit=AMBULATORY_EAST)
    assert [one["event"] for one in case.facts(leader)] == ["visitation-ended"]
    breaches = ok(leader.get(f"{case.path}/breach"), 200).json()["items"]
    assert [one["cause"] for one in breaches] == ["handover-misdirected"]
    # and the leader whose token still states the region assesses it, for the successor
    ok(town.clinic_leader.post(f"{case.path}/breach", ASSESSMENT), 201)
    [assessed] = ok(leader.get(f"{case.path}/breach"), 200).json()["items"]
    assert (assessed["outcome"], assessed["aware_at"]) == ("not-required", breaches[0]["aware_at"])
    assert refused(leader.post(f"{case.path}/breach", ASSESSMENT), 409, "refused")["errors"][0]["code"] == (
        "not-allowed-now"
    )


def test_alerts_drafts_and_uploads_from_before_are_the_successors(own_town: Town) -> None:
    # given a decline, a draft and an attachment of the day before
    town, person = own_town, str(uuid4())
    declined, case = opened(town), opened(town)
    declined.take(town.caseworker, "decline", {"reason": "at-capacity"})
    writer = _person(town, person, REGION, AMBULATORY)
    draft = ok(writer.post("/v1/drafts", {"document": {"n": 1}}), 201).headers["Location"]
    upload = ok(
        writer.post("/v1/attachments", content=pdf(), headers={"Content-Type": "application/pdf"}), 201
    ).json()["id"]
    _prepare_successor(town)
    _succeed(town, AMBULATORY, AMBULATORY_EAST)
    _succeed(town, None, None)
    _carried(town, case, sender_authority=EAST)
    # then the successor's leader finds the alert, and yesterday's by the name that the unit had
    leader = town.server.caller("leader", EAST, unit=AMBULATORY_EAST)
    for who, unit in ((leader, AMBULATORY_EAST), (town.clinic_leader, AMBULATORY)):
        alerts = ok(who.get(f"/v1/units/{unit}/alerts"), 200).json()["items"]
        assert declined.id in {one["handover"] for one in alerts}
    refused(leader.get(f"/v1/units/{AMBULATORY}/alerts"), 403, "outside-unit")
    assert ok(town.clinician.get(f"/v1/units/{AMBULATORY}/handovers"), 200).json()["items"] == []
    # and the same person her draft, with the token from before and with one of the successor's
    now = _person(town, person, EAST, AMBULATORY_EAST)
    for who in (writer, now):
        assert ok(who.get(draft), 200).json()["document"] == {"n": 1}
        assert len(ok(who.get("/v1/drafts"), 200).json()["items"]) == 1
    refused(town.clinician.get(draft), 404, "not-found")
    ok(now.put(draft, {"document": {"n": 2}}, '"1"'), 200)
    ok(writer.delete(draft), 204)
    # and the attachment goes out with a document of the successor's
    sent = Case(ok(writer.post("/v1/handovers", submission(attachments=[upload])), 201).headers["Location"])
    assert sent.shown(town.caseworker)["sender_authority"] == EAST
    ok(town.caseworker.post(f"{sent.path}/attachments/{upload}/readings", {}), 201)


def _person(town: Town, subject: str, authority: str, unit: str) -> Caller:
    token = town.server.token(role="clinician", authority=authority, unit=unit, subject=subject)
    return Caller(town.server.client, token)


def test_cases_of_a_unit_that_was_forgotten_are_counted_until_it_has_a_successor(own_town: Town) -> None:
    town = own_town
    case = opened(town)
    operator = town.server.caller("operator", SECRETARIAT)

    def waiting() -> int:
        lines = ok(operator.get("/metrics"), 200).text.splitlines()
        [line] = [one for one in lines if one.startswith("overgang_carry_overs_waiting ")]
        return int(float(line.split()[1]))

    assert waiting() == 0
    _prepare_successor(town)
    _succeed(town, None, None)
    town.server.until(lambda: waiting() == 1)
    _succeed(town, AMBULATORY, AMBULATORY_EAST)
    _carried(town, case, sender_authority=EAST)
    town.server.until(lambda: waiting() == 0)
