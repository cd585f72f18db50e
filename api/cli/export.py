"""`overgang export`: everything an authority controls, to leave Overgang with."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli import show
from api.cli.store import Data, Json, StoredAttachments, operator, writing
from audit.exports.authority import AuthorityExport, begin_export
from domain.handover.parties import kind_of


def export_authority(
    authority: Annotated[str, typer.Argument(help="The authority's code.", show_default=False)],
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="A folder that is empty or not there.")],
    json: Json = False,
) -> None:
    """Write all that an authority controls, opened, with a manifest. Takes the store's lock.

    It is put on the log first, in the authority's own lane. The files hold personal data in the clear.
    """
    if kind_of(authority) is None:
        raise typer.BadParameter("koden er hverken en kommune eller en region")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise typer.BadParameter("mappen, der skal eksporteres til, er ikke tom; intet er skrevet")
    with writing(data) as overgang, show.progress("Eksporterer") as progress:
        exported = begin_export(overgang.log, authority, operator("operator"), overgang.ids)
        export = AuthorityExport(overgang.log, overgang.vault, StoredAttachments(data), authority, exported)
        manifest = export.write(out, datetime.now(UTC), progress)
    if json:
        show.as_json(
            {name: getattr(manifest, name) for name in manifest.__struct_fields__ if name != "files"}
        )
        return
    show.out.print(
        f"{manifest.cases} sager, {manifest.documents} dokumenter, {manifest.attachments} bilag og"
        f" {manifest.entries} poster er skrevet. Filerne er ikke krypteret."
    )
    if manifest.withheld:
        show.out.print(
            f"Af {manifest.withheld} sager er kun trinene skrevet: indholdet er lukket eller ikke længere"
            " myndighedens."
        )
    if manifest.forgotten or manifest.missing:
        show.out.print(
            f"{manifest.forgotten} poster kan ikke åbnes, fordi borgeren er glemt."
            f" {manifest.missing} bilag mangler eller er beskadiget."
        )
