"""A case's documents and letters told in Danish: hashes, how letters left, and what proves that they came."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from audit.exports.papers import Evidence, Found, Kind, Paper, Papers, Sending
from audit.replay.danish import danish_moment
from audit.replay.names import Names
from domain.calendar.danish_dates import danish_date
from domain.rights.codes import codes
from domain.rights.letters import LetterArrived, LetterNotDelivered, LetterSent
from domain.rights.model import RightsEvent

KINDS = {
    Kind.DOCUMENT: "Dokument",
    Kind.ATTACHMENT: "Bilag",
    Kind.TEXT: "Tekst",
    Kind.LETTER: "Brev",
}
FOUND = {
    Found.HOLDS: "det lagrede passer",
    Found.DIFFERS: "DET LAGREDE ER ET ANDET",
    Found.MISSING: "FINDES IKKE I LAGERET",
    Found.NOT_LOOKED_AT: "ikke undersøgt her",
}


def papers(found: Papers, files: Mapping[UUID, str], at_index: int, names: Names) -> Iterator[str]:
    """All papers by entry, and every sending with its proof."""
    yield "Dokumenter, bilag, tekster og breve. Hash er SHA-256 af det forseglede."
    for paper in found.papers:
        yield ""
        yield from _paper(paper, files.get(paper.id), names)
    yield ""
    yield "Forsendelser til borgeren"
    if not found.sendings:
        yield f"  Ingen i loggen til og med post {at_index}"
    for sending in found.sendings:
        yield ""
        yield from _sending(sending, at_index, names)


def _paper(paper: Paper, file: str | None, names: Names) -> Iterator[str]:
    of = f", skabelon {paper.template}, version {paper.template_version}" if paper.template else ""
    yield f"{KINDS[paper.kind]} {paper.id}{of}"
    at = danish_moment(paper.occurred_at)
    yield f"  Post {paper.position} ({paper.event}), {at}. {names.authority(paper.authority)}"
    yield f"  Hash: {paper.sha256} ({FOUND[paper.stored]})"
    if paper.matter is not None:
        yield f"  Om: {paper.matter}"
    if file is not None:
        yield f"  Åbnet: {file}"
    elif paper.kind is Kind.LETTER:
        yield "  Forseglet"


def _sending(sending: Sending, at_index: int, names: Names) -> Iterator[str]:
    about, way = _word(LetterSent, "about", sending.about), _word(LetterSent, "way", sending.way)
    carrier = f", {_word(LetterSent, 'carrier', sending.carrier)}" if sending.carrier else ""
    to = _word(LetterSent, "addressee", sending.addressee)
    yield f"Brev {sending.letter} til {to} om {about}: {way}{carrier}"
    yield f"  Om: {sending.matter}. {names.authority(sending.authority)}"
    presumed = f"formodet fremme {_day(sending.presumed_on)}"
    yield f"  Afsendt {_day(sending.dispatched_on)} (post {sending.position}), {presumed}"
    if sending.told_last_date is not None:
        yield f"  Oplyst klagefrist: {_day(sending.told_last_date)}"
    for evidence in sending.arrived:
        yield f"  Fremkommet: {_evidence(evidence, LetterArrived, 'evidence')}"
    for evidence in sending.not_delivered:
        yield f"  Kom ikke frem: {_evidence(evidence, LetterNotDelivered, 'reason')}"
    if not sending.arrived:
        yield f"  Bevis for fremkomst: intet i loggen til og med post {at_index}"


def _evidence(evidence: Evidence, event: type[RightsEvent], field: str) -> str:
    word = _word(event, field, evidence.code)
    return f"{danish_moment(evidence.at)}, {word} (post {evidence.position})"


def _word(event: type[RightsEvent], field: str, code: str) -> str:
    return (codes(event, field) or {}).get(code, code)


def _day(text: str) -> str:
    return danish_date(date.fromisoformat(text))
