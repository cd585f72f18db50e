"""The part of the golden history about the citizen's rights. Only ever appended, like the rest."""

from uuid import UUID, uuid5

from domain.events.model import Decided
from domain.handover.steps import Note
from domain.rights import access, complaints, decisions, disclosure, duties, hearing, letters, persons
from domain.rights.model import RightsEvent, SealedLetter
from workflows.ports.log import NewEvent

MUNICIPALITY = "0370"
_SPACE = UUID("2b9b7e0c-6f55-4d57-9a4f-6a3f0f6b9b52")


def _id(name: str) -> UUID:
    return uuid5(_SPACE, name)


HANDOVER = _id("handover")
_NOTE = Note(document_id=_id("note"), document_sha256="cd" * 32)
_LETTER = SealedLetter(
    document_id=_id("sealed letter"), document_sha256="ef" * 32, template="afgoerelse", template_version=1
)

_EVENTS: tuple[RightsEvent, ...] = (
    access.AccessRequested(
        handover=HANDOVER, request=_id("request"), regime="fvl", means="letter", form="pdf"
    ),
    access.AccessDelayNotified(
        handover=HANDOVER, request=_id("request"), reason="size", promised_on="2026-12-15"
    ),
    access.AccessDecided(
        handover=HANDOVER,
        request=_id("request"),
        regime="fvl",
        outcome="granted",
        grounds=("fvl:9a.2",),
        reasons_given=True,
        extra_considered=True,
        guidance=("a",),
    ),
    access.AccessGiven(
        handover=HANDOVER,
        request=_id("request"),
        way="digital-post",
        package_sha256="0000000000000000000000000000000000000000000000000000000000000000",
    ),
    access.AccessWithdrawn(handover=HANDOVER, request=_id("request"), means="letter"),
    hearing.HearingSent(
        handover=HANDOVER,
        hearing=_id("hearing"),
        decision=_id("decision"),
        assertions=("rusmidler.monster",),
        answer_by="2026-12-15",
        written=_LETTER,
    ),
    hearing.HearingExtended(
        handover=HANDOVER, hearing=_id("hearing"), decision=_id("decision"), answer_by="2026-12-15"
    ),
    hearing.HearingAnswered(
        handover=HANDOVER, hearing=_id("hearing"), decision=_id("decision"), means="letter", note=_NOTE
    ),
    hearing.HearingAssessed(
        handover=HANDOVER,
        decision=_id("decision"),
        factual=True,
        unaware=True,
        detrimental=True,
        essential=True,
        required=True,
    ),
    hearing.HearingOmitted(handover=HANDOVER, decision=_id("decision"), ground="fvl:19.2.1"),
    hearing.StatementDemanded(handover=HANDOVER, decision=_id("decision"), answer_by="2026-12-15"),
    hearing.StatementMade(handover=HANDOVER, decision=_id("decision"), means="letter"),
    hearing.StatementRefused(handover=HANDOVER, decision=_id("decision"), ground="fvl:21.2.1"),
    decisions.ApplicationReceived(
        handover=HANDOVER, decision=_id("decision"), legal_basis="sel:101", means="letter"
    ),
    decisions.ProcessingDelayNotified(
        handover=HANDOVER, decision=_id("decision"), reason="size", promised_on="2026-12-15"
    ),
    decisions.DecisionDrafted(
        handover=HANDOVER, decision=_id("decision"), legal_basis="sel:101", kind="grant", adverse=True
    ),
    decisions.DecisionMade(
        handover=HANDOVER,
        decision=_id("decision"),
        legal_basis="sel:101",
        kind="grant",
        outcome="full",
        adverse=True,
        agreed=True,
        oral=True,
        reasons_rules=True,
        reasons_considerations=True,
        reasons_facts=True,
        guidance=("a",),
        access_ground="statutory-deadline",
        written=_LETTER,
        outside=True,
    ),
    decisions.WrittenReasonsRequested(handover=HANDOVER, decision=_id("decision"), means="letter"),
    decisions.WrittenReasonsDelayed(
        handover=HANDOVER, decision=_id("decision"), reason="size", promised_on="2026-12-15"
    ),
    decisions.WrittenReasonsGiven(handover=HANDOVER, decision=_id("decision")),
    decisions.AppealPeriodInterrupted(handover=HANDOVER, decision=_id("decision"), cause="fvl:17"),
    decisions.AppealPeriodResumed(
        handover=HANDOVER, decision=_id("decision"), cause="fvl:17", ends_on="2026-12-15"
    ),
    decisions.EndingNotified(handover=HANDOVER, decision=_id("decision"), municipality="0370"),
    letters.LetterSent(
        handover=HANDOVER,
        letter=_id("letter"),
        matter=_id("decision"),
        about="decision",
        addressee="citizen",
        way="digital-post",
        carrier="dao",
        dispatched_on="2026-12-15",
        presumed_on="2026-12-15",
        track="a",
        told_last_date="2026-12-15",
    ),
    letters.LetterArrived(
        handover=HANDOVER,
        letter=_id("letter"),
        matter=_id("decision"),
        about="decision",
        evidence="digital-post-receipt",
        receipt="DP-2026-1",
    ),
    letters.LetterNotDelivered(
        handover=HANDOVER, letter=_id("letter"), matter=_id("decision"), reason="returned"
    ),
    complaints.ComplaintReceived(
        handover=HANDOVER,
        complaint=_id("complaint"),
        decision=_id("decision"),
        track="a",
        urgent=True,
        late=True,
        means="letter",
    ),
    complaints.ComplaintDelayNotified(
        handover=HANDOVER, complaint=_id("complaint"), reason="size", promised_on="2026-12-15"
    ),
    complaints.ComplaintReconsidered(handover=HANDOVER, complaint=_id("complaint"), outcome="full"),
    complaints.ComplaintForwarded(
        handover=HANDOVER,
        complaint=_id("complaint"),
        to="ankestyrelsen",
        lateness_noted=True,
        citizen_told=True,
    ),
    complaints.ComplaintUpheld(handover=HANDOVER, complaint=_id("complaint"), means="letter"),
    complaints.ComplaintWithdrawn(handover=HANDOVER, complaint=_id("complaint"), means="letter"),
    complaints.DialogueOpened(handover=HANDOVER, complaint=_id("complaint")),
    complaints.DialogueReported(handover=HANDOVER, complaint=_id("complaint"), outcome="settled"),
    complaints.AppealDecided(
        handover=HANDOVER,
        complaint=_id("complaint"),
        decision=_id("decision"),
        body="ankestyrelsen",
        outcome="affirmed",
    ),
    disclosure.ConsentGiven(
        handover=HANDOVER,
        consent=_id("consent"),
        scope="disclosure",
        basis="sul:41.1",
        form="pdf",
        giver="citizen",
        given_on="2026-12-15",
        lapses_on="2026-12-15",
    ),
    disclosure.ConsentWithdrawn(handover=HANDOVER, scope="disclosure", means="letter"),
    disclosure.ObjectionRegistered(
        handover=HANDOVER, scope="disclosure", consequences_explained=True, means="letter"
    ),
    disclosure.ObjectionLifted(handover=HANDOVER, scope="disclosure", means="letter"),
    disclosure.DisclosedWithoutConsent(
        handover=HANDOVER,
        disclosure=_id("disclosure"),
        to="0370",
        basis="sul:41.2.1",
        reason="danger-to-life",
    ),
    disclosure.CitizenInformed(
        handover=HANDOVER, matter=_id("decision"), of="disclosure", way="digital-post"
    ),
    persons.RepresentativeAppointed(
        handover=HANDOVER,
        representative=_id("representative"),
        scope="whole-case",
        letters=True,
        proof="written-authority",
        until="2026-12-15",
    ),
    persons.RepresentationEnded(handover=HANDOVER, representative=_id("representative"), reason="revoked"),
    persons.RepresentativeRefused(
        handover=HANDOVER, representative=_id("representative"), ground="fvl:8.2.1", reasons_given=True
    ),
    persons.CompanionAttended(handover=HANDOVER, occasion="meeting"),
    persons.DisqualificationDeclared(handover=HANDOVER, person=_id("person"), ground="fvl:3.1.1"),
    persons.CaseworkerReplaced(handover=HANDOVER, person=_id("person"), successor=_id("successor")),
    duties.OralInformationReceived(handover=HANDOVER, information=_id("information"), source="citizen"),
    duties.NoteMade(handover=HANDOVER, information=_id("information")),
    duties.GuidanceRequested(handover=HANDOVER, inquiry=_id("inquiry"), topic="rights", misdirected=True),
    duties.GuidanceGiven(handover=HANDOVER, inquiry=_id("inquiry"), passed_on=True),
    duties.TransitionRated(handover=HANDOVER, good=4, meaningful=4, safe=4),
    duties.RightsFactRetracted(
        handover=HANDOVER, position=0, retracts="access-requested", reason="wrong-case"
    ),
    hearing.CitizenCommented(
        handover=HANDOVER, means="self-service", assertions=("rusmidler.monster",), note=_NOTE
    ),
    hearing.StatementLimitSet(handover=HANDOVER, decision=_id("decision"), answer_by="2026-12-15"),
)


def rights_history(municipality_key: str) -> tuple[NewEvent, ...]:
    """The events, one of each type, in a municipality's lane."""
    return tuple(
        NewEvent(
            decided=Decided(event=event, occurred_at="2026-11-20T09:00:00.000000Z"),
            stream=_id("lane"),
            expected_version=None,
            controller=MUNICIPALITY,
            visible_to=(MUNICIPALITY,),
            purpose="rights",
            legal_basis=("gdpr:6.1.c",),
            subjects=(municipality_key,),
        )
        for event in _EVENTS
    )
