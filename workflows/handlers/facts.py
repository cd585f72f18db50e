"""Facts of the citizen's course: recordable by either party at any time, with their own time.

Nothing about the case's state forbids one (design section 3, idea 2); only who records it is asked.
"""

from domain.calendar.working_days import danish_day
from domain.course.commands import AssessBreach, RecordFact, RecordReferral
from domain.course.events import (
    BreachAssessed,
    CaseFact,
    CaseFactRetracted,
    FollowUpDone,
    ReferralReceived,
    ReferredElsewhere,
    TreatmentEnded,
    TreatmentStarted,
)
from domain.course.facts import standing
from domain.events.instant import to_instant
from domain.events.model import Decided, Recorded
from domain.handover.state import Handover
from domain.handover.streams import breaches_of, facts_of
from domain.register.referrers import may_refer
from workflows.handlers.case import parties
from workflows.handlers.envelope import fact_event, own_event
from workflows.handlers.guard import load, refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.routing import register
from workflows.handlers.said import said_on
from workflows.handlers.services import WORKFLOW, Context, Services
from workflows.handlers.succeeded import seen_as
from workflows.machines.installed import definition_on
from workflows.ports.log import Append, IdempotentReplay, NewEvent, Outcome

LEADERS = frozenset({"leader", "auditor"})
COMMAND = "record-fact"


def record_fact(services: Services, context: Context, command: RecordFact) -> Outcome:
    """Record a fact. Raises CaseNotFound, Refused, or IdempotentReplay."""
    fact = command.fact
    state = load(services, fact.handover)
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    code = _fault(services, context, state, fact)
    if code is None and command.occurred_at > to_instant(services.clock.now()):
        code = "in-the-future"
    if code is not None:
        refuse(services, context, COMMAND, refusal(code), state)
    decided = Decided(event=fact, occurred_at=command.occurred_at)
    event = fact_event(
        decided,
        handover=state.id,
        authority=context.actor.authority,
        visible_to=_visible_to(services, state, context.actor.authority, fact),
        subjects=_subjects(context, state),
    )
    return _append(services, context, state, event, "facts")


BACK_REPORTS = TreatmentStarted | TreatmentEnded | FollowUpDone | ReferredElsewhere
"""How it went with her: what a receiver that has taken over tells the sender with her consent only.

Who has the duty to treat follows from visitation, admission and handlekommune, which both must know.
"""


def _visible_to(services: Services, state: Handover, authority: str, fact: CaseFact) -> tuple[str, ...]:
    """Both parties; the receiver alone where it reports back beyond the take-over without consent to it."""
    back = authority == state.receiver_authority and state.taken_over_at is not None
    if back and isinstance(fact, BACK_REPORTS) and not said_on(services, state).back_reporting:
        return (authority,)
    return tuple(sorted({*parties(state), authority}))


def record_referral(services: Services, context: Context, command: RecordReferral) -> Outcome:
    """Record a henvisning. Whether it counts follows from what the region had published by then."""
    region = register(services.log, command.region)
    found = may_refer(region.publications.values() if region else (), command.referrer, command.occurred_at)
    fact = ReferralReceived(
        handover=command.handover,
        region=command.region,
        referrer=command.referrer,
        counts=found.counts,
        rule=found.rule,
    )
    return record_fact(services, context, RecordFact(fact=fact, occurred_at=command.occurred_at))


def _fault(services: Services, context: Context, state: Handover, fact: CaseFact) -> str | None:
    side = state.side_of(context.actor.authority)
    if side is None and isinstance(fact, CaseFactRetracted) and _was_receiver(context, state):
        # What an authority recorded wrongly it sets right, though the case has gone on to another.
        side = "receiver"
    # The newest version tells what may be recorded: nothing forbids a fact, on a case of any version.
    kind = definition_on(WORKFLOW, danish_day(services.clock.now())).fact(fact.NAME)
    if side is None:
        return "not-a-party"
    if kind is None:
        return "not-allowed-now"
    if side not in kind.sides:
        return "wrong-side"
    if context.actor.role not in kind.roles:
        return "role-not-allowed"
    if isinstance(fact, CaseFactRetracted):
        return _retraction_fault(services, context, state, fact)
    return None


def _was_receiver(context: Context, state: Handover) -> bool:
    return context.actor.authority in state.former_receivers


def _retraction_fault(
    services: Services, context: Context, state: Handover, fact: CaseFactRetracted
) -> str | None:
    """A fact is retracted by whoever recorded it, or by the authority that has taken its place."""
    named = [
        one
        for one in standing(services.log.stream(facts_of(state.id)))
        if (one.header.position, one.header.event) == (fact.position, fact.retracts)
    ]
    if not named:
        return "fact-unknown"
    ours = seen_as(services, state.id, context.actor.authority)
    return None if named[0].header.authority in ours else "not-ones-own-fact"


def assess_breach(services: Services, context: Context, command: AssessBreach) -> Outcome:
    """Register one's own controller's assessment of a breach, which may have been opened for the one whose
    place it has taken; the 72 hours run on. Raises CaseNotFound, Refused."""
    state = load(services, command.handover)
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    authority, code = context.actor.authority, None
    ours = seen_as(services, state.id, authority)
    opened = [one for one in services.log.stream(breaches_of(state.id)) if one.header.controller in ours]
    if not opened and state.side_of(authority) is None:
        code = "not-a-party"
    elif context.actor.role not in LEADERS:
        code = "role-not-allowed"
    elif not opened or isinstance(opened[-1].event, BreachAssessed):
        code = "not-allowed-now"
    if code is not None:
        refuse(services, context, "assess-breach", refusal(code), state)
    assessed = BreachAssessed(
        handover=state.id, outcome=command.outcome, citizen_informed=command.citizen_informed
    )
    event = own_event(
        Decided(event=assessed),
        stream=breaches_of(state.id),
        authority=authority,
        purpose="case-administration",
        subjects=_own_keys(context, state, opened[-1]),
    )
    return _append(services, context, state, event, "breach")


def _own_keys(context: Context, state: Handover, opened: Recorded) -> tuple[str, ...]:
    """An authority's own key of the citizen: a party's of today, otherwise that of then."""
    if state.side_of(context.actor.authority) is not None:
        return _subjects(context, state)
    return tuple(subject.key_id for subject in opened.header.subjects)


def _subjects(context: Context, state: Handover) -> tuple[str, ...]:
    receives = context.actor.authority == state.receiver_authority
    key = state.receiver_key if receives else state.sender_key
    return (key,) if key else ()


def _append(services: Services, context: Context, state: Handover, event: NewEvent, part: str) -> Outcome:
    outcome = Outcome(status=201, location=f"/v1/handovers/{state.id}/{part}", resource=state.id)
    services.log.append(
        Append(
            events=(event,),
            actor=context.actor,
            correlation_id=context.correlation_id,
            idempotency=context.idempotency,
            outcome=outcome,
        )
    )
    return outcome
