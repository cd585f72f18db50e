"""The one table of event types: name -> facts, body, lane, roles, reading or not, upcasters.

No later change edits what an event means; a new meaning is a new name or a higher schema with
an upcaster here (design section 4).
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from domain.course import events as course
from domain.due.events import DeadlineWarned
from domain.events.lanes import CASE_ROLES, KEEPER_ROLES, LEAD_ROLES, REGISTER_ROLES, Lane
from domain.events.model import Body, Facts
from domain.handover import events as handover
from domain.handover import exits, steps
from domain.identity import events as identity
from domain.proof import adoption
from domain.proof import events as proof
from domain.register import events as register
from domain.register import mailbox_events, processing_events, referrer_events, succession_events
from domain.rights.events import RIGHTS_EVENTS, TOLD_TO_BOTH
from domain.rights.letters import LetterSent

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class EventType(msgspec.Struct, frozen=True, kw_only=True):
    """How an event is read, and who may see it.

    Keys are released against three kinds only: a reading and a delivery (of the subjects that
    stand in the header), and a body replay (of the range that stands in the facts).
    """

    facts: type[Facts]
    lane: Lane
    roles: frozenset[str]
    body: type[Body] | None = None
    reading: bool = False
    delivery: bool = False
    replay: bool = False
    upcasters: Mapping[int, Upcaster] = msgspec.field(default_factory=dict)

    @property
    def name(self) -> str:
        """The stable name, which is not a class path."""
        return self.facts.NAME

    @property
    def schema(self) -> int:
        """The schema that this code writes."""
        return self.facts.SCHEMA


def _unit_registered_1_to_2(facts: dict[str, Any]) -> dict[str, Any]:
    return {**facts, "offers_dual_diagnosis": False}


_ALL = (
    EventType(facts=handover.HandoverSubmitted, lane=Lane.SHARED, roles=CASE_ROLES, body=handover.LabelBody),
    EventType(facts=handover.HandoverHeld, lane=Lane.OWN, roles=CASE_ROLES),
    EventType(facts=handover.HandoverRouted, lane=Lane.SHARED, roles=CASE_ROLES, delivery=True),
    EventType(facts=handover.HandoverSent, lane=Lane.SHARED, roles=CASE_ROLES),
    EventType(facts=handover.HandoverDelivered, lane=Lane.SHARED, roles=CASE_ROLES, body=handover.LabelBody),
    EventType(facts=handover.HandoverOpened, lane=Lane.SHARED, roles=CASE_ROLES),
    EventType(facts=handover.HandoverAcknowledged, lane=Lane.SHARED, roles=CASE_ROLES),
    EventType(facts=handover.HandoverTakenOver, lane=Lane.SHARED, roles=CASE_ROLES),
    EventType(facts=handover.HandoverCompleted, lane=Lane.SHARED, roles=CASE_ROLES),
    EventType(facts=handover.HandoverClosed, lane=Lane.SHARED, roles=CASE_ROLES),
    EventType(facts=handover.DocumentRead, lane=Lane.OWN, roles=LEAD_ROLES, reading=True),
    EventType(facts=handover.OutsideAccessUsed, lane=Lane.OWN, roles=LEAD_ROLES),
    EventType(facts=handover.LeadAlerted, lane=Lane.OWN, roles=LEAD_ROLES),
    EventType(facts=handover.MailboxShown, lane=Lane.OWN, roles=LEAD_ROLES, reading=True),
    EventType(facts=handover.UnitListShown, lane=Lane.OWN, roles=LEAD_ROLES, reading=True),
    EventType(facts=handover.CommandRefused, lane=Lane.OWN, roles=LEAD_ROLES),
    EventType(facts=register.AuthorityRegistered, lane=Lane.PUBLIC_REGISTER, roles=REGISTER_ROLES),
    EventType(
        facts=register.UnitRegistered,
        lane=Lane.PUBLIC_REGISTER,
        roles=REGISTER_ROLES,
        upcasters={1: _unit_registered_1_to_2},
    ),
    EventType(facts=register.MainMailboxRegistered, lane=Lane.PUBLIC_REGISTER, roles=REGISTER_ROLES),
    EventType(facts=register.MainMailboxEnded, lane=Lane.PUBLIC_REGISTER, roles=REGISTER_ROLES),
    *(
        EventType(facts=facts, lane=Lane.PUBLIC_REGISTER, roles=REGISTER_ROLES)
        for facts in (
            mailbox_events.MainMailboxAsked,
            mailbox_events.MainMailboxConfirmed,
            mailbox_events.MainMailboxUnconfirmed,
            succession_events.AuthoritySucceeded,
            succession_events.UnitSucceeded,
            referrer_events.ReferrerPublished,
            processing_events.ProcessingTimePublished,
        )
    ),
    # Not confirmed yet, so not for use: theirs who keep the register (decision 0016).
    *(
        EventType(facts=facts, lane=Lane.OWN, roles=KEEPER_ROLES)
        for facts in (
            mailbox_events.MainMailboxProposed,
            mailbox_events.MainMailboxProposalWithdrawn,
            mailbox_events.MainMailboxEndProposed,
            succession_events.SuccessionProposed,
        )
    ),
    EventType(
        facts=identity.ReplacementNumberMerged,
        lane=Lane.OWN,
        roles=LEAD_ROLES,
        body=identity.MergedNumbersBody,
    ),
    EventType(facts=proof.BodiesReplayed, lane=Lane.OWN, roles=LEAD_ROLES, replay=True),
    # Which rules everybody is judged by is nobody's secret.
    EventType(facts=adoption.RulesAdopted, lane=Lane.PUBLIC_REGISTER, roles=REGISTER_ROLES),
    EventType(facts=proof.AuthorityExported, lane=Lane.OWN, roles=LEAD_ROLES, replay=True),
    EventType(facts=steps.HandoverCorrected, lane=Lane.SHARED, roles=CASE_ROLES, body=handover.LabelBody),
    *(
        EventType(facts=facts, lane=Lane.SHARED, roles=CASE_ROLES)
        for facts in (
            steps.HandoverQuestionAsked,
            steps.HandoverQuestionAnswered,
            steps.HandoverMigrated,
            steps.HandoverImportConfirmed,
            steps.HandoverImportDenied,
            exits.HandoverReturned,
            exits.HandoverDeclined,
            exits.HandoverInsisted,
            exits.HandoverResponsibilityUnresolved,
            exits.HandoverResponsibilityResolved,
            exits.HandoverRedirected,
            exits.HandoverForwarded,
            exits.HandoverWithdrawalRequested,
            exits.HandoverWithdrawalConfirmed,
            exits.HandoverWithdrawalRefused,
            exits.HandoverWithdrawn,
            exits.HandoverMisdirected,
            exits.HandoverWrongPerson,
            exits.HandoverEnteredInError,
            exits.HandoverCompletedOtherwise,
            course.InquiryReceived,
            course.ReferralReceived,
            course.VisitationStarted,
            course.VisitationEnded,
            course.CitizenAdmitted,
            course.CitizenDischarged,
            course.ActingMunicipalityChanged,
            course.TreatmentStarted,
            course.TreatmentEnded,
            course.FollowUpDone,
            course.ReferredElsewhere,
            course.CitizenMoved,
            course.CitizenDeceased,
            course.TelephoneContactMade,
            course.CaseFactRetracted,
        )
    ),
    EventType(facts=steps.HandoverCarriedOver, lane=Lane.SHARED, roles=CASE_ROLES, body=handover.LabelBody),
    EventType(facts=steps.CarryOverBegun, lane=Lane.OWN, roles=LEAD_ROLES, delivery=True),
    EventType(facts=steps.CarryOverCompleted, lane=Lane.PUBLIC_REGISTER, roles=REGISTER_ROLES),
    EventType(facts=steps.HandoverImported, lane=Lane.SHARED, roles=CASE_ROLES, body=handover.LabelBody),
    # How an authority divides its own work is nobody else's business.
    EventType(facts=steps.HandoverDistributed, lane=Lane.OWN, roles=CASE_ROLES),
    EventType(facts=steps.HandoverAssigned, lane=Lane.OWN, roles=CASE_ROLES),
    EventType(facts=course.BreachAssessmentOpened, lane=Lane.OWN, roles=LEAD_ROLES),
    EventType(facts=course.BreachAssessed, lane=Lane.OWN, roles=LEAD_ROLES),
    # The lane of rights is each authority's own; what she says of disclosure binds both parties, and that a
    # service ends is told to the other.
    *(
        EventType(
            facts=facts,
            lane=Lane.SHARED if facts in TOLD_TO_BOTH else Lane.OWN,
            roles=CASE_ROLES,
            # A letter that goes by Digital Post is opened once more, to go out.
            delivery=facts is LetterSent,
        )
        for facts in RIGHTS_EVENTS
    ),
    # That a deadline comes near is told within the authority whose it is.
    EventType(facts=DeadlineWarned, lane=Lane.OWN, roles=CASE_ROLES),
    EventType(facts=course.HandoverEscalated, lane=Lane.SHARED, roles=LEAD_ROLES | {"steering"}),
)

EVENT_TYPES: Mapping[str, EventType] = {entry.name: entry for entry in _ALL}


# A decoder made once: asking msgspec by type looks the type's description up for every event.
_DECODERS: Mapping[str, msgspec.json.Decoder[Any]] = {
    entry.name: msgspec.json.Decoder(entry.facts) for entry in _ALL
}


class SchemaTooNew(Exception):
    """An entry was written by newer code than this; it is refused, never guessed at."""


class UnknownEvent(Exception):
    """An entry names an event that this code does not know."""


def event_type(name: str) -> EventType:
    """Look an event type up by its stable name. Raises UnknownEvent."""
    try:
        return EVENT_TYPES[name]
    except KeyError:
        raise UnknownEvent("the log holds an event of a type that this version does not know") from None


def decode_facts(kind: EventType, schema: int, raw: bytes | msgspec.Raw) -> Facts:
    """Read facts of any schema up to the current one, upcasting older ones step by step.

    Raises SchemaTooNew for a higher schema and msgspec.ValidationError for damaged facts.
    """
    if schema == kind.schema:
        facts_now: Facts = _DECODERS[kind.name].decode(raw)
        return facts_now
    if schema > kind.schema:
        raise SchemaTooNew(f"{kind.name} has schema {schema}, this version reads up to {kind.schema}")
    facts: dict[str, Any] = msgspec.json.decode(raw)
    for step in range(schema, kind.schema):
        facts = kind.upcasters[step](facts)
    return msgspec.convert(facts, type=kind.facts)
