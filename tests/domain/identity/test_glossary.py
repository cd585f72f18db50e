"""The glossary pairs each English term with one Danish term and a source (docs/glossary.md)."""

from pathlib import Path

GLOSSARY = Path(__file__).resolve().parents[3] / "docs" / "glossary.md"


def rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"]
    return [row for row in cells if row[0] != "English (code)" and set(row[0]) != {"-"}]


def test_given_a_term_then_it_has_a_danish_term_a_meaning_and_a_source() -> None:
    assert len(rows()) > 80
    for row in rows():
        assert len(row) == 4, row[0]
        assert all(row), row[0]


def test_given_an_english_term_then_it_stands_once() -> None:
    terms = [row[0] for row in rows()]
    assert sorted(terms) == sorted(set(terms))


def test_given_the_shared_mailbox_of_another_initiative_then_it_is_told_apart_from_the_main_mailbox() -> None:
    danish_of = {row[0]: row[1] for row in rows()}
    assert danish_of["main mailbox"] == "hovedpostkasse"
    (other,) = [row for row in rows() if row[1] == "Fælles postkasse"]
    assert "**not** the hovedpostkasse" in other[2]
