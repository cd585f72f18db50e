"""A whole installation over each database in turn."""

import pytest

from tests.journeys.house import House
from tests.journeys.reaching import Scene
from tests.stores import Store
from tests.workflows.steps.new_year import prepare


@pytest.fixture
def house(store: Store) -> House:
    """An installation in which nothing has happened."""
    return House(store)


@pytest.fixture
def sqlite_house(sqlite_store: Store) -> House:
    """One over SQLite alone, where the question is the rule's and not the database's."""
    return House(sqlite_store)


@pytest.fixture
def scene(house):
    """Both parties, a third authority, and ways to bring a handover into a state."""
    return Scene(house)


@pytest.fixture
def sqlite_scene(sqlite_house):
    """The same over SQLite alone, where the question is the rule's and not the database's."""
    return Scene(sqlite_house)


@pytest.fixture
def east(scene):
    """A region that Region Østdanmark succeeds at New Year; it is the day before."""
    prepare(scene.house)
    return scene
