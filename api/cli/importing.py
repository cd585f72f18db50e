"""`overgang import`: cases that were under way before Overgang."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import msgspec
import typer

from api.bootstrap import Overgang
from api.cli import show
from api.cli.import_rows import FileRefused, RowFault, case_of, rows_of
from api.cli.store import Data, Json, operator, writing
from domain.handover.commands import ImportCase
from workflows.handlers.imports import import_case, import_fault, is_imported
from workflows.handlers.services import Context

FILE_FAULTS = {
    "not-utf-8": "Filen er ikke skrevet i UTF-8.",
    "not-csv": "Filen er hverken rigtig CSV eller JSON.",
    "not-json": "Filen ligner JSON, men kan ikke læses.",
    "key-repeated": "JSON-filen har den samme nøgle to gange i det samme objekt.",
    "not-a-list-of-cases": "JSON-filen skal være en liste af sager, eller et objekt med medlemmet cases.",
    "value-not-text": "Alle værdier i JSON-filen skal være tekst i anførselstegn.",
    "row-of-another-length": "En række har et andet antal kolonner end overskriften.",
    "columns-missing": "Filen mangler kolonner:",
    "columns-unknown-or-repeated": "Filen har kolonner, som formatet ikke kender, eller den samme to gange.",
}


class RowResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a row: `importable`, `imported`, `already` or `refused`."""

    row: int
    result: str
    column: str | None = None
    code: str | None = None
    same_as: int | None = None
    """The row before that is about the same case."""
    handover: UUID | None = None


def import_cases(
    file: Annotated[Path, typer.Argument(help="CSV or JSON, as docs/import.md has it.", show_default=False)],
    data: Data,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row; write nothing.")] = False,
    json: Json = False,
) -> None:
    """Import running cases; responsibility is unresolved until the receiver confirms.

    One row that is refused keeps the whole file out. The same row again is no second case.

    Every row carries a person id. Anonymous cases (SEL §101a, SUL §141(7)) have no place in the file, and
    neither have acute ones.
    """
    with writing(data) as overgang:
        try:
            results, cases = _judged(overgang, file)
        except FileRefused as refused:
            words = " ".join((FILE_FAULTS[refused.code], ", ".join(refused.columns))).strip()
            raise typer.BadParameter(f"{words} Intet er indlæst.") from None
        refused_rows = any(one.result == "refused" for one in results)
        if not dry_run and not refused_rows:
            results = [_imported(overgang, one, cases) for one in results]
    _tell(results, wrote=not dry_run and not refused_rows, json=json)
    raise typer.Exit(1 if refused_rows else 0)


def _judged(overgang: Overgang, file: Path) -> tuple[list[RowResult], dict[int, ImportCase]]:
    results: list[RowResult] = []
    cases: dict[int, ImportCase] = {}
    earlier: dict[bytes, tuple[int, bytes]] = {}
    for row in rows_of(file):
        try:
            case = case_of(row, allow_test_numbers=overgang.settings.allow_test_persons)
        except RowFault as fault:
            results.append(_refused(row.number, fault.column, fault.code))
            continue
        results.append(_judged_case(overgang, row.number, case, earlier))
        cases[row.number] = case
    return results, cases


def _judged_case(
    overgang: Overgang, number: int, case: ImportCase, earlier: dict[bytes, tuple[int, bytes]]
) -> RowResult:
    """`earlier`: the case of each row before -> its number and the whole row."""
    if is_imported(overgang.services, case):
        return RowResult(row=number, result="already")
    if (fault := import_fault(overgang.services, case)) is not None:
        return _refused(number, *fault)
    first, content = earlier.setdefault(case.canonical_case(), (number, case.canonical_row()))
    if content != case.canonical_row():
        return _refused(number, "person_id", "same-case-as-another-row", same_as=first)
    return RowResult(row=number, result="importable" if first == number else "already")


def _refused(row: int, column: str, code: str, same_as: int | None = None) -> RowResult:
    return RowResult(row=row, result="refused", column=column, code=code, same_as=same_as)


def _imported(overgang: Overgang, one: RowResult, cases: dict[int, ImportCase]) -> RowResult:
    if one.result != "importable":
        return one
    context = Context(actor=operator("registrar"), correlation_id=overgang.ids.uuid())
    outcome = import_case(overgang.services, context, cases[one.row])
    return msgspec.structs.replace(one, result="imported", handover=outcome.resource)


def _tell(results: list[RowResult], *, wrote: bool, json: bool) -> None:
    counts = {
        word: sum(one.result == word for one in results)
        for word in ("imported", "importable", "already", "refused")
    }
    if json:
        show.as_json({"rows": len(results), "wrote": wrote, **counts, "results": results})
        return
    for one in results:
        if one.result == "refused":
            where = f" Den samme sag står i række {one.same_as}." if one.same_as is not None else ""
            show.out.print(f"Række {one.row}: afvist. Kolonnen {one.column}: {one.code}.{where}")
        elif one.result == "imported":
            show.out.print(f"Række {one.row}: indlæst som sag {one.handover}.")
        elif one.result == "already":
            show.out.print(f"Række {one.row}: er indlæst før.")
    if wrote:
        show.out.print(
            f"{counts['imported']} sager er indlæst. {counts['already']} var der i forvejen."
            " Ansvaret er uafklaret, til modtageren har bekræftet."
        )
    else:
        show.out.print(
            f"Intet er indlæst. {counts['importable']} sager kan indlæses, {counts['already']} er der i"
            f" forvejen, {counts['refused']} er afvist."
        )
