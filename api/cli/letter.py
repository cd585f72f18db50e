"""`overgang letter ...`: the letters to the citizen, as they look with made-up values."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import show
from api.cli.data_files import write_new
from api.cli.store import Json
from domain.calendar.danish_dates import danish_date
from workflows.letters.compose import compose
from workflows.letters.letter import as_text
from workflows.letters.loader import (
    UnknownLetterTemplate,
    frame,
    letter_template_called,
    letter_templates,
)
from workflows.letters.pdf import as_pdf
from workflows.letters.template import LetterTemplate

app = typer.Typer(help="Letters to the citizen.", no_args_is_help=True)


@app.command("list")
def list_letters(json: Json = False) -> None:
    """Every letter with its examples, in Danish."""
    for template in letter_templates().values():
        if json:
            show.as_json(_about(template))
            continue
        show.out.print(f"{template.id}: {template.label}. Gælder fra {danish_date(template.valid_from)}.")
        for number, example in enumerate(template.examples, 1):
            show.out.print(f"  eksempel {number}: {example.name}")


@app.command("preview")
def preview(
    which: Annotated[
        str, typer.Argument(metavar="NAME", help="A letter, with or without its version.", show_default=False)
    ],
    example: Annotated[
        str, typer.Option("--example", metavar="N", help="Which of its examples, from 1.")
    ] = "1",
    pdf: Annotated[
        Path | None,
        typer.Option("--pdf", help="Write a PDF to a file that is not there yet.", show_default=False),
    ] = None,
) -> None:
    """Show a letter as the citizen gets it, with the made-up values of its own example."""
    template = _template(which)
    numbered = {str(number): one for number, one in enumerate(template.examples, 1)}
    if example not in numbered:
        raise typer.BadParameter(f"brevet har {len(numbered)} eksempler; vælg et fra 1")
    letter = compose(template, frame().example | numbered[example].values)
    if pdf is None:
        typer.echo(as_text(letter), nl=False)
        return
    write_new(pdf, as_pdf(letter))
    show.out.print("Brevet er skrevet som PDF.")


def _about(template: LetterTemplate) -> dict[str, object]:
    return {
        "id": template.id,
        "label": template.label,
        "basis": template.basis,
        "status": template.status,
        "valid_from": template.valid_from,
        "sha256": template.sha256,
        "required_parts": [part.section for part in template.required_parts],
        "examples": [example.name for example in template.examples],
    }


def _template(which: str) -> LetterTemplate:
    try:
        return letter_template_called(which)
    except UnknownLetterTemplate:
        raise typer.BadParameter("der er intet brev med det navn; se overgang letter list") from None
