"""Guidance on appeal (klagevejledning), made from the tracks of a decision (FVL §25; law.md 7).

No guidance is a fixed text: the track says what is so, the file of sentences how it is said. The letter
states the rule and a cautious date, counted from the day the letter is presumed to arrive.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from domain.calendar.danish_dates import danish_date
from domain.law.appeal_tracks import AuthorityKind, Late, Track, appeal_tracks, last_date, tracks_for
from domain.law.deadlines import rule_of
from domain.law.limit_words import limit_in_words

FILE: Final = "klagevejledning-1.json"


class AppealRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a guidance is made from."""

    basis: tuple[str, ...]
    """The provisions decided under, such as `sel:101`; the tracks of each, in this order, each once."""
    authority_kind: AuthorityKind
    decided_on: date
    presumed_arrival: date
    """The day on which the letter is presumed to have reached her."""
    send_to: tuple[str, ...]
    """Where the authority takes complaints: post, e-mail, Digital Post, telephone; one a line."""
    main: str | None = None
    """For a decision on access to the file: the provision the case itself is decided under."""
    event: date | None = None
    """The day of what she may complain about, where a limit counts from it (KEL §3a)."""

    def __post_init__(self) -> None:
        if not self.basis or not any(line.strip() for line in self.send_to):
            raise ValueError("a guidance needs a legal basis and a place to send the complaint to")


class TrackGuidance(msgspec.Struct, frozen=True, kw_only=True):
    """The guidance of one track: what was told, and the sentences that told it."""

    track: str
    last_date: date | None
    """The concrete last date in the letter. What was told is a fact; it is compared with what was due."""
    heading: str
    body: str
    """Who hears the complaint, or that nobody ordinary is known to, and who sees to the authority then."""
    send_to: str | None = None
    deadline: str | None = None
    """The rule and the concrete date."""
    late: str | None = None
    how: str | None = None
    reassessment: str | None = None
    dialogue: str | None = None
    review: str | None = None
    effect: str | None = None
    """That a complaint does not stop the decision, where the law says so."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The sentences in the order in which a letter has them."""
        told = (self.body, self.send_to, self.deadline, self.late, self.how)
        more = (self.reassessment, self.dialogue, self.review, self.effect)
        return tuple(text for text in (*told, *more) if text)


class Guidance(msgspec.Struct, frozen=True, kw_only=True):
    """The whole guidance of a letter."""

    tracks_version: int
    """The version of `domain/law/data/klagespor`."""
    sentences_version: int
    tracks: tuple[TrackGuidance, ...]
    file_access: str
    representative: str


class _Sentences(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    version: int
    valid_from: date
    basis: tuple[str, ...]
    to_body: str
    no_body: str
    no_body_further: str
    no_body_beside: str
    no_body_received: str
    not_appealable: str
    first: dict[str, str]
    deadlines: dict[str, str]
    """Trigger of the limit -> the rule."""
    no_deadline: str
    last_date: dict[str, str]
    """Trigger of the first limit -> the concrete date."""
    late: dict[Late, str]
    how: str
    reassessment: str
    forwarding: dict[str, str]
    """Id of the authority's own limit -> what it promises."""
    dialogue: str
    review: dict[str, str]
    no_suspensive_effect: str
    file_access: str
    representative: str


@cache
def sentences() -> _Sentences:
    """The file of sentences. Raises msgspec.ValidationError if it is damaged."""
    raw = files("workflows.letters.data").joinpath(FILE).read_bytes()
    return msgspec.json.decode(raw, type=_Sentences)


def guidance_on_appeal(request: AppealRequest) -> Guidance:
    """The guidance for a decision. Raises AppealTrackUnknown, and CalendarEnds where no date can be told."""
    found: dict[str, Track] = {}
    for basis in request.basis:
        tracks = tracks_for(basis, request.authority_kind, request.decided_on, main=request.main)
        found |= {track.id: track for track in tracks}
    said = sentences()
    return Guidance(
        tracks_version=appeal_tracks().version,
        sentences_version=said.version,
        tracks=tuple(_of_track(track, request) for track in found.values()),
        file_access=said.file_access,
        representative=said.representative,
    )


def _of_track(track: Track, request: AppealRequest) -> TrackGuidance:
    said = sentences()
    if track.body is None:
        told = " ".join(_nobody(track)) if track.appealable else said.not_appealable
        return TrackGuidance(track=track.id, last_date=None, heading=track.name, body=told)
    words = appeal_tracks().words
    body = words.bodies[track.body]
    end = last_date(track, request.presumed_arrival, event=request.event)
    return TrackGuidance(
        track=track.id,
        last_date=end,
        heading=track.name,
        body=said.to_body.format(body=body),
        send_to=_send_to(track, request.send_to),
        deadline=" ".join(_deadline(track, request.presumed_arrival, end)),
        late=said.late[track.late].format(body=body) if track.late else None,
        how=said.how,
        reassessment=_reassessment(track, body),
        dialogue=_dialogue(track, body, request.authority_kind),
        review=said.review[track.review].format(body=body) if track.review else None,
        effect=said.no_suspensive_effect if track.suspends is False else None,
    )


def _nobody(track: Track) -> Iterator[str]:
    said, names = sentences(), appeal_tracks().words.bodies
    supervision, *further = (names[code] for code in track.supervision)
    yield said.no_body.format(supervision=supervision)
    if further:
        yield said.no_body_further.format(further=" eller ".join(further))
    if track.beside:
        yield said.no_body_beside
    yield said.no_body_received.format(supervision=supervision)


def _send_to(track: Track, where: Sequence[str]) -> str | None:
    if track.first is None:
        return None
    first = appeal_tracks().words.addressees[track.first]
    return (
        sentences().first[track.first].format(first=first[:1].upper() + first[1:], send_to="; ".join(where))
    )


def _deadline(track: Track, arrival: date, end: date | None) -> Iterator[str]:
    said = sentences()
    if not track.deadlines:
        yield said.no_deadline
    for rule in track.deadlines:
        yield said.deadlines[rule_of(rule).trigger].format(length=limit_in_words(rule))
    if end is not None:
        trigger = rule_of(track.deadlines[0]).trigger
        yield said.last_date[trigger].format(arrival=danish_date(arrival), last_date=danish_date(end))


def _reassessment(track: Track, body: str) -> str | None:
    lengths = {rule: limit_in_words(rule) for rule in track.internal}
    if track.reassessed:
        return sentences().reassessment.format(body=body, **lengths)
    promised = [
        sentences().forwarding[rule].format(length=length)
        for rule, length in lengths.items()
        if rule in sentences().forwarding
    ]
    return " ".join(promised) or None


def _dialogue(track: Track, body: str, kind: AuthorityKind) -> str | None:
    if kind not in track.dialogue:
        return None
    lengths = {rule: limit_in_words(rule) for rule in track.internal}
    return sentences().dialogue.format(body=body, **lengths)
