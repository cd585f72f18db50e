"""Files that hold templates and workflow definitions: read whole, written once, never repeated."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import typer

from api.cli import show


def wanted_files(
    files: list[Path] | None, installed: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes | None]]:
    """Each file with its bytes, None where it cannot be read; what is installed where none is named."""
    if not files:
        yield from installed.items()
        return
    for file in files:
        try:
            yield str(file), file.read_bytes()
        except OSError:
            yield str(file), None


def read_named(text: str) -> bytes:
    """The bytes of a file that was named. Raises typer.BadParameter."""
    try:
        return Path(text).read_bytes()
    except (OSError, ValueError):
        raise typer.BadParameter("hverken installeret under det navn eller en fil, der kan læses") from None


def write_new(out: Path, text: str) -> None:
    """Write a file that is not there yet. Raises typer.BadParameter."""
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise typer.BadParameter("filen findes allerede; intet er skrevet") from None


def tell_check(name: str, fault: tuple[str, str, str] | None, more: int, *, json: bool) -> None:
    """One line about a file: sound, or its first fault as code, place and words, and how many more."""
    if json:
        code, place, words = fault or (None, None, None)
        show.as_json({"file": name, "valid": fault is None, "code": code, "place": place, "words": words})
        return
    if fault is None:
        show.out.print(f"{name}: i orden")
        return
    code, place, words = fault
    where = f" ved {place}" if place else ""
    others = f" ({more} fejl mere)" if more else ""
    show.out.print(f"{name}: fejl {code}{where}. {words}{others}".rstrip())


def tell_unreadable(name: str, *, json: bool) -> None:
    """One line about a file that cannot be read."""
    if json:
        show.as_json({"file": name, "error": "unreadable"})
    else:
        show.out.print(f"{name}: kan ikke læses")
