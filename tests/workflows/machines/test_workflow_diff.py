"""What a version of a workflow changes, told part by part; and a proposed one reads like an installed one."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from workflows.machines.definition import Definition
from workflows.machines.diff import differences, told_differences
from workflows.machines.installed import definition, definitions, read_definition
from workflows.machines.procedure import procedure
from workflows.machines.trial import definition_fault, definition_files, preview

FIRST = definition("handover", 1)
Content = dict[str, Any]


def revised(change: Callable[[Content], None]) -> Definition:
    content = json.loads(definition_files()["handover-1.json"]) | {"version": 99}
    change(content)
    return read_definition(json.dumps(content).encode())


def told(change: Callable[[Content], None]) -> list[str]:
    return list(told_differences(differences(FIRST, revised(change))))


@pytest.mark.parametrize("one", definitions(), ids=lambda one: f"{one.name}-{one.version}")
def test_a_version_differs_in_nothing_from_itself(one: Definition) -> None:
    assert differences(one, one) == ()


def test_another_number_alone_is_no_difference() -> None:
    assert told(lambda content: None) == []


def test_a_step_that_leads_elsewhere_is_told_by_the_state_it_starts_in() -> None:
    def change(content: Content) -> None:
        step = next(step for step in content["steps"] if step["command"] == "complete")
        step["moves"][0]["sources"].remove("taken_over")
        step["when"] = "Samme dag."

    assert told(change) == [
        "Ændret trin: Færdiggør (complete): hvornår: »Så snart som muligt, og senest før overgangen er "
        "afsluttet.« → »Samme dag.«",
        "Ændret trin: Færdiggør (complete): fra Overtaget: »bliver stående, når needs-completion« → intet",
    ]


def test_a_paragraph_of_the_introduction_is_told_whole() -> None:
    def change(content: Content) -> None:
        content["intro"][1] = "Et nyt afsnit."

    assert told(change) == [
        "Fjernet afsnit i indledningen: Hvert trin bliver registreret for sig. "
        "Intet trin følger af sig selv af det forrige.",
        "Tilføjet afsnit i indledningen: Et nyt afsnit.",
    ]


def test_between_all_installed_versions_every_difference_has_its_words() -> None:
    for before in definitions():
        for after in definitions():
            changes = differences(before, after)
            assert len(list(told_differences(changes))) == len(changes)


@pytest.mark.parametrize("file", definition_files())
def test_a_proposed_definition_reads_like_an_installed_one_but_for_where_it_comes_from(file: str) -> None:
    data = definition_files()[file]
    one = read_definition(data)
    proposed, installed = preview(data).splitlines(), procedure(one).splitlines()
    assert proposed[:-1] == installed[:-1]
    assert proposed[-1].startswith(f"*Forhåndsvisning af {one.name}-{one.version} (SHA-256 ")


def test_a_broken_definition_has_a_fault_and_an_installed_one_has_none() -> None:
    fault = definition_fault(b"{")
    assert fault is not None and fault.code == "malformed-definition"
    assert [definition_fault(data) for data in definition_files().values()] == [None] * len(
        definition_files()
    )
