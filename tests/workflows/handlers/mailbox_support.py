"""A register with a municipality and its centre, and what it says of its main mailbox."""

from domain.events.instant import to_instant
from tests.journeys.cast import CENTRE, MUNICIPALITY, REGION
from tests.journeys.house import MORNING
from workflows.handlers.routing import register
from workflows.handlers.services import MAILBOX_PURPOSE


def registered_in(house):
    """A house with two authorities and a centre."""
    house.authority(REGION)
    house.authority(MUNICIPALITY)
    house.unit(MUNICIPALITY, CENTRE)
    return house


def known(house):
    """What the register knows of the municipality."""
    return register(house.log, MUNICIPALITY)


def valid(house, moment=MORNING, unit=None):
    """The main mailbox that is valid at a moment, by id."""
    found = known(house).main_mailbox(unit, MAILBOX_PURPOSE, to_instant(moment))
    return found.id if found else None
