"""`overgang audit rights`: what became of every right, in Danish or as JSON."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer

from api.cli import show
from api.cli.asking import AsOf, AtIndex, Authority, Handover, authority_code, handover_id, instant
from api.cli.store import Data, Json, reading
from api.cli.told_rights import Teller
from audit.replay.source import StoredLog
from audit.verdicts.rights import Head, Rights, ask, head
from audit.verdicts.rows import Row, Summary
from domain.events.instant import to_instant
from domain.rights.verdict import State


def rights(
    data: Data,
    handover: Handover = None,
    authority: Authority = None,
    at_index: AtIndex = None,
    as_of: AsOf = None,
    state: Annotated[
        list[State] | None, typer.Option("--state", help="Show only these; may be given more than once.")
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Only how many became what.")] = False,
    json: Json = False,
) -> None:
    """What became of every right, and which entries show it. Exit status 1: one was not kept, or too late."""
    wanted, code, moment = handover_id(handover), authority_code(authority), instant(as_of)
    with reading(data) as database, StoredLog(database).snapshot() as log:
        now = to_instant(datetime.now(UTC))
        asked = ask(log, now, handover=wanted, authority=code, at_index=at_index, as_of=moment)
        answer, about = Rights(log, asked), head(asked, log.root(asked.at_index))
        tell = _tell_json if json else _tell
        counts = tell(answer, about, frozenset(state or State), summary)
    raise typer.Exit(1 if counts.not_kept else 0)


def _tell(answer: Rights, about: Head, states: frozenset[State], brief: bool) -> Summary:
    counts, teller = Summary(), Teller(answer, about.at_index)
    _print(teller.head(about))
    for case in answer.cases():
        counts.cases += 1
        counts.take(case.rows)
        if not brief:
            _print(teller.case(case, states))
    counts.take(answer.loose())
    if not brief:
        _print(teller.loose(states))
    _print(teller.summary(counts))
    return counts


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        show.out.print(line)


def _tell_json(answer: Rights, about: Head, states: frozenset[State], brief: bool) -> Summary:
    """One object, written as it is read, so that a long one is never in memory."""
    counts, encode, separator = Summary(), msgspec.json.encode, ""

    def write(rows: tuple[Row, ...]) -> None:
        nonlocal separator
        counts.take(rows)
        for row in () if brief else rows:
            if row.state in states:
                typer.echo(separator + encode(row).decode(), nl=False)
                separator = ",\n"

    typer.echo(f'{{"head":{encode(about).decode()},', nl=False)
    typer.echo("" if brief else '"verdicts":[', nl=False)
    for case in answer.cases():
        counts.cases += 1
        write(case.rows)
    write(answer.loose())
    typer.echo("" if brief else "],", nl=False)
    typer.echo(f'"summary":{encode(counts).decode()}}}')
    return counts
