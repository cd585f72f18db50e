"""The values of a letter, taken one by one by the kind that the template says. No fault repeats a value."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from workflows.letters.guidance import AppealRequest
from workflows.letters.template import Condition, Field

MOST_ITEMS: Final = 200
MOST_IN_A_LINE: Final = 300

Value = str | date | tuple[str, ...] | tuple[tuple[str, ...], ...] | AppealRequest
"""A value as taken: a line, text or code; a day; lines; items, their members in order; a request."""

# What could make a reader see another text than the one that is hashed.
_MISLEADING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


class LetterFault(msgspec.Struct, frozen=True):
    """One thing wrong with a letter: a stable code, the part's name in the template and what a Dane reads of
    it; never a value."""

    code: str
    part: str
    label: str = ""


class LetterRefused(ValueError):
    """A letter cannot be composed. Codes:

    `missing`, `malformed`, `too-long`, `unprintable`, `code-unknown`, `no-place` (given, but this letter has
    nowhere to say it), `unknown-part`, `not-in-force`.
    """

    def __init__(self, faults: list[LetterFault]) -> None:
        super().__init__("; ".join(f"{one.code}: {one.part}" if one.part else one.code for one in faults))
        self.faults = tuple(faults)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the parts that are required and not there."""
        return tuple(one.part for one in self.faults if one.code == "missing")


class _Fault(Exception):
    """A value is not what its field says. The text is the code."""


def taken(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Value]:
    """Every value that is given, as its kind. Raises LetterRefused with all that is wrong."""
    faults = [LetterFault("unknown-part", "") for name in values if name not in fields]
    found: dict[str, Value] = {}
    for name, field in fields.items():
        if values.get(name) is None:
            continue
        try:
            value = _KINDS[field.kind](field, values[name])
        except _Fault as fault:
            faults.append(LetterFault(str(fault), name, field.label))
        except (msgspec.ValidationError, ValueError, TypeError):
            faults.append(LetterFault("malformed", name, field.label))
        else:
            if value:
                found[name] = value
    bad = {fault.part for fault in faults}
    faults += [
        LetterFault("missing", name, field.label)
        for name, field in fields.items()
        if name not in found and name not in bad and _is_required(field, found)
    ]
    if faults:
        raise LetterRefused(faults)
    return found


def holds(condition: Condition | None, values: Mapping[str, Value]) -> bool:
    """Whether a condition holds; none always does."""
    return condition is None or values.get(condition.field) in condition.among


def _is_required(field: Field, values: Mapping[str, Value]) -> bool:
    return holds(field.required, values) if isinstance(field.required, Condition) else field.required


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise _Fault("malformed")
    text = value.replace("\r\n", "\n").replace("\t", " ").strip()
    if len(text) > most:
        raise _Fault("too-long")
    if any(one in _MISLEADING or (unicodedata.category(one) in _UNPRINTABLE and one != "\n") for one in text):
        raise _Fault("unprintable")
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _line(field: Field, value: Any) -> str:
    text = _text(value, MOST_IN_A_LINE)
    if "\n" in text:
        raise _Fault("malformed")
    return text


def _paragraphs(field: Field, value: Any) -> str:
    return _text(value, field.max_length)


def _few(value: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _Fault("malformed")
    if len(value) > MOST_ITEMS:
        raise _Fault("too-long")
    return value


def _lines(field: Field, value: Any) -> tuple[str, ...]:
    return tuple(line for one in _few(value) if (line := _line(field, one)))


def _items(field: Field, value: Any) -> tuple[tuple[str, ...], ...]:
    names = [member.name for member in field.members]
    found = []
    for item in _few(value):
        if not isinstance(item, Mapping) or set(item) != set(names):
            raise _Fault("malformed")
        members = tuple(_text(item[name], field.max_length) for name in names)
        if not all(members):
            raise _Fault("malformed")
        found.append(members)
    return tuple(found)


def _day(field: Field, value: Any) -> date:
    return msgspec.convert(value, type=date)


def _code(field: Field, value: Any) -> str:
    if value not in field.values:
        raise _Fault("code-unknown")
    return str(value)


def _guidance(field: Field, value: Any) -> AppealRequest:
    return value if isinstance(value, AppealRequest) else msgspec.convert(value, type=AppealRequest)


_KINDS: Final[Mapping[str, Callable[[Field, Any], Value]]] = {
    "line": _line,
    "text": _paragraphs,
    "lines": _lines,
    "items": _items,
    "date": _day,
    "code": _code,
    "guidance": _guidance,
}
