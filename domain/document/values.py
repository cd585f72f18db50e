"""Reads one value of each kind: checked, normalised, and every fault noted with its place."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from domain.document.formats import has_form, normalise_text, text_fault
from domain.document.problems import Findings, Problem
from domain.document.template import PROVENANCES, Field, Template
from domain.identity.municipality import municipality
from domain.identity.person import parse_person_id

INVALID: Final = object()
"""In place of a value that has been refused; its faults are noted."""

PersonIdCheck = Callable[[str, str, str | None], None]
"""(type, value, issuer) -> nothing, or ValueError when no such number can exist."""
MunicipalityCheck = Callable[[str], None]
"""(code) -> nothing, or ValueError when no municipality has it."""


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """The identity checks a document needs, injected so that each can be told of its setting."""

    person_id: PersonIdCheck
    municipality: MunicipalityCheck


def standard_checks(*, allow_test_numbers: bool = False) -> Checks:
    """The checks of `domain.identity`. Test numbers (day + 60) are for demo and test only."""

    def person_id(kind: str, value: str, issuer: str | None) -> None:
        parse_person_id(kind, value, issuer=issuer, allow_test_numbers=allow_test_numbers)

    def municipality_code(code: str) -> None:
        municipality(code)

    return Checks(person_id=person_id, municipality=municipality_code)


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader of values needs beside the value."""

    template: Template
    checks: Checks
    findings: Findings

    def fault(self, field: Field, pointer: str, code: str, **numbers: object) -> object:
        """Note a fault of this field and return INVALID."""
        self.findings.add(pointer, code, field.label, field.meaning, **numbers)
        return INVALID


def read_value(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    """The normalised value of a field, or INVALID when it was refused."""
    return _READERS[field.kind](walk, field, raw, pointer)


def read_members(
    walk: Walk, owner: Field, fields: tuple[Field, ...], raw: Mapping[str, object], pointer: str
) -> dict[str, Any]:
    """The members of an object, in the template's order; unknown and missing ones are noted."""
    if raw.keys() - {field.name for field in fields}:
        walk.fault(owner, pointer, "unknown-member")
    found: dict[str, Any] = {}
    for field in fields:
        if field.name in raw:
            value = read_value(walk, field, raw[field.name], f"{pointer}/{field.name}")
            if value is not INVALID:
                found[field.name] = value
        elif field.requirement == "always":
            walk.fault(field, f"{pointer}/{field.name}", "missing-field")
    return found


def _wrong_type(walk: Walk, field: Field, pointer: str, expected: str, expected_en: str) -> object:
    return walk.fault(field, pointer, "wrong-type", expected=expected, expected_en=expected_en)


def _text(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    if not isinstance(raw, str):
        return _wrong_type(walk, field, pointer, "tekst", "text")
    limit = field.max_length or 0
    if len(raw) > limit:
        return walk.fault(field, pointer, "too-long", limit=limit)
    fault = text_fault(raw, lines=field.lines)
    if fault:
        return walk.fault(field, pointer, fault)
    text = normalise_text(raw)
    # A few characters grow under NFC.
    return text if len(text) <= limit else walk.fault(field, pointer, "too-long", limit=limit)


def _code(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    if not isinstance(raw, str):
        return _wrong_type(walk, field, pointer, "en af skabelonens koder", "one of the template's codes")
    value = walk.template.value(field.value_set, raw)
    if value is None:
        return walk.fault(field, pointer, "unknown-code")
    if value.refused:
        walk.findings.note(
            Problem(
                pointer=pointer,
                code=value.refused.code,
                detail=value.refused.detail,
                detail_en=value.refused.detail_en,
            )
        )
        return INVALID
    return value.code


def _codes(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    found = _items(walk, field, raw, pointer, lambda item, place: _code(walk, field, item, place))
    if found is INVALID:
        return INVALID
    if len(set(found)) != len(found):
        return walk.fault(field, pointer, "repeated")
    return found


def _written(form: str, fault: str) -> Callable[[Walk, Field, object, str], Any]:
    def read(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
        if not isinstance(raw, str) or not has_form(form, raw):
            return walk.fault(field, pointer, fault)
        return raw

    return read


def _identifier(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    return _written(f"identifier:{field.format}", "not-an-identifier")(walk, field, raw, pointer)


def _boolean(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    if not isinstance(raw, bool):
        return _wrong_type(walk, field, pointer, "true eller false", "true or false")
    if field.must_be is not None and raw is not field.must_be:
        word = "true" if field.must_be else "false"
        return walk.fault(field, pointer, "must-be", expected=word, expected_en=word)
    return raw


def _integer(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    # JSON has one kind of number, so 3.0 is a whole number too; true is not.
    whole = isinstance(raw, int) or (isinstance(raw, float) and raw.is_integer())
    if isinstance(raw, bool) or not whole or not isinstance(raw, int | float):
        return _wrong_type(walk, field, pointer, "et helt tal", "a whole number")
    if not field.minimum <= raw <= field.maximum:
        return walk.fault(field, pointer, "out-of-range", minimum=field.minimum, maximum=field.maximum)
    return int(raw)


def _municipality(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    if not isinstance(raw, str):
        return _wrong_type(walk, field, pointer, "en kommunekode", "a municipality code")
    try:
        walk.checks.municipality(raw)
    except ValueError:
        return walk.fault(field, pointer, "unknown-municipality")
    return raw


def _person_id(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    if not isinstance(raw, Mapping):
        return _wrong_type(walk, field, pointer, "et objekt", "an object")
    if raw.keys() - {"type", "value", "issuer"}:
        return walk.fault(field, pointer, "unknown-member")
    kind, value, issuer = raw.get("type"), raw.get("value"), raw.get("issuer")
    kinds = {entry.code for entry in walk.template.values(field.value_set)}
    if not isinstance(kind, str) or kind not in kinds:
        return walk.fault(field, f"{pointer}/type", "unknown-code")
    if not isinstance(value, str) or not _canonical(kind, value):
        return walk.fault(field, f"{pointer}/value", "invalid-person-id")
    if ("issuer" in raw) != (kind == "local"):
        return walk.fault(field, f"{pointer}/issuer", "invalid-person-id")
    if kind == "local" and not (isinstance(issuer, str) and has_form("issuer", issuer)):
        return walk.fault(field, f"{pointer}/issuer", "invalid-person-id")
    known_issuer = issuer if isinstance(issuer, str) else None
    try:
        walk.checks.person_id(kind, value, known_issuer)
    except ValueError:
        return walk.fault(field, f"{pointer}/value", "invalid-person-id")
    return {"type": kind, "value": value} | ({"issuer": known_issuer} if known_issuer else {})


def _canonical(kind: str, value: str) -> bool:
    # Only the canonical form may stand in a document: one person, one spelling.
    return has_form(f"person:{kind}", value) or (kind == "cpr" and has_form("person:test", value))


def _object(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    if not isinstance(raw, Mapping):
        return _wrong_type(walk, field, pointer, "et objekt", "an object")
    return read_members(walk, field, field.fields, raw, pointer)


def _list(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    return _items(walk, field, raw, pointer, lambda item, place: _object(walk, field, item, place))


def _items(walk: Walk, field: Field, raw: object, pointer: str, read: Callable[[object, str], Any]) -> Any:
    if not isinstance(raw, list | tuple):
        return _wrong_type(walk, field, pointer, "en liste", "a list")
    if len(raw) < field.min_items:
        return walk.fault(field, pointer, "too-few", minimum=field.min_items)
    if len(raw) > field.max_items:
        return walk.fault(field, pointer, "too-many", maximum=field.max_items)
    before = len(walk.findings)
    found = [read(item, f"{pointer}/{index}") for index, item in enumerate(raw)]
    return found if len(walk.findings) == before else INVALID


def _assertions(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    found = _items(walk, field, raw, pointer, lambda item, place: _assertion(walk, field, item, place))
    if found is INVALID:
        return INVALID
    given = [item["id"] for item in found if "id" in item]
    if len(set(given)) != len(given):
        return walk.fault(field, pointer, "repeated-assertion-id")
    return [{"id": _free_id(number, set(given)), **item} for number, item in enumerate(found, start=1)]


def _free_id(number: int, taken: set[str]) -> str:
    # Deterministic, so that the same submission gets the same ids on every try.
    candidate = f"a{number}"
    while candidate in taken:
        candidate += "-x"
    return candidate


_ASSERTION = frozenset({"id", "text", "provenance", "seen_by_citizen_at"})
_COMMENTED = _ASSERTION | {"citizen_comment"}


def _assertion(walk: Walk, field: Field, raw: object, pointer: str) -> Any:
    if not isinstance(raw, Mapping):
        return _wrong_type(walk, field, pointer, "et objekt", "an object")
    if raw.keys() - (_COMMENTED if field.citizen_comment else _ASSERTION):
        walk.fault(field, pointer, "unknown-member")
    found: dict[str, Any] = {}
    if "id" in raw:
        found["id"] = _written("assertion-id", "not-an-identifier")(walk, field, raw["id"], f"{pointer}/id")
    if "text" in raw:
        found["text"] = _text(walk, field, raw["text"], f"{pointer}/text")
    else:
        walk.fault(field, f"{pointer}/text", "missing-field")
    if "provenance" in raw:
        found["provenance"] = raw["provenance"]
        if raw["provenance"] not in PROVENANCES:
            walk.fault(field, f"{pointer}/provenance", "unknown-code")
    if "seen_by_citizen_at" in raw:
        found["seen_by_citizen_at"] = _written("datetime", "not-a-datetime")(
            walk, field, raw["seen_by_citizen_at"], f"{pointer}/seen_by_citizen_at"
        )
    if field.citizen_comment and "citizen_comment" in raw:
        found["citizen_comment"] = _text(walk, field, raw["citizen_comment"], f"{pointer}/citizen_comment")
    return found


_READERS: dict[str, Callable[[Walk, Field, object, str], Any]] = {
    "text": _text,
    "code": _code,
    "codes": _codes,
    "date": _written("date", "not-a-date"),
    "datetime": _written("datetime", "not-a-datetime"),
    "boolean": _boolean,
    "integer": _integer,
    "person-id": _person_id,
    "municipality-code": _municipality,
    "phone": _written("phone", "not-a-phone"),
    "identifier": _identifier,
    "object": _object,
    "list": _list,
    "assertions": _assertions,
}
