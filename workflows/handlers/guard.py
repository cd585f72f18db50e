"""May this person take this step on this case now? A refusal is a fact on the log."""

from datetime import date
from typing import NoReturn
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.model import Decided
from domain.events.refusal import Refused
from domain.handover.events import CommandRefused, DocumentFacts
from domain.handover.fold import fold
from domain.handover.state import Handover
from domain.handover.streams import refusals_by, refusals_of
from domain.law.loader import basis_of
from workflows.handlers.refusals import refusal
from workflows.handlers.said import live_facts
from workflows.handlers.services import WORKFLOW, Context, Services
from workflows.machines.definition import Definition
from workflows.machines.installed import definition
from workflows.machines.machine import next_state
from workflows.machines.table import Transition, allowed_commands, transition
from workflows.ports.log import Append, NewEvent
from workflows.rules.conditions import CONDITIONS, OF_DOCUMENT, Situation

LIVE_BASIS = "disclosure-basis-live"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a step's conditions look at beside the case as it stands."""

    facts: DocumentFacts | None = None
    """Those of the document that the step brings, where it brings one."""
    target: str | None = None
    question: UUID | None = None
    own_unit: bool | None = None


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


def guard(services: Services, context: Context, state: Handover, command: str, asked: Asked) -> Transition:
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
    elif not found.is_of(side):
        code = "wrong-side"
    elif context.actor.role not in found.roles:
        code = "role-not-allowed"
    elif outside_unit(context, state):
        code = "outside-unit"
    else:
        situation = Situation(
            facts=_facts(services, state, found.conditions, asked),
            today=danish_day(services.clock.now()),
            state=state,
            target=asked.target,
            question=asked.question,
            own_unit=asked.own_unit,
        )
        code = next((name for name in found.conditions if not CONDITIONS[name](situation)), None)
    if code is not None:
        today = danish_day(services.clock.now())
        said = _said(code, state, command, side, context.actor.role, today)
        refuse(services, context, command, said, state)
    assert found is not None
    return found


def _facts(services: Services, state: Handover, conditions: tuple[str, ...], asked: Asked) -> DocumentFacts:
    """The document's facts; with what she has said since, where the step gives content on."""
    if LIVE_BASIS in conditions:
        return live_facts(services, state, asked.facts)
    return state.document_facts if asked.facts is None else asked.facts


def _said(code: str, state: Handover, command: str, side: str | None, role: str, today: date) -> Refused:
    """Why, and where the step is only not possible now, what is: to open it first, or the steps there are."""
    if code != "not-allowed-now" or side is None:
        return refusal(code)
    defined = definition_of(state)
    opens = transition(defined, state.status, "open")
    then = transition(defined, opens.dest, command) if opens is not None else None
    if side == "receiver" and state.opened_at is None and then is not None and role in then.roles:
        return refusal("document-opened-by-receiver")
    situation = Situation(facts=state.document_facts, today=today, state=state)
    possible = [
        defined.step(one.command)
        for one in allowed_commands(defined, state.status, side, role)
        if all(CONDITIONS[name](situation) for name in one.conditions if name not in OF_DOCUMENT)
    ]
    refused = refusal(code)
    return Refused(
        code,
        f"{refused.detail} Possible now: {', '.join(step.command for step in possible) or 'nothing'}.",
        f"{refused.detail_da} Muligt nu: {', '.join(step.label for step in possible) or 'intet'}.",
    )


def case_unit(context: Context, state: Handover) -> str | None:
    """The unit that has the case on the actor's side; None when it is the authority's as such."""
    side = state.side_of(context.actor.authority)
    return state.sender_unit if side == "sender" else state.receiver_unit


def outside_unit(context: Context, state: Handover) -> bool:
    """Whether the actor works outside the unit that has the case."""
    unit = case_unit(context, state)
    return unit is not None and context.actor.unit != unit
