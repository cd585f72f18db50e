"""Where a decision can be appealed (klagespor): tracks and the table that leads to them, as data.

The track follows from the legal basis of the decision and from who decided (FVL §25; law.md 7). A
combination that the table does not have is an error, never a guess.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from domain.law.deadline_register import Confidence
from domain.law.deadlines import deadline, rule_of

FILE: Final = "klagespor-1.json"

AuthorityKind = Literal["region", "municipality"]
"""What kind of authority decided."""

Late = Literal["forwarded", "body-decides", "absolute"]
"""What becomes of a late complaint: it is sent on all the same with a note (RSB §13(1)), the appeal body
decides whether to hear it (KEL §10), or it is never heard (KEL §3a)."""

FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "basis-unknown": "no row has this legal basis of a decision",
        "combination-unknown": "this kind of authority decides nothing under this legal basis",
        "main-case-missing": "access is appealed as the main case is (FVL §16(4)): name its legal basis",
        "main-case-unknown": "no row has this legal basis of a main case",
        "not-in-force": "no track is on file for a decision of that day",
    }
)
"""Stable code -> text. No text holds input."""


class AppealTrackUnknown(ValueError):
    """A question about appeal that the table cannot answer. `code` is one of `FAULTS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {FAULTS[self.code]}"


class TrackCertainty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How sure the provisions are, and how sure it is that they lead to this body."""

    law: Confidence
    application: Confidence


class Track(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way (klagespor) in which a decision is complained about."""

    id: str
    name: str
    """What a Dane reads."""
    basis: tuple[str, ...]
    first: str | None
    """Who gets the complaint first; a code of `words.addressees`. None where there is no appeal."""
    body: str | None
    """The appeal body (klageinstans), a code of `words.bodies`; None where no ordinary one is known."""
    appealable: bool = True
    """False where the law itself says that there is no appeal (SEL §101a(6))."""
    deadlines: tuple[str, ...] = ()
    """The citizen's limits, ids of the register of limits; the first to pass counts."""
    internal: tuple[str, ...] = ()
    """The limits that a complaint starts for the authority, and for her after a partial success."""
    reassessed: bool = False
    """Whether the deciding authority looks again before it passes the complaint on (RSL §66)."""
    dialogue: tuple[AuthorityKind, ...] = ()
    """Which kinds of authority offer her a conversation about the complaint first (KEL §1(3)-(4))."""
    review: Literal["legal-questions"] | None = None
    """What the body tests, where it is not everything (RSL §69)."""
    suspends: bool | None = None
    """Whether a complaint stops the decision from taking effect (RSL §72); None where we do not know."""
    late: Late | None = None
    beside: tuple[str, ...] = ()
    """The tracks that lead to a body though this one leads to none."""
    supervision: tuple[str, ...] = ()
    """Who sees to the authority where there is no ordinary appeal body; codes of `words.bodies`."""
    certainty: TrackCertainty
    valid_from: date
    valid_to: date | None = None

    @property
    def code(self) -> str:
        """The id as a fact of an event has it: codes there are lower-case."""
        return self.id.lower()

    def holds_on(self, day: date) -> bool:
        """Whether the track is that of a decision made on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tracks a decision under one of these provisions has, by who decided."""

    basis: tuple[str, ...]
    authority: tuple[AuthorityKind, ...]
    tracks: tuple[str, ...]
    main: tuple[str, ...] = ()
    """For access to the file of a case: the legal basis of that case, whose appeal body it follows."""
    certainty: Confidence


class TrackWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Code -> Danish."""

    addressees: dict[str, str]
    bodies: dict[str, str]


class AppealTracks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as it stands."""

    id: str
    version: int
    valid_from: date
    basis: tuple[str, ...]
    counted_from: dict[str, Literal["arrival", "event"]]
    """Trigger of a limit -> whether a letter's arrival stands for it, or the event complained about."""
    words: TrackWords
    tracks: tuple[Track, ...]
    rows: tuple[Row, ...]


@cache
def appeal_tracks() -> AppealTracks:
    """The tracks and the table in use. Raises msgspec.ValidationError if the file is damaged."""
    return msgspec.json.decode(files("domain.law.data").joinpath(FILE).read_bytes(), type=AppealTracks)


@cache
def tracks_by_id() -> Mapping[str, Track]:
    """Every track by its id, in the order of the file."""
    return MappingProxyType({track.id: track for track in appeal_tracks().tracks})


def tracks_for(
    basis: str, authority_kind: AuthorityKind, on: date, *, main: str | None = None
) -> tuple[Track, ...]:
    """The tracks of a decision made on a day, in the order in which a letter names them.

    `basis` is the provision decided under, such as `sel:101`; `main` that of the case whose file access
    was asked to, for decisions on access (FVL §16(4), OFL §37). Raises AppealTrackUnknown.
    """
    row = _row(basis, authority_kind, main)
    found = tuple(tracks_by_id()[one] for one in row.tracks)
    if not all(track.holds_on(on) for track in found):
        raise AppealTrackUnknown("not-in-force")
    return found


def _row(basis: str, authority_kind: AuthorityKind, main: str | None) -> Row:
    rows = [row for row in appeal_tracks().rows if basis in row.basis]
    if not rows:
        raise AppealTrackUnknown("basis-unknown")
    rows = [row for row in rows if authority_kind in row.authority]
    if not rows:
        raise AppealTrackUnknown("combination-unknown")
    for row in rows:
        if main in row.main or (main is None and not row.main):
            return row
    raise AppealTrackUnknown("main-case-missing" if main is None else "main-case-unknown")


def last_date(
    track: Track,
    presumed_arrival: date,
    proven_arrival: date | None = None,
    *,
    event: date | None = None,
) -> date | None:
    """The last day on which a complaint is in time, by the lenient calendar; None where no limit is known.

    Counted from the day the letter is presumed to arrive. A proven arrival moves it later where it was
    later, and never earlier: she may rely on the date in the letter. `event` is the day of what she
    complains about, for the limit that counts from it (KEL §3a: five years). Raises CalendarEnds.
    """
    arrival = max(presumed_arrival, proven_arrival or presumed_arrival)
    starts = {"arrival": arrival, "event": event}
    counted_from = appeal_tracks().counted_from
    ends = [
        deadline(rule, start).lenient
        for rule in track.deadlines
        if (start := starts[counted_from[rule_of(rule).trigger]]) is not None
    ]
    return min(ends, default=None)
