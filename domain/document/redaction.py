"""Passages left out of a document that a citizen gets, each with its ground (FVL §§15-15c).

A passage is a section, a field, a member or one assertion; never the document as a whole. In its place stands
what was left out on which ground, so that she can see it and complain.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, Final

MARKER: Final = "exempted"
_LEAST = 2
"""A pointer names a section at the least: `/sections/risiko`."""


class PassageUnknown(ValueError):
    """A pointer leads to nothing in the document, or to the whole of it. Does not repeat it."""

    code = "passage-unknown"


def is_exempted(value: object) -> bool:
    """Whether a value was left out on a ground."""
    return isinstance(value, Mapping) and set(value) == {MARKER}


def redacted(document: Mapping[str, Any], passages: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The document without these passages: (JSON pointer, ground). The document itself stays as it is.

    A token of the pointer that stands for an item of a list is its number from 0, or the id of an assertion.
    Raises PassageUnknown. What lies inside a passage that is left out already needs no place of its own.
    """
    made: dict[str, Any] = deepcopy(dict(document))
    for pointer, ground in sorted(passages, key=lambda one: len(_tokens(one[0]))):
        _leave_out(made, _tokens(pointer), {MARKER: ground})
    return made


def _tokens(pointer: str) -> list[str]:
    first, *tokens = pointer.split("/")
    if first or len(tokens) < _LEAST or tokens[0] != "sections":
        raise PassageUnknown("a passage is in a section")
    return [token.replace("~1", "/").replace("~0", "~") for token in tokens]


def _leave_out(document: dict[str, Any], tokens: list[str], mark: dict[str, str]) -> None:
    node: Any = document
    for token in tokens[:-1]:
        node = node[_place(node, token)]
        if is_exempted(node):
            return
    place = _place(node, tokens[-1])
    node[place] = dict(mark)


def _place(node: Any, token: str) -> Any:
    if isinstance(node, dict) and token in node:
        return token
    if isinstance(node, list):
        for number, item in enumerate(node):
            if isinstance(item, dict) and item.get("id") == token:
                return number
        if token.isascii() and token.isdigit() and len(token) <= 4 and int(token) < len(node):
            return int(token)
    raise PassageUnknown("a passage is not in the document")
