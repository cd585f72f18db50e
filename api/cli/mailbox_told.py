"""The register of main mailboxes told in Danish, a line at a time."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from audit.replay.danish import danish_date, danish_moment, listed
from domain.calendar.danish_dates import danish_date as written_out
from domain.identity.municipality import municipalities
from domain.identity.region import regions
from domain.law.mailbox_rules import counts_as, danish
from domain.register.annex import Annex, Entry, Place, Printed
from domain.register.mailbox import MainMailbox
from domain.register.resolve import NO_SUCCESSOR, Registers, Resolved
from domain.register.standing import STANDINGS

STATES = {
    "not-asked": "ikke spurgt",
    "asked": "spurgt",
    "answered": "har svaret, men er ikke bekræftet",
    "confirmed": "bekræftet",
}


def _moment(instant: str, known: str | None) -> str:
    as_known = f"som det var kendt {danish_moment(known)}" if known else "som det er kendt nu"
    return f"Gældende {danish_moment(instant)}, {as_known}."


def _authority(registers: Registers, code: str) -> str:
    found = registers(code)
    if found is not None:
        return found.name
    return f"Region {regions()[code].name}" if code in regions() else f"{municipalities()[code].name} Kommune"


def _addressed(registers: Registers, authority: str, unit: str | None) -> str:
    name = _authority(registers, authority)
    if unit is None:
        return name
    found = registers(authority)
    known = found.units.get(unit) if found else None
    return f"{known.name if known else f'enheden {unit}'}, {name}"


def where(
    registers: Registers, authority: str, unit: str | None, found: Resolved, instant: str, known: str | None
) -> Iterator[str]:
    """Where something addressed to an authority or a unit would have gone."""
    yield f"Til {_addressed(registers, authority, unit)}"
    yield _moment(instant, known)
    if (found.authority, found.unit) != (authority, unit):
        yield f"Efterfølger: {_addressed(registers, found.authority, found.unit)}"
    mailbox = found.mailbox
    if mailbox is None:
        reason = "der var ingen gyldig hovedpostkasse"
        if found.hold_reason == NO_SUCCESSOR:
            reason = "modtageren findes ikke længere, og ingen er angivet som efterfølger"
        yield f"Ingen steder: {reason}. En overgang ville være tilbageholdt."
        return
    channel = danish("channels", mailbox.channel)
    yield f"Hovedpostkasse: {mailbox.address} ({channel}), registrets version {mailbox.version}"
    yield f"Åbnes af: {_addressed(registers, mailbox.authority, mailbox.served_by)}"
    yield f"Modtagere: {_receivers(mailbox.receiver_kind)}"
    if mailbox.confirmed_at is not None:
        yield f"Bekræftet: {danish_date(mailbox.confirmed_at)}{_evidence(mailbox)}"


def where_json(found: Resolved) -> dict[str, object]:
    """The same for a program."""
    mailbox = found.mailbox
    return {
        "authority": found.authority,
        "unit": found.unit,
        "hold_reason": found.hold_reason,
        "mailbox": None if mailbox is None else str(mailbox.id),
        "version": mailbox.version if mailbox else None,
        "channel": mailbox.channel if mailbox else None,
        "address": mailbox.address if mailbox else None,
        "served_by": mailbox.served_by if mailbox else None,
        "receiver_kind": mailbox.receiver_kind if mailbox else None,
        "counts_as": counts_as(mailbox.receiver_kind) if mailbox else None,
        "confirmed_at": mailbox.confirmed_at if mailbox else None,
    }


def annex(found: Annex) -> Iterator[str]:
    """The annex as it is handed out."""
    yield "Bilag: hovedpostkasser til overgangsdokumenter"
    yield _moment(found.on, found.known)
    yield ""
    yield "KOMMUNER"
    for entry in found.municipalities:
        yield from _entry(entry)
    yield ""
    yield "AMBULATORIER, DER TILBYDER BEHANDLING FOR DOBBELTDIAGNOSE"
    for entry in found.ambulatories:
        yield from _entry(entry)
    if not found.ambulatories:
        yield ""
        yield "Ingen er registreret."
    yield ""
    missing = [entry for entry in (*found.municipalities, *found.ambulatories) if entry.mailbox is None]
    yield f"Uden bekræftet hovedpostkasse: {len(missing)}. Til dem sendes intet; det tilbageholdes synligt."
    yield "Hovedpostkassen er ikke botilbudsinitiativets »Fælles postkasse«."


def _entry(entry: Entry) -> Iterator[str]:
    yield ""
    yield f"{entry.authority} {entry.name}" + (f", {entry.unit.name}" if entry.unit else "")
    asked = f" (spurgt {_day(entry.asked_on)})" if entry.asked_on else ""
    yield f"  Status: {STATES[entry.state]}{asked}"
    if entry.mailbox is None:
        yield "  Hovedpostkasse: ingen"
    else:
        yield from _mailbox(entry, entry.mailbox)


def _mailbox(entry: Entry, mailbox: Printed) -> Iterator[str]:
    channels = [f"{one.address} ({danish('channels', one.channel)})" for one in mailbox.channels]
    yield f"  Hovedpostkasse: {listed(channels)}"
    yield f"  Telefon: {_telephone(mailbox.telephone)}"
    yield f"  Åbnes af: {mailbox.served_by.name}. Modtagere: {_receivers(mailbox.receiver_kind)}"
    yield f"  Ejer: {mailbox.owner.name}. Stedfortræder: {_deputy(mailbox.deputy)}"
    numbers = {"SOR": mailbox.served_by.sor, "GLN": mailbox.served_by.gln, "CVR": entry.cvr}
    numbers["KLE"] = ", ".join(mailbox.kle) or None
    told = [f"{name} {number}" for name, number in numbers.items() if number]
    if told:
        yield f"  {'. '.join(told)}"
    until = f" til {danish_moment(mailbox.valid_to)}" if mailbox.valid_to else ""
    yield f"  Gælder fra {danish_moment(mailbox.valid_from)}{until}"
    for gap in mailbox.gaps:
        since, again = danish_moment(gap.since), danish_moment(gap.until)
        yield f"  Ikke bekræftet fra {since} til {again} ({danish('unconfirmed', gap.reason)})"
    if mailbox.confirmed_at is not None:
        yield f"  Bekræftet {danish_date(mailbox.confirmed_at)}{_evidence(mailbox)}"


def _receivers(kind: str) -> str:
    """The kind of receiver, and the kind whose rules on disclosure apply where that is another."""
    counted = counts_as(kind)
    as_another = f", regnes ved videregivelse som {danish('receiver_kinds', counted)}"
    return danish("receiver_kinds", kind) + (as_another if counted != kind else "")


def _evidence(mailbox: Printed | MainMailbox) -> str:
    if mailbox.evidence is None or mailbox.evidence_on is None:
        return ""
    return f" ({danish('evidence', mailbox.evidence)}, {_day(mailbox.evidence_on)})"


def _day(text: str) -> str:
    return written_out(date.fromisoformat(text))


def _telephone(number: str | None) -> str:
    return "ikke oplyst" if number is None else " ".join(number[at : at + 2] for at in range(0, 8, 2))


def _deputy(place: Place | None) -> str:
    return place.name if place else "ingen"


def states(found: Mapping[str, str], instant: str, known: str | None) -> Iterator[str]:
    """How far each municipality is."""
    yield _moment(instant, known)
    for code, state in found.items():
        yield f"  {code} {municipalities()[code].name}: {STATES[state]}"
    counts = Counter(found.values())
    yield "; ".join(f"{STATES[state]}: {counts[state]}" for state in STANDINGS)
