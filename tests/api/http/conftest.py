"""One running server for these tests, and the same with a town in its register."""

from collections.abc import Iterator

import pytest

from tests.api.http.running import Running, serving
from tests.api.http.town import Town, found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The application over real HTTP on a fresh embedded store."""
    with serving(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(scope="session")
def town(server: Running) -> Town:
    """The same with Næstved and an ambulatory in the register."""
    return found(server)
