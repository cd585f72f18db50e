"""Shared by the identity tests: where the workplace's reference material lies, if it does."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout. Skips where it is absent; in CI that is a failure."""
    folder = Path(__file__).resolve().parents[3].parent / "shared"
    if not (folder / "medcom").is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("the reference folder ../shared is missing in CI")
        pytest.skip("the reference folder ../shared is not beside this checkout")
    return folder
