"""`overgang volume`: handovers by municipality, month and direction."""

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from api.cli import show
from api.cli.store import Data, Json, reading
from audit.replay.names import Names
from audit.volume.volume import Counts, behind, totals
from audit.volume.volume import volume as count

DIRECTIONS = {
    "region-to-municipality": "region til kommune",
    "municipality-to-region": "kommune til region",
    "municipality-to-municipality": "kommune til kommune",
    "unknown": "endnu ikke kendt",
}
WIDTH = 120
COLUMNS = {
    "handovers": "Overgange",
    "sent": "Sendt",
    "delivered": "Leveret",
    "opened": "Åbnet",
    "acknowledged": "Kvitteret",
    "taken_over": "Overtaget",
}


def volume(data: Data, json: Json = False) -> None:
    """Count handovers by municipality, month and direction. Internal: small numbers are not hidden, so
    the counts are not for publication."""
    with reading(Path(data)) as database:
        rows, waiting = count(database), behind(database)
    whole = totals(rows)
    if json:
        show.as_json({"rows": rows, "totals": whole, "behind": waiting, "for_publication": False})
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
    # Never cut to a narrow window or a pipe: a cut number is a wrong number.
    Console(width=max(show.out.width, WIDTH), highlight=False).print(table)
    show.out.print("Interne tal. De må ikke offentliggøres: små tal er ikke skjult.")
    if waiting > 0:
        show.out.print(f"Tallene er bagud: loggen har {waiting} nyere poster.")


def _numbers(counts: Counts) -> list[str]:
    return [str(getattr(counts, name)) for name in COLUMNS]
