"""A letter as it is sent: who, to whom, what it says, and the hash of that content (FVL §32b)."""

import hashlib
from collections.abc import Iterator
from datetime import date

import msgspec

from domain.calendar.danish_dates import danish_date


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading below the title, at level 2 or 3."""

    level: int
    text: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """One paragraph; a line break in it stays one."""

    text: str


class Entry(msgspec.Struct, frozen=True):
    """One line of a list item, with a label where it has one."""

    label: str
    text: str


class Items(msgspec.Struct, frozen=True, tag="items"):
    """A list."""

    items: tuple[tuple[Entry, ...], ...]


Block = Heading | Paragraph | Items


class Told(msgspec.Struct, frozen=True):
    """What a letter told about one way to appeal; compared later with what was due."""

    track: str
    last_date: date | None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A whole letter. It is personal data, but for `template`, `template_version`, `told` and the hashes."""

    template: str
    template_version: int
    template_sha256: str
    frame_version: int
    guidance_version: int | None
    """The version of the appeal tracks that the guidance was made from."""
    language: str = "da"
    authority: str
    unit: str
    contact: tuple[str, ...]
    caseworker: str
    caseworker_title: str
    day: date
    recipient: tuple[str, ...]
    """Name and address of the citizen or of her representative, one a line."""
    case_number: str
    title: str
    blocks: tuple[Block, ...]
    greeting: str
    finality: str
    labels: dict[str, str]
    told: tuple[Told, ...]
    sha256: str = ""
    """SHA-256 of `canonical_content`, in hex. It is printed in the letter."""

    @property
    def template_id(self) -> str:
        """The template's name and version in one."""
        return f"{self.template}-{self.template_version}"


def canonical_content(letter: Letter) -> bytes:
    """The content that is hashed: the letter as JSON in UTF-8 without spaces, members sorted, no `sha256`."""
    content = msgspec.to_builtins(letter)
    del content["sha256"]
    return msgspec.json.encode(content, order="sorted")


def content_hash(letter: Letter) -> str:
    """SHA-256 of the letter's canonical content, in hex."""
    return hashlib.sha256(canonical_content(letter)).hexdigest()


def head_lines(letter: Letter) -> tuple[tuple[str, str], ...]:
    """Date, case number, caseworker and contact, each with its Danish label."""
    return (
        (letter.labels["date"], danish_date(letter.day)),
        (letter.labels["case_number"], letter.case_number),
        (letter.labels["caseworker"], f"{letter.caseworker}, {letter.caseworker_title}"),
        (letter.labels["contact"], "; ".join(letter.contact)),
    )


def proof_lines(letter: Letter) -> tuple[str, ...]:
    """That the document is final, what it was made from, and the hash of its content."""
    return (
        letter.finality,
        f"{letter.labels['template']}: {letter.template_id}",
        f"{letter.labels['sha256']}: {letter.sha256}",
    )


def as_text(letter: Letter) -> str:
    """The letter as plain text."""
    return "\n".join(_lines(letter)) + "\n"


def _lines(letter: Letter) -> Iterator[str]:
    yield from (letter.authority, letter.unit, "", *letter.recipient, "")
    yield from (f"{label}: {text}" for label, text in head_lines(letter))
    yield from ("", letter.title, "=" * len(letter.title))
    for block in letter.blocks:
        yield ""
        yield from _block(block)
    yield from ("", letter.greeting, letter.caseworker, f"{letter.caseworker_title}, {letter.unit}", "")
    yield from proof_lines(letter)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield from (text, ("-" if level == 2 else ".") * len(text))
        case Paragraph(text):
            yield text
        case Items(items):
            for entries in items:
                told = (f"{one.label}: {one.text}" if one.label else one.text for one in entries)
                first, *rest = "\n".join(told).split("\n")
                yield f"- {first}"
                yield from (f"  {line}" for line in rest)
