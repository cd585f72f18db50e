"""A letter that cannot be made says which part is wrong, to each reader in the reader's own language."""

from typing import Any
from uuid import uuid4

from tests.api.http.bodies import letter
from tests.api.http.handover import Case, opened
from tests.api.http.own import registers
from tests.api.http.town import Town, refused
from workflows.letters.loader import letter_template

LABELS = {field.name: field.label for field in letter_template("partshoering", 1).fields}


def _hearing(town: Town, case: Case, **values: Any) -> dict[str, Any]:
    made = letter()
    made["right"]["decision"] = str(uuid4())
    drafted = {"decision": made["right"]["decision"], "legal_basis": "sel:101", "kind": "ending"}
    registers(town.caseworker, case, "decision-drafted", adverse=True, **drafted)
    return made | {"values": made["values"] | values}


def test_what_a_letter_lacks_is_named_in_danish_for_the_one_who_writes_it(town: Town) -> None:
    case = opened(town)
    body = _hearing(town, case, facts=None, subject="x" * 400)
    for path in ("letters/preview", "letters"):
        problem = refused(town.caseworker.post(f"{case.path}/{path}", body), 409, "refused")
        [error] = problem["errors"]
        assert error["code"] == "letter-incomplete"
        assert "Missing: facts." in error["detail"] and "Too long: subject." in error["detail"]
        assert f"Mangler: {LABELS['facts']}." in error["detail_da"]
        assert f"For langt: {LABELS['subject']}." in error["detail_da"]
        assert "xxx" not in str(problem), "no value is repeated"
