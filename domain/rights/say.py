"""What the citizen has said since the document was written: consent taken back, or an objection.

Either party may have heard it, and it binds both: no further leg goes on what she has taken back (SUL §41(3),
§44; RSL §11a).
"""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.law.loader import is_consent
from domain.rights.disclosure import ConsentGiven, ConsentWithdrawn, ObjectionLifted, ObjectionRegistered

DISCLOSURE, COLLECTION, BACK_REPORTING = "disclosure", "collection", "back-reporting"
BASIS, CONSENT_GIVEN = "samtykke.basis", "samtykke.consent_given_on"
"""Facts of a document: what it is disclosed on, and since when."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What holds now of what she has said about disclosure. Days are Danish, None: she has not said so."""

    withdrawn_on: str | None = None
    withdrawn_at: str | None = None
    objected_at: str | None = None
    collection: bool = False
    """Whether she has consented to what a municipality gets from others (RSL §11a)."""
    back_reporting: bool = False
    """Whether she has consented to the sender being told how it went after the take-over."""
    consent: ConsentGiven | None = None
    """The newest consent to disclosure that she has given since."""


def withdrawal_stops(facts: Mapping[str, object], withdrawn_on: str) -> bool:
    """Whether what she took back on a day is what a document is disclosed on: her consent, given by then.

    A basis that is no consent is the discloser's own, and an objection is what stops it (SUL §41(3)).
    """
    basis, given = facts.get(BASIS), facts.get(CONSENT_GIVEN)
    rests_on_consent = not isinstance(basis, str) or is_consent(basis)
    return rests_on_consent and (given is None or str(given) <= withdrawn_on)


def _holds_on(consent: ConsentGiven | ConsentWithdrawn, today: date) -> bool:
    """Whether a consent was given, and has not lapsed (SUL §44(3))."""
    if not isinstance(consent, ConsentGiven):
        return False
    return consent.lapses_on is None or today.isoformat() <= consent.lapses_on


def said(events: Iterable[Recorded], today: date) -> Said:
    """What holds on a Danish day, by when she said it. `events` are those of the lanes that hold."""
    withdrawn: str | None = None
    objected: str | None = None
    collection = back_reporting = False
    consent: ConsentGiven | None = None
    for one in sorted(events, key=lambda each: (each.header.occurred_at, each.header.position)):
        event, at = one.event, one.header.occurred_at
        scope = getattr(event, "scope", None)
        if scope == COLLECTION and isinstance(event, ConsentGiven | ConsentWithdrawn):
            collection = _holds_on(event, today)
        if scope == BACK_REPORTING and isinstance(event, ConsentGiven | ConsentWithdrawn):
            back_reporting = _holds_on(event, today)
        if scope != DISCLOSURE:
            continue
        match event:
            case ConsentWithdrawn():
                withdrawn, consent = at, None
            case ConsentGiven():
                withdrawn, consent = None, event
            case ObjectionRegistered():
                objected = at
            case ObjectionLifted():
                objected = None
    day = None if withdrawn is None else danish_day(from_instant(withdrawn)).isoformat()
    return Said(
        withdrawn_on=day,
        withdrawn_at=withdrawn,
        objected_at=objected,
        collection=collection,
        back_reporting=back_reporting,
        consent=consent,
    )
