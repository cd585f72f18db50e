"""`overgang workflow ...`: a new version of the workflow is checked, compared and read, and needs no code."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Run
from workflows.machines.installed import definition, definitions
from workflows.machines.procedure import procedure
from workflows.machines.trial import definition_files

LABELS = [f"{one.name}-{one.version}" for one in definitions()]


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    """The first version with another name for one state, as a working group might write it down."""
    content: dict[str, Any] = json.loads(definition_files()["handover-1.json"]) | {"version": 99}
    content["states"][0]["label"] = "Sendt ind"
    file = tmp_path / "forslag.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_without_files_every_installed_definition_is_checked(run: Run) -> None:
    status, out, _ = run("workflow", "check")
    assert status == 0
    assert out.splitlines() == [f"{label}.json: i orden" for label in sorted(LABELS)]


def test_a_broken_definition_is_told_by_code_and_place(run: Run, proposal: Path) -> None:
    content = json.loads(proposal.read_text())
    content["steps"][0]["moves"][0]["dest"] = "nowhere"
    broken = proposal.with_name("brudt.json")
    broken.write_text(json.dumps(content))
    status, out, _ = run("workflow", "check", proposal, broken)
    assert status == 1
    assert out.splitlines() == [
        f"{proposal}: i orden",
        f"{broken}: fejl unknown-state ved /steps/0/moves/0/dest.",
    ]
    status, out, _ = run("workflow", "check", broken, "--json")
    told = json.loads(out)
    assert (status, told["code"], told["place"]) == (1, "unknown-state", "/steps/0/moves/0/dest")


def test_a_file_that_cannot_be_read_is_not_a_verdict(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("workflow", "check", tmp_path / "absent.json")
    assert (status, "kan ikke læses" in out) == (2, True)


def test_a_difference_is_told_in_danish_and_gives_exit_status_1(run: Run, proposal: Path) -> None:
    status, out, _ = run("workflow", "diff", "handover-1", proposal)
    assert status == 1
    assert "Ændret tilstand: Sendt ind (submitted): betegnelse: »Indsendt« → »Sendt ind«\n" in out
    found = json.loads(run("workflow", "diff", "handover-1", proposal, "--json")[1])
    assert ("states", "submitted", "label") in {
        (one["kind"], one["id"], one["member"]) for one in found["changes"]
    }
    status, out, _ = run("workflow", "diff", "handover-1", "handover-1")
    assert (status, out) == (0, "De to siger det samme.\n")


@pytest.mark.parametrize("label", LABELS)
def test_the_preview_is_the_arbejdsgangsbeskrivelse(run: Run, label: str) -> None:
    name, _, version = label.rpartition("-")
    status, out, _ = run("workflow", "preview", label)
    assert (status, out) == (0, procedure(definition(name, int(version))))


def test_a_proposal_is_previewed_before_it_is_installed(run: Run, proposal: Path) -> None:
    status, out, _ = run("workflow", "preview", proposal)
    assert status == 0
    assert "\nVersion 99. Gælder fra 1. januar 2026.\n" in out
    assert "- **Sendt ind**:" in out
    assert out.splitlines()[-1].startswith("*Forhåndsvisning af handover-99 (SHA-256 ")


def test_what_is_no_definition_is_an_error_without_an_echo(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"name": "Hanne Hansen", "version": "7001014321"}')
    for arguments in (
        ("check", file),
        ("preview", file),
        ("diff", file, "handover-1"),
        ("preview", "Hanne-7001014321"),
    ):
        status, out, err = run("workflow", *arguments)
        assert status in (1, 2)
        assert "Hanne" not in out + err and "7001014321" not in out + err
        assert "Traceback" not in err
