"""The citizen's list of readings: who sent or saw anything of her, when, for what purpose, from which unit.

Dates, purposes and units, never who it was: an employee's identity takes a decision (GDPR art. 15; CJEU
C-579/21; law.md 8.11). Each line has the citizen's own number `n` under that authority, and beside the lines
stands how many numbers there are, so that nothing can be left out unseen.
"""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from uuid import UUID

import msgspec

from audit.exports.authority import exports_of
from audit.replay import words as w
from audit.replay.bodies import STREAM as BODY_REPLAYS
from audit.replay.danish import danish_moment, genitive
from audit.replay.names import Names
from audit.replay.source import beside, unit_with_list
from domain.events.header import Header
from domain.events.model import Recorded
from domain.handover import events as e
from domain.handover import exits as x
from domain.handover import steps as s
from domain.handover.streams import (
    lists_of,
    package_file_of,
    register_of,
    rights_of,
    showings_of,
    successions_of,
)
from domain.proof.events import AuthorityExported, BodiesReplayed
from domain.rights.access import AccessGiven
from domain.rights.disclosure import DisclosedWithoutConsent
from domain.rights.hers import CITIZEN, OWN_ROLES
from domain.rights.letters import LetterSent

ReadStream = Callable[[UUID], Iterable[Recorded]]


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """Something of the citizen's was sent, read, listed or taken out.

    `n`: her own number under its authority's key, where the event names her; a copy of all names nobody.
    """

    position: int
    at: str
    what: str
    authority: str
    unit: str | None
    purpose: str
    outside_reason: str | None
    n: int | None
    text: str


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """An authority's entries about the citizen: all of them, and those that do not belong to this case."""

    authority: str
    entries: int
    elsewhere: int
    text: str


class Sightings(msgspec.Struct, frozen=True, kw_only=True):
    """The list, oldest first, with the count that shows it whole."""

    items: tuple[Sighting, ...]
    counted: tuple[Counted, ...]


class _Case(msgspec.Struct):
    """Where a case's events may lie, and the keys under which the authorities hold the citizen."""

    authorities: dict[str, None] = msgspec.field(default_factory=dict)
    mailboxes: dict[UUID, None] = msgspec.field(default_factory=dict)
    units: dict[str, None] = msgspec.field(default_factory=dict)
    keys: dict[str, str] = msgspec.field(default_factory=dict)
    """Key -> authority."""
    began: int | None = None
    """Position of its first entry: a copy of everything that was made before has nothing of it."""

    def take(self, recorded: Recorded) -> None:
        event = recorded.event
        if self.began is None:
            self.began = recorded.header.position
        for party in ("sender_authority", "receiver_authority", "to_authority"):
            if (code := getattr(event, party, None)) is not None:
                self.authorities[code] = None
        if (mailbox := getattr(event, "mailbox", None)) is not None:
            self.mailboxes[mailbox] = None
        if (unit := unit_with_list(event)) is not None:
            self.units[unit] = None
        match event:
            case e.HandoverSubmitted():
                self.keys[event.citizen_key] = event.sender_authority
            case e.HandoverDelivered():
                self.keys[event.citizen_key] = event.receiver_authority
            case s.HandoverImported():
                self.keys[event.citizen_key] = event.sender_authority
                self.keys[event.receiver_key] = event.receiver_authority
            case s.HandoverCarriedOver():
                if event.citizen_key is not None:
                    self.keys[event.citizen_key] = event.to_authority
            case _:
                pass

    def streams(self, handover: UUID) -> list[UUID]:
        """Every stream in which something of hers in this case may stand."""
        return [
            handover,
            *beside(handover),
            *(rights_of(handover, one) for one in self.authorities),
            *(showings_of(one) for one in self.mailboxes),
            *(lists_of(one) for one in self.units),
            *(successions_of(one) for one in self.authorities),
            *(register_of(one) for one in self.authorities),
            *(exports_of(one) for one in self.authorities),
            BODY_REPLAYS,
        ]


def sightings(
    read_stream: ReadStream,
    counted: Callable[[Collection[str]], Mapping[str, int]],
    handover: UUID,
    *,
    until: int | None = None,
    of: Collection[str] | None = None,
) -> Sightings:
    """The list of a case. `counted`: key ids -> how many entries name each.

    `until`: as known at that position. `of`: what these authorities answer for alone, with what reached or
    left them; by default the whole case.
    """
    case = _Case()
    for recorded in read_stream(handover):
        if until is None or recorded.header.position <= until:
            case.take(recorded)
    keys = {key: code for key, code in case.keys.items() if of is None or code in of}
    names, found, here = Names(), list[Sighting](), dict.fromkeys(keys, 0)
    for recorded in _events(read_stream, case, handover, until):
        header = recorded.header
        if names.take(recorded):
            continue
        for subject in header.subjects:
            if subject.key_id in here:
                here[subject.key_id] += 1
        if of is None or not set(of).isdisjoint(header.visible_to):
            _sighting(found, names, recorded, case, handover, keys)
    totals = here if until is not None else {**here, **counted(tuple(keys))}
    return Sightings(
        items=tuple(found),
        counted=tuple(_counted(names, keys[key], totals[key], here[key]) for key in keys),
    )


def _events(read_stream: ReadStream, case: _Case, handover: UUID, until: int | None) -> Iterator[Recorded]:
    for recorded in heapq.merge(
        *(read_stream(stream) for stream in dict.fromkeys(case.streams(handover))),
        key=lambda one: one.header.position,
    ):
        if until is None or recorded.header.position <= until:
            yield recorded


def _counted(names: Names, authority: str, entries: int, here: int) -> Counted:
    elsewhere = entries - here
    which = "Alle hører til denne sag" if not elsewhere else f"{elsewhere} af dem hører til andre sager"
    text = f"{names.authority(authority)} har {entries} registreringer om dig. {which}"
    return Counted(authority=authority, entries=entries, elsewhere=elsewhere, text=f"{text}.")


def _sighting(
    found: list[Sighting],
    names: Names,
    recorded: Recorded,
    case: _Case,
    handover: UUID,
    keys: Collection[str],
) -> None:
    header, event = recorded.header, recorded.event
    if isinstance(event, e.OutsideAccessUsed):
        _from_outside(found, header, event.reason)
        return
    told = _told(names, header, event, case, handover)
    if told is None:
        return
    what, text = told
    n = next((one.n for one in header.subjects if one.key_id in keys), None)
    purpose = "" if what in ("sent", "letter") else f" Formål: {w.purpose(header.purpose)}."
    found.append(
        Sighting(
            position=header.position,
            at=header.occurred_at,
            what=what,
            authority=header.controller,
            unit=None if header.role in OWN_ROLES else header.unit,
            purpose=header.purpose,
            outside_reason=None,
            n=n,
            text=f"{danish_moment(header.occurred_at)}: {text}{purpose}",
        )
    )


def _from_outside(found: list[Sighting], header: Header, reason: str) -> None:
    """Stands beside its reading, in the same command."""
    for number, one in enumerate(found):
        if one.position == header.position - 1:
            why = f" Enheden har ikke selv sagen. Grund: {w.outside_reason(reason)}."
            found[number] = msgspec.structs.replace(one, outside_reason=reason, text=one.text + why)


def _told(names: Names, header: Header, event: object, case: _Case, handover: UUID) -> tuple[str, str] | None:
    who = names.unit(header.controller, None if header.role in OWN_ROLES else header.unit)
    comma = "," if header.unit is not None and header.role not in OWN_ROLES else ""
    match event:
        case e.DocumentRead():
            return _read(header, event, f"{who}{comma}")
        case e.MailboxShown() | e.UnitListShown() if handover in event.handovers:
            return "listed", f"{who}{comma} fik vist en liste, hvor dit navn stod."
        case e.HandoverDelivered():
            to = genitive(names.authority(event.receiver_authority))
            return "sent", f"Dokumentet blev leveret i {to} hovedpostkasse."
        case e.HandoverSent():
            return "sent", f"Dokumentet blev sendt af {names.authority(header.controller)}."
        case s.HandoverCorrected() if event.delivered:
            return "sent", f"{who}{comma} sendte en rettet udgave af dokumentet."
        case e.HandoverCompleted():
            return "sent", f"{who}{comma} sendte dokumentet til en besked, der var sendt før."
        case x.HandoverForwarded() | x.HandoverRedirected():
            to = names.authority(event.receiver_authority)
            return "sent", f"{who}{comma} gav overgangen videre til {to}."
        case s.HandoverCarriedOver():
            return "sent", f"Sagen gik over til {names.authority(event.to_authority)}."
        case s.CarryOverBegun() if handover in event.handovers:
            return "read", f"Sagen blev gjort klar til at gå over til {names.authority(event.successor)}."
        case DisclosedWithoutConsent():
            return "disclosed", f"{who}{comma} gav oplysninger til {names.authority(event.to)} uden samtykke."
        case AccessGiven():
            return "access", f"{who}{comma} gav dig aktindsigt."
        case LetterSent():
            return "letter", f"{who}{comma} sendte et brev."
        case BodiesReplayed() | AuthorityExported() if (
            header.controller in case.authorities and case.began is not None and case.began < header.position
        ):
            return "copied", _copied(names, header, event)
        case _ if getattr(event, "note", None) is not None and header.stream == handover:
            return "sent", f"{who}{comma} skrev til den anden myndighed i sagen."
        case _:
            return None


def _read(header: Header, event: e.DocumentRead, who: str) -> tuple[str, str]:
    if header.role in OWN_ROLES:
        return "fetched", f"{'Du' if header.role == CITIZEN else 'Din repræsentant'} hentede din aktindsigt."
    package = event.attachment == package_file_of(event.document_id)
    what = "din aktindsigt" if package else "dokumentet" if event.attachment is None else "et bilag"
    return "read", f"{who} læste {what}."


def _copied(names: Names, header: Header, event: object) -> str:
    whose = genitive(names.authority(header.controller))
    if isinstance(event, AuthorityExported):
        return f"Der blev taget en kopi ud af alle {whose} oplysninger."
    return f"Alle {whose} forseglede oplysninger blev åbnet af et kontrolprogram, uden at nogen læste dem."
