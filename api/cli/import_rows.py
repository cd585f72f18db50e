"""The file of running cases that an authority brings to Overgang (docs/import.md): CSV or JSON, read whole.

What is said of a fault names row, column and code, never a value.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from api.jsontext import MalformedJson, RepeatedMember, read_json_of_unique_members
from domain.handover.commands import ImportCase
from domain.handover.events import PersonLabel
from domain.identity.errors import IdentityError
from domain.identity.person import PersonIdType, parse_person_id

REQUIRED = (
    "person_id_type",
    "person_id",
    "name",
    "sender_authority",
    "sender_unit",
    "receiver_authority",
    "receiver_unit",
    "move_from",
    "move_to",
    "began_on",
    "claimed",
)
OPTIONAL = ("handlekommune",)
MAX_NAME = 200


class FileRefused(Exception):
    """The file as a whole cannot be taken. `code` is stable; `columns` are names of ours."""

    def __init__(self, code: str, columns: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.columns = columns


class RowFault(Exception):
    """A row cannot be taken: which column, and why, as a code."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(code)
        self.column = column
        self.code = code


class Row(msgspec.Struct, frozen=True):
    """A row by its number in the file, counting from 1 without the heading."""

    number: int
    values: dict[str, str]

    def __repr__(self) -> str:
        return f"Row({self.number})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


def rows_of(file: Path) -> Iterator[Row]:
    """The rows of a file. Raises FileRefused, OSError."""
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("not-utf-8") from None
    found = _json(text) if text.lstrip()[:1] in ("{", "[") else _csv(text)
    for number, values in enumerate(found, start=1):
        yield Row(number, values)


def _csv(text: str) -> Iterator[dict[str, str]]:
    lines = io.StringIO(text, newline="")
    delimiter = ";" if ";" in lines.readline() else ","
    lines.seek(0)
    reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
    try:
        _check_columns(tuple(reader.fieldnames or ()))
        for row in reader:
            if None in row or None in row.values():
                raise FileRefused("row-of-another-length")
            yield {name: value.strip() for name, value in row.items()}
    except csv.Error:
        raise FileRefused("not-csv") from None


def _json(text: str) -> Iterator[dict[str, str]]:
    try:
        cases = read_json_of_unique_members(text)
    except RepeatedMember:
        raise FileRefused("key-repeated") from None
    except MalformedJson:
        raise FileRefused("not-json") from None
    rows: Any = cases.get("cases") if isinstance(cases, dict) else cases
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FileRefused("not-a-list-of-cases")
    for row in rows:
        _check_columns(tuple(row))
        if not all(isinstance(value, str) for value in row.values()):
            raise FileRefused("value-not-text")
        yield {name: value.strip() for name, value in row.items()}


def _check_columns(names: tuple[str, ...]) -> None:
    if missing := tuple(name for name in REQUIRED if name not in names):
        raise FileRefused("columns-missing", missing)
    if not set(names) <= {*REQUIRED, *OPTIONAL} or len(set(names)) != len(names):
        raise FileRefused("columns-unknown-or-repeated")


def case_of(row: Row, *, allow_test_numbers: bool) -> ImportCase:
    """The case that a row describes. Raises RowFault; what only the register knows is asked later."""
    values = row.values
    local = values["person_id_type"] == PersonIdType.LOCAL
    try:
        person = parse_person_id(
            values["person_id_type"],
            values["person_id"],
            issuer=values["sender_authority"] if local else None,
            allow_test_numbers=allow_test_numbers,
        )
    except IdentityError as error:
        raise RowFault("person_id", error.code) from None
    # A cell may break its line, and a name is the same however it is spaced.
    name = " ".join(values["name"].split())
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise RowFault("name", "not-a-name")
    try:
        began_on = msgspec.convert(values["began_on"], date)  # YYYY-MM-DD and no other of ISO 8601's forms
    except msgspec.ValidationError:
        raise RowFault("began_on", "not-a-date") from None
    return ImportCase(
        person=person,
        label=PersonLabel(name=name, person_id_type=str(person.type), person_id=person.value),
        sender_authority=values["sender_authority"],
        sender_unit=values["sender_unit"],
        receiver_authority=values["receiver_authority"],
        receiver_unit=values["receiver_unit"],
        move_from=values["move_from"],
        move_to=values["move_to"],
        acting_municipality=values.get("handlekommune") or None,
        began_on=began_on,
        claimed=values["claimed"],
    )
