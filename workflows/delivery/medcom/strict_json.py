"""Reading untrusted JSON as FHIR means it: one object, no duplicate members, no nulls, no empty values.

Source: FHIR R4 json.html (objects, arrays and strings are never empty; null only in the arrays of
primitives with extensions; strings at most 1 MiB, no control characters but tab, CR, LF).
"""

import json
import re
from typing import Final, NoReturn

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.issues import MedComRefused, refuse

JsonObject = dict[str, object]

MAX_DEPTH: Final = 40  # CareCommunication needs 12
MAX_NODES: Final = 500_000  # brackets and commas: a bomb of empty arrays costs 20 times its size in memory
MAX_STRING: Final = 1024 * 1024  # characters; FHIR R4 datatypes.html#string

# Also lone surrogates and non-characters, which no later encoding could write.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Duplicate(ValueError):
    pass


def _pairs(pairs: list[tuple[str, object]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Duplicate
    return found


def _no_constant(_name: str) -> NoReturn:
    raise ValueError


def load_object(raw: bytes) -> JsonObject:
    """The JSON object in `raw` (UTF-8).

    Raises MedComRefused: `MSG_BAD_SYNTAX` (not JSON), `MSG_JSON_OBJECT` (not an object), `duplicate`,
    `structure` (too deep), `too-costly` (too many values).
    """
    if sum(raw.count(sign) for sign in (b"{", b"[", b",")) > MAX_NODES:
        raise refuse("too-costly", "Bundle", "The message holds too many values", "too-costly")
    problem: MedComRefused
    try:
        loaded: object = json.loads(raw.decode(), object_pairs_hook=_pairs, parse_constant=_no_constant)
    except _Duplicate:
        problem = refuse("duplicate", "Bundle", "A JSON object has the same member twice", "structure")
    except RecursionError:
        problem = refuse("structure", "Bundle", "The JSON is nested too deeply", "structure")
    except ValueError:  # JSON or UTF-8; json's own text quotes nothing, but its `doc` holds everything
        problem = refuse(issues.SYNTAX, "Bundle", "The message is not well-formed JSON in UTF-8", "invalid")
    else:
        if not isinstance(loaded, dict):
            raise refuse(issues.JSON_OBJECT, "Bundle", "The message must be one JSON object", "structure")
        return loaded
    raise problem  # outside the except block, so that no context with the input hangs on it


def check_values(root: JsonObject) -> None:
    """Refuse null members, empty values, too long or unwritable strings, and too deep nesting.

    Raises MedComRefused with the first fault; its expression is `Bundle`, since member names are input.
    """
    stack: list[tuple[object, int]] = [(root, 1)]
    while stack:
        value, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise refuse("structure", "Bundle", "The JSON is nested too deeply", "structure")
        if isinstance(value, str):
            _check_string(value)
        elif isinstance(value, dict):
            if not value:
                raise refuse("ele-1", "Bundle", "A JSON object is empty", "invariant")
            for name, member in value.items():
                _check_string(name)
                if member is None:
                    raise refuse("structure", "Bundle", "A JSON member is null", "structure")
                # XHTML has no limit of its own; the limit on the whole message holds.
                if not (name == "div" and isinstance(member, str) and _FORBIDDEN.search(member) is None):
                    stack.append((member, depth + 1))
                elif not member:
                    raise refuse("ele-1", "Bundle", "A string is empty", "invariant")
        elif isinstance(value, list):
            if not value or all(item is None for item in value):
                raise refuse("ele-1", "Bundle", "A JSON array is empty", "invariant")
            stack.extend((item, depth + 1) for item in value)


def _check_string(value: str) -> None:
    if not value:
        raise refuse("ele-1", "Bundle", "A string or member name is empty", "invariant")
    if len(value) > MAX_STRING:
        raise refuse(issues.TOO_LONG, "Bundle", "A string is longer than 1 MiB", "too-long")
    if _FORBIDDEN.search(value) is not None:
        raise refuse("value", "Bundle", "A string holds a character that FHIR does not allow", "value")
