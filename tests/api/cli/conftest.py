"""Run a command as a person would, in this process."""

import sys

import pytest

from api.cli import main


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command in this process; returns exit status, standard output, standard error."""

    def call(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["overgang", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return call
