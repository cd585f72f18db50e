"""One of every event of the lane of rights: codes of the register, the same id for the same matter."""

import types
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

from domain.events.model import AuthorityCode, Count, Sha256
from domain.rights.codes import codes
from domain.rights.duties import Grade
from domain.rights.events import RIGHTS_EVENTS
from domain.rights.model import Day, ReceiptId, RightsEvent

SPACE = UUID("4f7f1b1e-9a5e-5c57-9d7e-0c5f3b2a1d44")
HANDOVER = uuid5(SPACE, "handover")
E = TypeVar("E", bound=RightsEvent)


def matter(name: str, number: int = 1) -> UUID:
    """The id of a matter: the same for the same name."""
    return uuid5(SPACE, f"{name} {number}")


def sample(event: type[E], **stated: Any) -> E:
    """An event with a value in every field, save those stated otherwise."""
    hints = get_type_hints(event, include_extras=True)
    made = {
        name: _value(event, name, hints[name])
        for name in event.__struct_fields__
        if name not in ("handover", "outside", "note", "written", "after")
    }
    return event(**{"handover": HANDOVER, **made, **stated})


def samples() -> tuple[RightsEvent, ...]:
    """One of each, so ordered that every matter is begun before it is named."""
    return tuple(sample(event) for event in RIGHTS_EVENTS)


def _value(event: type[RightsEvent], name: str, hint: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _value(event, name, next(one for one in inner if one is not type(None)))
    known = codes(event, name)
    if known is not None:
        first = next(iter(known))
        return (first,) if origin is tuple else first
    if origin is tuple:
        return ("rusmidler.monster",)
    if name == "dispatched_on":
        return "2026-11-20"
    values: dict[Any, Any] = {
        bool: True,
        Day: "2026-12-15",
        AuthorityCode: "0370",
        Sha256: "0" * 64,
        Count: 0,
        ReceiptId: "DP-2026-1",
        Grade: 4,
        UUID: matter("decision" if name == "matter" else name),
    }
    return values.get(hint, "access-requested")
