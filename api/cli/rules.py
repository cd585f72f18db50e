"""`overgang rules ...`: which rules, calendars and settings are in use, and who has taken them into use."""

from typing import Annotated
from uuid import UUID

import msgspec
import typer

from api.cli import show
from api.cli.store import Data, Json, operator, reading, writing
from audit.replay.danish import danish_moment
from audit.replay.source import StoredLog
from domain.events.refusal import Refused
from domain.handover.streams import adoptions
from domain.law.adoption_reasons import adoption_reasons
from domain.law.loader import rule_files, rules_hash
from domain.proof.adoption import Adoption, last_adoption
from workflows.handlers.adoption import adopt_rules

app = typer.Typer(help="Rules, calendars and settings in use.", no_args_is_help=True)
_REASONS = ", ".join(adoption_reasons())


@app.command("state")
def state(data: Data, json: Json = False) -> None:
    """Show the rules in use, file by file, and who took them into use. Exit status 1: nobody did."""
    with reading(data) as database, StoredLog(database).snapshot() as log:
        last = last_adoption(log.stream(adoptions()))
    holds = last is not None and last.rules == rules_hash()
    if json:
        show.as_json(
            {
                "rules": rules_hash(),
                "files": dict(rule_files()),
                "adopted": None if last is None else _shown(last),
                "in_use_is_adopted": holds,
            }
        )
    else:
        for name, digest in rule_files().items():
            show.out.print(f"{digest}  {name}")
        show.out.print(f"Regler i brug: {rules_hash()}")
        for line in _told(last, holds=holds):
            show.out.print(line)
    raise typer.Exit(0 if holds else 1)


@app.command("adopt")
def adopt(
    data: Data,
    reason: Annotated[
        str, typer.Option("--reason", metavar="CODE", help=f"Why: {_REASONS}.", show_default=False)
    ],
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="UUID", help="The person's pseudonym; without it, whoever is logged in here."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Take the rules in use into use: an event with a person and a reason. Takes the store's lock.

    What was adopted already is adopted once only; then nothing is written.
    """
    if reason not in adoption_reasons():
        raise typer.BadParameter(f"--reason er en af: {_REASONS}")
    actor = operator("operator")
    if by is not None:
        actor = msgspec.structs.replace(actor, id=_person(by))
    with writing(data) as overgang:
        try:
            found = adopt_rules(overgang.services, actor, rules_hash(), reason)
        except Refused as refused:
            if refused.code != "already-adopted":
                raise typer.BadParameter(refused.detail_da) from None
            found = None
    if json:
        show.as_json({"adopted": None if found is None else _shown(found)})
    elif found is None:
        show.out.print("Reglerne er allerede taget i brug. Intet er skrevet.")
    else:
        show.out.print(f"Reglerne er taget i brug ({adoption_reasons()[reason]}): {found.rules}")


def _person(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter("--by er en UUID") from None


def _shown(one: Adoption) -> dict[str, object]:
    return {name: value for name, value in msgspec.structs.asdict(one).items() if name != "version"} | {
        "reason_da": adoption_reasons().get(one.reason, one.reason)
    }


def _told(last: Adoption | None, *, holds: bool) -> list[str]:
    if last is None:
        return ["Ingen har taget regler i brug endnu."]
    why = adoption_reasons().get(last.reason, last.reason)
    lines = [f"Taget i brug senest {danish_moment(last.at)} af {last.by}: {why}. Position {last.position}."]
    if not holds:
        lines.append(f"Det var andre regler end dem, der er i brug nu: {last.rules}")
    return lines
