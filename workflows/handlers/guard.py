"""May this person take this step on this case now? A refusal is a fact on the log."""

from typing import NoReturn
from uuid import UUID

from domain.calendar.working_days import danish_day
from domain.events.model import Decided
from domain.events.refusal import Refused
from domain.handover.events import CommandRefused
from domain.handover.state import Handover, fold
from domain.handover.streams import refusals_by, refusals_of
from domain.law.loader import basis_of
from workflows.handlers.services import WORKFLOW, Context, Services
from workflows.machines.definition import Definition, definition
from workflows.machines.machine import next_state
from workflows.machines.table import Transition, transition
from workflows.ports import Append, NewEvent
from workflows.rules.conditions import CONDITIONS, Situation

_TEXTS = {
    "not-a-party": (
        "The case belongs to other authorities.",
        "Sagen hører til hos andre myndigheder.",
    ),
    "not-allowed-now": (
        "The step is not allowed where the case stands now.",
        "Trinnet er ikke muligt, som sagen står nu.",
    ),
    "wrong-side": (
        "The step is the other party's.",
        "Trinnet er den anden parts.",
    ),
    "role-not-allowed": (
        "The role may not take this step.",
        "Rollen må ikke tage dette trin.",
    ),
    "outside-unit": (
        "The case belongs to another unit of the authority; a coded reason is needed.",
        "Sagen hører til en anden enhed i myndigheden; der skal angives en grund.",
    ),
    "document-opened-by-receiver": (
        "The document has not been opened by the receiving authority; read it first.",
        "Dokumentet er ikke åbnet hos modtageren; læs det først.",
    ),
    "another-citizen": (
        "The document is about another citizen than the message, or her replacement number has not "
        "been joined with her CPR number yet.",
        "Dokumentet handler om en anden borger end meddelelsen, eller erstatningsnummeret er endnu ikke "
        "forenet med CPR-nummeret.",
    ),
    "no-basis-for-disclosure": (
        "The document states no live basis for disclosure: an objection, or a consent that does not count.",
        "Dokumentet har ikke et gyldigt grundlag for at give oplysningerne videre: en indsigelse eller et "
        "samtykke, der ikke gælder.",
    ),
    "receiver-does-not-act": (
        "The document names another acting municipality than the one that has received the message.",
        "Dokumentet angiver en anden handlekommune end den, der har modtaget meddelelsen.",
    ),
    "needs-completion": (
        "The handover has its overgangsdokument already.",
        "Overgangen har allerede sit overgangsdokument.",
    ),
}


class CaseNotFound(Exception):
    """There is no handover with this id."""


def load(services: Services, handover: UUID) -> Handover:
    """The case as it stands. Raises CaseNotFound."""
    state = services.log.fold(handover, fold)
    if state is None:
        raise CaseNotFound
    return state


def definition_of(state: Handover) -> Definition:
    """The workflow version that the case runs under."""
    return definition(WORKFLOW, state.workflow_version)


def refuse(
    services: Services, context: Context, command: str, refused: Refused, case: Handover | None = None
) -> NoReturn:
    """Put the refusal on the log, then raise it.

    An attempt on a case from outside it is seen by its parties too, not by the intruder's side only.
    """
    authority, visible_to = context.actor.authority, {context.actor.authority}
    if case is not None and case.side_of(authority) is None:
        visible_to |= {case.sender_authority}
        if case.receiver_key is not None and case.receiver_authority is not None:
            visible_to |= {case.receiver_authority}
    handover = case.id if case else None
    stream = refusals_of(case.id) if case else refusals_by(authority)
    services.log.append(
        Append(
            events=(
                NewEvent(
                    decided=Decided(
                        event=CommandRefused(command=command, reason=refused.code, handover=handover)
                    ),
                    stream=stream,
                    expected_version=None,
                    controller=authority,
                    visible_to=tuple(sorted(visible_to)),
                    purpose="audit",
                    legal_basis=basis_of("audit"),
                ),
            ),
            actor=context.actor,
            correlation_id=context.correlation_id,
        )
    )
    raise refused


def refusal(code: str) -> Refused:
    """A refusal with its texts."""
    detail, detail_da = _TEXTS[code]
    return Refused(code, detail, detail_da)


def guard(services: Services, context: Context, state: Handover, command: str) -> Transition:
    """The step this person may take now, or the refusal on the log.

    Checks, in this order: party to the case, structure of the workflow version, side, role,
    unit, and the definition's conditions.
    """
    found = transition(definition_of(state), state.status, command)
    side = state.side_of(context.actor.authority)
    code = None
    if side is None:
        code = "not-a-party"
    elif found is None or next_state(definition_of(state), state.status, command) is None:
        code = "not-allowed-now"
    elif found.side != side:
        code = "wrong-side"
    elif context.actor.role not in found.roles:
        code = "role-not-allowed"
    elif outside_unit(context, state):
        code = "outside-unit"
    else:
        situation = Situation(facts=state.document_facts, today=danish_day(services.clock.now()), state=state)
        code = next((name for name in found.conditions if not CONDITIONS[name](situation)), None)
    if code is not None:
        refuse(services, context, command, refusal(code), state)
    assert found is not None
    return found


def case_unit(context: Context, state: Handover) -> str | None:
    """The unit that has the case on the actor's side; None when it is the authority's as such."""
    side = state.side_of(context.actor.authority)
    return state.sender_unit if side == "sender" else state.receiver_unit


def outside_unit(context: Context, state: Handover) -> bool:
    """Whether the actor works outside the unit that has the case."""
    unit = case_unit(context, state)
    return unit is not None and context.actor.unit != unit
