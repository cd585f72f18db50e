"""A case that was under way before Overgang: nobody has it until the receiver says so."""

from collections.abc import Iterator

import pytest

from tests.api.http.handover import Case
from tests.api.http.importing import CPR, NAME, import_cases
from tests.api.http.running import serving
from tests.api.http.town import TOWN, Town, document, ok, register, town_of


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, list[Case]]]:
    """A town whose running cases were imported before the server opened."""
    folder = tmp_path_factory.mktemp("imported")
    with serving(folder) as server:
        mailboxes = register(server)
    handovers = import_cases(folder, 3)
    with serving(folder) as server:
        yield town_of(server, *mailboxes), [Case(f"/v1/handovers/{one}") for one in handovers]


def test_an_imported_case_waits_in_the_mailbox_with_its_name_and_without_a_document(
    imported: tuple[Town, list[Case]],
) -> None:
    town, cases = imported
    page = ok(town.caseworker.get(f"/v1/mailboxes/{town.mailbox}/handovers?status=imported"), 200).json()
    assert {one["id"] for one in page["items"]} >= {cases[2].id}
    [row] = [one for one in page["items"] if one["id"] == cases[2].id]
    assert (row["label"]["name"], row["label"]["person_id"]) == (NAME, CPR)
    assert row["unresolved"] and {"Ansvaret er uafklaret", "Mangler overgangsdokument"} <= set(
        row["headline"]
    )
    shown = cases[2].shown(town.clinician)
    assert (shown["status"], shown["documents"], shown["needs_completion"]) == ("imported", [], True)
    assert shown["submitted_at"][:10] < shown["unresolved_since"][:10]
    assert cases[2].shut(town.caseworker) == "document-unknown"
    duty = ok(town.clinician.get(f"{cases[2].path}/responsibility"), 200).json()["duty"]
    assert [(one["kind"], one["reason"]) for one in duty] == [("unresolved", "imported")]


def test_the_receiver_confirms_that_it_has_taken_over(imported: tuple[Town, list[Case]]) -> None:
    town, [case, *_] = imported
    assert case.refused(town.clinician, "import-confirmation") == "wrong-side"
    assert {"confirm_import", "deny_import"} <= case.actions(town.caseworker)
    case.take(town.caseworker, "import-confirmation")
    shown = case.shown(town.clinician)
    assert (shown["status"], shown["held_by"], shown["unresolved_since"]) == ("taken_over", TOWN, None)
    # and the sender may still give it its overgangsdokument
    made = document(person_id={"type": "cpr", "value": CPR})
    case.take(town.clinician, "completion", {"document": made})
    assert case.open(town.caseworker)["template"] == "overgangsdokument"


def test_the_receiver_says_that_it_is_not_its_own(imported: tuple[Town, list[Case]]) -> None:
    town, [_, case, *_] = imported
    case.take(town.caseworker, "import-denial", {"remark": "Borgeren er ikke kendt her."})
    shown = case.shown(town.clinician)
    assert (shown["status"], shown["held_by"]) == ("returned", shown["sender_authority"])
    # nobody has it still, until the sender's leader takes it back
    assert shown["unresolved_since"] is not None
    own = {"authority": shown["sender_authority"], "decided_by": "own-authority"}
    case.take(town.clinic_leader, "resolution", own)
    # and without a document there is nothing to send on, but the sender can end it
    body = {"receiver_authority": TOWN}
    assert case.refused(town.clinician, "redirection", body) == "has-document"
    assert "redirect" not in case.actions(town.clinician)
    case.take(town.clinician, "withdrawal", {"reason": "no-longer-relevant"})
