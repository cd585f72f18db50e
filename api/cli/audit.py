"""`overgang audit ...`: replay, export, verify."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap import software
from api.cli import case_file, queries, rights, sample, show, told
from api.cli.asking import AsOf, AtIndex, Handover, handover_id, instant
from api.cli.store import Data, Json, StoredAttachments, operator, reading, reading_vault, writing
from audit.exports.export import ExportAbout
from audit.exports.export import export as write_export
from audit.exports.reader import ExportedLog
from audit.replay.bodies import begin
from audit.replay.case import CaseReplay
from audit.replay.replay import replay as run_replay
from audit.replay.source import StoredLog, stored_releases
from audit.replay.verify import Verdict
from audit.replay.verify import verify as run_verify
from domain.law.loader import rules_hash

app = typer.Typer(help="What happened, what was known, and whether the log holds.", no_args_is_help=True)
app.command("rights")(rights.rights)
app.command("case")(case_file.case)
app.command("queries")(queries.queries)
app.command("sample")(sample.sample)


@app.command("replay")
def replay(
    data: Data,
    handover: Handover = None,
    at_index: AtIndex = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Replay one case, or count the whole log. Exit status 1: a step was not allowed."""
    wanted, moment = handover_id(handover), instant(as_of)
    with reading(data) as database, StoredLog(database).snapshot() as log:
        found = run_replay(log, handover=wanted, at_index=at_index, as_of=moment)
    if isinstance(found, CaseReplay):
        holds = found.conformance is None or found.conformance.conforms
    else:
        holds = not found.breaches
    if json:
        show.as_json(found)
    else:
        for line in told.case(found) if isinstance(found, CaseReplay) else told.log(found):
            show.out.print(line)
    raise typer.Exit(0 if holds else 1)


@app.command("export")
def export(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="A folder that is empty or not there.")],
) -> None:
    """Write the stored entries, byte for byte, with a manifest, for `verify` anywhere."""
    about = ExportAbout(software=software(), rules=rules_hash(), created=datetime.now(UTC))
    with reading(data) as database, show.progress("Eksporterer") as progress:
        manifest = write_export(StoredLog(database), out, about, progress)
    show.out.print(f"{manifest.count} poster er eksporteret. Rodhash: {manifest.root_hash}")


@app.command("verify")
def verify(
    out: Annotated[Path | None, typer.Argument(help="An export.", show_default=False)] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Or a store.", show_default=False)] = None,
    bodies: Annotated[
        bool,
        typer.Option(
            "--bodies",
            help="Open every body, document and attachment too (a store only). Is put on the log first.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Judge every entry. Exit status 1 names the first fault and its position."""
    if (out is None) == (data is None) or (bodies and data is None):
        raise typer.BadParameter("angiv enten en eksport eller --data; --bodies hører til --data")
    with show.progress("Kontrollerer") as progress:
        if data is not None:
            verdict, forgotten = _verify_store(data, bodies, progress)
        else:
            assert out is not None
            if not out.is_dir():
                raise typer.BadParameter("mappen findes ikke")
            verdict, forgotten = run_verify(ExportedLog(out), progress=progress), None
    if json:
        show.as_json(told.verdict_json(verdict, forgotten))
    else:
        for line in told.verdict(verdict, forgotten):
            show.out.print(line)
    raise typer.Exit(0 if verdict.holds else 1)


def _verify_store(data: Path, bodies: bool, progress: told.Progress) -> tuple[Verdict, int | None]:
    with ExitStack() as stack:
        opened = None
        if bodies:
            overgang = stack.enter_context(writing(data))
            opened = begin(
                overgang.log, overgang.log.length(), overgang.vault, operator("operator"), overgang.ids
            )
        log = StoredLog(stack.enter_context(reading(data)))
        vault = stack.enter_context(reading_vault(data))
        verdict = run_verify(
            log,
            releases=stored_releases(vault),
            attachments=StoredAttachments(data),
            bodies=opened,
            tables=True,
            progress=progress,
        )
        return verdict, opened.forgotten if opened else None
