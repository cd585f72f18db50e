"""`overgang template ...`: a new version is checked, compared, previewed and printed, and needs no code."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from domain.document.loader import get_template, template_files, templates
from tests.api.cli.conftest import Run

LABELS = [template.label for template in templates().values()]


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    """A third version, as a working group might write it down."""
    content: dict[str, Any] = json.loads(template_files()["overgangsdokument-2.json"]) | {"version": 3}
    safety = next(f for s in content["sections"] for f in s["fields"] if f["id"] == "risiko.safety_plan")
    safety["requirement"] = "always"
    file = tmp_path / "forslag.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def spoilt(proposal: Path, **changes: object) -> Path:
    content = json.loads(proposal.read_text()) | changes
    file = proposal.with_name("brudt.json")
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_without_files_every_installed_template_is_checked(run: Run) -> None:
    status, out, _ = run("template", "check")
    assert status == 0
    assert out.splitlines() == [f"{label}.json: i orden" for label in sorted(LABELS)]


def test_of_each_broken_file_the_first_fault_is_named(run: Run, proposal: Path) -> None:
    broken = spoilt(proposal, status="approved", in_force_to="2020-01-01")
    status, out, _ = run("template", "check", proposal, broken)
    assert status == 1
    assert out.splitlines() == [
        f"{proposal}: i orden",
        f"{broken}: fejl approval. En godkendt skabelon siger, hvem der godkendte den og hvornår; "
        "en foreslået siger ingen af delene. (1 fejl mere)",
    ]


def test_an_example_that_cannot_be_sent_is_a_fault_with_its_place(run: Run, proposal: Path) -> None:
    content = json.loads(proposal.read_text())
    plan = next(f for s in content["sections"] for f in s["fields"] if f["id"] == "risiko.safety_plan")
    del plan["example"]
    proposal.write_text(json.dumps(content))
    status, out, _ = run("template", "check", proposal, "--json")
    assert status == 1
    told = json.loads(out)
    assert (told["valid"], told["code"]) == (False, "example-invalid")
    assert told["place"] == "/sections/risiko/safety_plan (missing-field)"


def test_a_file_that_cannot_be_read_is_not_a_verdict(run: Run, proposal: Path, tmp_path: Path) -> None:
    absent = tmp_path / "absent.json"
    status, out, _ = run("template", "check", proposal, absent)
    assert (status, out.splitlines()[1]) == (2, f"{absent}: kan ikke læses")
    status, out, _ = run("template", "check", absent, "--json")
    assert (status, json.loads(out)) == (2, {"file": str(absent), "error": "unreadable"})


def test_what_is_no_template_is_never_repeated(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"name": "Hanne Hansen", "version": "7001014321"}')
    for arguments in (("check", file), ("preview", file), ("form", file), ("diff", file, "svar-1")):
        status, out, err = run("template", *arguments)
        assert status in (1, 2)
        assert "Hanne" not in out + err and "7001014321" not in out + err
        assert "Traceback" not in err


def test_a_difference_is_told_in_danish_and_gives_exit_status_1(run: Run, proposal: Path) -> None:
    status, out, _ = run("template", "diff", "overgangsdokument-2", proposal)
    assert (status, out) == (
        1,
        "Ændret felt: Sikkerhedsplan (risiko.safety_plan): krav: "
        "»udfyldes, hvis det vides« → »skal udfyldes«\n",
    )
    status, out, _ = run("template", "diff", "overgangsdokument-2", proposal, "--json")
    [change] = json.loads(out)["changes"]
    assert (status, change["id"], change["member"]) == (1, "risiko.safety_plan", "requirement")


def test_two_that_say_the_same_give_exit_status_0(run: Run) -> None:
    status, out, _ = run("template", "diff", "svar-1", "svar-1")
    assert (status, out) == (0, "De to siger det samme.\n")
    assert json.loads(run("template", "diff", "svar-1", "svar-1", "--json")[1])["same"] is True


@pytest.mark.parametrize("label", LABELS)
def test_every_installed_template_is_previewed_empty_and_filled_in(run: Run, label: str) -> None:
    status, out, _ = run("template", "preview", label)
    assert (status, "skal udfyldes" in out) == (0, True)
    status, filled, _ = run("template", "preview", label, "--example")
    assert status == 0
    assert filled != out and filled.splitlines()[0] == out.splitlines()[0]


def test_a_proposal_is_previewed_before_it_is_installed(run: Run, proposal: Path) -> None:
    status, out, _ = run("template", "preview", proposal)
    assert status == 0
    assert "Version 3. Foreslået. Ingen har godkendt den." in out
    assert "* Sikkerhedsplan (skal udfyldes)" in out


def test_a_form_is_written_once_or_told(run: Run, tmp_path: Path) -> None:
    sha256 = get_template("overgangsdokument", 2).sha256
    out = tmp_path / "skema.html"
    assert run("template", "form", "overgangsdokument-2", "--out", out)[0] == 0
    made = out.read_text(encoding="utf-8")
    assert f"overgangsdokument-2. SHA-256: {sha256}" in made
    status, _, err = run("template", "form", "svar-1", "--out", out)
    assert (status, out.read_text(encoding="utf-8")) == (2, made)
    assert "findes" in err
    assert run("template", "form", "overgangsdokument-2")[1] == made


@pytest.mark.parametrize("command", ["preview", "form"])
def test_an_unknown_template_is_an_error_without_an_echo(run: Run, command: str) -> None:
    status, out, err = run("template", command, "7001014321")
    assert (status, out) == (2, "")
    assert "7001014321" not in err and "Traceback" not in err


@pytest.mark.parametrize("command", [("template", "check"), ("template", "form", "overgangsdokument-2")])
def test_a_closed_pipe_is_no_fault_found(command: tuple[str, ...]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", *command], stdout=writes, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writes)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")
