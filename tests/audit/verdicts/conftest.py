"""A house in which rights can be kept and broken."""

import pytest

from tests.journeys.house import House
from tests.stores import Store


@pytest.fixture
def house(sqlite_store: Store) -> House:
    """An installation with a region and a municipality."""
    made = House(sqlite_store)
    made.two_authorities()
    return made
