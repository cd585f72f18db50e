"""Where a submission would go: whom it is addressed to, whether the move fits them, and which mailbox."""

from datetime import datetime

from domain.calendar.working_days import danish_day
from domain.handover.commands import SubmitHandover
from domain.handover.decide import acting_municipality, lies_ahead
from domain.handover.events import DocumentFacts
from domain.handover.parties import receiving_authority
from workflows.handlers.refusals import refusal
from workflows.handlers.routing import Route, authority_of_unit, find_route
from workflows.handlers.services import WORKFLOW
from workflows.machines.installed import definition_on
from workflows.machines.table import transition
from workflows.ports.log import Log
from workflows.rules.conditions import CONDITIONS, Situation


def addressed_by(log: Log, sender: str, command: SubmitHandover, now: datetime) -> Route:
    """Whom a submission by an authority is addressed to, and the main mailbox or why it would be held.

    Raises Refused for a receiver that cannot be, and by the conditions of the step.
    """
    document, receiver, to_unit_of, today = command.document, None, None, danish_day(now)
    if lies_ahead(document, now):
        raise refusal("in-the-future")
    if command.receiver_unit is not None:
        to_unit_of = authority_of_unit(log, command.receiver_unit)
        if to_unit_of is None:
            raise refusal("receiver-unit-unknown")
    if command.medcom is None:
        municipality = acting_municipality(document)
        assert municipality is not None, "the template demands the handlekommune"
        receiver = receiving_authority(sender, municipality, to_unit_of, today)
    route = find_route(
        log,
        sender=sender,
        receiver_authority=receiver,
        receiver_unit=command.receiver_unit,
        facts=document.facts,
        medcom=command.medcom,
        now=now,
    )
    _check(document.facts, sender, route.receiver_authority, now)
    return route


def _check(facts: DocumentFacts, sender: str, receiver: str | None, now: datetime) -> None:
    workflow = definition_on(WORKFLOW, danish_day(now))
    step = transition(workflow, workflow.initial.name, "submit")
    assert step is not None
    situation = Situation(facts=facts, today=danish_day(now), sender=sender, target=receiver)
    for condition in step.conditions:
        if not CONDITIONS[condition](situation):
            raise refusal(condition)
