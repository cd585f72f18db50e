"""31 December 2026 as the tests live it: Region Sjælland and its ambulatory go over to Region Østdanmark."""

from datetime import UTC, datetime
from uuid import UUID

from domain.events.model import Recorded
from domain.handover.streams import facts_of
from domain.register import commands as c
from tests.journeys.cast import AMBULATORY, EAST, REGION, clinician, person, secretariat
from tests.journeys.house import House
from tests.journeys.keeping import NEW_YEAR
from workflows.handlers import successions

EAST_AMBULATORY = "amb-slagelse-oest"
EAST_WRITER = clinician(EAST_AMBULATORY, EAST)
EAST_LEADER = person("leader", EAST, EAST_AMBULATORY)
BEFORE = datetime(2026, 12, 30, 9, 0, tzinfo=UTC)
AFTER = datetime(2027, 1, 1, 8, 0, tzinfo=UTC)
PAPER = {"samtykke__consent_expires_on": "2027-05-31", "overgang__planned_shift": "2027-02-01"}


def succeed(house: House, unit: str | None, successor_unit: str | None) -> None:
    """Two persons enter that the region, or a unit of it, is succeeded at New Year."""
    propose = c.ProposeSuccession(
        authority=REGION,
        unit=unit,
        successor_authority=EAST,
        successor_unit=successor_unit,
        valid_from=NEW_YEAR,
        basis="ovl-2026",
    )
    proposal = successions.propose_succession(house.services, house.as_(secretariat()), propose).resource
    confirm = c.ConfirmSuccession(authority=REGION, proposal=proposal)
    successions.confirm_succession(house.services, house.as_(secretariat()), confirm)


def prepare(house: House) -> None:
    """The successor stands in the register, with its ambulatory and that ambulatory's main mailbox."""
    house.clock.set(BEFORE)
    house.authority(EAST)
    house.unit(EAST, EAST_AMBULATORY)
    house.mailbox(EAST, EAST_AMBULATORY, valid_from=datetime(2026, 12, 31, 23, 0, tzinfo=UTC))
    succeed(house, AMBULATORY, EAST_AMBULATORY)
    succeed(house, None, None)


def new_year(house: House) -> int:
    """New Year comes, and what was succeeded is carried over; returns how many cases wait."""
    house.clock.set(AFTER)
    house.project()
    return house.carry_over()


def course(house: House, handover: UUID) -> list[Recorded]:
    """A case with the facts of its citizen's course."""
    return [*house.log.stream(handover), *house.log.stream(facts_of(handover))]
