"""The index of an access package: what is in it, with hashes, and what is not, with the ground for each."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from audit.access.texts import OTHER_PERSONS, PASSAGE, PROTECTED
from audit.replay.danish import danish_moment
from domain.calendar.danish_dates import danish_date
from domain.law.references import reference
from domain.rights.rule import rights_register
from workflows.handlers.access_contents import (
    DOCUMENT,
    LETTER,
    LOCKED,
    NOT_YET,
    NOTE,
    SHUT,
    WORKING_DOCUMENT,
    Item,
    LeftOut,
)

KINDS = {DOCUMENT: "et overgangsdokument", NOTE: "en tekst", LETTER: "et brev"}
WHY = {
    SHUT: "er lukket: det var sendt til den forkerte, handler om en anden eller er oprettet ved en fejl",
    LOCKED: "er lukket, fordi du sagde nej, før nogen havde åbnet det",
    NOT_YET: "er sendt til andre og kan først gives fra {day}",
    WORKING_DOCUMENT: "er myndighedens eget arbejdspapir",
}
PASSAGES = {
    PASSAGE: "Et sted er udeladt",
    OTHER_PERSONS: "Oplysninger om andre personer er udeladt",
    PROTECTED: "En beskyttet adresse er skjult",
}


def index_json(stated: Mapping[str, Any]) -> bytes:
    """The index for a program."""
    return msgspec.json.format(msgspec.json.encode(stated, order="sorted")) + b"\n"


def index_text(stated: Mapping[str, Any], texts: Mapping[str, Item]) -> str:
    """The index for a person."""
    return "".join(f"{line}\n" for line in _lines(stated, texts))


def _lines(stated: Mapping[str, Any], texts: Mapping[str, Item]) -> Iterator[str]:
    regime = rights_register().values["regime"][stated["regime"]]
    yield "Aktindsigt"
    yield "=========="
    yield ""
    yield f"Fra: {stated['authority_name']}"
    yield f"Efter: {regime}"
    yield f"Sag: {stated['handover']}"
    yield "Det er de dokumenter, som denne myndighed selv har i sagen."
    yield ""
    yield "Det får du"
    for one in stated["files"]:
        item = texts.get(one.name)
        what = f": {KINDS[item.kind]} fra {danish_moment(item.at)}" if item else ""
        yield f"  {one.name}{what} (SHA-256 {one.sha256})"
    yield ""
    yield "Det er ikke med"
    missing = _not_there(stated)
    yield from missing or ["  Intet er udeladt."]
    if missing:
        yield ""
        yield "Du kan klage over det, der ikke er med. Hvordan står i myndighedens afgørelse om aktindsigten."


def _not_there(stated: Mapping[str, Any]) -> list[str]:
    found = [*map(_left_out, stated["left_out"])]
    for one in stated["exempted"]:
        found.append(f"  {PASSAGES[one.why]} ({_ground(one.ground)}): {one.pointer}, dokument {one.document}")
    for gone in stated["forgotten"]:
        found.append(f"  {gone.id}: kan ikke læses mere. Nøglen er slettet, eller filen mangler.")
    return found


def _left_out(one: LeftOut) -> str:
    day = danish_date(one.open_from) if one.open_from is not None else ""
    why = WHY[one.why].format(day=day)
    ground = f" ({_ground(one.ground)})" if one.ground else ""
    kind = KINDS[one.item.kind]
    return f"  {kind[:1].upper()}{kind[1:]} fra {danish_moment(one.item.at)} {why}{ground}."


def _ground(code: str) -> str:
    label = rights_register().values["access_grounds"].get(code)
    return f"{reference(code)}, {label}" if label else reference(code)
