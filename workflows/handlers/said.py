"""What the citizen has said since the document was written, where a step asks whether it may go on."""

from domain.calendar.working_days import danish_day
from domain.events.model import Recorded
from domain.handover.events import DocumentFacts
from domain.handover.state import Handover
from domain.handover.streams import rights_of
from domain.rights.events import TOLD_TO_BOTH, holding
from domain.rights.say import Said, said
from workflows.handlers.services import Services
from workflows.rules.conditions import COLLECTION, OBJECTION, WITHDRAWN, consented, disclosure_fault


def heard_on(services: Services, state: Handover) -> list[Recorded]:
    """What she has said of disclosure to whoever has, or had, a part in the case, and was not retracted."""
    return [
        one
        for authority in state.ever_parties
        for one in holding(services.log.stream(rights_of(state.id, authority)))
        if type(one.event) in TOLD_TO_BOTH
    ]


def said_on(services: Services, state: Handover) -> Said:
    """What holds now of what she has said."""
    return said(heard_on(services, state), danish_day(services.clock.now()))


def stopped(services: Services, state: Handover) -> bool:
    """Whether she has taken back what the document is disclosed on, or objected: no first opening."""
    today = danish_day(services.clock.now())
    return disclosure_fault(live_facts(services, state), today) in ("consent-withdrawn", "citizen-objects")


def live_facts(services: Services, state: Handover, facts: DocumentFacts | None = None) -> DocumentFacts:
    """A document's facts (by default the newest's) with what she has said since."""
    stated = state.document_facts if facts is None else facts
    found = said_on(services, state)
    if found == Said():
        return stated
    now = dict(stated)
    if found.withdrawn_on is not None:
        now[WITHDRAWN] = found.withdrawn_on
    if found.objected_at is not None:
        now[OBJECTION] = True
    if found.collection:
        now[COLLECTION] = True
    return consented(now, found.consent)
