"""Each gated right, and the one act that it forbids: what came before, and what is then done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from domain.rights import access as a
from domain.rights import complaints as c
from domain.rights import decisions as d
from domain.rights import disclosure as i
from domain.rights import hearing as h
from domain.rights import letters as b
from domain.rights import persons as p
from domain.rights.model import RightsEvent
from tests.domain.rights.samples import sample
from workflows.ports.log import Actor

Made = Callable[[UUID, Actor], tuple[list[RightsEvent], RightsEvent]]
SHOWN = {"reasons_given": True, "extra_considered": True, "grounds": ("fvl:15b",), "guidance": ("a2",)}
AGAINST_HER = {
    "kind": "refusal",
    "outcome": "refusal",
    "adverse": True,
    "agreed": False,
    "oral": False,
    "access_ground": None,
    "guidance": ("a",),
}


class _Case:
    """Events of a case, each with a value in every field."""

    def __init__(self, handover: UUID) -> None:
        self._handover = handover

    def __call__(self, event: type[RightsEvent], **stated: Any) -> RightsEvent:
        return sample(event, handover=self._handover, **stated)


def _access(regime: str = "fvl", **wrong: Any) -> Made:
    def made(handover: UUID, actor: Actor) -> tuple[list[RightsEvent], RightsEvent]:
        case = _Case(handover)
        facts = SHOWN | {"regime": regime, "outcome": "partly"} | wrong
        return [case(a.AccessRequested, regime=regime)], case(a.AccessDecided, **facts)

    return made


def _decision(*before: tuple[type[RightsEvent], dict[str, Any]], heard: bool = True, **wrong: Any) -> Made:
    def made(handover: UUID, actor: Actor) -> tuple[list[RightsEvent], RightsEvent]:
        case = _Case(handover)
        first = [case(d.DecisionDrafted, kind="refusal", adverse=True)]
        first += [case(h.HearingOmitted, ground="fvl:19.2.1")] if heard else []
        for event, stated in before:
            facts = {name: actor.id if value is ACTOR else value for name, value in stated.items()}
            first.append(case(event, **facts))
        return first, case(d.DecisionMade, **(AGAINST_HER | wrong))

    return made


ACTOR = object()


def _other(
    act: type[RightsEvent], stated: dict[str, Any], *before: tuple[type[RightsEvent], dict[str, Any]]
) -> Made:
    def made(handover: UUID, actor: Actor) -> tuple[list[RightsEvent], RightsEvent]:
        case = _Case(handover)
        return [case(event, **facts) for event, facts in before], case(act, **stated)

    return made


DRAFTED: tuple[type[RightsEvent], dict[str, Any]] = (d.DecisionDrafted, {})
FORBIDDEN: dict[str, Made] = {
    "access-reasons": _access(reasons_given=False),
    "access-guidance": _access(guidance=()),
    "access-gdpr-extension": _other(
        a.AccessDelayNotified, {"promised_on": "2027-12-31"}, (a.AccessRequested, {"regime": "gdpr"})
    ),
    "access-more-than-due": _access(extra_considered=False),
    "access-record-unrestricted": _access("sul", grounds=("fvl:15b",)),
    "hearing": _decision(heard=False),
    "agreement-said": _decision(agreed=True),
    "statement": _decision((h.StatementDemanded, {"answer_by": "2026-12-31"})),
    "access-holds-decision": _decision((a.AccessRequested, {"regime": "fvl"})),
    "reasons": _decision(reasons_considerations=False),
    "appeal-guidance": _decision(guidance=("b",)),
    "decision-in-person": _decision((p.DisqualificationDeclared, {"person": ACTOR})),
    "letters-to-representative": _other(
        b.LetterSent,
        {"addressee": "citizen", "told_last_date": None},
        DRAFTED,
        (p.RepresentativeAppointed, {"until": None}),
    ),
    "representative-reasons": _other(p.RepresentativeRefused, {"reasons_given": False}),
    "appeal-period-left": _other(
        d.AppealPeriodResumed, {"ends_on": "2026-11-30"}, DRAFTED, (d.AppealPeriodInterrupted, {})
    ),
    "reconsidered-by-decision": _other(
        c.ComplaintReconsidered,
        {"outcome": "partial"},
        DRAFTED,
        (c.ComplaintReceived, {"urgent": False, "late": False}),
    ),
    "complaint-told": _other(
        c.ComplaintForwarded,
        {"citizen_told": False},
        DRAFTED,
        (c.ComplaintReceived, {"urgent": False, "late": False}),
    ),
    "no-disclosure-against-objection": _other(
        i.DisclosedWithoutConsent, {"basis": "sul:41.2.1"}, (i.ObjectionRegistered, {})
    ),
}
"""Rule -> what it forbids. All else about the act is as the law wants it."""
