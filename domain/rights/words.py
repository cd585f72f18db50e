"""What a Dane reads of a verdict."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.rights.codes import codes
from domain.rights.model import RightsEvent
from domain.rights.rule import rights_register
from domain.rights.verdict import State

STATES: Mapping[State, str] = MappingProxyType(
    {
        State.PENDING: "venter",
        State.FULFILLED: "opfyldt",
        State.FULFILLED_LATE: "opfyldt for sent",
        State.EXEMPT: "undtaget",
        State.DISPUTED: "overskredet, men omtvistet",
        State.VIOLATED: "overtrådt",
        State.TO_BE_ASSESSED: "skal vurderes",
    }
)


def told(event: RightsEvent) -> str:
    """What an event of the lane says, in one Danish sentence: its name, and what its codes mean."""
    phrase = rights_register().events[event.NAME]
    meanings = [label for field in event.__struct_fields__ for label in _labels(event, field)]
    more = f" ({', '.join(meanings)})" if meanings else ""
    outside = " Det er registreret bagefter." if event.outside else ""
    return f"{phrase}{more}.{outside}"


def _labels(event: RightsEvent, field: str) -> list[str]:
    known, value = codes(type(event), field), getattr(event, field)
    if known is None or value is None:
        return []
    return [known.get(one, one) for one in (value if isinstance(value, tuple) else (value,))]
