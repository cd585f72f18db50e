"""XML from outside: no document type, no entities of its own, no encoding but UTF-8, no great length."""

from typing import Final
from xml.etree import ElementTree

from workflows.letters.digital_post.refusal import DigitalPostRefused

_BYTE_ORDER_MARK: Final = "\ufeff"


def read_xml(raw: bytes, most: int) -> ElementTree.Element:
    """The root element of a document of at most `most` bytes.

    Raises DigitalPostRefused `too-long`, `not-utf-8`, `document-type`, `not-xml`.
    """
    if len(raw) > most:
        raise DigitalPostRefused("too-long")
    try:
        text = raw.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError:
        raise DigitalPostRefused("not-utf-8") from None
    # Entities (which blow up, or fetch files) can only come from a document type, and in UTF-8 text, the
    # one encoding the parser is given here, it is always spelt so.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DigitalPostRefused("document-type")
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, RecursionError):
        raise DigitalPostRefused("not-xml") from None


def only(parent: ElementTree.Element, path: str) -> ElementTree.Element:
    """The one element at a path below `parent`. Raises DigitalPostRefused `missing` for none or several."""
    found = parent.findall(path)
    if len(found) != 1:
        raise DigitalPostRefused("missing")
    return found[0]


def text_of(parent: ElementTree.Element, path: str) -> str:
    """The text of the one element at a path. Raises DigitalPostRefused `missing` also where it is empty."""
    text = (only(parent, path).text or "").strip()
    if not text:
        raise DigitalPostRefused("missing")
    return text


def optional_text(parent: ElementTree.Element, path: str) -> str | None:
    """The same, or None where no such element is. Raises DigitalPostRefused `missing` for several."""
    return text_of(parent, path) if parent.findall(path) else None
