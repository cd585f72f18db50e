"""A whole installation over each database in turn."""

import pytest

from tests.journeys.house import House
from tests.stores import Store


@pytest.fixture
def house(store: Store) -> House:
    """An installation in which nothing has happened."""
    return House(store)


@pytest.fixture
def sqlite_house(sqlite_store: Store) -> House:
    """One over SQLite alone, where the question is the rule's and not the database's."""
    return House(sqlite_store)
