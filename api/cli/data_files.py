"""Files that hold templates and workflow definitions: read whole, written once, never repeated."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from api.cli import show

C = TypeVar("C")


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


def write_new(out: Path, content: str | bytes) -> None:
    """Write a file that is not there yet. Raises typer.BadParameter."""
    try:
        with out.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
    except FileExistsError:
        raise typer.BadParameter("filen findes allerede; intet er skrevet") from None


def judge(
    files: list[Path] | None,
    installed: Mapping[str, bytes],
    faults_of: Callable[[bytes], Sequence[tuple[str, str, str]]],
    *,
    json: bool,
) -> NoReturn:
    """A line a file: sound, or its first fault as code, place and words.

    Exits 1 for a fault, 2 where a file cannot be read, else 0.
    """
    unreadable = broken = False
    for name, data in wanted_files(files, installed):
        if data is None:
            unreadable = True
            _tell_unreadable(name, json=json)
            continue
        faults = faults_of(data)
        broken = broken or bool(faults)
        _tell_check(name, faults[0] if faults else None, max(0, len(faults) - 1), json=json)
    raise typer.Exit(2 if unreadable else 1 if broken else 0)


def tell_changes(
    changes: tuple[C, ...], told: Callable[[tuple[C, ...]], Iterable[str]], *, json: bool
) -> NoReturn:
    """What a version changes, in Danish or as data. Exits 1 where two say different things."""
    if json:
        show.as_json({"same": not changes, "changes": changes})
    else:
        for line in told(changes) if changes else ["De to siger det samme."]:
            show.out.print(line)
    raise typer.Exit(1 if changes else 0)


def _tell_check(name: str, fault: tuple[str, str, str] | None, more: int, *, json: bool) -> None:
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


def _tell_unreadable(name: str, *, json: bool) -> None:
    """One line about a file that cannot be read."""
    if json:
        show.as_json({"file": name, "error": "unreadable"})
    else:
        show.out.print(f"{name}: kan ikke læses")
