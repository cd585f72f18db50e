"""The part of the golden history about a handover's steps, exits and course.

Only ever appended, like the rest (`tests.audit.log.history`).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from domain.course import events as f
from domain.events.header import WorkflowRef
from domain.events.model import Body, Decided, Facts
from domain.handover import events as h
from domain.handover import exits as x
from domain.handover import steps as s
from domain.proof.events import AuthorityExported
from workflows.ports.log import NewEvent
from workflows.ports.vault import BodyKeys

REGION, MUNICIPALITY, OTHER = "1085", "0370", "0330"
NEW_YEAR = "2026-12-31T23:00:00.000000Z"
_SPACE = UUID("0f7f5a55-3c2a-4df4-8a1e-5b2b8c9b7d31")


def _id(name: str) -> UUID:
    return uuid5(_SPACE, name)


HANDOVER, IMPORTED = _id("handover"), _id("imported")
_HASH = "ab" * 32
_NOTE = s.Note(document_id=_id("note"), document_sha256=_HASH)
_LABEL = h.LabelBody(
    person=h.PersonLabel(name="Testborger Æblegård", person_id_type="cpr", person_id="7001014321")
)


def handover_history(
    keys: Callable[[str], BodyKeys], region_key: str, municipality_key: str
) -> tuple[NewEvent, ...]:
    """The events, one of each type, under the history's fixed keys."""

    def event(
        facts: Facts,
        *,
        stream: str = "handover",
        controller: str = MUNICIPALITY,
        body: Body | None = None,
        sealed_by: str | None = None,
        occurred_at: str | None = None,
        workflow: bool = True,
        visible_to: tuple[str, ...] = (MUNICIPALITY, REGION),
        purpose: str = "handover",
    ) -> NewEvent:
        return NewEvent(
            decided=Decided(event=facts, body=body, occurred_at=occurred_at),
            stream=_id(stream),
            expected_version=None,
            controller=controller,
            visible_to=visible_to,
            purpose=purpose,
            legal_basis=("fvl:7.2", "sul:41.1"),
            subjects=(region_key if controller == REGION else municipality_key,),
            keys=keys(sealed_by) if sealed_by else None,
            workflow=WorkflowRef(name="handover", version=2) if workflow else None,
        )

    def fact(facts: Facts, controller: str = MUNICIPALITY) -> NewEvent:
        return event(
            facts,
            stream="facts",
            controller=controller,
            occurred_at="2026-10-30T08:15:00.000000Z",
            workflow=False,
            purpose="case-administration",
        )

    def own(facts: Facts, stream: str, controller: str = MUNICIPALITY) -> NewEvent:
        return event(
            facts,
            stream=stream,
            controller=controller,
            workflow=False,
            visible_to=(controller,),
            purpose="supervision",
        )

    on = {"handover": HANDOVER}
    side: dict[str, Any] = {
        "from_authority": REGION,
        "from_unit": "ambulatorium-1",
        "to_authority": "1099",
        "to_unit": "ambulatorium-1-oest",
        "mailbox": None,
    }
    return (
        event(
            s.HandoverCorrected(
                reason="error",
                supersedes=_id("document"),
                template="overgangsdokument",
                template_version=2,
                move_from="integreret",
                move_to="koordineret",
                document_id=_id("corrected"),
                document_sha256=_HASH,
                document_facts={"overgang.urgency": "rutine", "medicin.supply_ends": "2026-11-20"},
                label_key=municipality_key,
                delivered=True,
                submitted_at="2026-11-02T08:30:00.000000Z",
                acknowledge_by="2026-11-05T22:59:59.999999Z",
            ),
            controller=REGION,
            body=_LABEL,
            sealed_by=municipality_key,
        ),
        event(
            s.HandoverQuestionAsked(question=_id("question"), sections=("medicin",), note=_NOTE, waiting=1)
        ),
        event(s.HandoverQuestionAnswered(question=_id("question"), note=_NOTE, waiting=0), controller=REGION),
        event(s.HandoverDistributed(unit="rusmiddelcenter-syd"), visible_to=(MUNICIPALITY,)),
        event(s.HandoverAssigned(assignee=_id("member of staff")), visible_to=(MUNICIPALITY,)),
        event(x.HandoverReturned(reason="not-acting-municipality", suggested=OTHER, note=_NOTE)),
        event(x.HandoverDeclined(reason="at-capacity", note=_NOTE)),
        event(x.HandoverInsisted(note=None), controller=REGION),
        event(
            x.HandoverResponsibilityUnresolved(
                reason="both-refuse",
                leaders_by="2026-11-03T22:59:59.999999Z",
                acting_meanwhile=OTHER,
                basis="rsl:9.8",
            ),
            controller=REGION,
        ),
        event(x.HandoverResponsibilityResolved(authority=MUNICIPALITY, decided_by="leaders-agreed")),
        event(x.HandoverRedirected(receiver_authority=OTHER, receiver_unit=None, leg=2), controller=REGION),
        event(
            x.HandoverForwarded(
                from_authority=MUNICIPALITY, receiver_authority=OTHER, receiver_unit=None, leg=3, note=_NOTE
            )
        ),
        event(x.HandoverWithdrawalRequested(reason="citizen-declines"), controller=REGION),
        event(x.HandoverWithdrawalRefused(reason="citizen-has-approached")),
        event(x.HandoverWithdrawalConfirmed()),
        event(x.HandoverWithdrawn(reason="no-longer-relevant"), controller=REGION, visible_to=(REGION,)),
        event(x.HandoverMisdirected(found_by="receiver", note=_NOTE)),
        event(
            x.HandoverWrongPerson(found_by="sender", documents=(_id("document"), _id("note"))),
            controller=REGION,
        ),
        event(x.HandoverEnteredInError(reason="duplicate"), controller=REGION),
        event(
            x.HandoverCompletedOtherwise(means="telephone", authority=MUNICIPALITY),
            controller=REGION,
            occurred_at="2026-11-01T20:05:00.000000Z",
            visible_to=(REGION,),
        ),
        event(
            s.HandoverMigrated(
                from_version=1, to_version=2, from_state="acknowledged", to_state="acknowledged"
            ),
            controller=REGION,
        ),
        event(
            s.HandoverImported(
                citizen_key=region_key,
                receiver_key=municipality_key,
                sender_authority=REGION,
                sender_unit="ambulatorium-1",
                receiver_authority=MUNICIPALITY,
                receiver_unit="rusmiddelcenter",
                mailbox=None,
                direction="region-to-municipality",
                move_from="integreret",
                move_to="ukendt",
                acting_municipality=MUNICIPALITY,
                claimed="taken-over",
                row_fingerprint="cd" * 32,
            ),
            stream="imported",
            body=_LABEL,
            sealed_by=municipality_key,
            occurred_at="2026-08-31T22:00:00.000000Z",
        ),
        event(s.HandoverImportConfirmed(), stream="imported"),
        event(s.HandoverImportDenied(note=_NOTE), stream="imported"),
        own(
            s.CarryOverBegun(authority=REGION, successor="1099", handovers=(HANDOVER, IMPORTED)),
            "successions",
            "1099",
        ),
        event(
            s.HandoverCarriedOver(side="sender", citizen_key=region_key, labelled=False, **side),
            controller="1099",
            visible_to=(MUNICIPALITY, REGION, "1099"),
        ),
        event(
            s.HandoverCarriedOver(side="receiver", citizen_key=municipality_key, labelled=True, **side),
            controller="1099",
            body=_LABEL,
            sealed_by=municipality_key,
            visible_to=(MUNICIPALITY, REGION, "1099"),
        ),
        own(s.CarryOverCompleted(authority=REGION, unit=None), "successions", "1099"),
        own(h.UnitListShown(unit="rusmiddelcenter-syd", handovers=(HANDOVER,)), "lists"),
        fact(f.InquiryReceived(**on, channel="telephone", wishes_treatment=True)),
        fact(
            f.ReferralReceived(**on, region=REGION, referrer="hospital", counts=True, rule="by-law"), REGION
        ),
        fact(f.VisitationStarted(**on, region=REGION), REGION),
        fact(f.VisitationEnded(**on, reason="goals-met"), REGION),
        fact(f.CitizenAdmitted(**on), REGION),
        fact(f.CitizenDischarged(**on), REGION),
        fact(f.ActingMunicipalityChanged(**on, municipality=OTHER, basis="rsl-9.8")),
        fact(f.TreatmentStarted(**on, authority=MUNICIPALITY, provisional=True)),
        fact(f.TreatmentEnded(**on, authority=MUNICIPALITY, status="drop-out")),
        fact(f.FollowUpDone(**on, after_months=6, status="not-reached")),
        fact(f.ReferredElsewhere(**on, place="private-provider", citizens_choice=True)),
        fact(f.CitizenMoved(**on, municipality=None)),
        fact(f.CitizenDeceased(**on)),
        fact(f.TelephoneContactMade(**on, unit="rusmiddelcenter"), REGION),
        fact(
            f.CaseFactRetracted(**on, position=73, retracts="citizen-deceased", reason="wrong-citizen"),
        ),
        own(
            f.BreachAssessmentOpened(
                **on,
                cause="handover-misdirected",
                aware_at="2026-11-02T11:00:00.000000Z",
                due="2026-11-05T11:00:00.000000Z",
            ),
            "breaches",
        ),
        own(f.BreachAssessed(**on, outcome="notified", citizen_informed=True), "breaches"),
        event(
            f.HandoverEscalated(
                **on,
                cause="both-refuse",
                to="health-council",
                health_council="ostsjaelland-og-oerne",
                decides_by="2026-11-04T22:59:59.999999Z",
                about_position=40,
            ),
            stream="escalations",
            controller="0000",
            workflow=False,
            visible_to=("0000", MUNICIPALITY, REGION),
            purpose="supervision",
        ),
        own(AuthorityExported(first_position=0, last_position=78), "exports"),
    )
