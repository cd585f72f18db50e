"""Every right that must come before an act, or with it: each way to keep it, and each way to break it."""

import msgspec
import pytest

from domain.handover.events import HandoverCompleted, HandoverOpened, HandoverSent
from domain.handover.exits import HandoverForwarded
from domain.handover.steps import HandoverCorrected, HandoverQuestionAnswered, HandoverQuestionAsked
from domain.rights import access as a
from domain.rights import complaints as c
from domain.rights import decisions as d
from domain.rights import disclosure as i
from domain.rights import hearing as h
from domain.rights import letters as b
from domain.rights import persons as p
from domain.rights.judge import broken_by
from domain.rights.rule import rights_rules
from domain.rights.verdict import State
from tests.domain.rights.given import (
    CASEWORKER,
    OTHER_TOWN,
    at,
    broken,
    did,
    last_moment,
    of,
    verdicts,
)
from tests.domain.rights.samples import HANDOVER, matter

SOME_DAY, ACTS = "2026-12-01", "2026-12-16"
FULL = {"outcome": "full", "adverse": False}
SHOWN = {"reasons_given": True, "extra_considered": True, "grounds": ("fvl:15b",), "guidance": ("a",)}


def refused(**more):
    """A request for access is refused in part."""
    return did(a.AccessDecided, ACTS, **(SHOWN | {"regime": "fvl", "outcome": "partly"} | more))


def decided(**more):
    """A decision goes against her."""
    facts = {"outcome": "refusal", "kind": "refusal", "adverse": True, "agreed": False, "oral": False}
    return did(d.DecisionMade, ACTS, **(facts | {"access_ground": None} | more))


def demanded(event, by="2026-12-31", **more):
    return did(event, SOME_DAY, **({"answer_by": by} | more))


def conditions(*, required, **met):
    facts = {"factual": True, "unaware": True, "detrimental": True, "essential": True} | met
    return did(h.HearingAssessed, SOME_DAY, required=required, **facts)


OTHER = matter("decision", 2)
ANEW = {"after": matter("decision"), "outcome": "full", "adverse": False, "kind": "grant"}
ASKED = did(a.AccessRequested, SOME_DAY, regime="fvl")
HEARD = did(h.HearingSent, SOME_DAY, answer_by="2026-12-15")
TOLD = did(b.LetterSent, SOME_DAY, about="decision", told_last_date="2027-01-12")
TOLD_NOTHING = did(
    b.LetterSent, SOME_DAY, about="decision", told_last_date=None, track="a", presumed_on="2026-12-03"
)
ASKED_FOR_DATA = did(a.AccessRequested, "2026-11-30", regime="gdpr")
STOPPED = did(d.AppealPeriodInterrupted, "2026-12-10")
OTHERS = {"person": matter("somebody else")}
WITHDRAWN = did(i.ConsentWithdrawn, SOME_DAY, scope="disclosure")
OBJECTED = did(i.ObjectionRegistered, SOME_DAY, scope="disclosure")
ACTING = did(p.RepresentativeAppointed, SOME_DAY, letters=True, until=None)

OWN = {"samtykke.basis": "sul-43-2-2"}
LEGS = [
    ("sent", did(HandoverSent, ACTS)),
    ("passed on", did(HandoverForwarded, ACTS)),
    ("answered", did(HandoverQuestionAnswered, ACTS)),
    ("asked", did(HandoverQuestionAsked, ACTS)),
    ("completed", did(HandoverCompleted, ACTS)),
    ("corrected", did(HandoverCorrected, ACTS, delivered=True)),
    ("opened", did(HandoverOpened, ACTS)),
]

KEPT = {
    # rule: one way for each alternative of the register, in its order; what came before, and the act.
    "access-reasons": [([], refused())],
    "access-guidance": [([], refused())],
    "access-gdpr-extension": [
        ([ASKED_FOR_DATA], did(a.AccessDelayNotified, ACTS, promised_on="2027-02-28")),
    ],
    "access-more-than-due": [([], refused())],
    "access-record-unrestricted": [([], refused(regime="sul", grounds=("sul:37.2", "sul:37.3")))],
    "hearing": [
        ([HEARD], decided()),
        ([did(h.HearingOmitted, SOME_DAY, ground="fvl:19.2.3")], decided()),
        ([conditions(required=False, unaware=False)], decided()),
    ],
    "agreement-said": [
        ([did(h.StatementMade, "2026-12-10")], decided(agreed=True)),
        ([did(h.HearingAnswered, "2026-12-10")], decided(agreed=True)),
    ],
    "statement": [
        ([demanded(h.StatementDemanded), did(h.StatementMade, "2026-12-10")], decided()),
        ([demanded(h.StatementDemanded)], decided(**FULL)),
    ],
    "access-holds-decision": [
        ([ASKED, did(a.AccessGiven, "2026-12-08")], decided()),
        ([ASKED], decided(**FULL)),
        ([ASKED], decided(access_ground="statutory-deadline")),
    ],
    "reasons": [([], decided())],
    "appeal-guidance": [([], decided())],
    "decision-in-person": [([did(p.DisqualificationDeclared, SOME_DAY, **OTHERS)], decided())],
    "letters-to-representative": [([ACTING], did(b.LetterSent, ACTS, addressee="representative"))],
    "representative-reasons": [([], did(p.RepresentativeRefused, ACTS, reasons_given=True))],
    "appeal-period-left": [([TOLD, STOPPED], did(d.AppealPeriodResumed, ACTS, ends_on="2027-01-18"))],
    "complaint-told": [([], did(c.ComplaintForwarded, ACTS, citizen_told=True))],
    "reconsidered-by-decision": [
        (
            [did(c.ComplaintReceived, SOME_DAY), did(d.DecisionMade, "2026-12-15", decision=OTHER, **ANEW)],
            did(c.ComplaintReconsidered, ACTS, outcome="full"),
        )
    ],
    "no-disclosure-against-objection": [
        (
            [OBJECTED, did(i.ObjectionLifted, "2026-12-05", scope="disclosure")],
            did(i.DisclosedWithoutConsent, ACTS, basis="sul:41.2.1"),
        )
    ],
    "consent-not-withdrawn": [
        (
            [WITHDRAWN, did(i.ConsentGiven, "2026-12-05", scope="disclosure")],
            did(HandoverSent, ACTS),
        )
    ],
    "no-leg-against-objection": [
        (
            [OBJECTED, did(i.ObjectionLifted, "2026-12-05", scope="disclosure")],
            did(HandoverSent, ACTS),
        )
    ],
    "objection-explained": [([], did(i.ObjectionRegistered, ACTS, consequences_explained=True))],
}

BROKEN = {
    "agreement-said": [("on nobody's word but the authority's", [], decided(agreed=True))],
    "access-reasons": [
        ("without reasons", [], refused(reasons_given=False)),
        ("without a provision", [], refused(grounds=())),
        ("refused outright", [], refused(outcome="refused", reasons_given=False)),
    ],
    "access-guidance": [("without guidance on appeal", [], refused(guidance=()))],
    "access-gdpr-extension": [
        (
            "three months and a day",
            [ASKED_FOR_DATA],
            did(a.AccessDelayNotified, ACTS, promised_on="2027-03-01"),
        ),
    ],
    "access-more-than-due": [
        ("more was not considered", [], refused(extra_considered=False)),
        ("under OFL as well", [], refused(regime="ofl", extra_considered=False)),
    ],
    "access-record-unrestricted": [
        ("a ground that the record does not know", [], refused(regime="sul", grounds=("fvl:15b",))),
        ("one ground of the record and another", [], refused(regime="sul", grounds=("sul:37.3", "fvl:12"))),
        ("no ground", [], refused(regime="sul", grounds=())),
    ],
    "hearing": [
        ("not heard", [], decided()),
        ("the hearing still runs", [demanded(h.HearingSent)], decided()),
        (
            "heard in another matter",
            [did(h.HearingSent, SOME_DAY, decision=matter("decision", 2))],
            decided(),
        ),
        ("heard by another authority", [did(h.HearingSent, SOME_DAY, OTHER_TOWN)], decided()),
        ("all four conditions are met", [conditions(required=False)], decided()),
        ("assessed that it is due", [conditions(required=True, unaware=False)], decided()),
        ("a refusal that is said not to go against her", [], decided(adverse=False)),
        (
            "a change in part that is said not to go against her",
            [],
            decided(kind="change", outcome="partial", adverse=False),
        ),
        ("heard afterwards", [did(h.HearingSent, "2026-12-17", answer_by="2026-12-31")], decided()),
    ],
    "statement": [("she demanded to speak first", [demanded(h.StatementDemanded)], decided())],
    "access-holds-decision": [
        ("access is pending", [ASKED], decided()),
        ("a notice of delay is no access", [ASKED, did(a.AccessDelayNotified, "2026-12-08")], decided()),
        ("granted, and not given", [ASKED, did(a.AccessDecided, "2026-12-08", outcome="granted")], decided()),
        ("full, and yet against her", [ASKED], decided(outcome="full")),
    ],
    "reasons": [
        ("without the rules", [], decided(reasons_rules=False)),
        ("without the considerations", [], decided(reasons_considerations=False)),
        ("without the facts", [], decided(reasons_facts=False)),
        ("in part", [], decided(outcome="partial", adverse=False, reasons_facts=False)),
        ("full, and yet against her", [], decided(outcome="full", reasons_facts=False)),
        ("a refusal that is said to be full", [], decided(**FULL, reasons_facts=False)),
    ],
    "appeal-guidance": [
        ("without guidance", [], decided(guidance=())),
        ("in part", [], decided(outcome="partial", adverse=False, guidance=())),
        ("full, and yet against her", [], decided(outcome="full", guidance=())),
        ("a refusal that is said to be full", [], decided(**FULL, guidance=())),
    ],
    "decision-in-person": [
        (
            "by whoever is disqualified",
            [did(p.DisqualificationDeclared, SOME_DAY, person=CASEWORKER)],
            decided(),
        )
    ],
    "letters-to-representative": [
        ("past her representative", [ACTING], did(b.LetterSent, ACTS, addressee="citizen")),
        (
            "on the last day of the appointment",
            [did(p.RepresentativeAppointed, SOME_DAY, letters=True, until=ACTS)],
            did(b.LetterSent, ACTS, addressee="citizen"),
        ),
    ],
    "representative-reasons": [
        ("without reasons", [], did(p.RepresentativeRefused, ACTS, reasons_given=False))
    ],
    "appeal-period-left": [
        ("33 days were left", [TOLD, STOPPED], did(d.AppealPeriodResumed, ACTS, ends_on="2027-01-17")),
        (
            "25 days were left, though the letter told no date",
            [TOLD_NOTHING, STOPPED],
            did(d.AppealPeriodResumed, ACTS, ends_on="2027-01-09"),
        ),
        (
            "a day more, for the letter came a day later than presumed",
            [TOLD_NOTHING, did(b.LetterArrived, "2026-12-08"), STOPPED],
            did(d.AppealPeriodResumed, ACTS, ends_on="2027-01-10"),
        ),
        ("fewer than 14 days", [], did(d.AppealPeriodResumed, ACTS, ends_on="2026-12-29")),
    ],
    "reconsidered-by-decision": [
        (
            "in full, and nothing was decided anew",
            [did(c.ComplaintReceived, SOME_DAY)],
            did(c.ComplaintReconsidered, ACTS, outcome="full"),
        ),
        (
            "in part, and another decision was",
            [did(c.ComplaintReceived, SOME_DAY), did(d.DecisionMade, "2026-12-15", decision=OTHER)],
            did(c.ComplaintReconsidered, ACTS, outcome="partial"),
        ),
    ],
    "complaint-told": [("she was not told", [], did(c.ComplaintForwarded, ACTS, citizen_told=False))],
    "no-disclosure-against-objection": [
        ("she had said no", [OBJECTED], did(i.DisclosedWithoutConsent, ACTS, basis="sul:41.2.1"))
    ],
    "consent-not-withdrawn": [(why, [WITHDRAWN], act) for why, act in LEGS],
    "no-leg-against-objection": [(why, [OBJECTED], act) for why, act in LEGS],
    "objection-explained": [
        ("not told what follows", [], did(i.ObjectionRegistered, ACTS, consequences_explained=False))
    ],
}

KEPT_TOO = [
    # A basis that is no consent is not hers to take back; she may object.
    ("consent-not-withdrawn", [WITHDRAWN], did(HandoverCompleted, ACTS, document_facts=OWN)),
    # As long as it was due, counted from when the letter arrived.
    ("appeal-period-left", [TOLD_NOTHING, STOPPED], did(d.AppealPeriodResumed, ACTS, ends_on="2027-01-10")),
    # Only the month of the GDPR is extended so and no longer.
    ("access-gdpr-extension", [ASKED], did(a.AccessDelayNotified, ACTS, promised_on="2027-12-01")),
]

NOT_ASKED = {
    # What looks alike and is no trigger, with nothing done before it.
    "access-reasons": refused(outcome="granted", reasons_given=False),
    "access-guidance": refused(outcome="granted", guidance=()),
    "access-more-than-due": refused(regime="gdpr", extra_considered=False),
    "access-record-unrestricted": refused(regime="gdpr"),
    "hearing": decided(agreed=True),
    "reasons": decided(oral=True, reasons_rules=False),
    "appeal-guidance": decided(**FULL, kind="grant", guidance=()),
    "no-disclosure-against-objection": did(i.DisclosedWithoutConsent, ACTS, basis="sul:41.2.4"),
}

BEFORE = {name: rule for name, rule in rights_rules().items() if rule.kind == "before"}
_LATER = at("2027-06-01")


def _ways(table):
    return [(name, *way) for name, ways in table.items() for way in ways]


def test_every_right_that_comes_before_an_act_is_in_both_tables():
    assert set(KEPT) == set(BROKEN) == set(BEFORE)
    assert {name: len(ways) for name, ways in KEPT.items()} == {
        name: len(rule.any_of) for name, rule in BEFORE.items()
    }


@pytest.mark.parametrize(
    ("name", "way", "before", "act"),
    [(name, number, *way) for name, ways in KEPT.items() for number, way in enumerate(ways)],
)
def test_each_way_keeps_the_right_and_by_itself(name, way, before, act):
    found = of(name, *before, act, as_of=_LATER)
    assert found.state is State.FULFILLED
    rule = BEFORE[name]
    periods = [one for one in rights_rules().values() if one.kind == "period"]
    for number, alternative in enumerate(rule.any_of):
        alone = msgspec.structs.replace(rule, any_of=(alternative,))
        [found] = verdicts(*before, act, as_of=_LATER, rules=[alone, *periods])
        kept = found.state is State.FULFILLED
        assert kept == (number == way), "only this alternative is what keeps it"


@pytest.mark.parametrize(("name", "before", "act"), KEPT_TOO)
def test_what_else_keeps_it(name, before, act):
    assert of(name, *before, act, as_of=_LATER).state is State.FULFILLED


@pytest.mark.parametrize(("name", "why", "before", "act"), _ways(BROKEN), ids=str)
def test_each_way_to_break_it(name, why, before, act):
    found = of(name, *before, act, as_of=_LATER)
    assert found.state is broken(BEFORE[name]), why
    assert (found.trigger, found.closed_by) == (len(before), None)


@pytest.mark.parametrize(("name", "why", "before", "act"), _ways(BROKEN), ids=str)
def test_what_the_guard_refuses_is_what_the_replay_finds(name, why, before, act):
    past = [one for one in before if one.occurred_at < act.occurred_at]
    refused_for = {rule.id for rule in broken_by(act, past, HANDOVER)}
    assert (name in refused_for) == BEFORE[name].gated
    held = {one: rule for one, rule in rights_rules().items() if one != name}
    assert name not in {rule.id for rule in broken_by(act, past, HANDOVER, held)}


@pytest.mark.parametrize(("name", "act"), NOT_ASKED.items(), ids=str)
def test_what_does_not_ask_for_it(name, act):
    assert [one for one in verdicts(act, as_of=_LATER) if one.rule == name] == []


def test_every_trigger_of_such_a_right_is_tried():
    for name, rule in BEFORE.items():
        tried = {act.event for _, _, act in BROKEN[name]}
        assert {match.event for match in rule.triggers} == tried, name


def test_a_hearing_that_ends_the_day_before_has_ended():
    assert of("hearing", HEARD, decided(), as_of=last_moment(ACTS)).closing_event == "hearing-sent"
