"""`overgang demo`: the main job on a fresh embedded store, over real HTTP, told in plain words.

Every citizen is fictitious: impossible CPR numbers (day + 60) and one of MedCom's test persons.
Addresses end in `.example`. Any step that fails ends the demo with a non-zero exit status.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from api.cli.demo_cast import AMBULATORIES, LATE, Cast
from api.cli.demo_client import DemoFailed, Server, running_server
from api.cli.demo_rights import NAESTVED, keep_and_break
from api.cli.demo_steps import Story
from api.cli.show import Teller

console = Teller(highlight=False, soft_wrap=True)


def demo(
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Leave the store in this folder, which must not exist.")
    ] = None,
) -> None:
    """Run the main job: register, submit, route, open, acknowledge, take over, replay, count.

    And what else happens on the way: questions, corrections, wrong places, disputes, taking back.
    """
    folder = Path(tempfile.mkdtemp(prefix="overgang-demo-"))
    data = keep or folder / "store"
    if keep is not None and keep.exists():
        console.print("the folder of --keep exists already")
        raise typer.Exit(2)
    try:
        summary = _run(data, folder)
    except DemoFailed as failed:
        console.print(f"The demo failed: {failed}")
        raise typer.Exit(1) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if keep is not None:
        console.print(f"The store stands in {keep}; its generated key beside it, in {keep}.keys.")
    console.print(json.dumps(summary), soft_wrap=True, markup=False)


def _run(data: Path, folder: Path) -> dict[str, Any]:
    _say("A server starts on a fresh store; everything below goes over HTTP.")
    with running_server(data, folder / "server.log") as server:
        cast = Cast(server)
        _register(cast)
        cases = _submit(cast)
        _receive(cast, cases)
        _held(cast)
        _medcom(cast)
        _other_way(cast)
        case = Story(cast, _say, console.print).all()
        _rights(cast)
        _wait_for_views(server)
    _say("The server stops; the auditor works on the store alone.")
    _replay(data, case)
    _register_kept(data)
    _volume(data)
    return _verify(data, folder)


def _say(text: str) -> None:
    console.print(f"\n[bold]{text}[/bold]")


def _register(cast: Cast) -> None:
    _say(
        "The secretariat registers the 17 municipalities of KKR Sjælland, the region, and their "
        "main mailboxes: each is entered by one person and confirmed by another."
    )
    for municipality in track(cast.municipalities, "Municipalities", console=console):
        cast.register_municipality(municipality, mailbox=municipality.code != LATE)
    for ambulatory in AMBULATORIES:
        cast.register_ambulatory(ambulatory)
    cast.ask(LATE)
    console.print(
        f"{len(cast.mailboxes)} main mailboxes are valid from now; "
        f"{cast.name(LATE)} has been asked, and has not named its own yet."
    )


def _submit(cast: Cast) -> list[tuple[str, str]]:
    _say(
        "Ambulatories submit handovers; each is routed by handlekommune to the main mailbox valid "
        "at that moment."
    )
    cases = []
    for number, municipality in enumerate(track(cast.municipalities, "Handovers", console=console)):
        if municipality.code != LATE:
            cases.append((municipality.code, cast.submit(number, municipality.code)))
    statuses = {cast.clinic(0).get(f"/v1/handovers/{case}")["status"] for _, case in cases}
    _expect(statuses == {"delivered"}, "every handover is delivered")
    console.print(
        f"{len(cases)} handovers are delivered. Delivered: their system has it. Nobody has read it yet."
    )
    return cases


def _receive(cast: Cast, cases: list[tuple[str, str]]) -> None:
    _say("Municipal centres list their mailbox, open with a purpose, acknowledge receipt, and take over.")
    left_unopened, only_acknowledged = 2, 3
    for number, (municipality, case) in enumerate(track(cases, "Centres", console=console)):
        centre = cast.centre(municipality)
        page = centre.get(f"/v1/mailboxes/{cast.mailboxes[municipality]}/handovers")
        _expect(page["items"][0]["label"] is not None, "the work list shows whom it is about")
        if number < left_unopened:
            continue
        reading = centre.post(f"/v1/handovers/{case}/readings", {"purpose": "handover"})
        _expect("sections" in reading["document"], "the document opens")
        version = centre.act(case, "acknowledgement", reading["version"])
        if number >= left_unopened + only_acknowledged:
            version = centre.act(case, "takeover", version)
    taken = len(cases) - left_unopened - only_acknowledged
    console.print(
        f"{taken} are taken over, {only_acknowledged} acknowledged only, {left_unopened} not opened: "
        "they stay on the work list, nothing expires."
    )


def _held(cast: Cast) -> None:
    _say(f"{cast.name(LATE)} has no main mailbox: the handover is held, visibly, until it has one.")
    case = cast.submit(90, LATE)
    status = cast.clinic(0).get(f"/v1/handovers/{case}")
    _expect((status["status"], status["held_reason"]) == ("held", "no-main-mailbox"), "it is held")
    cast.register_mailbox(LATE)
    cast.wait_until(case, "delivered")
    console.print("Once the mailbox is confirmed, the handover is delivered.")


def _medcom(cast: Cast) -> None:
    _say("A MedCom CareCommunication message arrives; it is routed by SOR and GLN, and needs completion.")
    case = cast.submit_medcom("0330")
    status = cast.clinic(0).get(f"/v1/handovers/{case}")
    _expect(status["status"] == "delivered" and status["needs_completion"], "it waits for completion")
    cast.complete(case, "0330", status["version"])
    _expect(not cast.clinic(0).get(f"/v1/handovers/{case}")["needs_completion"], "it is complete")
    console.print("The clinic adds the overgangsdokument; from now on it counts as one.")


def _other_way(cast: Cast) -> None:
    _say("One goes the other way: a municipal centre hands over to an ambulatory.")
    case = cast.submit_to_ambulatory("0370", AMBULATORIES[0])
    ambulatory = cast.clinic(0)
    reading = ambulatory.post(f"/v1/handovers/{case}/readings", {"purpose": "visitation"})
    ambulatory.act(case, "takeover", reading["version"])
    status = ambulatory.get(f"/v1/handovers/{case}")
    _expect(status["status"] == "taken_over" and status["acknowledged_at"], "it is taken over")
    console.print("The ambulatory takes over; the take-over acknowledges what was not yet acknowledged.")


def _rights(cast: Cast) -> None:
    _say("A right is kept, and one is broken: the hearing of the party before an adverse decision (FVL §19).")
    cases = [cast.submit(number, NAESTVED) for number in (300, 303)]
    for case in cases:
        reading = cast.centre(NAESTVED).post(f"/v1/handovers/{case}/readings", {"purpose": "handover"})
        cast.centre(NAESTVED).act(case, "takeover", reading["version"])
    for line in keep_and_break(cast, *cases):
        console.print(line, markup=False)


def _wait_for_views(server: Server) -> None:
    """The counts follow the log within moments."""
    server.wait_for_views()


def _replay(data: Path, case: str) -> None:
    _say("The auditor replays one case at three moments.")
    whole = json.loads(_overgang("audit", "replay", "--data", str(data), "--handover", case, "--json"))
    positions = [event["position"] for event in whole["events"]]
    moments = (positions[0], positions[len(positions) // 2], positions[-1])
    for moment in moments:
        console.print(f"[dim]as known at log index {moment}[/dim]")
        command = ("audit", "replay", "--data", str(data), "--handover", case, "--at-index", str(moment))
        console.print(_overgang(*command).rstrip(), markup=False)


def _register_kept(data: Path) -> None:
    _say("How far each municipality is with its main mailbox; `overgang mailbox bilag` prints the annex.")
    console.print(_overgang("mailbox", "state", "--data", str(data)).rstrip(), markup=False)


def _volume(data: Path) -> None:
    _say("Volume by municipality, month and direction, for the steering group.")
    console.print(_overgang("volume", "--data", str(data)).rstrip(), markup=False)


def _verify(data: Path, folder: Path) -> dict[str, Any]:
    _say(
        "The log is exported, and the export verified by itself; then the store, with its vault "
        "and documents."
    )
    out = folder / "export"
    _overgang("audit", "export", "--data", str(data), "--out", str(out))
    console.print(_overgang("audit", "verify", str(out)).rstrip(), markup=False)
    console.print()
    console.print(_overgang("audit", "verify", "--data", str(data), "--bodies").rstrip(), markup=False)
    whole = json.loads(_overgang("audit", "replay", "--data", str(data), "--json"))
    # Exit status 1 says that a right was not kept, which is no failure of the command.
    rights = json.loads(
        _overgang("audit", "rights", "--data", str(data), "--summary", "--json", verdict=True)
    )
    verdict = json.loads(_overgang("audit", "verify", "--data", str(data), "--json"))
    # Handovers, each once: one that was sent round again is one handover still.
    totals = json.loads(_overgang("volume", "--data", str(data), "--json"))["totals"]
    words = ("handovers", "sent", "delivered", "opened", "acknowledged", "taken_over")
    return {
        **{word: totals[word] for word in words},
        "rights_violations": rights["summary"]["not_kept"],
        "events": sum(whole["events"].values()),
        "verified": verdict["verified"],
    }


def _overgang(*arguments: str, verdict: bool = False) -> str:
    """Run one of the auditor's commands as she would. Raises DemoFailed with what it said.

    `verdict`: exit status 1 is an answer too.
    """
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "132"},
        check=False,
    )
    if done.returncode not in ((0, 1) if verdict else (0,)):
        raise DemoFailed(f"overgang {arguments[0]} {arguments[1]} said: {done.stderr or done.stdout}")
    return done.stdout


def _expect(holds: object, what: str) -> None:
    if not holds:
        raise DemoFailed(f"it does not hold that {what}")
