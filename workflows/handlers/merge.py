"""A replacement number turns out to be a citizen with a real CPR number (law.md 12.2; JFB §12(2)).

The vault's alias is proposed first and counts only once the event stands on the log; the relay
makes it count should the server have died in between.

Only an authority that already holds a key of the citizen joins her numbers. Anybody else gets the
very answer of an unknown number, so that nobody can ask who is known elsewhere.
"""

import msgspec

from domain.events.model import Decided
from domain.handover.streams import identities_of
from domain.identity.events import MergedNumbersBody, PersonNumber, ReplacementNumberMerged
from domain.identity.person import PersonId, PersonIdType
from workflows.handlers.case import holder
from workflows.handlers.envelope import own_event
from workflows.handlers.guard import refuse
from workflows.handlers.refusals import refusal
from workflows.handlers.services import Context, Services
from workflows.ports.log import Append, IdempotentReplay, NewEvent, Outcome
from workflows.ports.vault import BodyKeys, Person, Provisioned, SubjectUnknown

ROLES = frozenset({"clinician", "caseworker", "leader"})


def merge_replacement_number(
    services: Services, context: Context, replacement: PersonId, real: PersonId
) -> Outcome:
    """Join two numbers of one citizen.

    Raises SubjectUnknown for a replacement number under which the actor's authority holds nothing,
    and for a local number of another issuer; Refused for a role that may not.
    """
    if context.idempotency and (earlier := services.log.replayed(context.idempotency)):
        raise IdempotentReplay(earlier)
    actor = context.actor
    if actor.role not in ROLES:
        refuse(services, context, "merge-replacement-number", refusal("role-not-allowed"))
    if replacement.type is PersonIdType.LOCAL and replacement.issuer != actor.authority:
        raise SubjectUnknown("the replacement number is not known here")
    known = _person(replacement)
    alias = services.subjects.propose_alias(_person(real), known, actor.authority)
    keys = services.subjects.provision(person=known, holders=(holder(actor.authority),))
    event = ReplacementNumberMerged(alias=alias, from_type=str(replacement.type), to_type=str(real.type))
    body = MergedNumbersBody(replacement=_number(replacement), real=_number(real))
    outcome = Outcome(status=201, location=f"/v1/citizens/merges/{alias}", resource=alias)
    services.log.append(
        Append(
            events=(_sealed(services, actor.authority, Decided(event=event, body=body), keys),),
            actor=actor,
            correlation_id=context.correlation_id,
            idempotency=context.idempotency,
            outcome=outcome,
        )
    )
    services.subjects.activate_alias(alias)
    return outcome


def _sealed(services: Services, authority: str, decided: Decided, keys: Provisioned) -> NewEvent:
    """The event in the authority's own lane, its numbers under the authority's key of the citizen."""
    key_id = keys.keys[authority]
    event = own_event(
        decided,
        stream=identities_of(authority),
        authority=authority,
        purpose="case-administration",
        subjects=(key_id,),
    )
    return msgspec.structs.replace(event, keys=BodyKeys(main=keys.sealers[key_id]))


def _person(number: PersonId) -> Person:
    """A citizen by a number alone, the number sealed for those who must name it later."""
    return Person(lookup=number.lookup_key(), sealed=msgspec.json.encode(_number(number)))


def _number(number: PersonId) -> PersonNumber:
    return PersonNumber(type=str(number.type), value=number.value, issuer=number.issuer)
