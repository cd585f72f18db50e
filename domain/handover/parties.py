"""Who may hand over to whom: the direction and the receiving authority (design section 5)."""

from datetime import date

from domain.events.refusal import Refused
from domain.identity.municipality import municipalities
from domain.identity.region import region_of, regions

REGION = "region"
MUNICIPALITY = "municipality"
HANDLEKOMMUNE = "stamoplysninger.handlekommune"
"""Where a document states the municipality that acts (RSL §9)."""


def kind_of(authority: str) -> str | None:
    """`region`, `municipality`, or None for a code that is neither. Also of a region that is no more."""
    if authority in regions():
        return REGION
    if authority in municipalities():
        return MUNICIPALITY
    return None


def receiving_authority(sender: str, acting_municipality: str, to_unit_of: str | None, on: date) -> str:
    """The authority that a handover goes to on a day.

    A unit that the sender names decides; otherwise a region hands over to the municipality that
    acts (handlekommune, RSL §9), a municipality to the region of that municipality, and a
    municipality that no longer acts to the one that does. Raises Refused `receiver-is-sender`.
    """
    if to_unit_of is not None:
        receiver = to_unit_of
    elif kind_of(sender) == MUNICIPALITY and sender == acting_municipality:
        receiver = region_of(acting_municipality, on)
    else:
        receiver = acting_municipality
    if receiver == sender:
        raise Refused(
            "receiver-is-sender",
            "A handover goes to another authority; within one's own it is distributed.",
            "En overgang går til en anden myndighed; inden for egen myndighed fordeles den.",
        )
    return receiver


def direction(sender: str, receiver: str | None) -> str:
    """The direction as a code, such as `region-to-municipality`; `unknown` without a receiver."""
    receiver_kind = kind_of(receiver) if receiver is not None else None
    if receiver_kind is None:
        return "unknown"
    return f"{kind_of(sender)}-to-{receiver_kind}"


def municipality_of(sender: str, receiver: str | None) -> str | None:
    """The municipality that a handover is counted under: the receiver's, otherwise the sender's."""
    for authority in (receiver, sender):
        if authority is not None and kind_of(authority) == MUNICIPALITY:
            return authority
    return None
