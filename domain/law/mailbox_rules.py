"""The local agreement on main mailboxes as data: channels, kinds of receiver, evidence, reasons.

What is checked of an address, and what cannot be: an address is refused that no function would have. That
is an attention line (`att` as a word of its own, or before a name), what reads as a CPR number, initials with
a number, and an address of several words, at least two of them joined by a full stop or an underscore, most
of which are no word for a function; places, links (`for`, `og`) and digits are not counted.

What cannot be told: initials or a name alone, two names joined by a hyphen, and a name beside as many words
for a function (`team.kirsten`, as `rusmiddelcenter.hjoerring` is not known to be a town). That the mailbox is
not a person's own is what the one who confirms it vouches for.
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
    words = [word for word in re.split(r"[._-]+", re.sub("[0-9]", "", local)) if word]
    if re.search(personal["number"], address) or any(_calls_for_attention(word) for word in words):
        return True
    if re.fullmatch(personal["initials"], local):
        return not _names_a_function(words[0])
    if len(words) < 2 or re.search("[._]", local) is None:
        return False
    functions = sum(_names_a_function(word) for word in words)
    neutral = sum(word in personal["not_counted"] for word in words)
    return len(words) - functions - neutral > functions


def _calls_for_attention(word: str) -> bool:
    """`att`, alone or before a name; a longer word that only begins so is no attention line."""
    personal = _rules()["personal"]
    if word in personal["attention_words"]:
        return True
    return word.startswith("att") and not word.startswith(tuple(personal["words_in_att"]))


def _names_a_function(word: str) -> bool:
    """Whether a word, or the end of a compound, names a function."""
    personal = _rules()["personal"]
    compound = rf"[a-z]*(?:{'|'.join(personal['functional_words'])})(?:en|et|n|t)?"
    return word in personal["functional_alone"] or re.fullmatch(compound, word) is not None
