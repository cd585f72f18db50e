"""A letter as PDF: tagged for a screen reader, the same bytes each time; nobody's text is run as markup."""

import io
import os
import re
from collections.abc import Iterator

import pikepdf
import pytest

from tests.workflows.letters.examples import EXAMPLES, letter_of
from workflows.letters import pdf
from workflows.letters.letter import Heading, Items, Letter, Paragraph, head_lines, proof_lines
from workflows.letters.pdf import LetterNotPrinted, ReportExtraMissing, as_pdf, can_print

HOSTILE = '#panic("x") #read("/etc/passwd") $ x^2 *b* _i_ @ref <label> \\u{41} = h // c /* c */ `r` ---'


@pytest.fixture(autouse=True, scope="module")
def _report() -> None:
    if not can_print():
        reason = "the extra `report` (typst) is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI=true")
        pytest.skip(reason)


def opened(letter: Letter) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(as_pdf(letter)))


def text_of(document: pikepdf.Pdf) -> str:
    """All the text on the pages, read as a reader copies it, without blanks."""
    return re.sub(r"\s", "", "".join(text for page in document.pages for text in _page(page)))


def _page(page: pikepdf.Page) -> Iterator[str]:
    maps = {str(name): _unicode(font) for name, font in page.resources.Font.items()}
    current: dict[bytes, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                current = maps[str(operands[0])]
            case "Tj":
                yield from _glyphs(operands[0], current)
            case "TJ":
                for part in operands[0]:
                    if isinstance(part, pikepdf.String):
                        yield from _glyphs(part, current)


def _glyphs(string: pikepdf.Object, unicode: dict[bytes, str]) -> Iterator[str]:
    raw = bytes(string)
    yield from (unicode.get(raw[at : at + 2], "?") for at in range(0, len(raw), 2))


def _unicode(font: pikepdf.Object) -> dict[bytes, str]:
    """Glyph -> characters, by the font's ToUnicode map (ISO 32000-1, 9.10.3)."""
    cmap = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = [
        pair
        for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S)
        for pair in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block)
    ]
    return {bytes.fromhex(glyph): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}


def tags(element: pikepdf.Object) -> Iterator[str]:
    """The structure types of a tagged document, in order."""
    if isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield str(element.S)
    below = element.get("/K", []) if isinstance(element, pikepdf.Dictionary) else element
    for one in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Array):
            yield from tags(one)


@pytest.mark.parametrize(("name", "version", "number"), EXAMPLES)
def test_a_letter_is_tagged_danish_and_declares_pdf_ua_1_and_pdf_a_3a(name, version, number):
    letter = letter_of(name, version, number)
    document = opened(letter)
    root = document.Root
    assert root.MarkInfo.Marked and str(root.Lang) == "da"
    assert root.ViewerPreferences.DisplayDocTitle
    xmp = document.open_metadata()
    assert xmp["pdfuaid:part"] == "1"
    assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
    assert xmp["dc:title"] == letter.title
    found = list(tags(root.StructTreeRoot))
    headings = [block for block in letter.blocks if isinstance(block, Heading)]
    assert found.count("/H1") == 1
    assert found.count("/H2") == sum(one.level == 2 for one in headings)
    assert found.count("/H3") == sum(one.level == 3 for one in headings)
    assert found.count("/L") == sum(isinstance(block, Items) for block in letter.blocks)


@pytest.mark.parametrize(("name", "version", "number"), EXAMPLES)
def test_all_that_the_letter_says_stands_in_the_pdf(name, version, number):
    letter = letter_of(name, version, number)
    printed = text_of(opened(letter))
    said = [letter.title, letter.authority, letter.unit, letter.caseworker, *letter.recipient]
    said += [f"{label}: {text}" for label, text in head_lines(letter)]
    said += proof_lines(letter)
    for block in letter.blocks:
        match block:
            case Heading(_, text) | Paragraph(text):
                said.append(text)
            case Items(items):
                said += [entry.text for entries in items for entry in entries]
    for text in said:
        assert re.sub(r"\s", "", text) in printed


def test_the_same_letter_gives_the_same_bytes():
    letter = letter_of("afgoerelse", number=2)
    assert as_pdf(letter) == as_pdf(letter)


def test_nobodys_free_text_is_run_as_markup():
    letter = letter_of(
        "fristbrev",
        reason=HOSTILE,
        unit=HOSTILE,
        caseworker=HOSTILE,
        recipient=[HOSTILE],
        case_number=HOSTILE,
    )
    printed = text_of(opened(letter))
    assert printed.count(re.sub(r"\s", "", HOSTILE)) >= 5
    assert "root:" not in printed


def test_a_character_that_the_fonts_lack_is_told_and_the_letter_is_not_repeated():
    with pytest.raises(LetterNotPrinted) as refused:
        as_pdf(letter_of("fristbrev", reason="Hanne 😀"))
    assert (refused.value.code, str(refused.value)) == ("no-glyph", "no-glyph")


def test_without_the_extra_it_says_so(monkeypatch):
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    with pytest.raises(ReportExtraMissing, match="report"):
        as_pdf(letter_of("fristbrev"))


def test_a_long_letter_has_its_pages_numbered():
    document = opened(letter_of("fristbrev", reason="Vi venter på svar. " * 400))
    assert len(document.pages) >= 3
    printed = text_of(document)
    for page in range(1, len(document.pages) + 1):
        assert f"Side{page}af{len(document.pages)}" in printed
