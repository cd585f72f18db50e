"""Whether what a document is disclosed on will hold when it is sent: asked when a draft begins (law.md 5.11).

A consent under SUL §§43-44 lapses after a year at the latest; others hold until the day they state.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from domain.document.formats import has_form
from domain.law.loader import consent_lapses, consent_last_day, consent_warning_days, is_consent

SECTION = "samtykke"


class ConsentNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What the writer must know, under a stable code, in both languages. Nothing of the document is in it."""

    code: str
    detail: str
    detail_da: str
    last_day: date | None = None
    """The last day on which it counts, where there is one."""


TEXTS = {
    "basis-missing": (
        "No basis of disclosure is stated yet; without one nothing is sent.",
        "Der er endnu ikke angivet et grundlag for at give oplysningerne videre; uden det sendes intet.",
    ),
    "consent-undated": (
        "The consent has no date yet.",
        "Samtykket mangler en dato.",
    ),
    "consent-lapsed": (
        "The consent does not count any more; ask the citizen again.",
        "Samtykket gælder ikke længere; spørg borgeren igen.",
    ),
    "consent-lapses-soon": (
        "The consent lapses soon; ask the citizen again in time.",
        "Samtykket udløber snart; spørg borgeren igen i god tid.",
    ),
    "citizen-objects": (
        "The citizen objects; it will be held until a person has decided.",
        "Borgeren har gjort indsigelse; overgangen bliver tilbageholdt, til en person har taget stilling.",
    ),
}


def consent_notices(document: Mapping[str, Any], today: date) -> tuple[ConsentNotice, ...]:
    """What to tell the writer of a document, which may be unfinished and of any shape."""
    sections = document.get("sections")
    section = sections.get(SECTION) if isinstance(sections, Mapping) else None
    stated = section if isinstance(section, Mapping) else {}
    found = [_notice("citizen-objects")] if stated.get("objection") is True else []
    basis = stated.get("basis")
    if not isinstance(basis, str):
        return (*found, _notice("basis-missing"))
    if not is_consent(basis):
        return tuple(found)
    given, expires = _day(stated.get("consent_given_on")), _day(stated.get("consent_expires_on"))
    if given is None:
        return (*found, _notice("consent-undated"))
    ends = [one for one in (expires, consent_last_day(given) if consent_lapses(basis) else None) if one]
    if not ends:
        return tuple(found)
    last_day = min(ends)
    if last_day < today:
        found.append(_notice("consent-lapsed", last_day))
    elif last_day - timedelta(days=consent_warning_days()) <= today:
        found.append(_notice("consent-lapses-soon", last_day))
    return tuple(found)


def _notice(code: str, last_day: date | None = None) -> ConsentNotice:
    detail, detail_da = TEXTS[code]
    return ConsentNotice(code=code, detail=detail, detail_da=detail_da, last_day=last_day)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and has_form("date", value) else None
