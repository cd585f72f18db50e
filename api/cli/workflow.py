"""`overgang workflow ...`: the workflow definitions, which are revised as data and never in code."""

import re
from pathlib import Path
from typing import Annotated

import typer

from api.cli import show
from api.cli.data_files import judge, read_named, tell_changes
from api.cli.store import Data, Json, writing
from workflows.handlers.migrate import migrate_cases
from workflows.machines.definition import Definition
from workflows.machines.diff import differences, told_differences
from workflows.machines.fault import WorkflowDefinitionError
from workflows.machines.installed import definition, read_definition
from workflows.machines.trial import definition_fault, definition_files, installed_procedure
from workflows.machines.trial import preview as preview_of

app = typer.Typer(help="Workflow definitions.", no_args_is_help=True)
Which = Annotated[
    str, typer.Argument(metavar="NAME-VERSION|FILE", help="An installed one, or a file.", show_default=False)
]
_LABEL = re.compile(r"(?P<name>[a-z][a-z0-9-]*)-(?P<version>[1-9][0-9]{0,5})")


@app.command("check")
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Definition files; without, all installed.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Judge definition files, a line a file. Exit status 1 names code and place of the first fault."""
    judge(files, definition_files(), _faults, json=json)


def _faults(data: bytes) -> list[tuple[str, str, str]]:
    fault = definition_fault(data)
    return [] if fault is None else [(fault.code, fault.pointer, "")]


@app.command("diff")
def diff(before: Which, after: Which, json: Json = False) -> None:
    """Tell what a version changes, in Danish. Exit status 1: they say different things."""
    tell_changes(differences(_definition(before), _definition(after)), told_differences, json=json)


@app.command("preview")
def preview(which: Which) -> None:
    """Show the arbejdsgangsbeskrivelse: who does what, when, and what the citizen is told."""
    installed = _installed(which)
    if installed is not None:
        typer.echo(installed_procedure(installed.name, installed.version), nl=False)
        return
    try:
        typer.echo(preview_of(read_named(which)), nl=False)
    except WorkflowDefinitionError as fault:
        raise _unusable(fault) from None


@app.command("migrate")
def migrate(
    to: Annotated[int, typer.Option("--to", help="The version that cases go on under.", show_default=False)],
    data: Data,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done.")] = False,
    json: Json = False,
) -> None:
    """Move every case under an earlier version to this one, each by an event. Takes the store's lock.

    Exit status 1: a case could not be moved; it goes on under its own version.
    """
    with writing(data) as overgang:
        try:
            found = migrate_cases(overgang.services, to, dry_run=dry_run)
        except WorkflowDefinitionError as fault:
            raise _unusable(fault) from None
    left = [one for one in found if one.code is not None]
    if json:
        show.as_json({"dry_run": dry_run, "moved": len(found) - len(left), "left": left})
    else:
        for one in left:
            show.out.print(f"Sag {one.handover} bliver under version {one.from_version}: {one.code}.")
        would = "kan flyttes" if dry_run else "er flyttet"
        show.out.print(f"{len(found) - len(left)} sager {would} til version {to}. {len(left)} bliver.")
    raise typer.Exit(1 if left else 0)


def _installed(which: str) -> Definition | None:
    match = _LABEL.fullmatch(which)
    if match is None:
        return None
    try:
        return definition(match["name"], int(match["version"]))
    except WorkflowDefinitionError as fault:
        if fault.code == "unknown-workflow-version":
            return None
        raise _unusable(fault) from None


def _definition(which: str) -> Definition:
    try:
        return _installed(which) or read_definition(read_named(which))
    except WorkflowDefinitionError as fault:
        raise _unusable(fault) from None


def _unusable(fault: WorkflowDefinitionError) -> typer.BadParameter:
    where = f" ved {fault.pointer}" if fault.pointer else ""
    return typer.BadParameter(f"arbejdsgangen kan ikke bruges: {fault.code}{where}")
