"""`overgang audit queries`: the twelve questions of an audit, answered."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import typer

from api.cli import show
from api.cli.asking import AsOf, instant
from api.cli.store import Data, Json, reading
from api.cli.told_course import DUTY_REASONS
from audit.replay.danish import danish_moment, danish_number
from audit.replay.faults import WORDS
from audit.replay.names import Names
from audit.replay.source import StoredLog
from audit.replay.verify import verify
from audit.verdicts.queries import Answer, Audit, Outcome, Shown
from audit.verdicts.rights import Head, ask, head
from domain.events.instant import to_instant
from domain.law.log_checks import log_checks
from domain.rights.rule import rights_rules
from domain.rights.verdict import State
from domain.rights.words import STATES

OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.HOLDS: "Holder",
        Outcome.DOES_NOT_HOLD: "Holder ikke",
        Outcome.NOT_APPLICABLE: "Ikke relevant: der er intet i loggen, det gælder for",
        Outcome.NOT_PROVABLE: "Kan ikke bevises ud fra loggen",
    }
)
OF_DUTY = {"still": "stadig uafklaret", "settled-since": "siden afklaret"}
TOLD_AT_MOST = 20
"""So many entries of one question are told; JSON has them all."""


def queries(data: Data, as_of: AsOf = None, json: Json = False) -> None:
    """Answer the twelve questions of an audit. Exit status 1: one of them does not hold."""
    moment = instant(as_of)
    with reading(data) as database, show.progress("Kontrollerer") as progress:
        verified = verify(StoredLog(database), progress=progress)
        with StoredLog(database).snapshot() as log:
            asked = ask(log, to_instant(datetime.now(UTC)), as_of=moment)
            answers = tuple(Audit(log, asked, verified).answers())
            about = head(asked, log.root(asked.at_index))
    if json:
        show.as_json({"head": about, "queries": answers})
    else:
        for line in told(about, answers):
            show.out.print(line)
    raise typer.Exit(1 if any(one.outcome is Outcome.DOES_NOT_HOLD for one in answers) else 0)


def told(about: Head, answers: Iterable[Answer]) -> Iterator[str]:
    """The answers in Danish."""
    yield f"Tolv spørgsmål til loggen til og med post {about.at_index}, den {danish_moment(about.as_of)}."
    yield f"Rodhash (RFC 6962): {about.root_hash}"
    for answer in answers:
        yield ""
        yield f"{answer.number}. {answer.text}"
        asked = f" Undersøgt: {danish_number(answer.judged)}." if answer.judged else ""
        waits = f" Heraf venter {danish_number(answer.waiting)} inden for fristen." if answer.waiting else ""
        yield f"  {OUTCOMES[answer.outcome]}.{asked}{waits}"
        for shown in answer.shown[:TOLD_AT_MOST]:
            yield f"    {_shown(shown)}"
        if len(answer.shown) > TOLD_AT_MOST:
            yield f"    og {danish_number(len(answer.shown) - TOLD_AT_MOST)} mere (se --json)"
        if answer.says_not:
            yield f"  Forbehold: {answer.says_not}"


def _shown(shown: Shown) -> str:
    parts = [f"post {shown.position}" if shown.position is not None else "uden post"]
    if shown.handover is not None:
        parts.append(f"overgang {shown.handover}")
    if shown.authority is not None:
        parts.append(Names().authority(shown.authority))
    return f"{', '.join(parts)}: {_what(shown)}"


def _what(shown: Shown) -> str:
    code, state = shown.what, shown.state
    if code in rights_rules() and state is not None:
        return f"{rights_rules()[code].name} ({STATES[State(state)]})"
    if code in log_checks():
        return log_checks()[code].name
    found = DUTY_REASONS.get(code) or WORDS.get(code) or code
    return f"{found} ({OF_DUTY[state]})" if state in OF_DUTY else found
