"""What a case has on paper, by header and hash: documents, texts and letters, and how letters arrived.

Nothing is opened. A letter as it was sent belongs to the matter that it is about; what says that it left and
that it arrived are events of their own (RSL §67), tied to it by that matter.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from uuid import UUID

import msgspec

from domain.events.model import Recorded
from domain.handover.steps import Note
from domain.rights.events import MATTERS, holding
from domain.rights.letters import LetterArrived, LetterNotDelivered, LetterSent
from domain.rights.model import RightsEvent, SealedLetter

Stored = Callable[[UUID], bytes | None]
"""The ciphertext of a document."""


class Kind(StrEnum):
    """What a paper is. A text is a question, an answer, a reason or a note."""

    DOCUMENT = "document"
    ATTACHMENT = "attachment"
    TEXT = "text"
    LETTER = "letter"


class Found(StrEnum):
    """Whether what is stored is what the log says; an attachment's file is for `verify` to judge."""

    HOLDS = "holds"
    DIFFERS = "differs"
    MISSING = "missing"
    NOT_LOOKED_AT = "not-looked-at"


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed paper: the entry that brought it, whose it is, and the hash of its ciphertext."""

    id: UUID
    kind: Kind
    sha256: str
    stored: Found
    position: int
    event: str
    occurred_at: str
    authority: str
    key_ids: tuple[str, ...]
    template: str | None = None
    template_version: int | None = None
    matter: UUID | None = None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that says that a letter arrived, or that it did not: how, or why."""

    position: int
    at: str
    code: str


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that left. Without `arrived` nothing on the log proves that it came."""

    letter: UUID
    matter: UUID
    about: str
    position: int
    authority: str
    addressee: str
    way: str
    carrier: str | None
    dispatched_on: str
    presumed_on: str
    track: str | None
    told_last_date: str | None
    arrived: tuple[Evidence, ...]
    not_delivered: tuple[Evidence, ...]


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """All papers of a case by entry, and every sending."""

    papers: tuple[Paper, ...]
    sendings: tuple[Sending, ...]


def papers_of(events: Iterable[Recorded], stored: Stored) -> Papers:
    """The papers and sendings of a case, from its steps, facts and lanes; one retracted is none."""
    by_position = sorted(events, key=lambda one: one.header.position)
    found: dict[UUID, Paper] = {}
    for recorded in by_position:
        for paper in _papers(recorded, stored):
            found.setdefault(paper.id, paper)
    return Papers(papers=tuple(found.values()), sendings=tuple(_sendings(holding(by_position))))


def _papers(recorded: Recorded, stored: Stored) -> Iterator[Paper]:
    event = recorded.event
    document, sha256 = getattr(event, "document_id", None), getattr(event, "document_sha256", None)
    if document is not None and sha256 is not None:
        template = getattr(event, "template", None), getattr(event, "template_version", None)
        yield _paper(recorded, Kind.DOCUMENT, document, sha256, stored, *template)
    for one in getattr(event, "attachments", ()):
        yield _paper(recorded, Kind.ATTACHMENT, one.id, one.ciphertext_sha256, None)
    if isinstance(note := getattr(event, "note", None), Note):
        yield _paper(recorded, Kind.TEXT, note.document_id, note.document_sha256, stored)
    if isinstance(written := getattr(event, "written", None), SealedLetter):
        yield _paper(
            recorded,
            Kind.LETTER,
            written.document_id,
            written.document_sha256,
            stored,
            written.template,
            written.template_version,
        )


def _paper(
    recorded: Recorded,
    kind: Kind,
    document: UUID,
    sha256: str,
    stored: Stored | None,
    template: str | None = None,
    template_version: int | None = None,
) -> Paper:
    header = recorded.header
    return Paper(
        id=document,
        kind=kind,
        sha256=sha256,
        stored=Found.NOT_LOOKED_AT if stored is None else _found(stored(document), sha256),
        position=header.position,
        event=header.event,
        occurred_at=header.occurred_at,
        authority=header.controller,
        key_ids=tuple(subject.key_id for subject in header.subjects),
        template=template,
        template_version=template_version,
        matter=_matter(recorded.event) if isinstance(recorded.event, RightsEvent) else None,
    )


def _found(ciphertext: bytes | None, sha256: str) -> Found:
    if ciphertext is None:
        return Found.MISSING
    return Found.HOLDS if hashlib.sha256(ciphertext).hexdigest() == sha256 else Found.DIFFERS


def _matter(event: RightsEvent) -> UUID | None:
    """What an event is about: the first matter that it names, in the order of the lane's matters."""
    named = (getattr(event, name, None) for name in MATTERS)
    return next((one for one in named if isinstance(one, UUID)), None)


def _sendings(events: list[Recorded]) -> Iterator[Sending]:
    for recorded in events:
        sent, header = recorded.event, recorded.header
        if isinstance(sent, LetterSent):
            later = [one for one in events if getattr(one.event, "letter", None) == sent.letter]
            yield Sending(
                letter=sent.letter,
                matter=sent.matter,
                about=sent.about,
                position=header.position,
                authority=header.controller,
                addressee=sent.addressee,
                way=sent.way,
                carrier=sent.carrier,
                dispatched_on=sent.dispatched_on,
                presumed_on=sent.presumed_on,
                track=sent.track,
                told_last_date=sent.told_last_date,
                arrived=tuple(
                    _evidence(one, one.event.evidence)
                    for one in later
                    if isinstance(one.event, LetterArrived)
                ),
                not_delivered=tuple(
                    _evidence(one, one.event.reason)
                    for one in later
                    if isinstance(one.event, LetterNotDelivered)
                ),
            )


def _evidence(recorded: Recorded, code: str) -> Evidence:
    return Evidence(position=recorded.header.position, at=recorded.header.occurred_at, code=code)
