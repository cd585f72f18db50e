"""An installation over a folder, spoken to in the words of the domain, and closed again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.bootstrap import Overgang
from api.settings import load_settings
from tests.journeys.cast import caseworker, clinician
from tests.journeys.house import MORNING, House
from tests.journeys.papers import cpr, document
from tests.stores import FrozenClock


def house_over(overgang: Overgang) -> House:
    """The installation as a house."""
    house = House.__new__(House)
    house.services, house.log, house.vault = overgang.services, overgang.log, overgang.vault
    house.projector, house.clock, house.database = overgang.projector, overgang.clock, overgang.database
    house.cursor, house.worklists = overgang.cursor, overgang.worklists
    return house


@contextmanager
def installed(data: Path) -> Iterator[tuple[Overgang, House]]:
    """A store that commands can then be run on."""
    overgang = Overgang(load_settings(data_dir=data), clock=FrozenClock(MORNING))
    overgang.migrate()
    try:
        house = house_over(overgang)
        yield overgang, house
        house.project()
    finally:
        overgang.close()


def events_of(data: Path) -> list[str]:
    """The names of all events of a store."""
    with installed(data) as (_, house):
        return [event.header.event for event in house.events()]


def filled(folder: Path) -> dict[str, str]:
    """A store at rest, with one case that was taken over and one that waits; returns their ids."""
    with installed(folder) as (_, house):
        house.two_authorities()
        taken = house.submit(clinician(), document(cpr(1)))
        house.open(caseworker(), taken)
        house.take_over(caseworker(), taken)
        return {"taken": str(taken), "waiting": str(house.submit(clinician(), document(cpr(2))))}
