"""The citizen's own view over HTTP: her case, her rights, what she does herself; and who sees nothing."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.api.http.handover import Case, code_of, opened, sent
from tests.api.http.own import (
    WORDS,
    appointed,
    citizen_of,
    does,
    lane,
    path,
    registers,
    representative_of,
    shown,
)
from tests.api.http.running import Caller
from tests.api.http.town import REGION, TOWN, Town, ok, refused


def _taken_over(town: Town) -> Case:
    case = opened(town)
    case.take(town.caseworker, "takeover")
    return case


def test_she_sees_her_case_in_plain_danish_with_whom_to_call_the_clocks_and_her_rights(town: Town) -> None:
    # given a handover with her wish for treatment, and a request for access that the municipality registered
    case = _taken_over(town)
    request = str(uuid4())
    registers(
        town.caseworker, case, "access-requested", request=request, regime="fvl", means="oral", form="pdf"
    )
    # when she looks
    view = shown(citizen_of(town, case), case)
    # then she reads how far it is, whom she calls, and by when treatment begins
    assert view["status_da"] == "Overtaget"
    assert view["contact"]["name"] == "Region Sjælland"
    assert [clock["rule"] for clock in view["clocks"]] == ["START_KOM"]
    assert "Behandlingen skal begynde senest" in view["clocks"][0]["text"]
    told = " ".join(line["text"] for line in view["course"])
    assert "indsendte et overgangsdokument" in told and "overtog overgangen" in told
    assert "Der blev bedt om aktindsigt" in told
    # and what became of her rights, each in words
    rights = {one["rule"]: one for one in view["rights"]}
    assert rights["access-fvl"]["state"] == "pending" and "Fristen er" in rights["access-fvl"]["text"]
    [matter] = [one for one in view["matters"] if one["kind"] == "request"]
    assert (matter["id"], matter["said"]["outcome"]) == (request, None)
    # and nobody's id, and nothing of the document
    text = str(view)
    for who in (town.caseworker, town.clinician):
        assert _subject(who) not in text
    assert "Eksempel" not in text and "700101" not in text


def _subject(who: Caller) -> str:
    import base64
    import json

    payload = who.token.split(".")[1]
    claims: dict[str, str] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims["sub"]


def test_no_step_inside_an_authority_is_hers(town: Town) -> None:
    case = opened(town)
    registers(
        town.caseworker,
        case,
        "decision-drafted",
        decision=str(uuid4()),
        legal_basis="sel:101",
        kind="refusal",
        adverse=True,
    )
    case.take(town.caseworker, "assignment", {"assignee": str(uuid4())})
    view = shown(citizen_of(town, case), case)
    assert {"decision-drafted", "handover-assigned"}.isdisjoint(one["event"] for one in view["course"])


def test_to_a_stranger_a_case_is_not_there(town: Town) -> None:
    case, other = sent(town), sent(town)
    stranger = citizen_of(town, other)
    body = {"event": "access-requested", "authority": TOWN, "regime": "fvl", "form": "pdf"}
    for address in (path(case), f"{path(case)}/readings", f"/v1/citizens/handovers/{uuid4()}"):
        refused(stranger.get(address), 404, "not-found")
    refused(stranger.post(f"{path(case)}/acts", body), 404, "not-found")
    # and staff do not come in by her door, nor she by theirs
    refused(town.caseworker.get(path(case)), 403, "role-not-allowed")
    refused(citizen_of(town, case).get(case.path), 403, "role-not-allowed")
    refused(citizen_of(town, case).post(f"{case.path}/readings", {}), 403, "role-not-allowed")


def test_her_request_stands_in_the_authoritys_lane_and_its_clock_runs(town: Town) -> None:
    case = opened(town)
    me = citizen_of(town, case)
    done = does(me, case, "access-requested", regime="sul", form="paper", authority=REGION, text=WORDS)
    [event] = lane(town.clinician, case)
    assert (event["event"], event["facts"]["request"]) == ("access-requested", done["matter"])
    assert (event["facts"]["means"], event["unit"]) == ("self-service", None)
    assert lane(town.caseworker, case) == [], "the other authority sees nothing of it"
    assert "senest" in done["receipt"] and WORDS not in done["receipt"]
    # and what she wrote is sealed: nobody finds it in a view or a log line
    assert WORDS not in str(shown(me, case)) and not any(WORDS in line for line in town.server.lines())
    does(me, case, "access-withdrawn", authority=REGION, request=done["matter"])


def test_the_same_act_sent_twice_is_one(town: Town) -> None:
    case = sent(town)
    me = citizen_of(town, case)
    body = {"event": "access-requested", "authority": REGION, "regime": "fvl", "form": "pdf"}
    first, again = (ok(me.post(f"{path(case)}/acts", body, key="once-own"), 201).json() for _ in range(2))
    assert first == again and len(lane(town.clinician, case)) == 1


def test_she_answers_a_hearing_point_by_point(town: Town) -> None:
    # given a hearing about two assertions
    case = opened(town)
    decision, hearing = str(uuid4()), str(uuid4())
    registers(
        town.caseworker,
        case,
        "decision-drafted",
        decision=decision,
        legal_basis="sel:101",
        kind="refusal",
        adverse=True,
    )
    registers(
        town.caseworker,
        case,
        "hearing-sent",
        hearing=hearing,
        decision=decision,
        assertions=["rusmidler.monster", "bolig.usikker"],
        answer_by=str((datetime.now(UTC) + timedelta(days=14)).date()),
        outside=True,
    )
    me = citizen_of(town, case)
    [asked] = [one for one in shown(me, case)["matters"] if one["kind"] == "hearing"]
    assert asked["said"]["assertions"] == ["rusmidler.monster", "bolig.usikker"]
    # when she answers to each
    points = [{"assertion": name, "text": f"{WORDS} ({name})"} for name in asked["said"]["assertions"]]
    does(me, case, "hearing-answered", hearing=hearing, points=points)
    # then the decision's hearing is answered, and the decision may be made
    [answered] = [one for one in lane(town.caseworker, case) if one["event"] == "hearing-answered"]
    assert answered["facts"]["decision"] == decision and answered["facts"]["note"]["document_id"]
    assert "bolig" not in str(answered)
    [now] = [one for one in shown(me, case)["matters"] if one["kind"] == "hearing"]
    assert now["said"]["answered"]


def test_a_complaint_that_no_body_is_known_for_is_received(town: Town) -> None:
    case = opened(town)
    me = citizen_of(town, case)
    does(me, case, "complaint-received", urgent=True, text=WORDS)
    [complaint] = lane(town.caseworker, case)
    assert (complaint["facts"]["track"], complaint["facts"]["late"]) == ("b", False)
    # one about the region's clinical activity has its own track
    does(me, case, "complaint-received", authority=REGION)
    [complaint] = lane(town.clinician, case)
    assert complaint["facts"]["track"] == "d"


def test_her_no_binds_both_and_what_was_not_opened_is_shut(town: Town) -> None:
    case = sent(town)
    me = citizen_of(town, case)
    does(me, case, "objection-registered", authority=REGION, scope="disclosure", consequences_explained=True)
    assert case.shut(town.caseworker) == "consent-withdrawn"
    does(me, case, "objection-lifted", authority=REGION, scope="disclosure")
    case.open(town.caseworker)


def test_consent_that_she_gives_is_in_writing_and_lapses_as_the_law_says(town: Town) -> None:
    case = sent(town)
    me = citizen_of(town, case)
    does(me, case, "consent-given", authority=REGION, scope="disclosure", basis="sul:43")
    [given] = [one["said"] for one in shown(me, case)["matters"] if one["kind"] == "consent"]
    year = datetime.fromisoformat(given["lapses_on"]) - datetime.fromisoformat(given["given_on"])
    assert timedelta(days=363) < year < timedelta(days=366)
    does(me, case, "consent-withdrawn", authority=REGION, scope="disclosure")


def test_three_questions_wait_for_her_once_somebody_has_taken_over(town: Town) -> None:
    case = opened(town)
    me = citizen_of(town, case)
    rated = {"event": "transition-rated", "authority": TOWN, "good": 5, "safe": 2}
    assert not shown(me, case)["questions"]
    assert code_of(me.post(f"{path(case)}/acts", rated)) == "not-taken-over"
    case.take(town.caseworker, "takeover")
    assert shown(me, case)["questions"]
    ok(me.post(f"{path(case)}/acts", rated), 201)
    assert not shown(me, case)["questions"]


def test_an_authority_without_a_part_in_the_case_and_an_unknown_matter_are_named(town: Town) -> None:
    me = citizen_of(town, case := sent(town))
    act = {"event": "access-requested", "authority": "0101", "regime": "fvl", "form": "pdf"}
    assert code_of(me.post(f"{path(case)}/acts", act)) == "no-part-in-case"
    unknown = {"event": "complaint-withdrawn", "authority": TOWN, "complaint": str(uuid4())}
    assert code_of(me.post(f"{path(case)}/acts", unknown)) == "matter-unknown"
    staff = {"event": "access-decided", "authority": TOWN}
    refused(me.post(f"{path(case)}/acts", staff), 422, "validation-failed")


def test_only_she_herself_says_something_by_her_own_access(town: Town) -> None:
    case = opened(town)
    body = {"event": "access-requested", "request": str(uuid4()), "regime": "fvl", "form": "pdf"}
    refused(
        town.caseworker.post(f"{case.path}/rights", {**body, "means": "self-service"}),
        422,
        "validation-failed",
    )


def test_a_representative_acts_while_the_appointment_holds(town: Town) -> None:
    case = opened(town)
    stranger = representative_of(town, case, str(uuid4()))
    refused(stranger.get(path(case)), 404, "not-found")
    # given that the municipality has registered who acts for her
    acting = appointed(town.caseworker, case)
    lawyer = representative_of(town, case, acting)
    assert shown(lawyer, case)["course"]
    done = does(lawyer, case, "access-requested", regime="fvl", form="pdf")
    told = " ".join(one["text"] for one in shown(citizen_of(town, case), case)["course"])
    assert "Borgerens repræsentant gjorde det." in told and "din repræsentant" in done["receipt"]
    # but how it went for her is asked of her alone
    rated = {"event": "transition-rated", "authority": TOWN, "good": 5}
    assert code_of(lawyer.post(f"{path(case)}/acts", rated)) == "outside-representation"
    # when she ends it, it is over at once
    does(citizen_of(town, case), case, "representation-ended", representative=acting)
    refused(lawyer.get(path(case)), 404, "not-found")
    refused(lawyer.get(f"{path(case)}/readings"), 404, "not-found")


@pytest.mark.parametrize("scope", ["hearing", "appeal", "access"])
def test_a_representative_in_one_matter_sees_and_does_that_alone(town: Town, scope: str) -> None:
    case = opened(town)
    decision = str(uuid4())
    registers(
        town.caseworker, case, "application-received", decision=decision, legal_basis="sel:101", means="oral"
    )
    acting = appointed(town.caseworker, case, scope)
    # a token that claims more than the appointment says opens nothing
    refused(representative_of(town, case, acting, "whole-case").get(path(case)), 404, "not-found")
    who = representative_of(town, case, acting, scope)
    view = shown(who, case)
    assert bool(view["clocks"] or view["course"]) == (scope == "access")
    assert (who.get(f"{path(case)}/readings").status_code == 200) == (scope == "access")
    complaint = {"event": "complaint-received", "authority": TOWN}
    answer = who.post(f"{path(case)}/acts", complaint)
    assert answer.status_code == (201 if scope == "appeal" else 409), answer.text
    consent = {"event": "consent-given", "authority": TOWN, "scope": "disclosure", "basis": "sul:43"}
    assert code_of(who.post(f"{path(case)}/acts", consent)) == "outside-representation"


def test_a_representatives_last_day_is_the_last(town: Town) -> None:
    case = opened(town)
    yesterday = str((datetime.now(UTC) - timedelta(days=2)).date())
    over = appointed(town.caseworker, case, until=yesterday)
    refused(representative_of(town, case, over).get(path(case)), 404, "not-found")
    until = appointed(town.caseworker, case, until=str((datetime.now(UTC) + timedelta(days=2)).date()))
    ok(representative_of(town, case, until).get(path(case)), 200)


def test_a_confirmation_is_printed_of_what_staff_registered_for_her(town: Town) -> None:
    # given a request that she made on the telephone yesterday
    case = opened(town)
    body = {
        "event": "access-requested",
        "request": str(uuid4()),
        "regime": "fvl",
        "means": "telephone",
        "form": "paper",
        "occurred_at": (datetime.now(UTC) - timedelta(days=1)).isoformat(),
        "text": WORDS,
    }
    ok(town.caseworker.post(f"{case.path}/rights", body), 201)
    [event] = lane(town.caseworker, case)
    # when it is printed
    address = f"{case.path}/rights/{event['position']}/confirmation"
    page = ok(town.caseworker.get(address), 200)
    assert page.headers["content-type"] == "text/plain; charset=utf-8"
    # then it says what, when it came, when and where it was registered, what follows, and how it is corrected
    for part in (
        "Der blev bedt om aktindsigt",
        "Hvornår vi fik det:",
        "Hvornår det blev registreret:",
        "Rusmiddelcenter-naestved, Næstved Kommune",
        "Aktindsigt for en part inden 7 arbejdsdage: senest",
        "Sig det til Næstved Kommune, telefon",
    ):
        assert part in page.text, part
    # and nothing that she said
    assert WORDS not in page.text
    # and the other authority has no such registration
    refused(town.clinician.get(address), 404, "not-found")
    # once it is taken back, it says so
    retraction = {"position": event["position"], "retracts": "access-requested", "reason": "duplicate"}
    retraction |= {"text": "Anmodningen var registreret i forvejen."}
    registers(town.caseworker, case, "rights-fact-retracted", **retraction)
    assert "trukket tilbage" in ok(town.caseworker.get(address), 200).text


def test_nothing_shaped_like_a_cpr_number_is_an_assertions_id_nor_is_a_text_unreadable(town: Town) -> None:
    """An assertion's id stands in the clear; a text has to be readable by whoever opens it."""
    case = opened(town)
    heard = {"hearing": str(uuid4()), "decision": str(uuid4()), "answer_by": "2030-01-01", "outside": True}
    asked = {"event": "hearing-sent", "assertions": ["a0101014321"], **heard}
    refused(town.caseworker.post(f"{case.path}/rights", asked), 422, "validation-failed")
    said = {"event": "note-made", "information": str(uuid4()), "text": "\u0000"}
    refused(town.caseworker.post(f"{case.path}/rights", said), 422, "validation-failed")
    comment = {"event": "citizen-commented", "authority": TOWN, "text": WORDS}
    points = [{"assertion": "a010101-4321", "text": WORDS}]
    answer = citizen_of(town, case).post(f"{path(case)}/acts", {**comment, "points": points})
    refused(answer, 422, "validation-failed")
