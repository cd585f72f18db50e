"""The fields of an event, read from its type: name and kind of value, down to the last member."""

import types
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from domain.events.instant import Day, Instant
from domain.events.model import AuthorityCode, Code, Count, Sha256, UnitId
from domain.handover.events import DocumentFacts, KeyId
from domain.handover.steps import SectionId
from domain.register.events import Cvr, FunctionalAddress, Gln, OrganisationName, Sor
from domain.register.mailbox_events import ChannelAddress, Kle, Telephone
from domain.rights.model import Day as RightsDay

_KINDS: tuple[tuple[Any, str], ...] = (
    (Code, "code"),
    (AuthorityCode, "authority-code"),
    (UnitId, "unit-id"),
    (Sha256, "hash"),
    (Count, "number"),
    (Instant, "instant"),
    (Day, "date"),
    (RightsDay, "date"),
    (KeyId, "key-id"),
    (SectionId, "section-id"),
    (DocumentFacts, "document-facts"),
    (OrganisationName, "organisation-name"),
    (FunctionalAddress, "functional-address"),
    (ChannelAddress, "channel-address"),
    (Telephone, "function-telephone"),
    (Kle, "kle"),
    (Sor, "sor"),
    (Gln, "gln"),
    (Cvr, "cvr"),
    (UUID, "id"),
    (bool, "yes-no"),
    (int, "number"),
    (str, "text"),
)
FIXED_FORM = "fixed-form"
"""A text that a pattern confines."""

UNNAMED = "other"
"""A type that nobody has named here yet."""


class FieldRow(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `path` has a full stop between an object and its member; `many`: there may be several."""

    path: str
    kind: str
    optional: bool = False
    many: bool = False


def fields_of(struct: type[msgspec.Struct]) -> tuple[FieldRow, ...]:
    """Every field of a Struct, members of objects in it included, in the order of the type."""
    hints = get_type_hints(struct, include_extras=True)
    return tuple(
        row
        for name in struct.__struct_fields__
        for row in _rows(name, hints[name], optional=False, many=False)
    )


def _rows(path: str, hint: Any, *, optional: bool, many: bool) -> Iterator[FieldRow]:
    named = next((kind for known, kind in _KINDS if hint == known), None)
    if named is not None:
        yield FieldRow(path=path, kind=named, optional=optional, many=many)
    elif get_origin(hint) in (Union, types.UnionType):
        inner = [one for one in get_args(hint) if one is not type(None)]
        for one in inner:
            yield from _rows(path, one, optional=True, many=many)
    elif get_origin(hint) is tuple:
        yield from _rows(path, get_args(hint)[0], optional=optional, many=True)
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        for row in fields_of(hint):
            yield FieldRow(
                path=f"{path}.{row.path}",
                kind=row.kind,
                optional=optional or row.optional,
                many=many or row.many,
            )
    else:
        yield FieldRow(path=path, kind=_confined(hint), optional=optional, many=many)


def _confined(hint: Any) -> str:
    """The kind of a type that is confined in a way nobody has named: a number, or a text by a pattern."""
    held, *about = get_args(hint) or (None,)
    if held is int:
        return "number"
    by_pattern = any(isinstance(one, msgspec.Meta) and one.pattern for one in about)
    return FIXED_FORM if held is str and by_pattern else UNNAMED
