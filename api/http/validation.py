"""From a validation library's faults to ours: own codes, own texts, and pointers that stop in time.

pydantic's `loc` ends in member names the client invented, and its messages quote the input. Here a
fault's place is walked only as far as names that our own models declare, and its text comes from a
table by pydantic's error type. `input`, `ctx` and `msg` are never read.
"""

import dataclasses
import typing
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from fastapi.dependencies.models import Dependant
from pydantic import AliasChoices, AliasPath, BaseModel

from api.http.problems import FieldError

#: Faults listed in one answer; a body with more is answered with the first ones.
MAX_ERRORS = 100
#: An index beyond this is no list position of ours, and a long number could be a person's.
_MAX_INDEX = 100_000

_TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("The member is missing.", "Feltet mangler."),
    "unknown-member": (
        "A member stands here that the schema does not know.",
        "Her står et felt, som skemaet ikke kender.",
    ),
    "wrong-type": ("The value has the wrong type.", "Værdien har forkert type."),
    "too-short": ("The value is too short.", "Værdien er for kort."),
    "too-long": ("The value is too long.", "Værdien er for lang."),
    "moment": (
        "The moment is written like 2026-11-24T12:00:00+01:00, always with its zone.",
        "Tidspunktet skrives som 2026-11-24T12:00:00+01:00, altid med tidszone.",
    ),
    "pattern": ("The value does not have the required form.", "Værdien har ikke den krævede form."),
    "out-of-range": ("The value is outside the allowed range.", "Værdien ligger uden for det tilladte."),
    "not-a-number": (
        "The value is not a number of the required kind.",
        "Værdien er ikke et tal af rette slags.",
    ),
    "not-a-date": (
        "The value is not a date or time in RFC 3339 form.",
        "Værdien er ikke en dato eller et tidspunkt på RFC 3339-form.",
    ),
    "not-a-uuid": ("The value is not a UUID.", "Værdien er ikke et UUID."),
    "not-listed": ("The value is not among those allowed.", "Værdien er ikke blandt de tilladte."),
    "not-text": ("The value is not valid Unicode text.", "Værdien er ikke gyldig Unicode-tekst."),
    "invalid": ("The value is not valid.", "Værdien er ikke gyldig."),
}

#: pydantic error type -> our code, where the ending does not already say it.
_EXACT: dict[str, str] = {
    "missing": "missing", "missing_argument": "missing", "extra_forbidden": "unknown-member",
    "unexpected_keyword_argument": "unknown-member", "string_too_short": "too-short",
    "too_short": "too-short", "bytes_too_short": "too-short", "string_too_long": "too-long",
    "too_long": "too-long",
    "bytes_too_long": "too-long", "string_pattern_mismatch": "pattern", "string_unicode": "not-text",
    "greater_than": "out-of-range", "greater_than_equal": "out-of-range", "less_than": "out-of-range",
    "less_than_equal": "out-of-range", "multiple_of": "out-of-range", "finite_number": "out-of-range",
    "enum": "not-listed", "literal_error": "not-listed", "union_tag_invalid": "not-listed",
    "union_tag_not_found": "missing", "date_past": "out-of-range", "date_future": "out-of-range",
    "datetime_past": "out-of-range", "datetime_future": "out-of-range", "none_required": "wrong-type",
}  # fmt: skip
_PREFIXES: tuple[tuple[str, str], ...] = (
    ("uuid_", "not-a-uuid"), ("datetime_", "not-a-date"), ("date_", "not-a-date"), ("time_", "not-a-date"),
    ("timezone_", "not-a-date"), ("time_delta_", "not-a-date"), ("int_", "not-a-number"),
    ("float_", "not-a-number"), ("decimal_", "not-a-number"),
)  # fmt: skip


def register_field_texts(texts: Mapping[str, tuple[str, str]]) -> None:
    """Adds field codes with (English, Danish) texts, for `PydanticCustomError(code, ...)` of our models.

    Raises ValueError when a code already has another meaning.
    """
    for code, pair in texts.items():
        if _TEXTS.setdefault(code, pair) != pair:
            raise ValueError(f"field code {code} already has another meaning")


def field_code(pydantic_type: str) -> str:
    """Our stable code of a pydantic error type; `invalid` when there is no better one."""
    if pydantic_type in _EXACT:
        return _EXACT[pydantic_type]
    if pydantic_type in _TEXTS:
        return pydantic_type
    for prefix, code in _PREFIXES:
        if pydantic_type.startswith(prefix):
            # `int_type` and its like say that the JSON type is wrong, not that the number is.
            return "wrong-type" if pydantic_type.endswith("_type") else code
    return "wrong-type" if pydantic_type.endswith(("_type", "_attributes_type")) else "invalid"


def field_texts(code: str) -> tuple[str, str]:
    """The (English, Danish) texts of a field code."""
    return _TEXTS.get(code, _TEXTS["invalid"])


@dataclasses.dataclass(frozen=True, slots=True)
class KnownNames:
    """The member names our models declare, and the labels pydantic puts between them in unions."""

    members: frozenset[str]
    labels: frozenset[str]


class _Collector:
    def __init__(self) -> None:
        self.members: set[str] = set()
        self.labels: set[str] = set()
        self._seen: set[int] = set()

    def field(self, name: str, alias: object, annotation: object) -> None:
        self.members.add(name)
        for choice in alias.choices if isinstance(alias, AliasChoices) else [alias]:
            if isinstance(choice, str):
                self.members.add(choice)
            elif isinstance(choice, AliasPath):
                self.members.update(step for step in choice.path if isinstance(step, str))
        self.annotation(annotation)

    def annotation(self, annotation: object) -> None:
        if id(annotation) in self._seen:
            return
        self._seen.add(id(annotation))
        for argument in typing.get_args(annotation):
            # A literal is the tag of a union; an enumeration's values may be too.
            if isinstance(argument, str):
                self.labels.add(argument)
            else:
                self.annotation(argument)
        if not isinstance(annotation, type):
            return
        self.labels.add(annotation.__name__)
        if issubclass(annotation, BaseModel):
            for name, info in annotation.model_fields.items():
                self.field(name, info.validation_alias, info.annotation)
                self.field(name, info.alias, None)
        elif issubclass(annotation, Enum):
            self.labels.update(member.value for member in annotation if isinstance(member.value, str))
        elif dataclasses.is_dataclass(annotation) or hasattr(annotation, "__total__"):
            for name, hint in typing.get_type_hints(annotation).items():
                self.field(name, None, hint)


def names_of_dependant(dependant: Dependant) -> KnownNames:
    """The names of every parameter and body member that a route and its dependencies declare."""
    collector = _Collector()
    waiting = [dependant]
    while waiting:
        current = waiting.pop()
        waiting.extend(current.dependencies)
        for group in (
            current.path_params,
            current.query_params,
            current.header_params,
            current.cookie_params,
            current.body_params,
        ):
            for parameter in group:
                collector.field(parameter.name, parameter.alias, parameter.field_info.annotation)
    return KnownNames(frozenset(collector.members), frozenset(collector.labels))


def pointer_to(parts: Iterable[object], known: KnownNames) -> str:
    """An RFC 6901 pointer along `parts` that ends at the last member `known` declares."""
    steps: list[str] = []
    for part in parts:
        if isinstance(part, int):
            if not 0 <= part <= _MAX_INDEX:
                break
            steps.append(str(part))
        elif part in known.members:
            steps.append(str(part).replace("~", "~0").replace("/", "~1"))
        elif part not in known.labels:
            break
    return "".join(f"/{step}" for step in steps)


_PLACES = frozenset({"body", "query", "path", "header", "cookie"})


def field_errors(faults: Iterable[Mapping[str, Any]], known: KnownNames) -> list[FieldError]:
    """Our faults from pydantic's, with nothing of what the client sent; at most `MAX_ERRORS`."""
    errors: dict[tuple[str, str, str], FieldError] = {}
    for fault in faults:
        place, *parts = fault.get("loc") or ("body",)
        if place not in _PLACES:
            place, parts = "body", [place, *parts]
        code = field_code(str(fault.get("type")))
        detail, detail_da = field_texts(code)
        pointer = pointer_to(parts, known)
        errors[(place, pointer, code)] = FieldError(pointer, code, detail, detail_da, place)
        if len(errors) == MAX_ERRORS:
            break
    return list(errors.values())
