"""`overgang deadline`: when a limit in the register ends, by the strict and by the lenient calendar."""

import re
from datetime import date, datetime
from typing import Annotated

import msgspec
import typer

from api.cli import deadline_told, show
from api.cli.store import Json
from domain.identity.errors import IdentityError
from domain.identity.municipality import municipality as municipality_of
from domain.law.deadline_register import deadline_register
from domain.law.deadlines import deadline as due_of
from domain.law.deadlines import rule_of

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DATE.pattern + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?")
_LENGTH = re.compile(r"[0-9]{1,5}")


def deadline(
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="The id of a rule.", show_default=False)
    ] = None,
    start: Annotated[
        str | None,
        typer.Argument(
            metavar="DATE",
            help="The day it began, which is not counted itself: 2026-11-23. For a rule that counts hours "
            "the moment, with its zone: 2026-11-23T08:14:00+01:00. For other rules a moment counts as its "
            "day in Denmark.",
            show_default=False,
        ),
    ] = None,
    length: Annotated[
        str | None, typer.Option("--length", metavar="N", help="The length, where the rule leaves it open.")
    ] = None,
    municipality: Annotated[
        str | None,
        typer.Option("--municipality", metavar="CODE", help="Whose published limit, where it is local."),
    ] = None,
    bridge_friday: Annotated[
        bool,
        typer.Option("--bridge-friday", help="The Friday after Kristi himmelfartsdag is off too (lenient)."),
    ] = False,
    list_rules: Annotated[bool, typer.Option("--list", help="The rules, in Danish.")] = False,
    json: Json = False,
) -> None:
    """Print the strict and the lenient date on which a limit ends; without arguments, list the rules.

    Strict: only weekends and public holidays are days off. Lenient: 5 June, 24 and 31 December too.
    """
    if rule is None or list_rules:
        if rule is not None:
            raise typer.BadParameter("--list står alene")
        _list(json)
        return
    if start is None:
        rule_of(rule)
        raise typer.BadParameter("angiv den dag, fristen løber fra")
    due = due_of(
        rule,
        _start(start),
        length=_length(length),
        municipality=_municipality(municipality),
        bridge_friday=bridge_friday,
    )
    if json:
        row = msgspec.structs.asdict(rule_of(rule))
        about = {name: row[name] for name in ("trigger", "owner", "on_expiry", "basis", "certainty")}
        counted = {"rule": rule, "start": _start(start), "bridge_friday": bridge_friday}
        show.as_json({**counted, **msgspec.structs.asdict(due), **about})
    else:
        show.out.print(f"{_written(due.strict)} {_written(due.lenient)}")


def _list(json: bool) -> None:
    if json:
        show.as_json({"rules": deadline_register().rules})
        return
    for line in deadline_told.register(deadline_register()):
        show.out.print(line)


def _start(text: str) -> date:
    """A day, or a moment. Raises typer.BadParameter, which does not repeat the text."""
    written = text.upper()
    try:
        if _DATE.fullmatch(written):
            return date.fromisoformat(written)
        if _MOMENT.fullmatch(written):
            return datetime.fromisoformat(written)
    except ValueError:
        pass
    raise typer.BadParameter("skriv dagen som 2026-11-23 eller tidspunktet som 2026-11-23T08:14:00+01:00")


def _length(text: str | None) -> int | None:
    # Parsed here: what typer says of a value that is no number repeats the value.
    if text is not None and _LENGTH.fullmatch(text) is None:
        raise typer.BadParameter("--length er et helt tal på højst fem cifre")
    return None if text is None else int(text)


def _municipality(code: str | None) -> str | None:
    try:
        return None if code is None else municipality_of(code).code
    except IdentityError:
        raise typer.BadParameter("--municipality er en kommunekode på fire cifre, som 0370") from None


def _written(end: date) -> str:
    """A day, or a moment as RFC 3339 in UTC."""
    return end.isoformat().replace("+00:00", "Z")
