"""`overgang medcom ...`: is a file a valid MedCom message?"""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from api.cli import show
from workflows.delivery.medcom.check import SpoolFailed, check_file

app = typer.Typer(help="MedCom messages.", no_args_is_help=True)


@app.callback()
def _medcom() -> None:
    """Keep `check` a command of its own while it is the only one."""


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="FHIR JSON.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Judge CareCommunication and Acknowledgement messages, a line a file. Exit status 1: one is invalid."""
    unreadable = invalid = False
    for file in files:
        try:
            result = check_file(file)
        except (OSError, SpoolFailed):
            unreadable = True
            if json:
                show.as_json({"file": str(file), "error": "unreadable"})
            else:
                show.out.print(f"{file}: kan ikke læses")
            continue
        invalid = invalid or not result.valid
        if json:
            show.as_json({"file": str(file), **msgspec.structs.asdict(result)})
            continue
        verdict = "gyldig" if result.valid else "ugyldig"
        errors = [issue for issue in result.issues if issue.severity == "error"]
        warnings = len(result.issues) - len(errors)
        first = f"; {errors[0].code}: {errors[0].expression}" if errors else ""
        show.out.print(f"{file}: {verdict} {result.kind}, {len(errors)} fejl, {warnings} advarsler{first}")
    raise typer.Exit(2 if unreadable else 1 if invalid else 0)
