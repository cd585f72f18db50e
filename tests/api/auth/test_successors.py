"""Whom a token speaks for, once its authority or unit has been succeeded."""

from datetime import UTC, datetime, timedelta

import pytest

from api.auth.claims import Caller
from api.auth.guard import check_organisation
from api.auth.successors import FRESH_SECONDS, Successors
from api.http.problems import Problem
from audit.projector.worklists import Worklists
from domain.register import commands as c
from tests.journeys.cast import AMBULATORY, EAST, MUNICIPALITY, REGION, secretariat
from tests.journeys.house import House
from tests.stores import Store
from workflows.handlers.successions import confirm_succession, propose_succession

NEW_YEAR = "2026-12-31T23:00:00.000000Z"
MIDNIGHT = datetime(2026, 12, 31, 23, tzinfo=UTC)
AMBULATORY_EAST = "ambulatorium-oestdanmark"


class Ticking:
    """A clock that counts seconds from an arbitrary beginning, as `time.monotonic` does."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Counting(Worklists):
    """The real view, and how often it was asked for successions."""

    asked = 0

    def successions(self, instant: str) -> list:
        self.asked += 1
        return super().successions(instant)


@pytest.fixture
def house(store: Store) -> House:
    """The region with its ambulatory, its successor with one of its own, and a municipality."""
    house = House(store)
    house.two_authorities()
    house.authority(EAST)
    house.unit(EAST, AMBULATORY_EAST)
    return house


def caller(authority: str = REGION, unit: str | None = AMBULATORY) -> Caller:
    """Somebody as her token states her."""
    return Caller(
        subject="5f0d7a52-6f3e-4f7a-9d4e-0a4b9c1d2e3f",
        client_id="clinic-system",
        role="clinician",
        authority=authority,
        unit=unit,
        sor=None,
        gln=None,
        cvr=None,
        scopes=frozenset(),
        token_id="id-1",
        issuer="https://issuer.example",
        expires_at=0,
    )


def succeed(
    house: House, authority: str, unit: str | None, by: str, by_unit: str | None, since: str = NEW_YEAR
) -> None:
    """Enter a succession as two persons do."""
    entry = c.ProposeSuccession(
        authority=authority,
        unit=unit,
        successor_authority=by,
        successor_unit=by_unit,
        valid_from=since,
        basis="ovl-2026",
    )
    proposal = propose_succession(house.services, house.as_(secretariat()), entry).resource
    confirmation = c.ConfirmSuccession(authority=authority, proposal=proposal)
    confirm_succession(house.services, house.as_(secretariat()), confirmation)
    house.project()


def successors(house: House, ticking: Ticking | None = None) -> Successors:
    """What the server asks, over the house's own view and clock."""
    return Successors(house.worklists, house.clock, ticking or Ticking())


def test_a_token_of_an_organisation_that_nobody_has_succeeded_is_left_alone(house: House) -> None:
    asked = caller()
    assert successors(house)(asked) is asked


def test_from_the_instant_of_the_succession_a_token_speaks_for_the_successor(house: House) -> None:
    # given a region and its ambulatory that are succeeded at new year
    succeed(house, REGION, AMBULATORY, EAST, AMBULATORY_EAST)
    succeed(house, REGION, None, EAST, None)
    # then the day before nothing is changed
    house.clock.set(MIDNIGHT - timedelta(seconds=1))
    assert successors(house)(caller()) == caller()
    # and from midnight on she stands in the successor's unit, as the same person with the same role
    house.clock.set(MIDNIGHT)
    now = successors(house)(caller())
    assert (now.authority, now.unit) == (EAST, AMBULATORY_EAST)
    assert now.formerly == (REGION, AMBULATORY)
    assert (now.subject, now.role, now.client_id) == (caller().subject, caller().role, caller().client_id)
    # and whoever speaks for the authority as such stands for its successor as such
    whole = successors(house)(caller(unit=None))
    assert (whole.authority, whole.unit, whole.formerly) == (EAST, None, (REGION, None))
    # while others are who they are
    assert successors(house)(caller(MUNICIPALITY, "rusmiddelcenter")) == caller(
        MUNICIPALITY, "rusmiddelcenter"
    )


def test_a_unit_that_nobody_has_named_a_successor_for_keeps_its_name_in_the_successors_house(
    house: House,
) -> None:
    succeed(house, REGION, None, EAST, None)
    house.clock.set(MIDNIGHT)
    now = successors(house)(caller())
    assert (now.authority, now.unit) == (EAST, AMBULATORY)


def test_successors_of_successors_are_followed_to_the_last(house: House) -> None:
    house.unit(REGION, "ambulatorium-to")
    succeed(house, REGION, AMBULATORY, REGION, "ambulatorium-to", "2026-06-01T00:00:00.000000Z")
    succeed(house, REGION, "ambulatorium-to", EAST, AMBULATORY_EAST)
    house.clock.set(MIDNIGHT - timedelta(days=1))
    assert successors(house)(caller()).unit == "ambulatorium-to"
    house.clock.set(MIDNIGHT)
    now = successors(house)(caller())
    assert (now.authority, now.unit, now.formerly) == (EAST, AMBULATORY_EAST, (REGION, AMBULATORY))


def test_the_view_is_asked_now_and_then_and_not_for_each_request(house: House) -> None:
    # given a server that has looked once
    ticking, counted = Ticking(), Counting(house.database)
    ask = Successors(counted, house.clock, ticking)
    ask(caller())
    succeed(house, REGION, AMBULATORY, EAST, AMBULATORY_EAST)
    house.clock.set(MIDNIGHT)
    # when requests come within its memory, then it does not look again
    ticking.seconds += FRESH_SECONDS / 2
    for _ in range(50):
        assert ask(caller()).authority == REGION
    assert counted.asked == 1
    # and after it, it does
    ticking.seconds += FRESH_SECONDS
    assert ask(caller()).authority == EAST
    assert counted.asked == 2


def test_a_client_may_still_name_the_organisation_that_its_token_states(house: House) -> None:
    succeed(house, REGION, AMBULATORY, EAST, AMBULATORY_EAST)
    house.clock.set(MIDNIGHT)
    now = successors(house)(caller())
    for authority, unit in ((REGION, AMBULATORY), (EAST, AMBULATORY_EAST)):
        check_organisation(now, authority=authority, unit=unit)
    for authority, unit in ((REGION, AMBULATORY_EAST), (EAST, AMBULATORY), (MUNICIPALITY, AMBULATORY)):
        with pytest.raises(Problem) as refused:
            check_organisation(now, authority=authority, unit=unit)
        assert refused.value.code == "organisation-mismatch"
