"""`overgang letter ...`: every letter is listed and previewed with made-up values, as text and as PDF."""

import json
import os
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run
from workflows.letters import pdf
from workflows.letters.loader import letter_templates

TEMPLATES = list(letter_templates().values())


def test_the_letters_are_listed_in_danish_with_their_examples(run: Run) -> None:
    status, out, _ = run("letter", "list")
    assert status == 0
    for template in TEMPLATES:
        assert f"{template.id}: {template.label}. Gælder fra 1. januar 2026.\n" in out
    assert "  eksempel 3: regionen siger nej til integreret behandling\n" in out


def test_a_program_reads_what_each_letter_must_have(run: Run) -> None:
    status, out, _ = run("letter", "list", "--json")
    told = {row["id"]: row for row in map(json.loads, out.splitlines())}
    assert status == 0 and told.keys() == {template.id for template in TEMPLATES}
    assert told["afgoerelse-1"]["required_parts"] == [
        "outcome",
        "rules",
        "considerations",
        "facts",
        "guidance",
    ]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.id)
def test_every_example_of_every_letter_is_previewed(run: Run, template) -> None:
    for number in range(1, len(template.examples) + 1):
        status, out, _ = run("letter", "preview", template.id, "--example", number)
        assert status == 0
        assert f"Skabelon: {template.id}" in out and "Dette dokument er endeligt." in out


def test_without_a_version_the_latest_is_shown(run: Run) -> None:
    assert run("letter", "preview", "afgoerelse") == run("letter", "preview", "afgoerelse-1")


def test_a_pdf_is_written_once_or_told(run: Run, tmp_path: Path) -> None:
    if not pdf.can_print():
        if os.environ.get("CI") == "true":
            pytest.fail("the extra `report` is not installed, and CI=true")
        pytest.skip("the extra `report` is not installed")
    out = tmp_path / "brev.pdf"
    assert run("letter", "preview", "afgoerelse", "--pdf", out)[:2] == (0, "Brevet er skrevet som PDF.\n")
    made = out.read_bytes()
    assert made.startswith(b"%PDF")
    status, _, err = run("letter", "preview", "afgoerelse", "--pdf", out)
    assert (status, out.read_bytes()) == (2, made)
    assert "findes" in err


def test_without_the_extra_nothing_is_written_and_it_is_told_in_danish(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    out = tmp_path / "brev.pdf"
    status, _, err = run("letter", "preview", "afgoerelse", "--pdf", out)
    assert (status, out.exists()) == (2, False)
    assert "tilvalget »report«" in err


@pytest.mark.parametrize(
    "arguments", [("7001014321",), ("afgoerelse-9",), ("afgoerelse", "--example", "7001014321")]
)
def test_an_unknown_letter_or_example_is_an_error_without_an_echo(
    run: Run, arguments: tuple[str, ...]
) -> None:
    status, out, err = run("letter", "preview", *arguments)
    assert (status, out) == (2, "")
    assert "7001014321" not in err and "Traceback" not in err
