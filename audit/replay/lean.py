"""Reading an entry in one pass, for `examine`, where millions are read.

The types of header and facts check every pattern of every entry, though an authority's code or a
purpose stands in thousands of them. Here the same types are read without their patterns, and a
value that has matched its pattern once is remembered. Whatever is not plainly in order comes back
as None and is judged by the ordinary types, which name the fault; a test holds that nothing
passes here that would not pass there.
"""

import re
import types
from collections.abc import Callable, Iterable
from functools import reduce
from operator import attrgetter, or_
from typing import Annotated, Any, Union, cast, get_args, get_origin, get_type_hints

import msgspec

from audit.log.canonical import canonical
from audit.log.entry import SealedBody
from domain.events.catalogue import EVENT_TYPES, EventType
from domain.events.header import ENVELOPE, Header
from domain.events.instant import Instant
from domain.events.model import Facts, Sha256
from domain.handover.events import KeyId

REMEMBERED = 4_096
"""At most so many values of each kind; what comes after is matched each time."""

UNIQUE = frozenset(get_args(hint)[1].pattern for hint in (Instant, Sha256, KeyId))
"""Patterns of values that hardly come twice."""

_MARK = b'"event":"'


class Read(msgspec.Struct):
    """An entry in order. `header` and `facts` have the fields of their types."""

    body: SealedBody | None
    facts: Facts
    header: Header
    kind: EventType


_Search = Callable[[str], object]
"""A pattern's search, as msgspec applies it: a match anywhere, the patterns hold their own ends."""


class _Lean:
    """One event type's entry, read without patterns, and the patterns to look at afterwards."""

    def __init__(self, kind: EventType) -> None:
        self.kind = kind
        header, self._header = _stripped(Header)
        facts, self._facts = _stripped(kind.facts)
        body: Any = None if kind.body is None else SealedBody | None
        entry = msgspec.defstruct(
            "Entry", [("body", body), ("facts", facts), ("header", header)], forbid_unknown_fields=True
        )
        self.decode = msgspec.json.Decoder(cast("type[Any]", entry)).decode

    def in_order(self, found: Any) -> bool:
        """Whether every value matches its pattern."""
        return self._header.hold(found.header) and self._facts.hold(found.facts)


class _Patterns:
    """The patterns of a struct's own fields.

    Values that differ from entry to entry are matched each time; codes are remembered, all of
    them together, and so are the pairs of a mapping.
    """

    def __init__(self, texts: dict[str, str], mappings: dict[str, tuple[str, str]]) -> None:
        search = {name: re.compile(pattern).search for name, pattern in texts.items()}
        self._unique = [(name, search[name]) for name, pattern in texts.items() if pattern in UNIQUE]
        codes = [name for name, pattern in texts.items() if pattern not in UNIQUE]
        self._codes = [search[name] for name in codes]
        # One name would give the value itself; a second, the same again, makes it a tuple.
        self._get = attrgetter(*codes, codes[0]) if codes else None
        self._mappings = [
            (name, re.compile(of_key).search, re.compile(of_value).search)
            for name, (of_key, of_value) in mappings.items()
        ]
        self._seen: set[tuple[str | None, ...]] = set()
        self._pairs: set[tuple[str, object]] = set()

    def hold(self, found: Any) -> bool:
        """Whether every value of a struct matches."""
        for name, search in self._unique:
            value = getattr(found, name)
            if value is not None and search(value) is None:
                return False
        if self._get is not None and (codes := self._get(found)) not in self._seen:
            if not all(
                value is None or search(value) for value, search in zip(codes, self._codes, strict=False)
            ):
                return False
            if len(self._seen) < REMEMBERED:
                self._seen.add(codes)
        for name, of_key, of_value in self._mappings:
            pairs = getattr(found, name).items()
            if not (pairs <= self._pairs or self._new(pairs, of_key, of_value)):
                return False
        return True

    def _new(self, pairs: Iterable[tuple[str, object]], of_key: _Search, of_value: _Search) -> bool:
        for key, value in pairs:
            if not of_key(key) or (isinstance(value, str) and not of_value(value)):
                return False
            if len(self._pairs) < REMEMBERED:
                self._pairs.add((key, value))
        return True


def _stripped(struct: type[msgspec.Struct]) -> tuple[type[msgspec.Struct], _Patterns]:
    """A struct without the patterns of its own fields; those of structs inside it stay."""
    hints = get_type_hints(struct, include_extras=True)
    fields: list[tuple[str, Any]] = []
    texts: dict[str, str] = {}
    mappings: dict[str, tuple[str, str]] = {}
    for name in struct.__struct_fields__:
        lean, patterns = _strip(hints[name])
        fields.append((name, lean))
        if len(patterns) == 1:
            texts[name] = patterns[0]
        elif patterns:
            mappings[name] = (patterns[0], patterns[1])
    return msgspec.defstruct(struct.__name__, fields, forbid_unknown_fields=True), _Patterns(texts, mappings)


def _strip(hint: Any) -> tuple[Any, list[str]]:
    """A hint without its pattern, and the pattern; of other shapes, the hint as it is."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated and inner[0] is str:
        patterns = [meta.pattern for meta in inner[1:] if getattr(meta, "pattern", None)]
        return (str, patterns) if len(patterns) == len(inner) - 1 == 1 else (hint, [])
    if origin is dict:
        (key, of_key), (value, of_value) = map(_strip, inner)
        lean: Any = types.GenericAlias(dict, (key, value))
        return (lean, [*of_key, *of_value]) if of_key and of_value else (hint, [])
    if origin in (Union, types.UnionType):
        stripped = [_strip(one) for one in inner]
        patterns = [pattern for _, found in stripped for pattern in found]
        plain = all(one in (str, bool, type(None)) for one, _ in stripped)
        union = reduce(or_, (one for one, _ in stripped))
        return (union, patterns) if plain and len(patterns) == 1 else (hint, [])
    return hint, []


_LEAN = {name.encode(): _Lean(kind) for name, kind in EVENT_TYPES.items()}


def read_in_order(entry: bytes) -> Read | None:
    """Read an entry of the current envelope and schema that is canonical and fits its types."""
    start = entry.rfind(_MARK) + len(_MARK)
    # Only a hint, checked below: the name decides which type reads the entry.
    lean = _LEAN.get(entry[start : entry.find(b'"', start)])
    if lean is None:
        return None
    try:
        found = lean.decode(entry)
    except (msgspec.MsgspecError, ValueError):
        return None
    header, kind = found.header, lean.kind
    if (
        header.event != kind.name
        or header.schema != kind.schema
        or header.envelope != ENVELOPE
        or canonical(found) != entry
        or not lean.in_order(found)
    ):
        return None
    return Read(found.body, found.facts, header, kind)
