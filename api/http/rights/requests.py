"""Acts and facts of the citizen's rights, as the API takes them: one body for each, told apart by `event`.

The bodies are made from the events themselves and the register's codes, so that they cannot differ.
"""

import types
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

import msgspec
from fastapi import Body
from pydantic import AfterValidator, ConfigDict, Field, create_model

from api.http import fields as f
from api.http.requests import TODAY, TOWN, Request
from domain.document import formats
from domain.events.model import AuthorityCode, Count
from domain.rights.codes import codes
from domain.rights.duties import Grade
from domain.rights.events import RIGHTS_EVENTS
from domain.rights.hers import SELF_SERVICE
from domain.rights.model import Day, ReceiptId, RightsEvent
from domain.rights.rule import rights_register

HELD_BACK = frozenset({"handover", "note", "written", "package_sha256"})
"""What the address says, or what the sealed text, letter and package become."""
YESTERDAY = f"{TODAY - timedelta(days=1)}T09:00:00.000000Z"
_IDS = UUID("5d2f5a0c-2f1e-5f0e-9a77-0d7a5b1e6c33")
_TEXT = "Borgeren har fået dette forklaret."
MAX_TEXT = 4_000

_DAY = Annotated[
    str, AfterValidator(f.whole(formats.DATE)), Field(json_schema_extra={"pattern": formats.DATE})
]
_ID = Annotated[
    str,
    AfterValidator(f.whole(f.UUID_FORM, "not-a-uuid")),
    Field(json_schema_extra={"format": "uuid", "pattern": f.UUID_FORM}),
]
_RECEIPT_FORM = "^(?:[A-Za-z-]{0,8}[0-9]{0,5}){1,10}[A-Za-z-]{0,4}$"
_RECEIPT = Annotated[
    str,
    AfterValidator(f.whole(_RECEIPT_FORM)),
    Field(max_length=64, json_schema_extra={"pattern": _RECEIPT_FORM}),
]
ASSERTION = "^[a-z0-9](?:[0-9]{0,4}[a-z_.-]){0,40}[0-9]{0,4}$"
"""An assertion's id: it stands in the clear, so nothing shaped like a CPR number fits in."""
_NAMED = Annotated[
    str, AfterValidator(f.whole(ASSERTION)), Field(max_length=64, json_schema_extra={"pattern": ASSERTION})
]
_KINDS: dict[Any, Any] = {
    Day: _DAY,
    UUID: _ID,
    bool: bool,
    AuthorityCode: f.AuthorityCode,
    ReceiptId: _RECEIPT,
    Count: Annotated[int, Field(ge=0, le=f.MAX_POSITION), f.Integral],
    Grade: Annotated[int, Field(ge=1, le=5), f.Integral],
}


Text = Annotated[
    str,
    AfterValidator(f.whole(formats.TEXT)),
    Field(
        min_length=1,
        max_length=MAX_TEXT,
        json_schema_extra={"pattern": formats.TEXT},
        description="What was written of it; sealed.",
    ),
]


class RightBody(Request):
    """Base: when it happened, whether outside Overgang, and what was written of it.

    What Overgang does now happens now: only what happened outside, or was received, states its own time.
    """

    event: str
    occurred_at: f.Instant | None = Field(
        default=None,
        description="When it happened; now, where it is left out. What the authority does itself happens now,"
        " unless it was done `outside`.",
    )
    outside: bool = Field(
        default=False,
        description="It was not done through Overgang and is registered afterwards; such a fact is never"
        " refused for what the law says of it.",
    )
    text: Text | None = None

    def right(self, handover: UUID) -> RightsEvent:
        """The event of the lane."""
        kind = _BY_NAME[self.event]
        stated = self.model_dump(exclude={"event", "occurred_at", "text"})
        return msgspec.convert({"handover": handover, **stated}, kind)


def _codes(known: dict[str, str]) -> Any:
    labels = "; ".join(f"{code}: {label}" for code, label in known.items())
    return Annotated[
        str,
        AfterValidator(f.listed(known)),
        Field(json_schema_extra=f.enum(known), description=f"{labels}."),
    ]


def _kind(event: type[RightsEvent], name: str, hint: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _kind(event, name, next(one for one in inner if one is not type(None))) | None
    if origin is tuple:
        each: Any = _kind(event, name, inner[0])
        return Annotated[types.GenericAlias(list, (each,)), Field(max_length=50)]
    known = codes(event, name)
    if known is not None:
        return _codes({code: label for code, label in known.items() if code != SELF_SERVICE})
    found = _KINDS.get(hint)
    if found is not None:
        return found
    if event.NAME == "rights-fact-retracted":
        return _codes(dict.fromkeys(sorted(_RETRACTABLE), "hændelsen"))
    return _NAMED


_RETRACTABLE = [one.NAME for one in RIGHTS_EVENTS if one.NAME != "rights-fact-retracted"]


def _value(event: type[RightsEvent], name: str, hint: Any) -> Any:
    """An example of a field."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _value(event, name, next(one for one in inner if one is not type(None)))
    known = codes(event, name)
    if known is not None:
        first = next(iter(known))
        return [first] if origin is tuple else first
    if origin is tuple:
        return ["rusmidler.monster"]
    if hint is UUID:
        return str(uuid5(_IDS, "decision" if name == "matter" else name))
    if hint is bool:
        return True
    if name == "dispatched_on":
        return str(TODAY - timedelta(days=5))
    if hint is Day:
        return str(TODAY + timedelta(days=20))
    if hint is AuthorityCode:
        return TOWN
    if hint is ReceiptId:
        return "DP-2026-1"
    if hint is Count:
        return 42
    return 4 if hint is Grade else "access-requested"


def _fields(event: type[RightsEvent]) -> dict[str, tuple[Any, Any]]:
    hints = get_type_hints(event, include_extras=True)
    found: dict[str, tuple[Any, Any]] = {"event": (Literal[event.NAME], ...)}
    for field in msgspec.structs.fields(event):
        if field.name in HELD_BACK or field.name == "outside":
            continue
        default: Any = ...
        if field.default is not msgspec.NODEFAULT:
            default = list(field.default) if isinstance(field.default, tuple) else field.default
        found[field.name] = (_kind(event, field.name, hints[field.name]), default)
    return found


def example(event: type[RightsEvent]) -> dict[str, Any]:
    """A body that a party may send: registered as done outside, so that no right refuses it."""
    hints = get_type_hints(event, include_extras=True)
    stated = {
        name: _value(event, name, hints[name])
        for name in event.__struct_fields__
        if name not in HELD_BACK and name not in ("outside", "after")
    }
    return {"event": event.NAME, "occurred_at": YESTERDAY, "outside": True, "text": _TEXT, **stated}


def _model(event: type[RightsEvent]) -> type[RightBody]:
    fields: Any = _fields(event)
    made: type[RightBody] = create_model(event.__name__, __base__=RightBody, __doc__=event.__doc__, **fields)
    made.model_config = made.model_config | ConfigDict(json_schema_extra={"examples": [example(event)]})
    return made


_BY_NAME = {event.NAME: event for event in RIGHTS_EVENTS}
MODELS = tuple(_model(event) for event in RIGHTS_EVENTS)
if TYPE_CHECKING:
    AnyRight = RightBody
else:
    AnyRight = Annotated[
        Union[MODELS],  # noqa: UP007
        Field(discriminator="event"),
        Body(
            openapi_examples={
                event.NAME: {"summary": rights_register().events[event.NAME], "value": example(event)}
                for event in RIGHTS_EVENTS
            }
        ),
    ]
    """Any of them; OpenAPI shows an example of each under its Danish name."""
