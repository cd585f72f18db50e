"""Who may hand over to whom: the direction and the receiving authority (design section 5)."""

from domain.events.refusal import Refused
from domain.identity.municipality import municipalities, region_codes

REGION = "region"
MUNICIPALITY = "municipality"


def kind_of(authority: str) -> str | None:
    """`region`, `municipality`, or None for a code that is neither."""
    if authority in region_codes():
        return REGION
    if authority in municipalities():
        return MUNICIPALITY
    return None


def region_of(municipality: str) -> str:
    """The code of the region a municipality lies in."""
    name = municipalities()[municipality].region
    return next(code for code, region in region_codes().items() if region == name)


def receiving_authority(sender: str, acting_municipality: str, to_unit_of: str | None) -> str:
    """The authority that a handover goes to.

    A unit that the sender names decides; otherwise a region hands over to the municipality that
    acts (handlekommune, RSL §9), a municipality to the region of that municipality, and a
    municipality that no longer acts to the one that does. Raises Refused `receiver-is-sender`.
    """
    if to_unit_of is not None:
        receiver = to_unit_of
    elif kind_of(sender) == MUNICIPALITY and sender == acting_municipality:
        receiver = region_of(acting_municipality)
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
