"""Which letter keeps which right, and what of it follows from the lane, so that nobody types it twice."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from domain.calendar.working_days import danish_day
from domain.events.instant import from_instant
from domain.events.model import Recorded
from domain.handover.parties import REGION
from domain.law.appeal_tracks import appeal_tracks
from domain.rights import access, complaints, decisions, disclosure, hearing
from domain.rights.model import RightsEvent
from domain.rights.rule import rights_register
from workflows.letters.guidance import AppealRequest
from workflows.letters.letter import Letter

TEMPLATES: Mapping[type[RightsEvent], str] = MappingProxyType(
    {
        hearing.HearingSent: "partshoering",
        access.AccessDecided: "aktindsigt-svar",
        access.AccessDelayNotified: "fristbrev",
        decisions.ProcessingDelayNotified: "fristbrev",
        decisions.WrittenReasonsDelayed: "fristbrev",
        complaints.ComplaintDelayNotified: "fristbrev",
        decisions.DecisionMade: "afgoerelse",
        decisions.WrittenReasonsGiven: "skriftlig-begrundelse",
        disclosure.CitizenInformed: "orientering-videregivelse",
        complaints.ComplaintForwarded: "klage-kvittering",
    }
)
"""What is done by letter, and the template of the letter."""
ABOUT: Mapping[type[RightsEvent], tuple[str, str]] = MappingProxyType(
    {
        hearing.HearingSent: ("hearing", "hearing"),
        access.AccessDecided: ("access", "request"),
        access.AccessDelayNotified: ("delay", "request"),
        decisions.ProcessingDelayNotified: ("delay", "decision"),
        decisions.WrittenReasonsDelayed: ("delay", "decision"),
        complaints.ComplaintDelayNotified: ("delay", "complaint"),
        decisions.DecisionMade: ("decision", "decision"),
        decisions.WrittenReasonsGiven: ("reasons", "decision"),
        disclosure.CitizenInformed: ("information", "matter"),
        complaints.ComplaintForwarded: ("complaint", "complaint"),
    }
)
"""What the letter is about, and the fact that names the matter."""
DUTY_OF_REGIME: Final = {"fvl": "fvl:16.2", "sul": "sul:38", "ofl": "ofl:36.2", "gdpr": "gdpr:12.3"}
BASIS_OF_REGIME: Final = {"fvl": "fvl:16", "sul": "sul:38", "ofl": "ofl:36", "gdpr": "gdpr:15"}
REVIEWED: Final = "AKT_OFL_KLAGE"
"""The limit to send a complaint on, once the authority has upheld what it refused (OFL §37(2))."""
MAIN_CASE: Final = {"municipality": "sel:101", "region": "sul:82c"}
"""The case that access follows where no decision is being prepared (FVL §16(4); U)."""


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter is filled from: the lane that holds, whose it is, and the day."""

    events: Sequence[Recorded]
    kind: Literal["region", "municipality"]
    today: date
    presumed: date
    send_to: tuple[str, ...]

    def day_of(self, event: str, field: str, value: UUID) -> date | None:
        """When a matter began, as a Danish day."""
        for one in self.events:
            if one.header.event == event and getattr(one.event, field) == value:
                return danish_day(from_instant(one.header.occurred_at))
        return None

    def found(self, event: str, field: str, value: UUID) -> Any:
        """The event that began a matter."""
        return next(
            (
                one.event
                for one in self.events
                if one.header.event == event and getattr(one.event, field) == value
            ),
            None,
        )

    def guidance(self, *basis: str, main: str | None = None) -> AppealRequest:
        """Guidance on appeal of a decision under this basis, with its cautious last date."""
        return AppealRequest(
            basis=basis,
            authority_kind=self.kind,
            decided_on=self.today,
            presumed_arrival=self.presumed,
            send_to=self.send_to,
            main=main,
        )


def filled(right: RightsEvent, lane: Lane) -> dict[str, Any]:
    """The values of a letter that follow from what it does and from the lane; None: not known."""
    return _FILL[type(right)](right, lane)


def _hearing(right: Any, lane: Lane) -> dict[str, Any]:
    return {"answer_by": right.answer_by}


def _access(right: Any, lane: Lane) -> dict[str, Any]:
    request = lane.found("access-requested", "request", right.request)
    regime = request.regime if request is not None else right.regime
    found: dict[str, Any] = {
        "received": lane.day_of("access-requested", "request", right.request),
        "regime": regime,
        "outcome": right.outcome,
    }
    if right.outcome != "granted":
        drafts = [one.event for one in lane.events if isinstance(one.event, decisions.DecisionDrafted)]
        main = drafts[-1].legal_basis if drafts else MAIN_CASE[lane.kind]
        follows = main if regime == "fvl" else None
        found["guidance"] = lane.guidance(BASIS_OF_REGIME[regime], main=follows)
    return found


def _access_delay(right: Any, lane: Lane) -> dict[str, Any]:
    request = lane.found("access-requested", "request", right.request)
    return {
        "duty": DUTY_OF_REGIME[request.regime] if request is not None else None,
        "received": lane.day_of("access-requested", "request", right.request),
        "expected": right.promised_on,
    }


def _delay(duty: str, begins: str, field: str) -> Callable[[Any, Lane], dict[str, Any]]:
    def fill(right: Any, lane: Lane) -> dict[str, Any]:
        return {
            "duty": duty,
            "received": lane.day_of(begins, field, getattr(right, field)),
            "expected": right.promised_on,
        }

    return fill


def _decision(right: Any, lane: Lane) -> dict[str, Any]:
    found: dict[str, Any] = {"outcome": right.outcome}
    if right.outcome != "full":
        found["guidance"] = lane.guidance(right.legal_basis)
    return found


def _reasons(right: Any, lane: Lane) -> dict[str, Any]:
    made = lane.found("decision-made", "decision", right.decision)
    return {
        "told": lane.day_of("decision-made", "decision", right.decision),
        "asked": lane.day_of("written-reasons-requested", "decision", right.decision),
        "guidance": lane.guidance(made.legal_basis) if made is not None else None,
    }


def _information(right: Any, lane: Lane) -> dict[str, Any]:
    disclosed = lane.found("disclosed-without-consent", "disclosure", right.matter)
    return {
        "disclosed_on": lane.day_of("disclosed-without-consent", "disclosure", right.matter),
        "consent": "given" if disclosed is None else "without",
        "guidance": lane.guidance("sul:41" if lane.kind == REGION else "gdpr:14"),
    }


def _complaint(right: Any, lane: Lane) -> dict[str, Any]:
    complaint = lane.found("complaint-received", "complaint", right.complaint)
    received = lane.day_of("complaint-received", "complaint", right.complaint)
    return {
        "received": received,
        "step": _step(complaint),
        "forwarded_to": rights_register().values["appeal_body"].get(right.to),
        "forwarded_on": lane.today,
    }


def _step(complaint: Any) -> str:
    """What the letter says of a complaint that is sent on: where nothing was reconsidered, it says so."""
    if complaint is not None and complaint.late:
        return "forwarded-late"
    looked_again = {one.code for one in appeal_tracks().tracks if one.reassessed or REVIEWED in one.internal}
    return "forwarded" if complaint is None or complaint.track in looked_again else "passed-on"


_FILL: Mapping[type[RightsEvent], Callable[[Any, Lane], dict[str, Any]]] = MappingProxyType(
    {
        hearing.HearingSent: _hearing,
        access.AccessDecided: _access,
        access.AccessDelayNotified: _access_delay,
        decisions.ProcessingDelayNotified: _delay("rsl:3.2", "application-received", "decision"),
        decisions.WrittenReasonsDelayed: _delay("fvl:23.2", "written-reasons-requested", "decision"),
        complaints.ComplaintDelayNotified: _delay("rsb:11.2", "complaint-received", "complaint"),
        decisions.DecisionMade: _decision,
        decisions.WrittenReasonsGiven: _reasons,
        disclosure.CitizenInformed: _information,
        complaints.ComplaintForwarded: _complaint,
    }
)


def as_written(right: RightsEvent, letter: Letter, values: Mapping[str, Any]) -> RightsEvent:
    """What a letter says wins over what the caller says: reasons, guidance and lateness are those in it."""
    told = tuple(dict.fromkeys(one.track.lower() for one in letter.told))
    if isinstance(right, decisions.DecisionMade):
        return msgspec.structs.replace(
            right,
            oral=False,
            reasons_rules=bool(values.get("rules")),
            reasons_considerations=bool(values.get("considerations")),
            reasons_facts=bool(values.get("facts")),
            guidance=told,
        )
    if isinstance(right, access.AccessDecided):
        return msgspec.structs.replace(
            right,
            reasons_given=bool(values.get("withheld")),
            extra_considered=bool(values.get("wider_access")),
            guidance=told,
        )
    if isinstance(right, complaints.ComplaintForwarded):
        late = values.get("step") == "forwarded-late"
        return msgspec.structs.replace(right, citizen_told=True, lateness_noted=late)
    return right
