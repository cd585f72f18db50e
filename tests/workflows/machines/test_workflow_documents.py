"""The generated pages: complete, in Danish, and the same as those checked in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workflows.machines.definition import Definition
from workflows.machines.diagram import diagram_page, mermaid
from workflows.machines.generate import DOCS, main, outdated, pages
from workflows.machines.installed import definition, definitions
from workflows.machines.procedure import procedure
from workflows.machines.table import compile_table

HANDOVER = definition("handover", 1)
ALL = pytest.mark.parametrize("d", definitions(), ids=lambda d: f"{d.name}-{d.version}")


@ALL
def test_the_diagram_draws_every_transition_and_no_other(d: Definition) -> None:
    drawn: dict[tuple[str, str], int] = {}
    for source, dest, label in re.findall(r"^    (\S+) --> (\S+) : (.+)$", mermaid(d), re.MULTILINE):
        drawn[source.replace("[*]", d.initial.name), dest] = label.count(" / ") + 1
    expected: dict[tuple[str, str], int] = {}
    for t in compile_table(d).by_command.values():
        expected[t.source, t.dest] = expected.get((t.source, t.dest), 0) + 1
    assert drawn == expected


def test_the_diagram_is_one_mermaid_state_diagram_with_danish_labels() -> None:
    lines = mermaid(HANDOVER).splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert '    state "Kvitteret" as acknowledged' in lines
    assert "    [*] --> submitted : Indsend (afsenderen)" in lines
    assert "    opened --> taken_over : Overtag (modtageren)" in lines
    assert lines[-1] == "    closed --> [*]"
    # The three line forms used, which Mermaid's own parser was seen to accept; anything else is a slip.
    form = re.compile(
        r'    (state "[^":;#]+" as [a-z_]+|(\[\*\]|[a-z_]+) --> [a-z_]+ : [^":;#]+|[a-z_]+ --> \[\*\])'
    )
    assert [line for line in lines[1:] if not form.fullmatch(line)] == []


@ALL
def test_the_page_lists_every_transition_with_its_conditions_and_events(d: Definition) -> None:
    rows = [row for row in diagram_page(d).splitlines() if re.search(r"\(`[a-z_]+`\)", row)]
    transitions = list(compile_table(d).by_command.values())
    assert len(rows) == len(transitions)
    meanings = {condition.name: condition.meaning for condition in d.conditions}
    for row, t in zip(rows, transitions, strict=True):
        assert f"(`{t.command}`)" in row
        assert all(f"`{event}`" in row for event in t.events)
        assert all(meanings[name] in row for name in t.conditions)


@ALL
def test_the_procedure_says_who_what_when_and_what_the_citizen_hears_at_every_step(d: Definition) -> None:
    text = procedure(d)
    parts = re.split(r"^### \d+\. ", text, flags=re.MULTILINE)[1:]
    assert len(parts) == len(d.steps)
    for part, step in zip(parts, d.steps, strict=True):
        assert part.startswith(step.label + "\n")
        for said in (step.what, step.when, step.records, step.citizen.text):
            assert said in part
        for role in step.roles:
            assert next(r.label for r in d.roles if r.name == role) in part


def test_the_procedure_says_what_each_of_the_six_words_does_not_mean() -> None:
    rows = re.findall(r"^\| \*\*(\w+)\*\* \| (.+) \| (.+) \|$", procedure(HANDOVER), re.MULTILINE)
    assert [word for word, _, _ in rows] == [
        "Sendt", "Leveret", "Åbnet", "Kvitteret", "Overtaget", "Påbegyndt",
    ]  # fmt: skip


def test_the_procedure_says_it_is_a_proposal_and_not_for_acute_cases() -> None:
    text = procedure(HANDOVER)
    assert "Foreslået arbejdsgangsbeskrivelse" in text
    assert "ikke til akutte situationer" in text
    assert "Gælder fra 1. januar 2026." in text


@ALL
def test_no_english_code_word_stands_in_what_a_dane_reads(d: Definition) -> None:
    codes = {s.name for s in d.all_states} | set(d.commands) | set(d.events) | {c.name for c in d.conditions}
    codes -= {"send"}  # also Danish
    prose = procedure(d).rsplit("\n*Dannet af", 1)[0]
    words = set(re.findall(r"[\wæøåÆØÅ-]+", prose.lower()))
    assert words & codes == set()


def test_the_pages_checked_in_are_those_generated() -> None:
    assert outdated(DOCS) == [], "run: python -m workflows.machines.generate"
    assert {p.name for p in DOCS.glob("*.md")} == set(pages())


def test_check_finds_a_missing_and_an_altered_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", "--docs", str(tmp_path)]) == 1
    assert "handover-1.md" in capsys.readouterr().err
    assert main(["--docs", str(tmp_path / "new")]) == 0
    assert main(["--check", "--docs", str(tmp_path / "new")]) == 0
    page = tmp_path / "new" / "arbejdsgang-handover-1.md"
    page.write_text(page.read_text("utf-8") + "\n", "utf-8")
    assert outdated(tmp_path / "new") == ["arbejdsgang-handover-1.md"]
    assert main(["--check", "--docs", str(tmp_path / "new")]) == 1


def test_wrong_usage_has_exit_status_two() -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--nonsense"])
    assert caught.value.code == 2
