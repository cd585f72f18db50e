"""`overgang template ...`: the document's templates, which are revised as data and never in code."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import show
from api.cli.data_files import judge, read_named, tell_changes, write_new
from api.cli.store import Json
from domain.document.diff import differences, told_differences
from domain.document.form import paper_form
from domain.document.loader import (
    TemplateBroken,
    UnknownTemplate,
    read_template,
    template_files,
    template_labelled,
)
from domain.document.masking import Audience
from domain.document.outline import outline
from domain.document.problems import DocumentRefused
from domain.document.render import plain_text
from domain.document.template import Template
from domain.document.template_trial import example_on_first_day, template_trial

app = typer.Typer(help="Templates of documents and notes.", no_args_is_help=True)
Which = Annotated[
    str, typer.Argument(metavar="NAME-VERSION|FILE", help="An installed one, or a file.", show_default=False)
]


@app.command("check")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Template files; without, all installed.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Judge template files, a line a file. Exit status 1: one is broken, and its first fault is named."""
    judge(
        files,
        template_files(),
        lambda data: [(one.code, one.place, one.detail) for one in template_trial(data)],
        json=json,
    )


@app.command("diff")
def diff(before: Which, after: Which, json: Json = False) -> None:
    """Tell what a version changes, in Danish. Exit status 1: they say different things."""
    tell_changes(differences(_template(before), _template(after)), told_differences, json=json)


@app.command("preview")
def preview(
    which: Which,
    example: Annotated[bool, typer.Option("--example", help="Filled in with its own example.")] = False,
) -> None:
    """Show in Danish what a clinician will be asked, or a document as its reader sees it."""
    template = _template(which)
    if not example:
        typer.echo(outline(template), nl=False)
        return
    try:
        document = example_on_first_day(template).as_document()
    except DocumentRefused:
        raise typer.BadParameter("skabelonens eget eksempel kan ikke indsendes; se template check") from None
    typer.echo(plain_text(document, template, audience=Audience.AUTHORITY), nl=False)


@app.command("form")
def form(
    which: Which,
    out: Annotated[
        Path | None, typer.Option("--out", help="A file that is not there yet.", show_default=False)
    ] = None,
) -> None:
    """Make a paper form to print, as HTML: what is written on it is registered afterwards."""
    text = paper_form(_template(which))
    if out is None:
        typer.echo(text, nl=False)
        return
    write_new(out, text)
    show.out.print("Skemaet er skrevet. Åbn det i en browser, og print det på A4.")


def _template(which: str) -> Template:
    try:
        return template_labelled(which)
    except UnknownTemplate:
        data = read_named(which)
    try:
        return read_template(data)
    except TemplateBroken as broken:
        raise typer.BadParameter(f"filen kan ikke bruges. {broken.faults[0].detail}") from None
