"""The steps beside the first line: one table command -> how it is named in the workflow and decided."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from domain.events.instant import to_instant
from domain.events.model import Decided
from domain.handover import decide_steps as d
from domain.handover import step_commands as c
from domain.handover.state import Handover
from workflows.handlers.case import Planned, append, parties, ready, seal_note
from workflows.handlers.disputes import after_insisting, after_return
from workflows.handlers.guard import Asked, refuse
from workflows.handlers.quarantine import breach_assessments, read_astray, shut_away
from workflows.handlers.refusals import refusal
from workflows.handlers.routing import register
from workflows.handlers.services import Context, Services
from workflows.ports.log import Outcome
from workflows.rules.conditions import disclosure_basis

OWN = "own-authority"
"""Who settled a dispute: the authority itself, by taking the responsibility."""

Decide = Callable[[Handover, Any, d.Given], list[Decided]]


class Plan(msgspec.Struct, frozen=True):
    """The command's name in the workflow definition, and its decision.

    `carries_content`: the step discloses, so that its header names the basis the document states.
    `breach`: the step opens each controller's assessment of a breach; others may, by what was read before.
    """

    command: str
    decide: Decide
    carries_content: bool = False
    breach: bool = False


PLANS: Mapping[type[c.StepCommand], Plan] = {
    c.AskQuestion: Plan("ask", d.decide_ask, carries_content=True),
    c.AnswerQuestion: Plan("answer", d.decide_answer, carries_content=True),
    c.ReturnHandover: Plan("return", d.decide_return),
    c.DeclineHandover: Plan("decline", d.decide_decline),
    c.InsistOnHandover: Plan("insist", d.decide_insist),
    c.ResolveResponsibility: Plan("resolve", d.decide_resolve),
    c.DistributeHandover: Plan("distribute", d.decide_distribute),
    c.AssignHandover: Plan("assign", d.decide_assign),
    c.RequestWithdrawal: Plan("request_withdrawal", d.decide_request_withdrawal),
    c.ConfirmWithdrawal: Plan("confirm_withdrawal", d.decide_confirm_withdrawal),
    c.RefuseWithdrawal: Plan("refuse_withdrawal", d.decide_refuse_withdrawal),
    c.WithdrawHandover: Plan("withdraw", d.decide_withdraw),
    c.ReportMisdirected: Plan("report_misdirected", d.decide_misdirected, breach=True),
    c.ReportWrongPerson: Plan("report_wrong_person", d.decide_wrong_person, breach=True),
    c.EnterInError: Plan("enter_in_error", d.decide_in_error),
    c.CompleteOtherwise: Plan("complete_otherwise", d.decide_otherwise, carries_content=True),
    c.ConfirmImport: Plan("confirm_import", d.decide_confirm_import),
    c.DenyImport: Plan("deny_import", d.decide_deny_import),
}
"""Command -> plan, the whole list; correcting, redirecting and forwarding have handlers of their own."""


def take_step(services: Services, context: Context, command: c.StepCommand) -> Outcome:
    """Take a step. Raises CaseNotFound, Refused, or one of the log's conflicts."""
    plan = PLANS[type(command)]
    asked = _asked(services, context, command)
    state = ready(services, context, command.handover, command.expected_version, plan.command, asked)
    check_own(services, context, state, command)
    note, sealed = seal_note(services, state, command.note, context.actor.authority)
    now = services.clock.now()
    given = d.Given(
        now=now,
        side=state.side_of(context.actor.authority) or "system",
        authority=context.actor.authority,
        note=note,
        id=services.ids.uuid(),
    )
    basis = disclosure_basis(state.document_facts) if plan.carries_content else None
    planned = [Planned(decided=one, legal_basis=basis) for one in plan.decide(state, command, given)]
    planned += _consequences(state, command, now)
    taken = planned[0].decided.event
    assessed = breach_assessments if plan.breach else read_astray
    outcome = append(services, context, state, planned, sealed, assessed(services, state, taken))
    if isinstance(command, c.ReportWrongPerson):
        shut_away(services, state, taken)
    return outcome


def check_own(services: Services, context: Context, state: Handover, command: c.StepCommand) -> None:
    """What a step's own codes must keep to. Raises Refused, which stands on the log."""
    actor = context.actor.authority
    code = None
    if isinstance(command, c.ResolveResponsibility):
        if command.authority not in parties(state):
            code = "not-a-party"
        elif (command.authority == actor) != (command.decided_by == OWN):
            # Nobody hands a duty to the other side on its own word.
            code = "not-ones-own-to-give"
    elif isinstance(command, c.CompleteOtherwise):
        if command.occurred_at > to_instant(services.clock.now()):
            code = "in-the-future"
        elif command.authority == actor:
            code = "receiver-is-sender"
    if code is not None:
        refuse(services, context, PLANS[type(command)].command, refusal(code), state)


def _asked(services: Services, context: Context, command: c.StepCommand) -> Asked:
    """What the step's conditions look at beside the case."""
    if isinstance(command, c.AnswerQuestion):
        return Asked(question=command.question)
    if isinstance(command, c.DistributeHandover):
        found = register(services.log, context.actor.authority)
        return Asked(own_unit=found is not None and command.unit in found.units)
    return Asked()


def _consequences(state: Handover, command: c.StepCommand, now: datetime) -> list[Planned]:
    if isinstance(command, c.ReturnHandover | c.DenyImport):
        return after_return(state, now)
    return after_insisting(state, now) if isinstance(command, c.InsistOnHandover) else []
