"""Correct: a document takes the place of the one before, which stays readable (JFB §20).

It carries content, so it passes the same basis check as the first sending did, unless it reaches nobody: what
is held is mended in this way and the relay asks again, and what has come back is the sender's own.
"""

from domain.events.instant import to_instant
from domain.handover.addressing import addressed_after
from domain.handover.commands import WrittenDocument
from domain.handover.decide import lies_ahead
from domain.handover.decide_steps import decide_correct
from domain.handover.state import Handover
from domain.handover.step_commands import CorrectDocument
from domain.handover.streams import facts_of
from workflows.handlers.case import Planned, append, of_ones_own, readers_of, ready, seal, telephoned
from workflows.handlers.guard import Asked, refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.services import Context, Services
from workflows.handlers.submit import person_of
from workflows.ports.log import Outcome
from workflows.ports.vault import BodyKeys
from workflows.rules.conditions import disclosure_basis


def correct(services: Services, context: Context, command: CorrectDocument) -> Outcome:
    """Put the corrected document in place. Raises Refused for another citizen's."""
    state = of_ones_own(services, context, command.handover, "correct")
    target = None
    if state.receiver_key is None:  # judged by whom it will go to, when its handlekommune is corrected too
        target = addressed_after(state, command.document.facts, to_instant(services.clock.now()))
    asked = Asked(facts=command.document.facts, target=target)
    state = ready(services, context, command.handover, command.expected_version, "correct", asked)
    check_document(services, context, state, command.document, "correct")
    readers = readers_of(state, state.sender_authority)
    sealed = seal(services, state, command.document, readers)
    # Whoever lists the citizen by name reads the label: the receiver, once it was delivered.
    receiver_key = None if state.is_back else state.receiver_key
    label_key = receiver_key or state.sender_key
    decided = decide_correct(state, command, sealed.id, sealed.ciphertext_sha256, label_key)
    planned = Planned(
        decided=decided,
        keys=BodyKeys(main=services.subjects.sealer(label_key)),
        subjects=tuple(key for key in (state.sender_key, receiver_key) if key),
        legal_basis=disclosure_basis(command.document.facts),
        visible_to=readers,
    )
    called = telephoned(
        state.id,
        command.document,
        state.sender_authority,
        readers,
        state.sender_key,
        services.log.stream(facts_of(state.id)),
    )
    return append(services, context, state, [planned], (sealed,), called)


def check_document(
    services: Services, context: Context, state: Handover, document: WrittenDocument, command: str
) -> None:
    """Raises Refused `another-citizen`: a document about another is no correction but a wrong person.

    And `in-the-future` for one that tells of what has not happened.
    """
    if lies_ahead(document, services.clock.now()):
        refuse(services, context, command, refusal("in-the-future"), state)
    if not services.subjects.concerns(state.sender_key, person_of(document)):
        refuse(services, context, command, refusal("another-citizen"), state)
