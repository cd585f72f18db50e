"""A whole installation over each database in turn."""

import pytest

from tests.journeys.house import House
from tests.stores import Store


@pytest.fixture
def house(store: Store) -> House:
    """An installation in which nothing has happened."""
    return House(store)
