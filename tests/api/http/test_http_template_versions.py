"""Both versions of the overgangsdokument over real HTTP: taken in, published, refused where they must be."""

from datetime import date
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from domain.document.example import example_document
from domain.document.loader import get_template, templates
from tests.api.http.running import Running
from tests.api.http.town import TOWN, Town, ok, refused, submission

TODAY = date.today()


def second(**changes: Any) -> dict[str, Any]:
    """Version 2's example of today, with fields changed as `section.field`."""
    made = example_document(get_template("overgangsdokument", 2), today=TODAY)
    made["sections"]["stamoplysninger"]["handlekommune"] = TOWN
    for field_id, value in changes.items():
        section, name = field_id.split("__")
        made["sections"][section][name] = value
    return made


def test_a_document_of_either_version_is_taken_in_and_keeps_its_version(town: Town) -> None:
    for version, made in ((1, None), (2, second())):
        sent = ok(town.clinician.post("/v1/handovers", submission(made=made)), 201)
        shown = ok(town.clinician.get(sent.headers["Location"]), 200).json()
        assert (shown["template"], shown["template_version"]) == ("overgangsdokument", version)
        assert shown["status"] == "delivered"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"parter__sender_services": ["sel-101a"]}, "not-for-anonymous-treatment"),
        ({"parter__receiver_services": ["sel-101", "sul-141-7"]}, "not-for-anonymous-treatment"),
        ({"overgang__urgency": "akut"}, "not-for-acute-cases"),
        ({"overgang__urgency": "hurtig-24h"}, "telephone-contact-missing"),
    ],
)
def test_a_case_that_does_not_belong_here_is_refused_and_nothing_is_stored(
    town: Town, changes: dict[str, Any], code: str
) -> None:
    before = town.server.length()
    for path, body in (
        ("/v1/handovers", submission(made=second(**changes))),
        ("/v1/handovers/validate", submission(made=second(**changes))),
    ):
        problem = refused(town.clinician.post(path, body), 422, "validation-failed")
        [error] = problem["errors"]
        assert error["code"] == code
        assert error["detail_da"] and error["detail"] != error["detail_da"]
    assert town.server.length() == before


@pytest.mark.parametrize("key", sorted(templates()), ids=str)
def test_every_template_version_is_published_at_its_fixed_address(
    server: Running, key: tuple[str, int]
) -> None:
    name, version = key
    listed = {
        (kind["name"], kind["version"]): kind
        for kind in ok(server.client.get("/v1/templates"), 200).json()["items"]
    }
    address = listed[key]["schema"]
    assert address == f"/v1/templates/{name}/{version}/schema.json"
    schema = ok(server.client.get(address), 200).json()
    assert schema["$id"] == address
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["template_version"] == {"const": version}
