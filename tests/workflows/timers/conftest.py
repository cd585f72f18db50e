"""An installation with a region and two municipalities, over each database in turn."""

import pytest

from tests.journeys.reaching import Scene
from tests.workflows.steps.new_year import prepare


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
