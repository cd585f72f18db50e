"""Verdicts and replays told to an auditor, in Danish, a line at a time."""

from collections.abc import Callable, Iterator

from api.cli.told_course import course
from audit.replay.case import CaseReplay
from audit.replay.conformance import Conformance
from audit.replay.danish import danish_moment, danish_number
from audit.replay.faults import WORDS
from audit.replay.replay import LogReplay
from audit.replay.verify import Verdict
from audit.replay.words import CONDITIONS, STARTED, newest, status
from domain.law.log_checks import log_checks
from domain.law.references import reference

Progress = Callable[[int, int], None]

SIX_WORDS = {
    "sent": "Sendt",
    "delivered": "Leveret",
    "opened": "Åbnet",
    "acknowledged": "Kvitteret",
    "taken_over": "Overtaget",
    "started": "Påbegyndt",
}
BREACHES = {
    **WORDS,
    "step-side": "Trinnet er den anden parts.",
    "condition-not-met": "En betingelse var ikke opfyldt.",
}


def _moment(at_index: int | None, as_of: str | None) -> Iterator[str]:
    if at_index is not None:
        yield f"Som det var kendt ved position {at_index}."
    if as_of is not None:
        yield f"Det, der var sket {danish_moment(as_of)}."


def case(found: CaseReplay) -> Iterator[str]:
    """One case."""
    yield f"Overgang {found.handover}"
    yield from _moment(found.at_index, found.as_of)
    if found.state is None:
        yield "Den var ikke indsendt endnu."
        return
    workflow = found.conformance
    if workflow is not None:
        yield f"Status: {status(workflow.workflow, workflow.version, found.state.status)}"
    yield ""
    yield "Forløb"
    yield from (f"  {line.text}" for line in found.events)
    yield ""
    yield "De seks ord"
    for word, label in SIX_WORDS.items():
        at = found.words[word]
        unread = word == "opened" and found.state.corrected_at is not None
        nothing = "ikke registreret for den rettede udgave" if unread else "ikke registreret"
        yield f"  {label}: {danish_moment(at) if at else nothing}"
    yield f"  {STARTED}"
    yield ""
    yield "Hvem der skulle følge overgangen op"
    for holding in found.held_by:
        until = f"til {danish_moment(holding.until)}" if holding.until else "og frem"
        yield f"  {holding.name}: fra {danish_moment(holding.since)} {until}"
    yield ""
    yield from course(found)
    yield ""
    yield f"Læsninger: {len(found.readings)}. Afslag: {len(found.refusals)}. De står i forløbet."
    if workflow is not None:
        yield from _conformance(workflow)


def _conformance(found: Conformance) -> Iterator[str]:
    name = f"arbejdsgangen {found.workflow}, version {found.version}"
    if found.conforms:
        steps = "Trinnet" if found.steps == 1 else f"Alle {found.steps} trin"
        yield f"{steps} er tilladt i {name}."
    else:
        yield f"Overgangen følger ikke {name}:"
        for breach in found.breaches:
            condition = f" ({breach.condition})" if breach.condition else ""
            yield f"  position {breach.position}, {breach.event}: {BREACHES[breach.code]}{condition}"
    for asked in found.conditions:
        yield f"  betingelse {asked.condition} ved position {asked.position}: {CONDITIONS[asked.held]}"


def log(found: LogReplay) -> Iterator[str]:
    """The whole log."""
    yield from _moment(found.at_index, found.as_of)
    yield f"{danish_number(found.entries)} poster, {danish_number(found.handovers)} overgange"
    yield ""
    yield "Overgange efter status"
    for name, count in found.statuses.items():
        yield f"  {status('handover', newest()[0].version, name)}: {danish_number(count)}"
    yield ""
    yield "Poster efter hændelse"
    for name, count in found.events.items():
        yield f"  {name}: {danish_number(count)}"
    yield ""
    if found.breaches:
        yield f"{danish_number(found.breaches)} trin er ikke tilladt, først position {found.first_breach}."
    else:
        yield "Alle trin er tilladt i den version af arbejdsgangen, sagen kører under."
    if found.rights_violations:
        yield f"{danish_number(len(found.rights_violations))} brud, der ses post for post:"
        for violation in found.rights_violations:
            basis = ", ".join(map(reference, violation.basis))
            yield f"  position {violation.position}: {log_checks()[violation.code].name} ({basis})"
    else:
        yield "Ingen brud, der ses post for post."
    yield "Rettighederne med frister og udløsere: overgang audit rights."


def verdict(found: Verdict, forgotten: int | None) -> Iterator[str]:
    """A verification."""
    if found.fault is not None:
        fault = found.fault
        where = f" Position {fault.position}." if fault.position is not None else ""
        file = f" Fil: {fault.file}." if fault.file else ""
        yield f"Loggen holder ikke. Første fejl: {fault.code}.{where}{file}"
        yield fault.words
        if found.keys_missing:
            keys = "nøgle" if found.keys_missing == 1 else "nøgler"
            yield f"{danish_number(found.keys_missing)} {keys} mangler uden en sletning på loggen."
        return
    yield f"Loggen holder. {danish_number(found.entries)} poster er kontrolleret."
    yield f"Rodhash (RFC 6962): {found.root_hash}"
    yield "Sammenlign rodhash med en, der er noteret et andet sted: kun det viser, at intet er skrevet om."
    yield f"Trin i arbejdsgange: {danish_number(found.steps)}. Borgernøgler: {danish_number(found.subjects)}."
    for label, count in (
        ("Dokumenter", found.documents),
        ("Bilag", found.attachments),
        ("Frigivne nøgler", found.releases),
        ("Forseglede dele", found.bodies),
        ("Åbnede dokumenter og bilag", found.contents),
        ("Rækker i tabellerne ved siden af loggen", found.rows),
    ):
        yield f"{label}: {danish_number(count) if count is not None else 'ikke kontrolleret'}"
    if forgotten:
        yield f"{danish_number(forgotten)} forseglede dele har en slettet nøgle og kan ikke åbnes af nogen."


def verdict_json(found: Verdict, forgotten: int | None) -> dict[str, object]:
    """A verification for a program."""
    fault = found.fault
    return {
        "verified": found.holds,
        "fault": None
        if fault is None
        else {"code": fault.code, "position": fault.position, "file": fault.file, "words": fault.words},
        "entries": found.entries,
        "root_hash": found.root_hash,
        "checked": {
            "steps": found.steps,
            "subjects": found.subjects,
            "documents": found.documents,
            "attachments": found.attachments,
            "releases": found.releases,
            "bodies": found.bodies,
            "bodies_forgotten": forgotten,
            "contents": found.contents,
            "rows": found.rows,
            "keys_missing": found.keys_missing,
        },
    }
