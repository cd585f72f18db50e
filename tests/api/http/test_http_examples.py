"""The examples in OpenAPI work when they are pasted: each is sent as it stands, in the order of a day."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.api.http.importing import import_cases
from tests.api.http.pasting import Day, Reader
from tests.api.http.running import Running, serving
from tests.api.http.town import ok, pdf


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that nobody has used."""
    with serving(tmp_path_factory.mktemp("examples")) as running:
        yield running


def test_each_example_works_when_it_is_pasted(tmp_path: Path) -> None:
    # given the register as the examples enter it, and cases that were imported into it
    with serving(tmp_path) as server:
        day = Day(server)
        people = [day.paste("token", "", which).json()["access_token"] for which in (0, 1, 2, 3, 3)]
        *_, registrar, colleague = people
        mailbox, confirmed = _register(day, registrar, colleague)
    imported = import_cases(tmp_path, 2)
    # when everything else is pasted as it stands
    with serving(tmp_path) as server:
        day.go_on(server)
        clinic, centre, leader, *_ = people
        _first_line(day, clinic, centre)
        _questions_and_withdrawals(day, clinic, centre)
        _exits(day, clinic, centre, leader)
        _quarantine(day, clinic, centre, leader)
        day.step("confirm_import_handover", centre, imported[0])
        day.step("deny_import_handover", centre, imported[1])
        _papers_of_the_clinic(day, clinic, centre)
        _end_of_the_register(day, registrar, colleague, mailbox, confirmed)
        # then no example was left out, and nothing that changes a case
        assert day.left_out() == set()


def _register(day: Day, registrar: str, colleague: str) -> tuple[str, str]:
    """Authorities, units, a main mailbox and its version."""
    authorities = day.reader.bodies("enter_authority")
    for number in range(len(authorities)):
        day.paste("enter_authority", registrar, number)
    town, region, _ = (one["authority"] for one in authorities)
    for number, authority in enumerate((town, town, region)):
        day.paste("enter_unit", registrar, number, authority=authority)
    day.paste("ask_for_mailbox", registrar, authority=town)
    day.paste("enter_referrer", registrar, authority=region)
    day.paste("enter_processing_time", registrar, authority=town)
    proposed = day.paste("propose_mailbox", registrar, authority=town)
    mailbox: str = proposed.json()["id"]
    version = proposed.headers["ETag"]
    confirmed = day.paste("confirm_mailbox", colleague, version=version, mailbox_id=mailbox)
    return mailbox, confirmed.headers["ETag"]


def _submit(day: Day, clinic: str, which: int = 0) -> str:
    case: str = day.paste("submit_handover", clinic, which).json()["id"]
    return case


def _first_line(day: Day, clinic: str, centre: str) -> None:
    day.paste("validate_handover", clinic, 0)
    day.paste("validate_handover", clinic, 1)
    _submit(day, clinic, 1)
    case = _submit(day, clinic)
    day.paste("open_handover", centre, handover_id=case)
    for step in ("acknowledge_handover", "take_over_handover", "close_handover"):
        day.step(step, centre, case)
    # what has happened beside it, each fact under its own name, the last of them taken back
    facts = day.reader.bodies("record_case_fact")
    for number, fact in enumerate(facts):
        if fact["event"] == "case-fact-retracted":
            listed = ok(day.reader.send("list_case_facts", centre, handover_id=case), 200).json()["items"]
            fact = fact | {"position": _position(listed, fact["retracts"])}
        day.paste("record_case_fact", centre, number, body=fact, handover_id=case)
    _letters(day, clinic, centre)
    # and every event of the citizen's rights, in the centre's own lane
    for number, right in enumerate(day.reader.bodies("record_case_right")):
        if right["event"] == "rights-fact-retracted":
            lane = ok(day.reader.send("show_case_rights", centre, handover_id=case), 200).json()["events"]
            right = right | {"position": _position(lane, right["retracts"])}
        day.paste("record_case_right", centre, number, body=right, handover_id=case)
    _her_own(day, centre, case)


def _her_own(day: Day, centre: str, case: str) -> None:
    """What the citizen does herself, with the ids of what has begun; and the package that she gets."""
    rights = {one["event"]: one for one in day.reader.bodies("record_case_right")}
    token = day.paste("token", "", 4, body={"role": "citizen", "handovers": [case]}).json()["access_token"]
    day.paste("token", "", 5)
    begun = {
        name: rights[event][name]
        for name, event in (
            ("hearing", "hearing-sent"),
            ("decision", "decision-made"),
            ("complaint", "complaint-received"),
            ("representative", "representative-appointed"),
        )
    }
    for number, act in enumerate(day.reader.bodies("act_in_own_case")):
        known = {name: begun[name] for name in act if name in begun}
        done = day.paste("act_in_own_case", token, number, body=act | known, handover_id=case).json()
        # what she asked for first, she takes back next
        begun.setdefault("request", done["matter"])
    about = {"request": str(uuid4()), "regime": "fvl"}
    decided = {"outcome": "partly", "grounds": ["fvl:12"], "occurred_at": None}
    for event, more in (("access-requested", {"occurred_at": None}), ("access-decided", decided)):
        body = {name: value for name, value in (rights[event] | about | more).items() if value is not None}
        ok(day.reader.send("record_case_right", centre, body, handover_id=case), 201)
    at = {"handover_id": case, "request_id": about["request"]}
    day.paste("make_access_package", centre, **at)
    day.paste("open_access_package", centre, **at)
    day.paste("fetch_own_access", token, **at)


def _letters(day: Day, clinic: str, centre: str) -> None:
    """Every letter, previewed and sent, where what it is about has begun."""
    case = _submit(day, clinic)
    begun = ("access-requested", "application-received", "complaint-received", "written-reasons-requested")
    for right in day.reader.bodies("record_case_right"):
        if right["event"] in begun:
            ok(day.reader.send("record_case_right", centre, right, handover_id=case), 201)
    for number, letter in enumerate(day.reader.bodies("send_case_letter")):
        for operation in ("preview_case_letter", "send_case_letter"):
            day.paste(operation, centre, number, body=letter, handover_id=case)


def _position(facts: list[dict[str, Any]], event: str) -> int:
    return next(one["position"] for one in facts if one["event"] == event)


def _questions_and_withdrawals(day: Day, clinic: str, centre: str) -> None:
    case = _submit(day, clinic)
    day.paste("open_handover", centre, handover_id=case)
    day.step("ask_handover", centre, case)
    [question] = ok(day.reader.send("show_handover", clinic, handover_id=case), 200).json()["questions"]
    day.step("answer_question", clinic, case, question_id=question)
    day.step("correct_handover", clinic, case)
    day.step("request_withdrawal_handover", clinic, case)
    day.step("refuse_withdrawal_handover", centre, case)
    day.step("request_withdrawal_handover", clinic, case)
    day.step("confirm_withdrawal_handover", centre, case)
    day.step("enter_in_error_handover", clinic, _submit(day, clinic))


def _exits(day: Day, clinic: str, centre: str, leader: str) -> None:
    returned = [_submit(day, clinic) for _ in range(3)]
    for case in returned:
        day.step("return_handover", centre, case)
    for case, step in zip(returned, ("redirect", "withdraw", "complete_otherwise"), strict=True):
        day.step(f"{step}_handover", clinic, case)
    case = _submit(day, clinic)
    day.paste("open_handover", centre, handover_id=case)
    for step, who in (("decline", centre), ("insist", clinic), ("resolve", leader)):
        day.step(f"{step}_handover", who, case)
    day.step("forward_handover", centre, _submit(day, clinic))
    case = _submit(day, clinic)
    day.step("assign_handover", centre, case)
    day.step("distribute_handover", centre, case)


def _quarantine(day: Day, clinic: str, centre: str, leader: str) -> None:
    case = _submit(day, clinic)
    day.paste("open_handover", centre, handover_id=case)
    day.step("report_misdirected_handover", centre, case)
    day.paste("assess_case_breach", leader, handover_id=case)
    day.step("report_wrong_person_handover", clinic, _submit(day, clinic))


def _papers_of_the_clinic(day: Day, clinic: str, centre: str) -> None:
    """Drafts, merged numbers, messages, attachments."""
    draft = day.paste("create_draft", clinic)
    day.paste("replace_draft", clinic, version=draft.headers["ETag"], draft_id=draft.json()["id"])
    day.paste("merge_numbers", clinic)
    day.paste("validate_message", clinic)
    message = day.paste("submit_message", clinic).json()["id"]
    completion = day.reader.bodies("complete_handover")[0]
    number = {"type": "cpr", "value": "2509479989"}
    completion["document"]["sections"]["stamoplysninger"]["person_id"] = number
    day.step("complete_handover", clinic, message, body=completion)
    upload = day.paste("upload_attachment", clinic, body=pdf()).json()["id"]
    with_file = day.reader.bodies("submit_handover")[0] | {"attachments": [upload]}
    sending = ok(day.reader.send("submit_handover", clinic, with_file), 201).json()["id"]
    day.paste("open_attachment", centre, handover_id=sending, attachment_id=upload)


def _end_of_the_register(day: Day, registrar: str, colleague: str, mailbox: str, version: str) -> None:
    at = {"mailbox_id": mailbox}
    for name, who in (
        ("propose_end", registrar),
        ("confirm_end", colleague),
        ("withdraw_confirmation", registrar),
        ("propose_end", registrar),
        ("withdraw_proposal", registrar),
    ):
        version = day.paste(name, who, version=version, **at).headers["ETag"]
    town = day.reader.bodies("enter_authority")[0]["authority"]
    succession = day.paste("enter_succession", registrar, authority=town).json()["id"]
    day.paste("confirm_entered_succession", colleague, authority=town, proposal_id=succession)


def test_every_body_has_an_example(fresh: Running) -> None:
    reader = Reader(fresh)
    for name, (_, _, operation) in reader.operations.items():
        if "requestBody" in operation and name != "upload_attachment":
            assert reader.bodies(name), name


@pytest.mark.parametrize("operation", ["record_case_fact", "record_case_right"])
def test_every_fact_has_an_example_under_its_danish_name(fresh: Running, operation: str) -> None:
    reader = Reader(fresh)
    content = reader.operations[operation][2]["requestBody"]["content"]["application/json"]
    kinds = content["schema"]["discriminator"]["mapping"]
    assert set(content["examples"]) == set(kinds)
    for event, example in content["examples"].items():
        assert example["value"]["event"] == event and example["summary"][0].isupper()


def test_every_problem_has_an_example_of_its_own(fresh: Running) -> None:
    reader = Reader(fresh)
    for name, (_, _, operation) in reader.operations.items():
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                examples = response["content"]["application/problem+json"]["examples"]
                assert {one["value"]["status"] for one in examples.values()} == {int(status)}, name
                assert all(code == one["value"]["code"] for code, one in examples.items())


def test_the_page_of_documentation_opens(fresh: Running) -> None:
    page = ok(fresh.client.get("/docs"), 200)
    assert "/openapi.json" in page.text
    for kind in ok(fresh.client.get("/v1/templates"), 200).json()["items"]:
        schema = ok(fresh.client.get(kind["schema"]), 200).json()
        assert schema["$id"] == kind["schema"]
