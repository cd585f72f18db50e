"""JSON from outside as RFC 8259 has it: no NaN, no lone surrogates, no depth that breaks the reader.

Python's own reader takes all of those.
"""

import json
from typing import Any

import msgspec

_DECODER = msgspec.json.Decoder()


class MalformedJson(ValueError):
    """The text is no JSON that two readers would read alike. Nothing of it is repeated."""


class RepeatedMember(MalformedJson):
    """An object has the same member twice: each reader may take another one of the two."""


def read_json(text: bytes | str) -> Any:
    """The decoded value. Raises MalformedJson."""
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise MalformedJson from None


def read_json_of_unique_members(text: str) -> Any:
    """The decoded value, if no object has a member twice. Raises MalformedJson, RepeatedMember."""
    value = read_json(text)
    try:
        # What a number says has been read already; as a float it can be as long as it likes.
        json.loads(text, object_pairs_hook=unique_members, parse_int=float)
    except RecursionError:
        raise MalformedJson from None
    return value


def unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object from its members, as a hook of Python's reader. Raises RepeatedMember."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise RepeatedMember
    return members
