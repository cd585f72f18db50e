"""`overgang keys ...`: the epoch key, which wraps every key in the vault and lies outside the store."""

import os
from base64 import b64encode
from pathlib import Path
from typing import Annotated

import typer

from api.cli import show
from audit.vault.keys import KEY_BYTES

app = typer.Typer(help="The key that wraps all keys.", no_args_is_help=True)


@app.callback()
def _keys() -> None:
    """Keep `generate` a command of its own while it is the only one."""


@app.command("generate")
def generate(
    out: Annotated[Path, typer.Option("--out", help="A file that is not there yet, outside the store.")],
) -> None:
    """Make an epoch key for OVERGANG_EPOCH_KEY_FILE: 32 random bytes as base64, for the owner only."""
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        # A key that is written over takes every sealed body with it.
        raise typer.BadParameter("filen findes allerede; en nøgle skrives aldrig over") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(b64encode(os.urandom(KEY_BYTES)))
        file.flush()
        os.fsync(file.fileno())
    show.out.print("Nøglen er lavet. Gem en kopi et andet sted: uden den kan ingen forseglet del åbnes.")
