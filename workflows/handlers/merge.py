"""A replacement number turns out to be a citizen with a real CPR number (law.md 12.2; JFB §12(2)).

The vault's alias is proposed first and counts only once the event stands on the log; the relay
makes it count should the server have died in between.
"""

from domain.events.model import Decided
from domain.handover.streams import identities_of
from domain.identity.events import ReplacementNumberMerged
from domain.identity.person import PersonId
from workflows.handlers.envelope import own_event
from workflows.handlers.guard import refusal, refuse
from workflows.handlers.services import Context, Services
from workflows.handlers.submit import holder
from workflows.ports import Append, IdempotentReplay, Outcome, Person

ROLES = frozenset({"clinician", "caseworker", "leader"})


def merge_replacement_number(
    services: Services, context: Context, replacement: PersonId, real: PersonId
) -> Outcome:
    """Join two numbers of one citizen. Raises SubjectUnknown for a replacement not known here."""
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    actor = context.actor
    if actor.role not in ROLES:
        refuse(services, context, "merge-replacement-number", refusal("role-not-allowed"))
    known = Person(lookup=replacement.lookup_key(), sealed=b"")
    alias, both_known = services.subjects.propose_alias(
        Person(lookup=real.lookup_key(), sealed=b""), known
    )
    keys = services.subjects.provision(person=known, holders=(holder(actor.authority),))
    outcome = Outcome(status=201, location=f"/v1/citizens/merges/{alias}", resource=alias)
    services.log.append(
        Append(
            events=(
                own_event(
                    Decided(
                        event=ReplacementNumberMerged(
                            alias=alias,
                            from_type=str(replacement.type),
                            to_type=str(real.type),
                            both_known=both_known,
                        )
                    ),
                    stream=identities_of(actor.authority),
                    authority=actor.authority,
                    purpose="case-administration",
                    subjects=tuple(keys.keys.values()),
                ),
            ),
            actor=actor,
            correlation_id=context.correlation_id,
            idempotency=context.idempotency,
            outcome=outcome,
        )
    )
    services.subjects.activate_alias(alias)
    return outcome
