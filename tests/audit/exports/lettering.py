"""A decision whose letter is sealed as it was sent."""

from uuid import UUID

from domain.events.instant import to_instant
from domain.rights.decisions import DecisionMade
from domain.rights.model import SealedLetter
from tests.domain.rights.samples import sample
from tests.journeys.cast import MUNICIPALITY, caseworker
from tests.journeys.house import House
from tests.journeys.stepping import remark
from workflows.handlers.case import seal
from workflows.handlers.rights import append_rights, ready_for_rights
from workflows.ports.log import SealedDocument

TEXT = "Du får ikke den plads, du har søgt om."


def decided(house: House, case: UUID, decision: UUID) -> SealedDocument:
    """Decide, and seal the letter that says so; returns it."""
    context = house.as_(caseworker())
    state, lane = ready_for_rights(house.services, context, case)
    letter = seal(house.services, state, remark(TEXT), (MUNICIPALITY,))
    written = SealedLetter(
        document_id=letter.id,
        document_sha256=letter.ciphertext_sha256,
        template="afgoerelse",
        template_version=1,
    )
    event = sample(DecisionMade, handover=case, decision=decision, adverse=False, oral=False, written=written)
    at = to_instant(house.clock.now())
    append_rights(house.services, context, state, lane, ((event, at),), (letter,))
    return letter
