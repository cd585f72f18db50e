"""`overgang migrate`: make what a store lacks, before a server starts on it."""

from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap import Overgang
from api.cli import show
from api.settings import load_settings


def migrate(
    data: Annotated[Path, typer.Option("--data", help="The store's folder; made if absent.")],
) -> None:
    """Create or complete the tables of a store. Takes the store's lock."""
    overgang = Overgang(load_settings(data_dir=data))
    try:
        overgang.migrate()
    finally:
        overgang.close()
    show.out.print("Loggen, boksen og visningerne er klar.")
