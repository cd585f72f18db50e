"""`overgang views ...`: views are rebuilt from the log alone."""

from typing import Annotated

import typer

from api.cli import show
from api.cli.store import Data, writing

app = typer.Typer(help="The views over the log.", no_args_is_help=True)


@app.command("rebuild")
def rebuild(
    data: Data,
    name: Annotated[str | None, typer.Argument(help="A view.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Every view.")] = False,
) -> None:
    """Rebuild a view into a shadow table and put it in place. Takes the store's lock."""
    if (name is None) != every:
        raise typer.BadParameter("angiv enten en visning eller --all")
    with writing(data) as overgang:
        known = sorted(overgang.projector.views)
        if name is not None and name not in known:
            raise typer.BadParameter(f"ukendt visning; kendte er: {', '.join(known)}")
        # What an older store lacks must be there before it can be replaced.
        overgang.projector.migrate()
        for view in known if every else [str(name)]:
            with show.progress(f"Genopbygger {view}") as progress:
                read = overgang.projector.rebuild(view, progress)
            show.out.print(f"Visningen {view} er genopbygget af {read} poster.")
        parked = [one for one in overgang.projector.parked() if every or one.view == name]
    for one in parked:
        show.out.print(f"Sat til side i {one.view}: position {one.position} ({one.fault}).")
    # What the relay has put aside is told too, but is no fault of a view.
    raise typer.Exit(1 if any(one.view in known for one in parked) else 0)
