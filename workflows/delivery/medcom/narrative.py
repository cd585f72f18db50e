"""The narrative of a resource: invariants txt-1 and txt-2 (`htmlChecks()` in the official profiles).

Source: FHIR R4 narrative.html: XHTML, only the basic formatting of HTML 4.0 chapters 7-11 (without 9.4)
and 15, links, images and style attributes; and some content.
"""

from functools import cache
from html.entities import name2codepoint
from importlib import resources
from re import Match
from re import compile as regex
from typing import Final
from xml.etree import ElementTree

import msgspec

_XHTML: Final = "{http://www.w3.org/1999/xhtml}"
_LINKS: Final = frozenset({"href", "src", "cite", "longdesc"})
_SAFE_LINK: Final = regex(r"(?i)\s*(https?:|mailto:|tel:|data:image/|urn:|[^:]*(?:[/?#]|$))")
_ENTITY: Final = regex(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})


class _Allowed(msgspec.Struct, frozen=True):
    elements: frozenset[str]
    attributes: frozenset[str]


@cache
def _allowed() -> _Allowed:
    raw = resources.files("workflows.delivery.medcom.data").joinpath("narrative-4.0.1.json").read_bytes()
    return msgspec.json.decode(raw, type=_Allowed)


def narrative_fault(div: str) -> str | None:
    """Key of the broken invariant (`txt-1` form, `txt-2` no content), or None. Total."""
    # A document type could define entities (and blow up); a fragment has none.
    if "<!DOCTYPE" in div or "<!ENTITY" in div or "<?" in div:
        return "txt-1"
    try:
        root = ElementTree.fromstring(_ENTITY.sub(_as_character, div))
    except (ElementTree.ParseError, ValueError, RecursionError):
        return "txt-1"
    if root.tag != f"{_XHTML}div":
        return "txt-1"
    has_content = False
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.removeprefix(_XHTML)
        if name == element.tag or name not in _allowed().elements or not _attributes_allowed(element):
            return "txt-1"
        has_content = has_content or name == "img" or bool((element.text or "").strip())
        has_content = has_content or (element is not root and bool((element.tail or "").strip()))
    return None if has_content else "txt-2"


def _attributes_allowed(element: ElementTree.Element) -> bool:
    return all(
        name in _allowed().attributes and (name not in _LINKS or _SAFE_LINK.match(value) is not None)
        for name, value in element.attrib.items()
    )


def _as_character(match: Match[str]) -> str:
    name = match[1]
    if name in _XML_ENTITIES or name not in name2codepoint:
        return f"&{name};"
    return chr(name2codepoint[name])
