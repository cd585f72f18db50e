"""What stands open for the citizen on a case: what she may answer, appeal or take back, each with its id."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from domain.events.model import Recorded
from domain.rights.access import AccessDecided, AccessGiven, AccessRequested, AccessWithdrawn
from domain.rights.complaints import (
    ComplaintForwarded,
    ComplaintReceived,
    ComplaintReconsidered,
    ComplaintWithdrawn,
)
from domain.rights.decisions import DecisionMade
from domain.rights.disclosure import ConsentGiven
from domain.rights.events import holding
from domain.rights.hearing import HearingAnswered, HearingExtended, HearingSent
from domain.rights.hers import Standing
from domain.rights.model import RightsEvent
from domain.rights.persons import RepresentationEnded, RepresentativeAppointed


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """A matter of one authority's lane: its kind, its id, since when, and what is known of it, in codes."""

    kind: str
    id: UUID
    authority: str
    since: str
    said: dict[str, Any]


def matters(authority: str, lane: Sequence[Recorded], view: Standing) -> Iterator[Matter]:
    """The matters of a lane that the view shows, oldest first."""
    held = holding(lane)
    for recorded in held:
        found = _KINDS.get(type(recorded.event))
        if found is None or not view.sees(recorded.header.event):
            continue
        kind, name, said = found
        yield Matter(
            kind=kind,
            id=getattr(recorded.event, name),
            authority=authority,
            since=recorded.header.occurred_at,
            said=said(recorded.event, held),
        )


def _of(held: Sequence[Recorded], kind: type[RightsEvent], name: str, matter: object) -> list[Any]:
    return [one.event for one in held if isinstance(one.event, kind) and getattr(one.event, name) == matter]


def _hearing(event: Any, held: Sequence[Recorded]) -> dict[str, Any]:
    extended = _of(held, HearingExtended, "hearing", event.hearing)
    return {
        "decision": event.decision,
        "assertions": event.assertions,
        "answer_by": (extended or [event])[-1].answer_by,
        "answered": bool(_of(held, HearingAnswered, "hearing", event.hearing)),
    }


def _request(event: Any, held: Sequence[Recorded]) -> dict[str, Any]:
    decided = _of(held, AccessDecided, "request", event.request)
    return {
        "regime": event.regime,
        "form": event.form,
        "outcome": decided[-1].outcome if decided else None,
        "withdrawn": bool(_of(held, AccessWithdrawn, "request", event.request)),
        "package": any(one.package_sha256 for one in _of(held, AccessGiven, "request", event.request)),
    }


def _decision(event: Any, held: Sequence[Recorded]) -> dict[str, Any]:
    return {
        "legal_basis": event.legal_basis,
        "decision_kind": event.kind,
        "outcome": event.outcome,
        "guidance": event.guidance,
    }


def _complaint(event: Any, held: Sequence[Recorded]) -> dict[str, Any]:
    reconsidered = _of(held, ComplaintReconsidered, "complaint", event.complaint)
    return {
        "decision": event.decision,
        "track": event.track,
        "late": event.late,
        "reconsidered": reconsidered[-1].outcome if reconsidered else None,
        "forwarded": bool(_of(held, ComplaintForwarded, "complaint", event.complaint)),
        "withdrawn": bool(_of(held, ComplaintWithdrawn, "complaint", event.complaint)),
    }


def _consent(event: Any, held: Sequence[Recorded]) -> dict[str, Any]:
    return {
        "scope": event.scope,
        "basis": event.basis,
        "given_on": event.given_on,
        "lapses_on": event.lapses_on,
    }


def _representative(event: Any, held: Sequence[Recorded]) -> dict[str, Any]:
    return {
        "scope": event.scope,
        "until": event.until,
        "ended": bool(_of(held, RepresentationEnded, "representative", event.representative)),
    }


_Said = Callable[[Any, Sequence[Recorded]], dict[str, Any]]
_KINDS: Mapping[type, tuple[str, str, _Said]] = {
    HearingSent: ("hearing", "hearing", _hearing),
    AccessRequested: ("request", "request", _request),
    DecisionMade: ("decision", "decision", _decision),
    ComplaintReceived: ("complaint", "complaint", _complaint),
    ConsentGiven: ("consent", "consent", _consent),
    RepresentativeAppointed: ("representative", "representative", _representative),
}
"""Event that begins a matter -> what the matter is called, the fact that names it, and what is told of it."""
