"""The examples in OpenAPI work when they are pasted: each is sent as it stands, in the order of a day."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api.http.running import Running, serving
from tests.api.http.town import ok, pdf

ORDER = (
    "token",
    "enter_authority",
    "enter_unit",
    "ask_for_mailbox",
    "propose_mailbox",
    "confirm_mailbox",
    "validate_handover",
    "submit_handover",
    "upload_attachment",
    "open_handover",
    "acknowledge_handover",
    "take_over_handover",
    "close_handover",
    "create_draft",
    "replace_draft",
    "merge_numbers",
    "validate_message",
    "submit_message",
    "complete_handover",
    "open_attachment",
    "propose_end",
    "confirm_end",
    "withdraw_confirmation",
    "withdraw_proposal",
    "enter_succession",
    "confirm_entered_succession",
    "enter_referrer",
)
"""Every operation with a body or a change, in an order in which all succeed."""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that nobody has used."""
    with serving(tmp_path_factory.mktemp("examples")) as running:
        yield running


class Reader:
    """Somebody who reads /docs and pastes."""

    def __init__(self, server: Running) -> None:
        self.client = server.client
        self.document: dict[str, Any] = ok(server.client.get("/openapi.json"), 200).json()
        self.operations = {
            one["operationId"]: (method, path, one)
            for path, methods in self.document["paths"].items()
            for method, one in methods.items()
        }

    def bodies(self, name: str) -> list[Any]:
        """The examples of an operation's body."""
        body = self.operations[name][2].get("requestBody")
        if body is None:
            return []
        schema = next(iter(body["content"].values()))["schema"]
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        examples: list[Any] = schema.get("examples", [])
        return examples

    def send(
        self, name: str, caller: str, body: Any = None, version: str | None = None, **ids: str
    ) -> httpx2.Response:
        """Send an operation with the header examples of the document, filled in with `ids`."""
        method, path, operation = self.operations[name]
        headers = {"Authorization": f"Bearer {caller}"} if caller else {}
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "header":
                assert parameter["required"] and parameter["example"]
                headers[parameter["name"]] = parameter["example"]
        if "Idempotency-Key" in headers:
            headers["Idempotency-Key"] = str(uuid4())
        if "If-Match" in headers:
            headers["If-Match"] = version or headers["If-Match"]
        for parameter, value in ids.items():
            path = path.replace(f"{{{parameter}}}", value)
        kind = next(iter(operation.get("requestBody", {"content": {"": 0}})["content"]))
        headers |= {"Content-Type": kind} if kind else {}
        more = {"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        return self.client.request(method, path, headers=headers, **more)


def test_each_example_works_when_it_is_pasted(fresh: Running) -> None:
    reader, sent = Reader(fresh), set()

    def paste(name: str, caller: str, which: int = 0, **more: Any) -> httpx2.Response:
        bodies = reader.bodies(name)
        body = more.pop("body", bodies[which] if bodies else None)
        answer = reader.send(name, caller, body, **more)
        sent.add(name)
        expected = min(int(status) for status in reader.operations[name][2]["responses"])
        return ok(answer, expected)

    # given tokens from the examples: a clinician, a caseworker, a registrar
    clinic, centre, registrar, colleague = (
        paste("token", "", which).json()["access_token"] for which in (0, 1, 2, 2)
    )
    # when the register, the handover and everything else is pasted as it stands
    for number in range(len(reader.bodies("enter_authority"))):
        paste("enter_authority", registrar, number)
    town, region = (one["authority"] for one in reader.bodies("enter_authority"))
    for number in range(len(reader.bodies("enter_unit"))):
        paste("enter_unit", registrar, number, authority=town)
    paste("ask_for_mailbox", registrar, authority=town)
    proposed = paste("propose_mailbox", registrar, authority=town)
    mailbox = {"mailbox_id": proposed.json()["id"]}
    confirmed = paste("confirm_mailbox", colleague, version=proposed.headers["ETag"], **mailbox)
    paste("validate_handover", clinic)
    submitted = [paste("submit_handover", clinic, n) for n in range(len(reader.bodies("submit_handover")))]
    case = {"handover_id": submitted[0].json()["id"]}
    last = paste("open_handover", centre, **case)
    for step in ("acknowledge_handover", "take_over_handover", "close_handover"):
        last = paste(step, centre, version=last.headers["ETag"], **case)
    draft = paste("create_draft", clinic)
    own = {"draft_id": draft.json()["id"]}
    paste("replace_draft", clinic, version=draft.headers["ETag"], **own)
    paste("merge_numbers", clinic)
    paste("validate_message", clinic)
    message = paste("submit_message", clinic)
    arrived = {"handover_id": message.json()["id"]}
    completion = reader.bodies("complete_handover")[0]
    number = {"type": "cpr", "value": "2509479989"}
    completion["document"]["sections"]["stamoplysninger"]["person_id"] = number
    paste("complete_handover", clinic, version=message.headers["ETag"], body=completion, **arrived)
    upload = paste("upload_attachment", clinic, body=pdf()).json()["id"]
    with_file = reader.bodies("submit_handover")[0] | {"attachments": [upload]}
    sending = reader.send("submit_handover", clinic, with_file)
    paste("open_attachment", centre, handover_id=ok(sending, 201).json()["id"], attachment_id=upload)
    ending = paste("propose_end", registrar, version=confirmed.headers["ETag"], **mailbox)
    ended = paste("confirm_end", colleague, version=ending.headers["ETag"], **mailbox)
    stopped = paste("withdraw_confirmation", registrar, version=ended.headers["ETag"], **mailbox)
    later = paste("propose_end", registrar, version=stopped.headers["ETag"], **mailbox)
    paste("withdraw_proposal", registrar, version=later.headers["ETag"], **mailbox)
    succession = paste("enter_succession", registrar, authority=town).json()["id"]
    paste("confirm_entered_succession", colleague, authority=town, proposal_id=succession)
    paste("enter_referrer", registrar, authority=region)
    # then nothing that takes a body or changes a case was left out
    assert sent == set(ORDER)
    changing = {name for name, (method, _, _) in reader.operations.items() if method in ("post", "put")}
    assert changing == sent


def test_every_body_has_an_example(fresh: Running) -> None:
    reader = Reader(fresh)
    for name, (_, _, operation) in reader.operations.items():
        if "requestBody" in operation and name != "upload_attachment":
            assert reader.bodies(name), name


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
