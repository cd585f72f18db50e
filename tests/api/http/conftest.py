"""One running server for these tests, and the same with a town in its register."""

from collections.abc import Iterator

import pytest

from tests.api.http.running import Running, serving
from tests.api.http.town import Neighbour, Town, found, neighbour_of


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The application over real HTTP on a fresh embedded store."""
    with serving(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(scope="session")
def town(server: Running) -> Town:
    """The same with Næstved and an ambulatory in the register."""
    return found(server)


@pytest.fixture(scope="session")
def neighbour(town: Town) -> Neighbour:
    """Roskilde, with a main mailbox of its own."""
    return neighbour_of(town, "0265", "roskilde")
