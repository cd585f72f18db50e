"""Legal references and how sure they are, as a Dane reads them."""

import re

CERTAINTIES = {"F": "læst i kilden", "F-i": "fundet i anden kilde", "M": "efter hukommelsen", "U": "usikker"}
"""How sure a source is (`Confidence` of the register of limits), in Danish."""

_ACT = re.compile(r"(bek|lov|vejl)-([0-9]+)-([0-9]{4})")
_SECTION = re.compile(r"([a-z]+):([0-9]+[a-z]?)(?:[.]([0-9]+))?(?:[.]([0-9]+|[a-z]))?")


def reference(code: str) -> str:
    """A legal reference as a Dane writes it: `fvl:16.2` is `FVL § 16, stk. 2`."""
    if section := _SECTION.fullmatch(code):
        act, number, part, detail = section.groups()
        sign = "art." if act == "gdpr" else "§"
        return f"{act.upper()} {sign} {number}" + (f", stk. {part}" if part else "") + _detail(detail)
    if order := _ACT.fullmatch(code):
        kind, number, year = order.groups()
        return f"{kind.upper()} {number}/{year}"
    kind, _, name = code.partition(":")
    return f"{kind.replace('-', ' ')} {name.upper()}".strip()


def _detail(detail: str | None) -> str:
    if detail is None:
        return ""
    return f", nr. {detail}" if detail.isdecimal() else f", litra {detail}"
