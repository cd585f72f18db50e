"""The access package: one authority's documents after its decision, and what is not in it, by ground."""

import hashlib
import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api.http.handover import Case, code_of, opened, sent
from tests.api.http.own import (
    WORDS,
    appointed,
    citizen_of,
    does,
    path,
    registers,
    representative_of,
)
from tests.api.http.running import Caller
from tests.api.http.town import REGION, TOWN, Town, ok, pdf, refused, submission

SECRET = "Kommunens egne overvejelser om boligen."
OTHERS = [{"name": "Søster Eksempel", "relation": "søster", "may_be_contacted": True}]


def _asked(who: Caller, case: Case, regime: str = "fvl") -> str:
    request = str(uuid4())
    registers(who, case, "access-requested", request=request, regime=regime, means="letter", form="pdf")
    return request


def _decided(who: Caller, case: Case, request: str, outcome: str = "granted", **stated: Any) -> None:
    given = {"regime": "fvl", "reasons_given": True, "extra_considered": True, "guidance": ["a2"], **stated}
    registers(who, case, "access-decided", request=request, outcome=outcome, outside=True, **given)


def _granted(who: Caller, case: Case, outcome: str = "granted", **stated: Any) -> str:
    request = _asked(who, case, str(stated.get("regime", "fvl")))
    _decided(who, case, request, outcome, **stated)
    return request


def _makes(who: Caller, case: Case, request: str, **body: Any) -> httpx2.Response:
    return who.post(f"{case.path}/access/{request}/package", {"way": "in-person", **body})


def _package(who: Caller, case: Case, request: str, **body: Any) -> zipfile.ZipFile:
    made = ok(_makes(who, case, request, **body), 201).json()
    answer = ok(who.post(f"{case.path}/access/{request}/package/readings", {}), 201)
    assert answer.headers["content-type"] == "application/zip"
    assert hashlib.sha256(answer.content).hexdigest() == made["package_sha256"]
    return zipfile.ZipFile(io.BytesIO(answer.content))


def _whole(package: zipfile.ZipFile) -> str:
    texts = [name for name in package.namelist() if name.endswith((".txt", ".json"))]
    return "\n".join(package.read(name).decode() for name in texts)


def _index(package: zipfile.ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(package.read("indeks.json"))
    return found


def test_before_the_decision_there_is_no_package(town: Town) -> None:
    case = opened(town)
    request = _asked(town.caseworker, case)
    assert code_of(_makes(town.caseworker, case, request)) == "access-not-decided"
    _decided(town.caseworker, case, request, "refused", grounds=["fvl:15b"])
    assert code_of(_makes(town.caseworker, case, request)) == "access-not-decided"
    # nor after she has taken the request back
    other = _granted(town.caseworker, case)
    registers(town.caseworker, case, "access-withdrawn", request=other, means="oral", text="Hun ringede.")
    assert code_of(_makes(town.caseworker, case, other)) == "access-not-decided"


def test_she_gets_documents_journal_readings_and_an_index_with_hashes(town: Town) -> None:
    # given a case with a letter of her own in the municipality's lane
    case = opened(town)
    me = citizen_of(town, case)
    request = does(me, case, "access-requested", regime="fvl", form="pdf", text=WORDS)["matter"]
    _decided(town.caseworker, case, request)
    before = len(ok(me.get(f"{path(case)}/readings"), 200).json()["items"])
    # when the package is made
    package = _package(town.caseworker, case, request)
    # then it holds the document in Danish and as JSON, her own words, journal and readings
    assert {"dokumenter/01-overgangsdokument.txt", "dokumenter/01-overgangsdokument.json"} <= set(
        package.namelist()
    )
    assert "Test Testesen" in package.read("dokumenter/01-overgangsdokument.txt").decode()
    assert WORDS in package.read("noter/02-udtalelse.txt").decode()
    assert "Der blev bedt om aktindsigt" in package.read("journal.txt").decode()
    assert "læste dokumentet. Formål: Aktindsigt." in package.read("laesninger.txt").decode()
    # and every file but the index itself stands in the index with its hash
    listed = {one["name"]: one["sha256"] for one in _index(package)["files"]}
    for name in package.namelist():
        if not name.startswith("indeks"):
            assert listed[name] == hashlib.sha256(package.read(name)).hexdigest()
    told = package.read("indeks.txt").decode()
    assert "Intet er udeladt." in told and "Du kan klage" not in told
    # and each text that was opened stands on her list, as the opening of the package does
    found = ok(me.get(f"{path(case)}/readings"), 200).json()["items"][before:]
    assert [one["what"] for one in found] == ["read", "read", "access", "read"]
    # and nobody's id is in it
    for who in (town.caseworker, town.clinician):
        assert who.token.split(".")[1] not in _whole(package)


def test_she_fetches_it_herself_and_that_stands_on_her_list(town: Town) -> None:
    case = opened(town)
    request = _granted(town.caseworker, case)
    me, stranger = citizen_of(town, case), citizen_of(town, sent(town))
    address = f"{path(case)}/access/{request}/readings"
    assert code_of(me.post(address)) == "package-unknown"
    made = ok(_makes(town.caseworker, case, request), 201).json()
    fetched = ok(me.post(address), 201)
    assert hashlib.sha256(fetched.content).hexdigest() == made["package_sha256"]
    assert ok(me.get(f"{path(case)}/readings"), 200).json()["items"][-1]["what"] == "fetched"
    # and the auditor reads that it was she, of no authority
    auditor = town.server.caller("auditor", TOWN)
    replayed = ok(auditor.get(f"/v1/audit/handovers/{case.id}"), 200).json()
    read = ": Borgeren læste aktindsigten. Formål: Aktindsigt."
    assert [one["text"].endswith(read) for one in replayed["events"]].count(True) == 1
    refused(stranger.post(address), 404, "not-found")
    # who represents her in access fetches what was made for a representative, and not what was made for her
    acting = representative_of(town, case, appointed(town.caseworker, case, "access"), "access")
    assert code_of(acting.post(address)) == "package-for-another"
    ok(_makes(town.caseworker, case, request, addressee="representative"), 201)
    for scope, status in (("access", 201), ("hearing", 409)):
        acting = representative_of(town, case, appointed(town.caseworker, case, scope), scope)
        assert acting.post(address).status_code == status


def test_the_same_request_twice_is_one_package_and_its_bytes_are_the_same_each_time(town: Town) -> None:
    case = opened(town)
    request = _granted(town.caseworker, case)
    address = f"{case.path}/access/{request}/package"
    first, again = (
        ok(town.caseworker.post(address, {"way": "letter"}, key="package-once"), 201).json() for _ in range(2)
    )
    assert first == again
    a, b = (ok(town.caseworker.post(f"{address}/readings", {}, key="read-once"), 201) for _ in range(2))
    assert a.content == b.content


def test_nothing_of_one_authoritys_own_lane_is_in_the_others_package(town: Town) -> None:
    # given what each has written in its own lane
    case = opened(town)
    for who, words in ((town.caseworker, SECRET), (town.clinician, "Regionens eget.")):
        registers(
            who,
            case,
            "guidance-requested",
            inquiry=str(uuid4()),
            topic="rights",
            misdirected=False,
            text=words,
        )
    case.take(town.caseworker, "assignment", {"assignee": str(uuid4())})
    # then each package has its own
    municipal = _whole(_package(town.caseworker, case, _granted(town.caseworker, case)))
    regional = _package(town.clinician, case, _granted(town.clinician, case, regime="sul"))
    assert SECRET in municipal and "Regionens eget." not in municipal
    told = _whole(regional)
    assert "Regionens eget." in told and SECRET not in told
    assert "tildelte sagen" not in told and "tildelte sagen" in municipal
    # and the region's readings are its own
    readings = json.loads(regional.read("laesninger.json"))
    assert {one["authority"] for one in readings["items"] if one["what"] == "read"} == {REGION}
    assert [one["authority"] for one in readings["counted"]] == [REGION]


def test_a_passage_is_left_out_on_a_ground_that_the_decision_names(town: Town) -> None:
    case = opened(town)
    [document] = case.shown(town.caseworker)["documents"]
    passages = [
        {"document": document, "pointer": "/sections/risiko/assertions/a1", "ground": "fvl:15b"},
        {"document": document, "pointer": "/sections/medicin/ordinations/0/dose", "ground": "fvl:15b"},
        {"document": document, "pointer": "/sections/aftaler", "ground": "fvl:15b"},
    ]
    granted = _granted(town.caseworker, case)
    assert code_of(_makes(town.caseworker, case, granted, passages=passages)) == "withheld-without-ground"
    partly = _granted(town.caseworker, case, "partly", grounds=["fvl:15b"])
    package = _package(town.caseworker, case, partly, passages=passages)
    text = package.read("dokumenter/01-overgangsdokument.txt").decode()
    assert "Risikoen for overdosis" not in text and "2 tabletter" not in text and "Fælles møde" not in text
    assert text.count("udeladt (FVL § 15b)") == 3
    assert "Selvmord: Lav" in text and "Acamprosat" in text, "what lies beside it stays"
    assert "Risikoen for overdosis" not in _whole(package)
    exempted = _index(package)["exempted"]
    assert {one["pointer"] for one in exempted} == {one["pointer"] for one in passages}
    told = package.read("indeks.txt").decode()
    assert "afgørende private interesser" in told and "Du kan klage over det, der ikke er med." in told


@pytest.mark.parametrize(
    "pointer",
    ["/sections/findes_ikke", "/sections/risiko/assertions/b9", "/sections/medicin/ordinations/7/dose"],
)
def test_a_passage_that_is_not_there_is_refused(town: Town, pointer: str) -> None:
    case = opened(town)
    [document] = case.shown(town.caseworker)["documents"]
    partly = _granted(town.caseworker, case, "partly", grounds=["fvl:15b"])
    for named, where in ((document, pointer), (str(uuid4()), "/sections/risiko")):
        passage = {"document": named, "pointer": where, "ground": "fvl:15b"}
        assert code_of(_makes(town.caseworker, case, partly, passages=[passage])) == "passage-unknown"
    # and never the document as a whole
    whole = {"document": document, "pointer": "/sections", "ground": "fvl:15b"}
    refused(_makes(town.caseworker, case, partly, passages=[whole]), 422, "validation-failed")


def test_other_persons_are_left_out_until_somebody_has_decided(town: Town) -> None:
    case = opened(town, relatives=OTHERS)
    granted = _granted(town.caseworker, case)
    assert code_of(_makes(town.caseworker, case, granted)) == "others-not-decided"
    assert "Søster Eksempel" in _whole(_package(town.caseworker, case, granted, others_shown=True))
    partly = _granted(town.caseworker, case, "partly", grounds=["fvl:15b"])
    package = _package(town.caseworker, case, partly)
    assert "Søster Eksempel" not in _whole(package)
    [left_out] = _index(package)["exempted"]
    assert (left_out["why"], left_out["ground"]) == ("other-persons", "fvl:15b")


def test_a_protected_address_is_shown_to_her_and_not_to_who_represents_her(town: Town) -> None:
    case = opened(town, protected=True)
    request = _granted(town.caseworker, case)
    assert "Eksempelvej 1" in _whole(_package(town.caseworker, case, request))
    package = _package(town.caseworker, case, request, addressee="representative")
    assert "Eksempelvej 1" not in _whole(package)
    assert {one["why"] for one in _index(package)["exempted"]} == {"protected-address"}
    assert "skjult på grund af navne- og adressebeskyttelse" in _whole(package)


def test_what_was_sent_to_others_today_is_in_the_senders_package_from_tomorrow(town: Town) -> None:
    """FVL §9(4): the day after dispatch. For its receiver it is no document that it sent."""
    case = sent(town)
    package = _package(town.clinician, case, _granted(town.clinician, case))
    assert not [name for name in package.namelist() if name.startswith("dokumenter/")]
    [waiting] = _index(package)["left_out"]
    assert (waiting["why"], waiting["ground"]) == ("not-yet", "fvl:9.4") and waiting["open_from"]
    # under the Health Act there is no such day
    record = _package(town.clinician, case, _granted(town.clinician, case, regime="sul"))
    assert "dokumenter/01-overgangsdokument.txt" in record.namelist()
    assert (
        "dokumenter/01-overgangsdokument.txt"
        in _package(town.caseworker, case, _granted(town.caseworker, case)).namelist()
    )


def test_an_own_working_document_is_left_out_on_its_ground_alone(town: Town) -> None:
    case = opened(town)
    draft = {"decision": str(uuid4()), "legal_basis": "sel:101", "kind": "refusal", "adverse": True}
    registers(town.caseworker, case, "decision-drafted", text=SECRET, **draft)
    granted = _granted(town.caseworker, case)
    assert code_of(_makes(town.caseworker, case, granted)) == "withheld-without-ground"
    assert SECRET in _whole(_package(town.caseworker, case, granted, working_shown=True))
    partly = _granted(town.caseworker, case, "partly", grounds=["fvl:12"])
    package = _package(town.caseworker, case, partly)
    assert SECRET not in _whole(package)
    assert [one["why"] for one in _index(package)["left_out"]] == ["working-document"]


def test_a_document_that_is_shut_is_in_no_package(town: Town) -> None:
    case = opened(town)
    municipal, regional = (_granted(who, case) for who in (town.caseworker, town.clinician))
    case.take(town.clinician, "wrong-person", {})
    for who, request in ((town.caseworker, municipal), (town.clinician, regional)):
        package = _package(who, case, request)
        assert not [name for name in package.namelist() if name.startswith("dokumenter/")]
        assert "Test Testesen" not in _whole(package)
        assert [one["why"] for one in _index(package)["left_out"]] == ["shut"]


def test_attachments_go_with_it(town: Town) -> None:
    content = pdf()
    file = {"content": content, "headers": {"Content-Type": "application/pdf"}}
    upload = ok(town.clinician.post("/v1/attachments", **file), 201).json()["id"]
    case = Case(
        ok(town.clinician.post("/v1/handovers", submission(attachments=[upload])), 201).headers["Location"]
    )
    package = _package(town.caseworker, case, _granted(town.caseworker, case))
    assert package.read("bilag/01.pdf") == content


def test_who_makes_it_works_with_the_case(town: Town) -> None:
    case = opened(town)
    request = _granted(town.caseworker, case)
    outsider = town.server.caller("caseworker", TOWN, unit="socialafdeling")
    refused(_makes(outsider, case, request), 403, "outside-unit")
    ok(_makes(outsider, case, request, outside_reason="complaint-handling"), 201)
    last = ok(citizen_of(town, case).get(f"{path(case)}/readings"), 200).json()["items"]
    reasons = {one["outside_reason"] for one in last if one["unit"] == "socialafdeling"}
    assert "complaint-handling" in reasons
    refused(
        _makes(town.server.caller("caseworker", "0329", unit="ringsted"), case, request), 404, "not-found"
    )
    refused(_makes(citizen_of(town, case), case, request), 403, "role-not-allowed")
