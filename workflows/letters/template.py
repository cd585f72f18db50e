"""A letter's template as data: which values it takes, which sections it has, which of them the law asks."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, Literal

import msgspec

Kind = Literal["line", "text", "lines", "items", "date", "code", "guidance"]
"""A line; a text of paragraphs; lines; items with members; a day; a coded value; guidance on appeal."""

INLINE: Final = ("line", "date", "code")
"""The kinds that may stand in a sentence."""

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
"""A name in braces in a template's sentence."""
_LIMIT: Final = "limit."


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"among": "in"}):
    """Holds when a coded value is one of these."""

    field: str
    among: tuple[str, ...]


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member of an item; each is required."""

    name: str
    label: str


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value that the letter takes."""

    name: str
    label: str
    """What a Dane reads."""
    kind: Kind
    required: bool | Condition = True
    max_length: int = 8000
    """Characters in a text or a member; a line has at most 300."""
    values: dict[str, str] = {}
    """Code -> what the letter says."""
    members: tuple[Member, ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the letter. It stands there when its condition holds and every value it tells is given."""

    id: str
    basis: tuple[str, ...]
    heading: str | None = None
    paragraphs: tuple[str, ...] = ()
    """Sentences with `{field}` for a value and `{limit.ID}` for the length of a rule in the register."""
    shows: tuple[str, ...] = ()
    """The values that follow, each on its own."""
    when: Condition | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """The names of all the values that the section tells."""
        return (*(name for name in _all_placeholders(self.paragraphs) if not is_limit(name)), *self.shows)


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section that the letter must have, always or when the condition holds."""

    section: str
    when: Condition | None = None


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Made-up values, for previews and tests."""

    name: str
    values: dict[str, Any]


class LetterTemplate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of one kind of letter."""

    name: str
    version: int
    valid_from: date
    valid_to: date | None = None
    status: Literal["proposed", "approved"]
    label: str
    """What a Dane calls the letter."""
    title: str
    """The heading of the letter itself; may hold placeholders."""
    basis: tuple[str, ...]
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    required_parts: tuple[Part, ...]
    examples: tuple[Example, ...]
    sha256: str = ""
    """Of the file, in hex; set when it is read."""

    @property
    def id(self) -> str:
        """Name and version in one, like `afgoerelse-1`."""
        return f"{self.name}-{self.version}"

    def holds_on(self, day: date) -> bool:
        """Whether letters of this day may be written under it."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Frame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every letter has: who sends it to whom and when, and that it is final (FVL §32b)."""

    name: str
    version: int
    valid_from: date
    basis: tuple[str, ...]
    fields: tuple[Field, ...]
    to_representative: str
    """What a letter to a representative says first."""
    greeting: str
    finality: str
    labels: dict[str, str]
    example: dict[str, Any]


def placeholders(sentence: str) -> tuple[str, ...]:
    """The names in braces, in order."""
    return tuple(PLACEHOLDER.findall(sentence))


def _all_placeholders(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        yield from placeholders(sentence)


def is_limit(placeholder: str) -> bool:
    """Whether a placeholder is the length of a rule in the register, not a value."""
    return placeholder.startswith(_LIMIT)


def limit_id(placeholder: str) -> str:
    """The id of the rule in a `limit.ID`."""
    return placeholder.removeprefix(_LIMIT)
