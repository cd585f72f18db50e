"""Commands run in this process, as a person runs them: exit status, standard output, standard error."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main
from tests.api.cli.stores import filled, installed

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("OVERGANG_") and not name.startswith("OVERGANG_TEST"):
            monkeypatch.delenv(name)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process; returns exit status, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["overgang", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return call


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A store in which the authorities stand."""
    folder = tmp_path / "store"
    with installed(folder) as (_, house):
        house.two_authorities()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a store stands, or will."""
    return tmp_path / "store"


@pytest.fixture
def cases(folder: Path) -> dict[str, str]:
    """The ids of a case that was taken over and of one that waits, in a store there."""
    return filled(folder)
