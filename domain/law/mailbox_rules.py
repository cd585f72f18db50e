"""The local agreement on main mailboxes as data: channels, kinds of receiver, evidence, reasons.

What is checked of an address, and what cannot be: an address is refused that no function would have
(an attention line, what reads as a CPR number, initials with a number, a name with a full stop in it and
no word for a function).
Initials alone, or a name without a full stop, look like any other word; that the mailbox is not a
person's own is what the one who confirms it vouches for.
"""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "hovedpostkasse-1.json"
MIXED = "mixed"
"""The kind of receiver of a mailbox whose entry does not say."""

_FORMS = {
    "functional": re.compile(r"[a-z][a-z0-9._-]{1,62}@[a-z0-9][a-z0-9.-]{1,180}[a-z0-9]"),
    "gln": re.compile(r"[0-9]{13}"),
    "contact-point": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}


@cache
def _rules() -> Any:
    return json.loads(files("domain.law.data").joinpath(FILE).read_bytes())


def codes(table: str) -> tuple[str, ...]:
    """The codes of one of the file's tables: `channels`, `receiver_kinds`, `evidence`, and so on."""
    return tuple(_rules()[table])


def danish(table: str, code: str) -> str:
    """The Danish of a code; a code that is not in the table is shown as the code."""
    found = _rules()[table].get(code)
    return str(found["da"]) if found else code


def delivers(channel: str) -> bool:
    """Whether Overgang can deliver over this channel yet."""
    found = _rules()["channels"].get(channel)
    return bool(found and found["delivers"])


def fits(channel: str, address: str) -> bool:
    """Whether an address has the form that its channel asks for."""
    found = _rules()["channels"].get(channel)
    return bool(found and _FORMS[found["address"]].fullmatch(address))


def counts_as(receiver_kind: str) -> str:
    """The kind that the rules on disclosure treat this one as: mixed staff count as social (U)."""
    found = _rules()["receiver_kinds"].get(receiver_kind) or _rules()["receiver_kinds"][MIXED]
    return str(found["counts_as"])


def looks_personal(address: str) -> bool:
    """Whether an address is plainly a person's own. What it cannot tell, see above."""
    local, at, _ = address.partition("@")
    personal = _rules()["personal"]
    if not at:
        return False
    if (
        re.search(personal["number"], address)
        or re.fullmatch(personal["attention"], local)
        or re.fullmatch(personal["initials"], local)
    ):
        return True
    if re.fullmatch(personal["name"], local) is None:
        return False
    function = rf"[a-z]*(?:{'|'.join(personal['functional_words'])})(?:en|et|n|t)?"
    return not any(re.fullmatch(function, part) for part in re.split(r"[._]", local))
