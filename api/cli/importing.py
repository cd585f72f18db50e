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
    handover: UUID | None = None


def import_cases(
    file: Annotated[Path, typer.Argument(help="CSV or JSON, as docs/import.md has it.", show_default=False)],
    data: Data,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row; write nothing.")] = False,
    json: Json = False,
) -> None:
    """Import running cases; responsibility is unresolved until the receiver confirms.

    One row that is refused keeps the whole file out. The same row again is no second case.
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
    results, cases = [], {}
    seen: set[bytes] = set()
    for row in rows_of(file):
        try:
            case = case_of(row, allow_test_numbers=overgang.settings.allow_test_persons)
        except RowFault as fault:
            results.append(RowResult(row=row.number, result="refused", column=fault.column, code=fault.code))
            continue
        cases[row.number] = case
        fault_there = import_fault(overgang.services, case)
        if fault_there is not None:
            column, code = fault_there
            results.append(RowResult(row=row.number, result="refused", column=column, code=code))
        elif case.canonical_row() in seen or is_imported(overgang.services, case):
            results.append(RowResult(row=row.number, result="already"))
        else:
            results.append(RowResult(row=row.number, result="importable"))
        seen.add(case.canonical_row())
    return results, cases


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
            show.out.print(f"Række {one.row}: afvist. Kolonnen {one.column}: {one.code}.")
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
