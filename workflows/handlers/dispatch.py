"""How a letter leaves: whether it can go that way, and to whom it then goes."""

from datetime import date
from typing import Any

from domain.events.refusal import Refused
from domain.identity.person import PersonIdType
from domain.law.arrival import FAULTS, ArrivalRefused, presumed_arrival
from domain.rights.hers import CITIZEN
from domain.rights.letter_commands import Dispatch
from workflows.handlers.refusals import refusal
from workflows.handlers.routing import register
from workflows.handlers.services import Services

DIGITAL_POST = "digital-post"
NOT_THIS_WAY = "Brevet kan ikke sendes ad den vej i dag."
CARRIER_MISSING = "Angiv, hvem der bringer brevet ud; det afgør, hvornår det regnes for at være kommet frem."


def has_digital_post(services: Services, authority: str) -> bool:
    """Whether the installation has Digital Post, and the authority a CVR number to send by."""
    known = register(services.log, authority)
    return services.post is not None and known is not None and known.cvr is not None


def misaddressed(dispatch: Dispatch) -> Refused | None:
    """A letter to who acts for her goes to that person: not to her name, nor to her mailbox (FVL §8(1))."""
    if dispatch.addressee == CITIZEN:
        return None
    if dispatch.way == DIGITAL_POST:
        return refusal("not-to-her-mailbox")
    return None if dispatch.recipient else refusal("recipient-missing")


def has_mailbox(person: dict[str, Any]) -> bool:
    """Whether her number is known, and one that Digital Post knows."""
    number = person.get("person_id")
    return isinstance(number, dict) and number.get("type") == PersonIdType.CPR


def presumed_on(dispatch: Dispatch, today: date) -> date:
    """When a letter that leaves today is presumed to have arrived. Raises Refused."""
    try:
        return presumed_arrival(dispatch.way, dispatch.carrier, today)
    except ArrivalRefused as refused:
        raise Refused(
            refused.code,
            f"The letter cannot be sent this way: {FAULTS[refused.code]}.",
            CARRIER_MISSING if refused.code == "carrier-missing" else NOT_THIS_WAY,
        ) from None
