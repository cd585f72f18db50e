"""Where in a file that is no template the first thing of the wrong shape stands, as a JSON pointer."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from domain.document.template import Field, Rule, Section, Template, Value

_LISTS: dict[type, dict[str, type]] = {
    Template: {"sections": Section, "rules": Rule},
    Section: {"fields": Field},
    Field: {"fields": Field},
}
_NAME = re.compile(r"[a-z_]{1,40}")
_OWN_MEMBER = re.compile(r"at `\$\.([a-z0-9_]+)[^`]*`$")


def misshapen_place(data: bytes) -> str:
    """The pointer, `/` for the whole. msgspec's own path says of a list only that it was somewhere in it.

    Nothing that stood in the file is in it but members and indices, and names of value sets.
    """
    try:
        content = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "/"
    return _place(content, Template, "") or "/"


def _place(content: Any, kind: type, at: str) -> str | None:
    """Where the first fault of the content stands; None when it has the shape."""
    try:
        msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        for place, part, part_kind in _parts(content, kind):
            found = _place(part, part_kind, f"{at}{place}")
            if found is not None:
                return found
        member = _OWN_MEMBER.search(str(error))
        return f"{at}/{member[1]}" if member else at
    return None


def _parts(content: Any, kind: type) -> Iterator[tuple[str, Any, type]]:
    if not isinstance(content, dict):
        return
    for name, part_kind in _LISTS.get(kind, {}).items():
        items = content.get(name)
        if isinstance(items, list):
            yield from ((f"/{name}/{index}", item, part_kind) for index, item in enumerate(items))
    sets = content.get("value_sets") if kind is Template else None
    if isinstance(sets, dict):
        for name, values in sets.items():
            if _NAME.fullmatch(name) and isinstance(values, list):
                yield from ((f"/value_sets/{name}/{i}", value, Value) for i, value in enumerate(values))
