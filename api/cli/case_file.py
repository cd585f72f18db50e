"""`overgang audit case`: one case in a folder, for somebody who reviews it."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.bootstrap import software
from api.cli import show, told, told_papers
from api.cli.asking import AsOf, AtIndex, handover_id, instant
from api.cli.store import Data, Json, operator, reading, writing
from api.cli.told_rights import Teller
from audit.exports.case_files import CaseFolder, check_empty
from audit.exports.letters import OpenedLetter, open_letters
from audit.exports.papers import Papers, papers_of
from audit.replay.case import CaseReplay
from audit.replay.replay import UnknownHandover, replay
from audit.replay.source import Snapshot, StoredLog
from audit.verdicts.rights import Asked, Rights, ask, head
from audit.verdicts.rows import Summary
from domain.events.instant import to_instant
from domain.handover.fold import fold
from domain.law.loader import purposes
from domain.rights.verdict import State
from workflows.handlers.letters import TEMPLATE
from workflows.handlers.read import AUDIT


def case(
    handover: Annotated[str, typer.Argument(metavar="ID", help="The case.", show_default=False)],
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="A folder that is empty or not there.")],
    at_index: AtIndex = None,
    as_of: AsOf = None,
    bodies: Annotated[
        bool,
        typer.Option(
            "--bodies",
            help="Open the letters as sent. Takes the store's lock; each is put on the log first as a reading"
            " with the purpose audit, which the citizen sees.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Write one case to a folder: timeline, verdicts, an index of documents and letters with hashes and proof
    of arrival, and a manifest with the hash of every file.

    Without --bodies nothing is opened. Exit status 1: a right was not kept, or too late.
    """
    wanted, moment = handover_id(handover), instant(as_of)
    assert wanted is not None
    check_empty(out)
    with ExitStack() as stack:
        opened = _opened(stack, data, wanted, at_index) if bodies else []
        log = stack.enter_context(StoredLog(stack.enter_context(reading(data))).snapshot())
        now = to_instant(datetime.now(UTC))
        asked = ask(log, now, handover=wanted, at_index=at_index, as_of=moment)
        folder = CaseFolder(out)
        not_kept = _write(folder, log, asked, opened)
        about = head(asked, log.root(asked.at_index))
        manifest = folder.end(about, software(), tuple(one.read_at for one in opened))
    if json:
        show.as_json(manifest)
    else:
        show.out.print(f"{len(manifest.files)} filer er skrevet, og manifest.json med deres hash.")
        if bodies:
            show.out.print(_told(opened))
    raise typer.Exit(1 if not_kept else 0)


def _told(opened: list[OpenedLetter]) -> str:
    if not opened:
        return "Ingen breve er åbnet: sagen har ingen, eller den er lukket."
    posts, actor = ", ".join(str(one.read_at) for one in opened), operator("operator").id
    gone = sum(one.content is None for one in opened)
    return (
        f"Breve åbnet med formålet {purposes()[AUDIT]['da']}: {len(opened) - gone}. Læsningerne står i post"
        f" {posts}, aktør {actor}, og borgeren kan se dem. Filerne er ikke krypteret."
        + (f" {gone} kunne ikke åbnes: nøglen er slettet." if gone else "")
    )


def _opened(stack: ExitStack, data: Path, handover: UUID, at_index: int | None) -> list[OpenedLetter]:
    overgang = stack.enter_context(writing(data))
    with StoredLog(overgang.database).snapshot() as log:
        # Asked of the case as it stands now: what is shut today is shut.
        state = fold(None, log.stream(handover))
        if state is None:
            raise UnknownHandover
        papers = _papers(log, handover, at_index)
    if state.quarantined:
        return []
    actor = operator("operator")
    return open_letters(overgang.log, overgang.vault, handover, papers.papers, actor, overgang.ids)


def _papers(log: Snapshot, handover: UUID, at_index: int | None) -> Papers:
    return papers_of(log.case_events(handover, at_index), log.document)


def _write(folder: CaseFolder, log: Snapshot, asked: Asked, opened: list[OpenedLetter]) -> int:
    """Write every file; returns how many rights were not kept."""
    assert asked.handover is not None
    replayed = replay(log, handover=asked.handover, at_index=asked.at_index, as_of=asked.as_of)
    assert isinstance(replayed, CaseReplay)
    answer, counts = Rights(log, asked), Summary(cases=1)
    found = answer.case(asked.handover)
    counts.take(found.rows)
    papers, about = _papers(log, asked.handover, asked.at_index), head(asked)
    teller = Teller(answer, asked.at_index)
    folder.text("tidslinje.txt", told.case(replayed))
    folder.json("tidslinje.json", replayed)
    folder.text(
        "vurderinger.txt",
        (*teller.head(about), *teller.case(found, frozenset(State)), *teller.summary(counts)),
    )
    folder.json("vurderinger.json", {"head": about, "verdicts": found.rows, "summary": counts})
    opened = [one for one in opened if one.content is not None]
    letters = {one.id: one.content["sections"].get(TEMPLATE) for one in opened}
    files = {one: f"breve/{one}.{'json' if letter is None else 'txt'}" for one, letter in letters.items()}
    folder.text("dokumenter.txt", told_papers.papers(papers, files, asked.at_index, teller.names()))
    folder.json("dokumenter.json", {"papers": papers.papers, "sendings": papers.sendings, "files": files})
    for one in opened:
        letter = letters[one.id]
        # Not the number that it went to: nobody needs it to judge the letter.
        folder.json(f"breve/{one.id}.json", one.content if letter is None else letter["letter"])
        if letter is not None:
            folder.text(files[one.id], [letter["text"]])
    return counts.not_kept
