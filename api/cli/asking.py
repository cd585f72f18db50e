"""What an auditor's question is about: which case or authority, as known when, at which moment."""

from typing import Annotated
from uuid import UUID

import typer

from api.cli import show
from domain.handover.parties import kind_of

Handover = Annotated[str | None, typer.Option("--handover", metavar="ID", help="One case.")]
Authority = Annotated[
    str | None, typer.Option("--authority", metavar="CODE", help="One authority, by its code.")
]
AtIndex = Annotated[
    int | None,
    typer.Option("--at-index", min=0, help="What was known: entries up to this position, it included."),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="What had happened by then (Danish time).")
]


def handover_id(text: str | None) -> UUID | None:
    """A handover's id. Raises typer.BadParameter, which does not repeat the text."""
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise typer.BadParameter("et id skrives som en UUID") from None


def authority_code(text: str | None) -> str | None:
    """The code of a municipality or a region. Raises typer.BadParameter, which does not repeat the text."""
    if text is not None and kind_of(text) is None:
        raise typer.BadParameter("koden er hverken en kommune eller en region")
    return text


def instant(text: str | None) -> str | None:
    """A moment as an instant. Raises typer.BadParameter."""
    return None if text is None else show.parse_time(text)
