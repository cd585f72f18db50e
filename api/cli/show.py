"""How commands speak: JSON for programs, plain text for people, progress on the side."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import NoReturn

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain.calendar.working_days import COPENHAGEN, end_of_day
from domain.events.instant import to_instant


class Teller(Console):
    """A console for commands that a closed pipe does not end by itself."""

    def on_broken_pipe(self) -> NoReturn:
        """Nobody listens any more: end with 2, for 1 says that a fault was found."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(2)


out = Console(highlight=False, soft_wrap=True, markup=False)
aside = Console(stderr=True, highlight=False)


def as_json(value: object) -> None:
    """One JSON object on standard output."""
    typer.echo(msgspec.json.encode(value, order="deterministic"))


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where somebody watches."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=aside,
        transient=True,
        disable=not aside.is_terminal,
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def parse_time(text: str) -> str:
    """A moment as an instant: `2026-11-23` (to the end of that Danish day), or a date and time.

    Without a zone the time is Danish. Raises typer.BadParameter, which does not repeat the text.
    """
    try:
        if len(text) == len("2026-11-23"):
            return to_instant(end_of_day(date.fromisoformat(text)))
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=COPENHAGEN)
        return to_instant(moment)
    except (ValueError, OverflowError):
        raise typer.BadParameter("skriv 2026-11-23 eller 2026-11-23T08:14, med eller uden tidszone") from None
