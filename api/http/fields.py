"""The kinds of values in paths, queries and bodies, each strict, with the form that OpenAPI shows.

Whatever stands in an address must not look like a part of a CPR number (`api.http.shapes`), or a
client that keeps to the published form would be turned away: so unit ids have no six digits in a
row, positions at most nine, and ids are UUIDs of RFC 9562. Patterns use what ECMA 262, Python and
RE2-like engines read alike; `$` alone would let a line break through in Python, so our own checks
match the whole value.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from starlette.convertors import Convertor, register_url_convertor

from domain.document import formats
from domain.events.instant import to_instant
from domain.identity.municipality import municipalities
from domain.identity.region import regions
from domain.law.loader import outside_reasons, readable_purposes

T = TypeVar("T", str, int)
UNIT = "^[a-z](?:[0-9]{0,5}[a-z-]){1,40}[0-9]{0,5}$"
UUID_FORM = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
INSTANT = formats.DATE[:-1] + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z$"
"""RFC 3339 with six digits and Z, as instants stand on the log: a date that exists."""
MOMENT = INSTANT.replace(r"\.[0-9]{6}Z$", r"(?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])$")
"""RFC 3339 as people and programs write it: any fraction of a second, any zone, but always a zone."""
CURSOR = f"^[0-9]~{INSTANT[1:-1]}~{INSTANT[1:-1]}~{UUID_FORM[1:-1]}$"
"""Where a page of a mailbox ended: (priority, due, take-over limit, id)."""
SOR = "^[0-9]{11,18}$"
GLN = "^[0-9]{13}$"
CVR = "^[1-9][0-9]{7}$"
ADDRESS = r"^[a-z][a-z0-9._-]{1,62}@[a-z0-9][a-z0-9.-]{2,180}$"
MAX_POSITION = 999_999_999
"""The highest position that an address can hold: ten digits would look like a CPR number."""

REGIONS, MUNICIPALITIES = tuple(sorted(regions())), tuple(sorted(municipalities()))
AUTHORITIES = (*REGIONS, *MUNICIPALITIES)


def whole(pattern: str, code: str = "pattern") -> Callable[[Any], Any]:
    """A check that the whole of a value has a form. The value itself is never in the error."""
    compiled = re.compile(pattern)

    def check(value: Any) -> Any:
        if isinstance(value, str) and not compiled.fullmatch(value):
            raise PydanticCustomError(code, "not of the required form")
        return value

    return check


def listed(values: Iterable[T]) -> Callable[[T], T]:
    """A check that a value is one of those listed."""
    known = frozenset(values)

    def check(value: T) -> T:
        if value not in known:
            raise PydanticCustomError("not-listed", "not among those allowed")
        return value

    return check


def enum(values: Iterable[str | int]) -> dict[str, Any]:
    """The listed values, as JSON Schema has them."""
    return {"enum": list(values)}


def _uuid(value: Any) -> Any:
    return UUID(value) if isinstance(value, str) and re.fullmatch(UUID_FORM, value) else _refuse_uuid()


def _refuse_uuid() -> Any:
    raise PydanticCustomError("not-a-uuid", "not a UUID")


Id = Annotated[
    UUID,
    BeforeValidator(_uuid),
    Field(json_schema_extra={"format": "uuid", "pattern": UUID_FORM}),
]
"""An id in its usual text form (RFC 9562); no braces, no `urn:`."""


class _IdConvertor(Convertor[str]):
    """`{name:id}` in a path matches an id only, so that an address beside it is not taken for one."""

    regex = UUID_FORM[1:-1]

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("id", _IdConvertor())

Whole = BeforeValidator(whole("-?(?:0|[1-9][0-9]{0,17})", "not-a-number"))
"""A whole number in digits only: no sign plus, no fraction, no blanks, no underscores."""


def _integral(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Integral = BeforeValidator(_integral)
"""A number in a body: `5.0` is the integer 5, as JSON Schema has it; a text or a boolean is none."""

AuthorityCode = Annotated[
    str,
    AfterValidator(listed(AUTHORITIES)),
    Field(json_schema_extra=enum(AUTHORITIES), description="Municipality or region code."),
]
RegionCode = Annotated[
    str, AfterValidator(listed(REGIONS)), Field(json_schema_extra=enum(REGIONS), description="Region code.")
]
MunicipalityCode = Annotated[
    str,
    AfterValidator(listed(MUNICIPALITIES)),
    Field(json_schema_extra=enum(MUNICIPALITIES), description="Municipality code."),
]
UnitId = Annotated[
    str,
    AfterValidator(whole(UNIT)),
    Field(
        max_length=48,
        json_schema_extra={"pattern": UNIT},
        description="The register's id of a unit: lower-case letters, digits and hyphens, first a letter, "
        "never six digits in a row.",
    ),
]
Instant = Annotated[
    str,
    AfterValidator(whole(MOMENT, "moment")),
    AfterValidator(lambda text: to_instant(datetime.fromisoformat(text))),
    Field(json_schema_extra={"pattern": MOMENT}, description="RFC 3339 with its zone; kept in UTC."),
]
Sor = Annotated[
    str, AfterValidator(whole(SOR)), Field(json_schema_extra={"pattern": SOR}, description="SOR code.")
]
Gln = Annotated[
    str,
    AfterValidator(whole(GLN)),
    Field(
        json_schema_extra={"format": "gln"},
        description="GLN (lokationsnummer): 13 digits of which the last is the GS1 check digit.",
    ),
]
Cvr = Annotated[
    str,
    AfterValidator(whole(CVR)),
    Field(
        json_schema_extra={"format": "cvr"},
        description="CVR number: eight digits, the last of them a check digit (modulus 11).",
    ),
]
Name = Annotated[
    str,
    AfterValidator(whole(formats.TEXT_ONE_LINE)),
    Field(min_length=2, max_length=120, json_schema_extra={"pattern": formats.TEXT_ONE_LINE}),
]
Purpose = Annotated[
    str,
    AfterValidator(listed(readable_purposes())),
    Field(
        json_schema_extra=enum(readable_purposes()),
        description="Coded purpose (GDPR art. 15 shows it to the citizen).",
    ),
]
OutsideReason = Annotated[
    str,
    AfterValidator(listed(outside_reasons())),
    Field(
        json_schema_extra=enum(outside_reasons()),
        description="Needed by those outside the unit that has the case; alerts the unit's lead.",
    ),
]
