"""Problems: RFC 9457, in two languages, and nothing of what the client sent."""

import json
import re
from typing import Annotated, Literal

import pytest
from fastapi import APIRouter, FastAPI, Header, Query
from fastapi.dependencies.utils import get_dependant
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from api.http.catalogue import (
    CODE_OF_STATUS,
    ProblemType,
    is_problem_code,
    problem_type,
    problem_types,
    register_problem_types,
)
from api.http.handlers import install_handlers
from api.http.problems import FieldError, Problem, add_problem_schemas, problem_responses
from api.http.shapes import address_has_person_number, has_person_number, mask_person_numbers
from api.http.validation import field_errors, names_of_dependant, pointer_to

CPR = "7001014321"
NAME = "Kirsten Aagaard"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Planned(Strict):
    kind: Literal["planned"]
    day: int = Field(ge=1)


class Acute(Strict):
    kind: Literal["acute"]
    hours: int


class Contact(Strict):
    phone: str = Field(alias="phoneNumber", max_length=8)


class Handover(Strict):
    urgency: Literal["days", "weeks"]
    contacts: list[Contact] = []
    notes: dict[str, Contact] = {}
    plan: Annotated[Planned | Acute, Field(discriminator="kind")] | None = None


router = APIRouter()


@router.post("/handovers/{handover_id}")
def submit(
    handover_id: int,
    body: Handover,
    limit: Annotated[int, Query(le=10)] = 1,
    if_match: Annotated[str, Header()] = "",
) -> dict[str, int]:
    return {"id": handover_id}


NAMES = names_of_dependant(get_dependant(path="/handovers/{handover_id}", call=submit))


@router.get("/handovers/{handover_id}")
def read(handover_id: int) -> dict[str, int]:
    raise Problem.of("version-mismatch", headers={"ETag": '"7"'})


@router.get("/library")
def library() -> None:
    raise HTTPException(404, detail=f"no {CPR}", headers={"X-Echo": CPR})


@router.get("/broken")
def broken() -> None:
    raise ValueError(f"cannot parse {CPR}")


@router.get("/short")
def short() -> Handover:
    return {"urgency": NAME}  # type: ignore[return-value]


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    install_handlers(app)
    app.include_router(router, prefix="/v1")
    return TestClient(app, raise_server_exceptions=False)


def faults(client: TestClient, body: object) -> list[tuple[str, str, str]]:
    answer = client.post("/v1/handovers/1", json=body)
    assert answer.status_code == 422, answer.text
    assert CPR not in answer.text and NAME not in answer.text
    return [(error["in"], error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_a_problem_follows_rfc_9457_in_two_languages(client: TestClient) -> None:
    answer = client.get("/v1/handovers/1")
    assert answer.status_code == 412
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["etag"] == '"7"'
    kind = problem_type("version-mismatch")
    assert answer.json() == {
        "type": "/problems/version-mismatch", "title": kind.title, "status": 412, "code": "version-mismatch",
        "detail": kind.detail, "detail_da": kind.detail_da,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("body", "/urgency", "missing")),
        ({"urgency": CPR}, ("body", "/urgency", "not-listed")),
        ({"urgency": "days", CPR: 1}, ("body", "", "unknown-member")),
        (
            {"urgency": "days", "contacts": [{"phoneNumber": NAME}]},
            ("body", "/contacts/0/phoneNumber", "too-long"),
        ),
        (
            {"urgency": "days", "contacts": [{"phoneNumber": "1", NAME: 2}]},
            ("body", "/contacts/0", "unknown-member"),
        ),
        ({"urgency": "days", "contacts": NAME}, ("body", "/contacts", "wrong-type")),
        ({"urgency": "days", "notes": {CPR: {"phoneNumber": 5}}}, ("body", "/notes", "wrong-type")),
        ({"urgency": "days", "plan": {"kind": "planned", "day": 0}}, ("body", "/plan/day", "out-of-range")),
        ({"urgency": "days", "plan": {"kind": NAME}}, ("body", "/plan", "not-listed")),
        (
            {"urgency": "days", "plan": {"kind": "acute", "hours": CPR + "x"}},
            ("body", "/plan/hours", "not-a-number"),
        ),
        ([NAME], ("body", "", "wrong-type")),
    ],
)
def test_a_pointer_ends_at_the_last_known_member(
    client: TestClient, body: object, expected: tuple[str, str, str]
) -> None:
    assert faults(client, body) == [expected]


def test_parameters_are_named_by_their_place(client: TestClient) -> None:
    answer = client.post("/v1/handovers/x", params={"limit": NAME}, json={"urgency": "days"})
    found = [(error["in"], error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert sorted(found) == [("path", "/handover_id", "not-a-number"), ("query", "/limit", "not-a-number")]
    assert NAME not in answer.text


@given(
    st.recursive(
        st.sampled_from([CPR, NAME, 1, None]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([CPR, NAME, "urgency", "contacts", "plan", "notes", "kind", "phoneNumber"]),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_no_body_is_ever_echoed(body: object) -> None:
    app = FastAPI()
    install_handlers(app)
    app.include_router(router)
    answer = TestClient(app).post("/handovers/1", json=body)
    assert answer.status_code == 422
    assert CPR not in answer.text and "Kirsten" not in answer.text


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (f'{{"urgency": "{CPR}"', "application/json", 400, "malformed-json"),
        (b"\xff\xfe\xff", "application/json", 400, "malformed-body"),
        ("[" * 100_000, "application/json", 400, "malformed-body"),
        (NAME, "text/plain", 415, "media-type-unsupported"),
        (f"name={CPR}", "application/x-www-form-urlencoded", 415, "media-type-unsupported"),
        ("", "application/json", 422, "validation-failed"),
    ],
)
def test_a_body_that_cannot_be_read(
    client: TestClient, content: str | bytes, media_type: str, status: int, code: str
) -> None:
    answer = client.post("/v1/handovers/1", content=content, headers={"content-type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert CPR not in answer.text and NAME not in answer.text


def test_allow_lists_every_method_of_the_address(client: TestClient) -> None:
    answer = client.delete("/v1/handovers/1")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/library", 404, "not-found"),
        (f"/v1/{CPR}", 404, "not-found"),
        ("/v1/broken", 500, "internal-error"),
        ("/v1/short", 500, "internal-error"),
    ],
)
def test_no_text_of_an_exception_gets_out(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    seen = answer.text + str(answer.headers)
    assert CPR not in seen and NAME not in seen


def test_many_faults_are_answered_with_the_first_hundred(client: TestClient) -> None:
    assert len(faults(client, {"urgency": "days", "contacts": [{}] * 500})) == 100


def test_an_own_field_code_keeps_its_code() -> None:
    from api.http.validation import register_field_texts

    register_field_texts({"not-a-municipality": ("No such municipality.", "Ingen sådan kommune.")})
    fault = {
        "type": PydanticCustomError("not-a-municipality", "x").type,
        "loc": ("body", "urgency"),
        "msg": CPR,
    }
    assert field_errors([fault], NAMES) == [
        FieldError("/urgency", "not-a-municipality", "No such municipality.", "Ingen sådan kommune.")
    ]
    with pytest.raises(ValueError):
        register_field_texts({"not-a-municipality": ("Other.", "Andet.")})


@given(st.lists(st.one_of(st.text(), st.integers(), st.sampled_from(["contacts", "phoneNumber", "plan"]))))
def test_a_pointer_holds_only_names_we_declare(parts: list[str | int]) -> None:
    steps = pointer_to(parts, NAMES).split("/")[1:]
    assert all(step in NAMES.members or int(step) <= 100_000 for step in steps)


def test_every_code_is_stable_and_speaks_both_languages() -> None:
    kinds = problem_types()
    assert len({kind.code for kind in kinds}) == len(kinds) > 30
    for kind in kinds:
        assert re.fullmatch(r"[a-z0-9-]+", kind.code)
        assert 400 <= kind.status <= 599
        assert kind.title and kind.detail.endswith(".") and kind.detail_da.endswith(".")
        assert kind.detail != kind.detail_da
        assert kind.uri == f"/problems/{kind.code}"
    for status, code in CODE_OF_STATUS.items():
        assert problem_type(code).status == status


def test_a_code_has_one_meaning() -> None:
    register_problem_types([problem_type("gone")])
    with pytest.raises(ValueError):
        register_problem_types([ProblemType(410, "gone", "Other", "Other.", "Andet.")])
    assert not is_problem_code("unheard-of")


def test_openapi_documents_each_code_with_an_example_that_fits_the_schema() -> None:
    app = FastAPI()

    @app.post(
        "/x",
        responses=problem_responses("invalid-token", "token-missing", "validation-failed", "rate-limited"),
    )
    def post(body: Handover) -> None: ...

    @app.post("/y")
    def plain(body: Handover) -> None: ...

    document = add_problem_schemas(app.openapi())
    responses = document["paths"]["/x"]["post"]["responses"]
    assert set(responses["401"]["content"]["application/problem+json"]["examples"]) == {
        "invalid-token",
        "token-missing",
    }
    assert "WWW-Authenticate" in responses["401"]["headers"] and "Retry-After" in responses["429"]["headers"]
    assert "HTTPValidationError" not in json.dumps(document)
    assert "application/problem+json" in document["paths"]["/y"]["post"]["responses"]["422"]["content"]
    schema = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    for status, response in responses.items():
        if status != "200":
            for example in response["content"]["application/problem+json"]["examples"].values():
                Draft202012Validator(schema).validate(example["value"])
                assert str(example["value"]["status"]) == status


@pytest.mark.parametrize(
    "text",
    [CPR, "700101-4321", "700101 4321", "700101\u20134321", f"x{CPR}y", "cpr=7001014321&a", "700101 - 4321",
     "7001011AB2", "700101-0AB2", "\u0667\u0660\u0660\u0661\u0660\u0661\u0664\u0663\u0662\u0661"],
)  # fmt: skip
def test_person_numbers_are_seen_and_masked(text: str) -> None:
    assert has_person_number(text)
    masked = mask_person_numbers(text)
    assert "[person-number]" in masked and "4321" not in masked and "AB2" not in masked


@pytest.mark.parametrize(
    "text",
    ["5790000121526", "672291000016004", "29190658", "2026-11-23T07:08:09.123456Z", "1085",
     "ab123456-7890-4abc-8def-123456789012", "0" * 10 + "a" * 54, "unit-1", "x123/456"],
)  # fmt: skip
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not has_person_number(text)
    assert mask_person_numbers(text) == text


@given(st.uuids(version=4))
def test_no_uuid_is_taken_for_a_person(value: object) -> None:
    assert not has_person_number(f"/v1/handovers/{value}/open")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (b"/v1/700101%2D4321", b""), (b"/v1/700101%252D4321", b""), (b"/v1/%37001014321", b""),
        (b"/v1", b"cpr=700101+4321"), (b"/v1", b"7001014321"), (b"/v1", b"a=x%207001014321"),
    ],
)  # fmt: skip
def test_an_address_is_read_through_its_encodings(path: bytes, query: bytes) -> None:
    assert address_has_person_number(path, query)
    assert not address_has_person_number(b"/v1/mailbox", b"after=1234567&unit=unit-1")
