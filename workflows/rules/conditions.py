"""The conditions that a workflow definition names: our rules, evaluated on header and facts.

`transitions` carries structure only; each of these is asked before the step is recorded.
"""

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from domain.handover.events import DocumentFacts
from domain.handover.state import Handover
from domain.law.loader import consent_lapses, consent_last_day, disclosure_references, objection_holds
from domain.register.state import MainMailbox

BASIS = "samtykke.basis"
CONSENT_GIVEN = "samtykke.consent_given_on"
CONSENT_EXPIRES = "samtykke.consent_expires_on"
OBJECTION = "samtykke.objection"


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What a condition may look at."""

    facts: DocumentFacts
    today: date
    state: Handover | None = None
    mailbox: MainMailbox | None = None
    hold_reason: str | None = None


def disclosure_fault(facts: DocumentFacts, today: date) -> str | None:
    """Why there is no live basis for disclosure, or None (law.md 5: SUL §§41-44, RSL §11a).

    Cautious default where the law leaves it open: any objection holds the handover until a
    person has decided. A message without the fields was disclosed by its sender under the
    sender's own assessment.
    """
    if facts.get(OBJECTION) is True and objection_holds():
        return "citizen-objects"
    expires, given = _day(facts, CONSENT_EXPIRES), _day(facts, CONSENT_GIVEN)
    if given is not None and given > today:
        return "consent-not-yet-given"
    if expires is not None and expires < today:
        return "consent-lapsed"
    basis = facts.get(BASIS)
    if isinstance(basis, str) and consent_lapses(basis) and given and today > consent_last_day(given):
        return "consent-lapsed"
    return None


def _day(facts: DocumentFacts, name: str) -> date | None:
    value = facts.get(name)
    return date.fromisoformat(value) if isinstance(value, str) else None


def disclosure_basis(facts: DocumentFacts) -> tuple[str, ...]:
    """The legal references that a document states for its disclosure, as they stand in a header."""
    basis = facts.get(BASIS)
    return disclosure_references(basis if isinstance(basis, str) else None)


def _opened(situation: Situation) -> bool:
    return situation.state is not None and situation.state.opened_at is not None


def _first_opening(situation: Situation) -> bool:
    return situation.state is not None and situation.state.opened_at is None


def _needs_completion(situation: Situation) -> bool:
    return situation.state is not None and situation.state.needs_completion


def _mailbox_found(situation: Situation) -> bool:
    return situation.mailbox is not None


def _basis_live(situation: Situation) -> bool:
    return disclosure_fault(situation.facts, situation.today) is None


def _reason_changed(situation: Situation) -> bool:
    return situation.state is None or situation.state.held_reason != situation.hold_reason


CONDITIONS: Mapping[str, Callable[[Situation], bool]] = {
    "document-opened-by-receiver": _opened,
    "first-opening-by-receiver": _first_opening,
    "needs-completion": _needs_completion,
    "main-mailbox-found": _mailbox_found,
    "disclosure-basis-live": _basis_live,
    "hold-reason-changed": _reason_changed,
}
"""Condition name in the definition -> rule."""
