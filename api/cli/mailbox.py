"""`overgang mailbox ...`: where documents go, the annex of main mailboxes, how far each municipality is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli import mailbox_told as told
from api.cli import show
from api.cli.store import Data, Json, reading
from audit.replay.source import StoredLog
from domain.events.instant import to_instant
from domain.handover.parties import kind_of
from domain.identity.municipality import kkr_sjaelland
from domain.register.annex import annex
from domain.register.known import registers_as_known
from domain.register.resolve import Registers, resolve
from domain.register.standing import standing
from workflows.handlers.services import MAILBOX_PURPOSE

app = typer.Typer(help="The register of main mailboxes.", no_args_is_help=True)

On = Annotated[str, typer.Option("--on", metavar="TIME", help="When it would have been sent (Danish time).")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="TIME", help="Valid then; now, unless given.")]
Known = Annotated[
    str | None,
    typer.Option("--known", metavar="TIME", help="As known then; all that is known, unless given."),
]


@contextmanager
def _registers(data: Path, known: str | None) -> Iterator[Registers]:
    with reading(data) as database, StoredLog(database).snapshot() as log:
        yield registers_as_known(log.stream, known)


def _instant(text: str | None) -> str:
    return to_instant(datetime.now(UTC)) if text is None else show.parse_time(text)


def _known(text: str | None) -> str | None:
    return None if text is None else show.parse_time(text)


@app.command("where")
def where(
    authority: Annotated[str, typer.Argument(help="Municipality or region code.", show_default=False)],
    data: Data,
    on: On,
    known: Known = None,
    unit: Annotated[str | None, typer.Option("--unit", help="A unit of the authority.")] = None,
    json: Json = False,
) -> None:
    """Where would this have gone on a date, as known on a date? Exit status 1: nowhere, it would be held."""
    if kind_of(authority) is None:
        raise typer.BadParameter("koden er hverken en kommune eller en region")
    instant, as_known = _instant(on), _known(known)
    with _registers(data, as_known) as registers:
        found = resolve(registers, authority, unit, MAILBOX_PURPOSE, instant)
        if json:
            show.as_json({"on": instant, "known": as_known, **told.where_json(found)})
        else:
            for line in told.where(registers, authority, unit, found, instant, as_known):
                show.out.print(line)
    raise typer.Exit(0 if found.mailbox is not None else 1)


@app.command("bilag")
def bilag(data: Data, as_of: AsOf = None, known: Known = None, json: Json = False) -> None:
    """Print the annex of all main mailboxes: municipalities, and ambulatories for dual diagnosis."""
    instant, as_known = _instant(as_of), _known(known)
    with _registers(data, as_known) as registers:
        found = annex(registers, MAILBOX_PURPOSE, instant, as_known)
    if json:
        show.as_json(found)
        return
    for line in told.annex(found):
        show.out.print(line)


@app.command("state")
def state(data: Data, as_of: AsOf = None, known: Known = None, json: Json = False) -> None:
    """How far each municipality of KKR Sjælland is: not asked, asked, answered, confirmed."""
    instant, as_known = _instant(as_of), _known(known)
    with _registers(data, as_known) as registers:
        found = {
            municipality.code: standing(registers(municipality.code), MAILBOX_PURPOSE, instant)
            for municipality in kkr_sjaelland()
        }
    if json:
        show.as_json({"on": instant, "known": as_known, "municipalities": found})
        return
    for line in told.states(found, instant, as_known):
        show.out.print(line)
