"""The conditions that a workflow definition names: our rules, evaluated on header and facts.

`transitions` carries structure only; each of these is asked before the step is recorded.
"""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

import msgspec

from domain.handover.events import DocumentFacts
from domain.handover.parties import HANDLEKOMMUNE, MUNICIPALITY, kind_of
from domain.handover.state import Handover
from domain.law.disclosure_table import basis_reaches
from domain.law.loader import (
    allows_municipal_question,
    consent_lapses,
    consent_last_day,
    disclosure_references,
    is_consent,
    objection_holds,
)
from domain.law.mailbox_rules import counts_as
from domain.register.mailbox import MainMailbox
from domain.rights.disclosure import ConsentGiven
from domain.rights.say import BASIS, CONSENT_GIVEN, withdrawal_stops
from workflows.rules.moves import move_fault

CONSENT_EXPIRES = "samtykke.consent_expires_on"
OBJECTION = "samtykke.objection"
WITHDRAWN = "samtykke.withdrawn_on"
"""No field of the document: the day that she took her consent back, as a lane of rights has it."""
COLLECTION = "samtykke.collection"
"""Nor this: she has consented to what the municipality gets from others, as a lane of rights has it."""
COVERS = "samtykke.covers"
ACTING_MUNICIPALITY, EVERY_AUTHORITY = "acting-municipality", "every-authority"


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What a condition may look at."""

    facts: DocumentFacts
    today: date
    state: Handover | None = None
    sender: str | None = None
    """The authority that hands over, where there is no case yet."""
    mailbox: MainMailbox | None = None
    hold_reason: str | None = None
    target: str | None = None
    """The authority that content goes to now, where the step says so."""
    question: UUID | None = None
    own_unit: bool | None = None
    """Whether the unit that a step names belongs to the receiving authority."""
    latest_workflow: int | None = None


def disclosure_fault(facts: DocumentFacts, today: date) -> str | None:
    """Why there is no live basis for disclosure, or None (law.md 5: SUL §§41-44, RSL §11a).

    Cautious default where the law leaves it open: any objection holds the handover until a
    person has decided. A message without the fields was disclosed by its sender under the
    sender's own assessment.
    """
    if facts.get(OBJECTION) is True and objection_holds():
        return "citizen-objects"
    expires, given = _day(facts, CONSENT_EXPIRES), _day(facts, CONSENT_GIVEN)
    basis, withdrawn = facts.get(BASIS), facts.get(WITHDRAWN)
    if withdrawn is not None and withdrawal_stops(facts, str(withdrawn)):
        return "consent-withdrawn"
    if given is not None and given > today:
        return "consent-not-yet-given"
    if expires is not None and expires < today:
        return "consent-lapsed"
    if isinstance(basis, str) and consent_lapses(basis) and given and today > consent_last_day(given):
        return "consent-lapsed"
    return None


def consented(facts: DocumentFacts, consent: ConsentGiven | None) -> DocumentFacts:
    """A document's facts with a consent that she has given since: its day, and its last one, are those that
    count (SUL §44)."""
    if consent is None or consent.given_on < str(facts.get(CONSENT_GIVEN) or ""):
        return facts
    now = {name: value for name, value in facts.items() if name != CONSENT_EXPIRES}
    now[CONSENT_GIVEN] = consent.given_on
    if consent.lapses_on is not None:
        now[CONSENT_EXPIRES] = consent.lapses_on
    return now


def consent_covers(facts: DocumentFacts, addressed: str | None, target: str) -> bool:
    """Whether what the document is disclosed on reaches another authority than the one first addressed.

    A consent names its receivers (SAB §9; law.md 5); without a word of them it covers the first alone.
    A basis that is no consent is the discloser's own assessment, made anew each time.
    """
    if addressed is None or target == addressed:
        return True
    basis = facts.get(BASIS)
    if not isinstance(basis, str) or not is_consent(basis):
        return True
    covers = facts.get(COVERS)
    if covers == EVERY_AUTHORITY:
        return True
    return covers == ACTING_MUNICIPALITY and kind_of(target) == MUNICIPALITY


def reaches(facts: DocumentFacts, sender: str, mailbox: MainMailbox) -> bool:
    """Whether the stated basis is enough for those who open this mailbox (law.md 5)."""
    basis, kind = facts.get(BASIS), kind_of(sender)
    stated = basis if isinstance(basis, str) else None
    return kind is None or basis_reaches(stated, kind, counts_as(mailbox.receiver_kind))


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
    state = situation.state
    if state is None or state.held_reason != situation.hold_reason:
        return True
    return situation.target is not None and state.held_for is not None and situation.target != state.held_for


def _covers(situation: Situation) -> bool:
    state = situation.state
    if state is None:
        return True
    target = situation.target or (state.receiver_authority if state.receiver_key is not None else None)
    return target is None or consent_covers(situation.facts, state.addressed, target)


def _question_open(situation: Situation) -> bool:
    return situation.state is not None and situation.question in situation.state.questions


def _question_has_consent(situation: Situation) -> bool:
    """A municipality gets information from others with the citizen's consent only (RSL §11a(1))."""
    state = situation.state
    if state is None or state.receiver_authority is None or kind_of(state.receiver_authority) != MUNICIPALITY:
        return True
    basis = situation.facts.get(BASIS)
    if situation.facts.get(COLLECTION) is True:
        return True
    return isinstance(basis, str) and allows_municipal_question(basis)


def _withdrawal_asked(situation: Situation) -> bool:
    return situation.state is not None and situation.state.withdrawal_asked


def _disputed(situation: Situation) -> bool:
    state = situation.state
    return state is not None and state.reason_unresolved is not None and state.unresolved_at is None


def _unresolved(situation: Situation) -> bool:
    return situation.state is not None and situation.state.unresolved_at is not None


def _not_insisted(situation: Situation) -> bool:
    return situation.state is not None and not situation.state.insisted


def _has_document(situation: Situation) -> bool:
    return situation.state is not None and bool(situation.state.documents)


def _earlier_version(situation: Situation) -> bool:
    latest = situation.latest_workflow
    return situation.state is not None and latest is not None and situation.state.workflow_version < latest


def _move_fits(situation: Situation) -> bool:
    state = situation.state
    sender = situation.sender if state is None else state.sender_authority
    receiver = situation.target or (state.receiver_authority if state is not None else None)
    return sender is None or move_fault(situation.facts, sender, receiver) is None


def _receiver_acts(situation: Situation) -> bool:
    state = situation.state
    if state is None or (state.receiver_key is None and not state.needs_completion) or state.is_back:
        return True
    if state.receiver_authority is None or kind_of(state.receiver_authority) != MUNICIPALITY:
        return True
    stated, before = situation.facts.get(HANDLEKOMMUNE), state.document_facts.get(HANDLEKOMMUNE)
    return stated is None or stated in (before, state.receiver_authority)


CONDITIONS: Mapping[str, Callable[[Situation], bool]] = {
    "document-opened-by-receiver": _opened,
    "first-opening-by-receiver": _first_opening,
    "needs-completion": _needs_completion,
    "main-mailbox-found": _mailbox_found,
    "disclosure-basis-live": _basis_live,
    "hold-reason-changed": _reason_changed,
    "consent-covers-receiver": _covers,
    "question-open": _question_open,
    "question-has-consent": _question_has_consent,
    "withdrawal-asked": _withdrawal_asked,
    "withdrawal-not-asked": lambda situation: not _withdrawal_asked(situation),
    "responsibility-disputed": _disputed,
    "responsibility-unresolved": _unresolved,
    "responsibility-settled": lambda situation: not _unresolved(situation),
    "not-insisted": _not_insisted,
    "unit-of-own-authority": lambda situation: situation.own_unit is not False,
    "has-document": _has_document,
    "move-fits-parties": _move_fits,
    "receiver-acts": _receiver_acts,
    "from-earlier-version": _earlier_version,
}
"""Condition name in the definition -> rule."""
OF_DOCUMENT = frozenset(
    {"disclosure-basis-live", "consent-covers-receiver", "move-fits-parties", "receiver-acts"}
)
"""What is asked of the document that a step brings, where it brings one."""
