"""Both versions of the overgangsdokument over real HTTP: taken in, published, refused where they must be."""

from datetime import date, timedelta
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from domain.document.example import example_document
from domain.document.loader import get_template, template_on, templates
from tests.api.http.handover import Case, code_of
from tests.api.http.running import Running
from tests.api.http.town import TOWN, Town, ok, submission, today


def under(version: int, **fields: Any) -> dict[str, Any]:
    """A version's example as of today, with fields changed as `section__field`."""
    made = example_document(get_template("overgangsdokument", version), today=today())
    made["sections"]["stamoplysninger"]["handlekommune"] = TOWN
    for place, value in fields.items():
        section, name = place.split("__")
        made["sections"][section][name] = value
    return made


def test_a_document_keeps_the_version_it_was_made_under(town: Town) -> None:
    case = Case(ok(town.clinician.post("/v1/handovers", submission(made=under(2))), 201).headers["Location"])
    shown = case.shown(town.clinician)
    assert (shown["template"], shown["template_version"]) == ("overgangsdokument", 2)
    assert shown["status"] == "delivered"
    assert case.open(town.caseworker)["template_version"] == 2


def test_under_a_version_that_has_had_its_time_no_document_is_taken_in(town: Town) -> None:
    """It has no field for a telephone call, nor for the regimes that may neither send nor receive."""
    before = town.server.length()
    for path in ("/v1/handovers", "/v1/handovers/validate"):
        problem = ok(town.clinician.post(path, submission(made=under(1))), 422).json()
        [found] = problem["errors"]
        assert (found["pointer"], found["code"]) == ("/document/template_version", "template-not-in-force")
    assert town.server.length() == before


def test_openapi_shows_the_version_in_force(server: Running) -> None:
    document = ok(server.client.get("/openapi.json"), 200).json()
    shown = document["components"]["schemas"]["Overgangsdokument"]
    in_force = template_on("overgangsdokument", today())
    assert shown["properties"]["template_version"] == {"const": in_force.version}
    assert "`/v1/templates`" in document["info"]["description"]
    # its example is of the day the server started, so that no consent in it has lapsed when somebody
    # pastes it; that day may have been yesterday's, when the tests run over midnight
    [example] = shown["examples"]
    signed_on = date.fromisoformat(example["sections"]["afslutning"]["signed_at"][:10])
    assert signed_on in (today(), today() - timedelta(days=1))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"parter__sender_services": ["sel-101a"]}, "not-for-anonymous-treatment"),
        ({"parter__receiver_services": ["sel-101", "sul-141-7"]}, "not-for-anonymous-treatment"),
        ({"overgang__urgency": "akut"}, "not-for-acute-cases"),
    ],
)
def test_a_case_that_does_not_belong_here_is_refused_and_nothing_is_stored(
    town: Town, changes: dict[str, Any], code: str
) -> None:
    before = town.server.length()
    for path in ("/v1/handovers", "/v1/handovers/validate"):
        assert code_of(town.clinician.post(path, submission(made=under(2, **changes)))) == code
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
    # and says the same every day: the dates of its example are those of the file
    assert schema["examples"] == [example_document(get_template(name, version))]
