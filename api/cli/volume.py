"""`overgang volume`: handovers by municipality, month and direction."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from api.cli import show
from api.cli.store import Data, Json, reading
from audit.replay.names import Names
from audit.replay.source import StoredLog
from audit.volume.apart import Apart, apart
from audit.volume.volume import Counts, behind, totals
from audit.volume.volume import volume as count
from domain.events.instant import to_instant

DIRECTIONS = {
    "region-to-municipality": "region til kommune",
    "municipality-to-region": "kommune til region",
    "municipality-to-municipality": "kommune til kommune",
    "unknown": "endnu ikke kendt",
}
COLUMNS = {
    "handovers": "Overgange",
    "sent": "Sendt",
    "delivered": "Leveret",
    "opened": "Åbnet",
    "acknowledged": "Kvitteret",
    "taken_over": "Overtaget",
    "started": "Påbegyndt",
    "returned": "Retur",
    "declined": "Afvist",
    "withdrawn": "Trukket tilbage",
}


def volume(
    data: Data,
    responsibility: Annotated[
        bool,
        typer.Option(
            "--responsibility",
            help="Also how often whoever follows up is not the one with the duty to treat.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Count handovers by municipality, month and direction. Internal: small numbers are not hidden, so
    the counts are not for publication."""
    with reading(Path(data)) as database:
        rows, waiting = count(database), behind(database)
        differences = apart(StoredLog(database), to_instant(datetime.now(UTC))) if responsibility else None
    whole = totals(rows)
    if json:
        told = {"rows": rows, "totals": whole, "behind": waiting, "for_publication": False}
        show.as_json(told if differences is None else told | {"responsibility": differences})
        return
    names = Names()
    table = Table(box=box.SIMPLE, title="Overgange efter kommune, måned og retning")
    for heading in ("Kommune", "Måned", "Retning"):
        table.add_column(heading, no_wrap=True)
    for heading in COLUMNS.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            names.authority(row.municipality) if row.municipality else "endnu ikke kendt",
            row.month,
            DIRECTIONS.get(row.direction, row.direction),
            *_numbers(row),
        )
    table.add_section()
    table.add_row("I alt", "", "", *_numbers(whole))
    _print_whole(table)
    if differences is not None:
        _print_differences(names, differences)
    show.out.print("Interne tal. De må ikke offentliggøres: små tal er ikke skjult.")
    if waiting > 0:
        show.out.print(f"Tallene er bagud: loggen har {waiting} nyere poster.")


def _print_whole(table: Table) -> None:
    """Never cut to a narrow window or a pipe: a cut number is a wrong number."""
    needed = Console(width=10_000).measure(table).maximum
    Console(width=max(show.out.width, needed), highlight=False).print(table)


def _print_differences(names: Names, differences: list[Apart]) -> None:
    show.out.print("Hvor ofte den, der følger op, ikke er den, der har pligten til at behandle:")
    table = Table(box=box.SIMPLE)
    table.add_column("Kommune", no_wrap=True)
    for heading in ("Overgange", "Heraf lige nu", "Timer i alt"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in differences:
        name = names.authority(row.municipality) if row.municipality else "endnu ikke kendt"
        table.add_row(name, str(row.handovers), str(row.differ_now), str(row.hours))
    _print_whole(table)


def _numbers(counts: Counts) -> list[str]:
    return [str(getattr(counts, name)) for name in COLUMNS]
